package check

import (
	"errors"
	"fmt"
)

// level is a service state of the plug-in API. The levels are in the order of
// the plug-ins' own library (max_state_alt): a CRITICAL that is known beats an
// UNKNOWN, which beats everything else.
type level int

const (
	levelOK level = iota
	levelWarning
	levelUnknown
	levelCritical
)

// code is the exit code (Monitoring Plugins guidelines, "Plugin Return Codes").
func (l level) code() int { return [...]int{0, 1, 3, 2}[l] }

// String is the level's name in the output.
func (l level) String() string { return [...]string{"OK", "WARNING", "UNKNOWN", "CRITICAL"}[l] }

// levelFlag is a level that a person sets.
type levelFlag level

// String implements pflag.Value.
func (l *levelFlag) String() string {
	switch level(*l) {
	case levelOK:
		return "ok"
	case levelCritical:
		return "critical"
	default:
		return "warning"
	}
}

// Type implements pflag.Value.
func (l *levelFlag) Type() string { return "level" }

// Set implements pflag.Value.
func (l *levelFlag) Set(text string) error {
	for _, known := range []levelFlag{levelFlag(levelOK), levelFlag(levelWarning), levelFlag(levelCritical)} {
		if known.String() == text {
			*l = known
			return nil
		}
	}
	return errors.New("one of ok, warning and critical is wanted")
}

// pair is a threshold for each level.
type pair struct{ warning, critical Threshold }

// level is that of a value, as [Threshold.Alerts] takes it.
func (p pair) level(value float64) level {
	switch {
	case p.critical.Alerts(value):
		return levelCritical
	case p.warning.Alerts(value):
		return levelWarning
	}
	return levelOK
}

// limit says which threshold a level came of.
func (p pair) limit(l level) string {
	t := p.warning
	if l == levelCritical {
		t = p.critical
	}
	if said := t.Limit(); said != "" {
		return " (" + said + ")"
	}
	return ""
}

// thresholdFlag is a threshold that a person sets.
type thresholdFlag struct {
	to   *Threshold
	side Side
	// span refuses shares: there is no lifetime that they could be one of.
	span bool
}

// String implements pflag.Value.
func (f thresholdFlag) String() string {
	if f.to == nil {
		return ""
	}
	return f.to.String()
}

// Type implements pflag.Value.
func (f thresholdFlag) Type() string { return "range" }

// Set implements pflag.Value.
func (f thresholdFlag) Set(text string) error {
	t, err := ParseThreshold(text, f.side)
	if err != nil {
		return err
	}
	if f.span && t.Share {
		return fmt.Errorf("threshold %q: a span is wanted, such as 3d", text)
	}
	*f.to = t
	return nil
}
