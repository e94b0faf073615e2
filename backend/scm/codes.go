package scm

import (
	"maps"
	"slices"
	"strconv"

	"certty/backend"
)

// Codes explains the error codes of SCM REST API, "Errors", and those of
// observed answers, as this package reads them: in the order of the rules, so
// that of two entries for one code the first is the one that counts.
func Codes() []backend.Code {
	var out []backend.Code
	for _, table := range [][]rule{rules, rulesElsewhere} {
		for _, r := range table {
			for _, code := range slices.Backward(slices.Sorted(maps.Keys(r.codes))) {
				out = append(out, r.entries(code)...)
			}
		}
	}
	return out
}

// entries explains one code of a rule. What a vague one means depends on whether
// the call changes something.
func (r rule) entries(code int) []backend.Code {
	entry := func(at []string, m meaning) backend.Code {
		c := backend.Code{Service: backend.ServiceSCM, Code: strconv.Itoa(code), At: at, Means: r.codes[code], Kind: m.kind}
		if m.kind == backend.KindOther {
			c.Kind = backend.KindInvalid // SCM sends its codes with 400
		}
		c.Advice = backend.AdviceFor(&backend.Error{Kind: c.Kind, State: m.state, Advice: m.advice})
		return c
	}
	switch {
	case r.vague:
		return []backend.Code{
			entry([]string{"reading"}, doubt(call{})),
			entry([]string{"every change"}, doubt(call{changes: true})),
		}
	case r.area != "":
		return []backend.Code{entry([]string{r.area}, r.meaning)}
	}
	return []backend.Code{entry(slices.Clone(r.ops), r.meaning)}
}
