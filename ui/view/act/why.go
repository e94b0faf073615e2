package act

import (
	"cmp"

	"certty/backend"
	"certty/ui/view"
)

const notIssued = "nothing was issued under this name yet"

// cant is the reason that a backend gives, or one for it: a missing capability
// is never offered.
func cant(why string) string { return cmp.Or(why, "this target can't do that") }

func whyNoRequest(row view.Row) string {
	if why := view.WhyNotLive(row.Item); why != "" {
		return why
	}
	switch r := row.Item.Request; {
	case r == nil && row.Item.RequestReadAt.IsZero():
		return "its request was not read yet"
	case r == nil:
		return "there is no request here"
	case r.Gone:
		return "the request is gone"
	}
	return ""
}

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

func whyNoLifecycle(caps backend.Capabilities, row view.Row) string {
	switch {
	case caps.Lifecycle == nil:
		return cant(caps.LifecycleWhy)
	case row.Item.Deletion != nil && row.Item.Deletion.Purged:
		return "the certificate was purged"
	}
	return ""
}

func whyNoUpdate(caps backend.Capabilities, row view.Row) string {
	if why := whyNoLifecycle(caps, row); why != "" {
		return why
	}
	return view.WhyNotLive(row.Item)
}

func whyNoEnable(caps backend.Capabilities, row view.Row) string {
	if why := whyNoUpdate(caps, row); why != "" {
		return why
	}
	if !row.Item.Certificate.Issued {
		return notIssued
	}
	return ""
}

func whyNoDelete(caps backend.Capabilities, row view.Row) string {
	if why := whyNoLifecycle(caps, row); why != "" {
		return why
	}
	if row.Item.Deletion != nil {
		return "it is soft-deleted already: u recovers it, P purges it"
	}
	return ""
}

func whyNoRecover(caps backend.Capabilities, row view.Row) string {
	if why := whyNoLifecycle(caps, row); why != "" {
		return why
	}
	if row.Item.Deletion == nil {
		return "the certificate is not deleted"
	}
	return ""
}

// whyNoPurge says under purge protection when the vault does it by itself.
func whyNoPurge(caps backend.Capabilities, row view.Row) string {
	if why := whyNoLifecycle(caps, row); why != "" {
		return why
	}
	c, d := &row.Item.Certificate, row.Item.Deletion
	if d == nil {
		return "the certificate is not deleted: only what is soft-deleted can be purged"
	}
	if !c.PurgeProtected() {
		return ""
	}
	why := "the vault has purge protection, nobody may purge"
	at := d.PurgeAt
	if at.IsZero() {
		at = c.RecoverableUntil(d.At)
	}
	if !at.IsZero() {
		why += "; it destroys the certificate by itself on " + view.Moment(at)
	}
	return why
}

func whyNoVersions(caps backend.Capabilities, row view.Row) string {
	if caps.Versions == nil {
		return cant(caps.VersionsWhy)
	}
	return view.WhyNotLive(row.Item)
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
		return notIssued
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
