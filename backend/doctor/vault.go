package doctor

import (
	"cmp"
	"context"

	"certty/backend"
	"certty/model"
)

// The names of what a credential may do in a vault are those of the access
// policies (Key Vault, "Certificates access control").
const (
	canList    = "certificates/list"
	canGet     = "certificates/get"
	canIssuers = "certificates/listissuers"
	canContact = "certificates/managecontacts"
	canDeleted = "deleted certificates"
)

// reader is the role that can read everything that is looked at here.
const reader = "Whoever manages the vault can give the role Key Vault Reader, or Key Vault Certificates Officer to change things as well; in vaults with access policies the certificate permissions get, list and listissuers."

// examineVault asks for one page of each list, and for one certificate. After a
// credential that is not accepted nothing more is asked.
func examineVault(ctx context.Context, t Target) []backend.Finding {
	c := t.Capabilities()
	if c.Sweep == nil {
		return []backend.Finding{{What: canList, Verdict: backend.VerdictBad, Text: c.SweepWhy}}
	}
	first, n, err := firstOf(ctx, c.Sweep)
	switch backend.KindOf(err) { //nolint:exhaustive // the rest is told below
	case backend.KindAuth, backend.KindSignIn:
		return []backend.Finding{refused("credential", err)}
	case backend.KindNetwork, backend.KindLocal, backend.KindUnavailable:
		if err != nil {
			return []backend.Finding{refused("answer", err)}
		}
	}
	out := []backend.Finding{
		{What: "credential", Verdict: backend.VerdictGood, Text: "accepted"},
		{What: "api-version", Verdict: backend.VerdictGood, Text: cmp.Or(t.APIVersion, "the library's own") + " is understood"},
	}
	if err != nil && backend.KindOf(err) == backend.KindInvalid {
		out[1] = refused("api-version", err)
	}
	out = append(out, listed(canList, n, err), gotten(ctx, c, first, err))
	if c.SweepDeleted != nil {
		_, n, err := firstOf(ctx, c.SweepDeleted)
		out = append(out, listed(canDeleted, n, err))
	}
	if c.Catalog != nil {
		issuers, err := c.Catalog.Issuers(ctx)
		out = append(out, beside(canIssuers, len(issuers), err, "Without it a request can't be checked against the vault's issuers before it is sent."))
		contacts, err := c.Catalog.Contacts(ctx)
		out = append(out, beside(canContact, len(contacts), err, "Without it the screen can't show who is told about certificates."))
	}
	return append(out, changes(t))
}

// changes says what can't be seen without doing it.
func changes(t Target) backend.Finding {
	if t.Info().ReadOnly {
		return backend.Finding{What: "changes", Verdict: backend.VerdictGood, Text: "none: this target is read-only here"}
	}
	return backend.Finding{
		What: "changes", Verdict: backend.VerdictUnknown,
		Text: "whether this credential may create, import, update, delete, recover and purge can't be seen without doing it",
		Fix:  "Whoever manages the vault sees it under Access control: Key Vault Certificates Officer may do all of it, purge included.",
	}
}

// firstOf reads the first page of a list.
func firstOf(ctx context.Context, s backend.Sweeper) (first *model.Item, n int, err error) {
	for page, err := range s.Sweep(ctx) {
		if err != nil {
			return nil, 0, err
		}
		// An empty page says nothing: Key Vault sends some before the last one.
		if n = len(page.Items); n > 0 {
			return &page.Items[0], n, nil
		}
	}
	return nil, 0, nil
}

func listed(what string, n int, err error) backend.Finding {
	switch {
	case err != nil:
		f := refused(what, err)
		if backend.KindOf(err) == backend.KindPermission {
			f.Fix = reader
		}
		return f
	case n == 0:
		return backend.Finding{What: what, Verdict: backend.VerdictGood, Text: "allowed; there is none"}
	}
	return backend.Finding{What: what, Verdict: backend.VerdictGood, Text: "allowed"}
}

// gotten reads one certificate.
func gotten(ctx context.Context, c backend.Capabilities, first *model.Item, listErr error) backend.Finding {
	if first == nil || c.Read == nil {
		text := "no certificate is there to try it with"
		if listErr != nil {
			text = "no certificate is known to try it with"
		}
		return backend.Finding{What: canGet, Verdict: backend.VerdictUnknown, Text: text}
	}
	if _, err := c.Read.Read(ctx, first.Ref); err != nil && backend.KindOf(err) != backend.KindNotFound {
		return listed(canGet, 0, err)
	}
	return backend.Finding{What: canGet, Verdict: backend.VerdictGood, Text: "allowed"}
}

// beside is about what the program can do without.
func beside(what string, n int, err error, loss string) backend.Finding {
	f := listed(what, n, err)
	if backend.KindOf(err) == backend.KindPermission {
		f.Verdict, f.Fix = backend.VerdictWarn, loss+" "+reader
	}
	return f
}
