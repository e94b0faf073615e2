package command

import (
	"cmp"
	"fmt"
)

// Cant is why a target can't do something that is missing among what it can: what
// its backend says. It is "" when nothing is missing.
func Cant(missing bool, why string) string {
	if !missing {
		return ""
	}
	return cmp.Or(why, "this target can't do that")
}

// Refuse is why a command can't do what it was asked for: what the target can't
// do, or what the row's state does not allow. "" is nil.
func Refuse(t *Target, name, why string) error {
	if why == "" {
		return nil
	}
	code := ExitFailed
	if t.Info().ReadOnly {
		code = ExitUsage
	}
	return &Ended{Code: code, Err: fmt.Errorf("%s/%s: %s", t.Name(), name, why)}
}

// Refuse is [Refuse] of the row, with the first of the reasons that there are.
func (r *Row) Refuse(reasons ...string) error {
	return Refuse(r.Target, r.Item.Ref.Key, cmp.Or(reasons...))
}
