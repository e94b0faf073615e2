package act

import (
	"cmp"

	"certty/backend"
	"certty/model"
	"certty/ui/view"
)

// cant is the reason that a backend gives, or one for it: a missing capability
// is never offered.
func cant(why string) string { return cmp.Or(why, "this target can't do that") }

func whyNoRequest(row view.Row) string { return row.Item.WhyNoRequest() }

func whyNoCSR(_ backend.Capabilities, row view.Row) string {
	if r := row.Item.Request; r != nil && len(r.CSR) > 0 {
		return ""
	}
	if why := whyNoRequest(row); why != "" {
		return why
	}
	if row.Item.Request.KeyID != "" {
		return "its CSR is not kept; open the row, and it is read again"
	}
	return "the vault told no CSR"
}

func whyNoCancel(caps backend.Capabilities, row view.Row) string {
	if caps.Cancel == nil {
		return cant(caps.CancelWhy)
	}
	if why := whyNoRequest(row); why != "" {
		return why
	}
	if plan := caps.Cancel.PlanCancel(row.Item); plan.Way == backend.CancelImpossible {
		return plan.Effect
	}
	return ""
}

func whyNoDeleteRequest(caps backend.Capabilities, row view.Row) string {
	if caps.DeleteRequest == nil {
		return cant(caps.DeleteRequestWhy)
	}
	return whyNoRequest(row)
}

// lifecycle is a reason of the row's where the target can change certificates
// that exist.
func lifecycle(why func(*model.Item) string) func(backend.Capabilities, view.Row) string {
	return func(caps backend.Capabilities, row view.Row) string {
		if caps.Lifecycle == nil {
			return cant(caps.LifecycleWhy)
		}
		return why(row.Item)
	}
}

var (
	whyNoUpdate  = lifecycle((*model.Item).WhyNotLive)
	whyNoEnable  = lifecycle((*model.Item).WhyNotEnabled)
	whyNoRecover = lifecycle((*model.Item).WhyNotRecovered)
	whyNoPurge   = lifecycle((*model.Item).WhyNotPurged)
	whyNoDelete  = lifecycle(func(it *model.Item) string {
		why := it.WhyNotDeleted()
		if why != "" && !it.Deletion.Purged {
			why += ": u recovers it, P purges it"
		}
		return why
	})
)

func whyNoVersions(caps backend.Capabilities, row view.Row) string {
	if caps.Versions == nil {
		return cant(caps.VersionsWhy)
	}
	return row.Item.WhyNotLive()
}

// whyNoFile is why a certificate can't be written to a file.
func whyNoFile(t view.Target, row view.Row) string {
	if view.IsOrder(row.Item) {
		return whyNoChain(t, row)
	}
	return whyNoDownload(t.Capabilities, row)
}

// whyNoDownload lets go what was read before it was deleted, too.
func whyNoDownload(caps backend.Capabilities, row view.Row) string {
	c := &row.Item.Certificate
	switch {
	case !c.Issued:
		return model.NotIssued
	case len(c.DER) > 0:
		return ""
	}
	return whyNoVersions(caps, row)
}

func whyNoCatalog(caps backend.Capabilities, _ view.Row) string {
	if caps.Catalog == nil {
		return cant(caps.CatalogWhy)
	}
	return ""
}
