package check

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"certty/model/query"
	"certty/ui/cli/command"
	"certty/ui/cli/schema"
	"certty/ui/cli/survey"
)

// The parts that can be left out.
const (
	partCertificates = "certificates"
	partRequests     = "requests"
	partDomains      = "domains"
	partPasswords    = "passwords"
)

var parts = []string{partCertificates, partRequests, partDomains, partPasswords}

// settings are what is looked at, and what it is judged by.
type settings struct {
	choose command.Flags
	names  []string
	filter filterFlag
	skip   []string

	life, wait, domain, password pair
	failed                       levelFlag

	deep    bool
	maxAge  time.Duration
	timeout timeoutFlag
	verbose int
	format  command.Format
}

// bind adds the flags to the command, with what holds without them.
func (s *settings) bind(cmd *cobra.Command) error {
	f := cmd.Flags()
	s.choose.Add(cmd)
	threshold := func(to *Threshold, side Side, span bool, name, short, value, usage string) error {
		flag := thresholdFlag{to: to, side: side, span: span}
		f.VarP(flag, name, short, usage)
		f.Lookup(name).DefValue = value
		return flag.Set(value)
	}
	err := errors.Join(
		threshold(&s.life.warning, AtLeast, false, "warning", "w", "20%", "WARNING for a certificate with less left than this `range`"),
		threshold(&s.life.critical, AtLeast, false, "critical", "c", "10%", "CRITICAL for a certificate with less left than this `range`"),
		threshold(&s.wait.warning, AtMost, true, "stuck-warning", "", "3d", "WARNING for what waits for somebody longer than this `range`"),
		threshold(&s.wait.critical, AtMost, true, "stuck-critical", "", "7d", "CRITICAL for what waits for somebody longer than this `range`"),
		threshold(&s.domain.warning, AtLeast, true, "domain-warning", "", "30d", "WARNING for a domain validation with less left than this `range`"),
		threshold(&s.domain.critical, AtLeast, true, "domain-critical", "", "14d", "CRITICAL for a domain validation with less left than this `range`"),
		threshold(&s.password.warning, AtLeast, true, "password-warning", "", "14d", "WARNING for an account's password with less left than this `range`"),
		threshold(&s.password.critical, AtLeast, true, "password-critical", "", "3d", "CRITICAL for an account's password with less left than this `range`"),
	)
	s.failed = levelFlag(levelWarning)
	f.Var(&s.failed, "failed", "`level` of a request or order that failed: ok, warning or critical")
	f.Var(&s.filter, "filter", "check only rows that pass this `filter`")
	f.StringSliceVar(&s.skip, "skip", nil, "leave `parts` out: "+strings.Join(parts, ", "))
	f.BoolVar(&s.deep, "deep", false, "read the pending request of every certificate")
	f.DurationVar(&s.maxAge, "max-age", 0, "take what is stored of a target that was listed within this `duration`")
	s.timeout = timeoutFlag(30 * time.Second)
	f.VarP(&s.timeout, "timeout", "t", "give up a target after this `duration`; a number alone is seconds")
	s.format.AddOf(cmd, "plugin", "json")
	schema.Publish(cmd, "check")
	f.CountVarP(&s.verbose, "verbose", "v", "a line for each finding; twice: also how each target was read")
	return err
}

// check says what is wrong with the settings as a whole.
func (s *settings) check() error {
	for _, part := range s.skip {
		if !slices.Contains(parts, part) {
			return fmt.Errorf("--skip knows no %q, only %s", part, strings.Join(parts, ", "))
		}
	}
	if _, err := s.format.JSON(); err != nil {
		return err
	}
	if s.maxAge < 0 {
		return errors.New("--max-age is a time such as 5m, and not negative")
	}
	return nil
}

// some reports whether only some rows are wanted. Accounts and domains are no
// matter then.
func (s *settings) some() bool { return len(s.names) > 0 || s.filter.Filter != nil }

func (s *settings) wants(part string) bool {
	if (part == partDomains || part == partPasswords) && s.some() {
		return false
	}
	return !slices.Contains(s.skip, part)
}

func (s *settings) survey(now func() time.Time) survey.Options {
	return survey.Options{
		Deep: s.deep, MaxAge: s.maxAge, Timeout: time.Duration(s.timeout),
		Passwords: s.wants(partPasswords), Domains: s.wants(partDomains), Now: now,
	}
}

// filterFlag is a filter that a person sets.
type filterFlag struct{ *query.Filter }

// String implements pflag.Value.
func (f *filterFlag) String() string {
	if f.Filter == nil {
		return ""
	}
	return f.Filter.String()
}

// Type implements pflag.Value.
func (f *filterFlag) Type() string { return "filter" }

// Set implements pflag.Value.
func (f *filterFlag) Set(text string) error {
	good, err := query.Parse(text)
	if err != nil {
		return err
	}
	f.Filter = good
	return nil
}

// timeoutFlag is a time as Go writes it, or a number of seconds, as plug-ins take
// it (Monitoring Plugins guidelines, "Plugin Options").
type timeoutFlag time.Duration

// String implements pflag.Value.
func (t *timeoutFlag) String() string { return time.Duration(*t).String() }

// Type implements pflag.Value.
func (t *timeoutFlag) Type() string { return "time" }

// Set implements pflag.Value.
func (t *timeoutFlag) Set(text string) error {
	d, err := time.ParseDuration(text)
	if seconds, numeral := strconv.ParseUint(text, 10, 16); numeral == nil {
		d, err = time.Duration(seconds)*time.Second, nil
	}
	if err != nil || d <= 0 {
		return errors.New("a time above zero is wanted, such as 10s or 10")
	}
	*t = timeoutFlag(d)
	return nil
}
