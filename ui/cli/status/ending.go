package status

import (
	"certty/backend"
	"certty/ui/cli/command"
)

// ending is how the command ends after a look. What failed was said already.
func (v *view) ending() error {
	failed, refused := 0, 0
	whole := true
	for i := range v.results {
		r := &v.results[i]
		whole = whole && r.Complete
		if r.Err == nil && r.Complete {
			continue
		}
		failed++
		if k := backend.KindOf(r.Err); r.Err != nil && (k == backend.KindAuth || k == backend.KindSignIn) {
			refused++
		}
	}
	switch {
	// What is not in a list that was not read to the end may be there.
	case len(v.missing) > 0 && whole:
		return &command.Ended{Code: command.ExitNotFound}
	case failed == 0:
		return nil
	case failed == refused:
		return &command.Ended{Code: command.ExitSignIn}
	}
	return &command.Ended{Code: command.ExitFailed}
}
