package forms

import (
	"cmp"

	"certty/backend"
	"certty/ui/view"
)

// WhyNoVersion is why no new version of a row can be asked for; "" when it can.
// A request in progress is no reason here: the question explains it, with the
// ways out.
func WhyNoVersion(caps backend.Capabilities, row view.Row) string {
	if caps.NewVersion == nil {
		return cmp.Or(caps.NewVersionWhy, "this target can't do that")
	}
	return row.Item.WhyNotLive()
}

// WhyNoPolicy is why a row's policy can't be changed; "" when it can.
func WhyNoPolicy(caps backend.Capabilities, row view.Row) string {
	if caps.Lifecycle == nil {
		return cmp.Or(caps.LifecycleWhy, "this target can't do that")
	}
	return row.Item.WhyNotLive()
}

// WhyNoImport is why nothing can be imported into any of the targets; "" when
// one can.
func WhyNoImport(targets []view.Target) string {
	why := "no target is open yet"
	for _, t := range targets {
		if t.Capabilities.Import != nil {
			return ""
		}
		why = cmp.Or(t.Capabilities.ImportWhy, "this target can't do that")
	}
	return why
}
