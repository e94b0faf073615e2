package scm

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"certty/backend"
	"certty/model"
)

// validationSoon is how long before its end a validation is warned of.
const validationSoon = 30 * 24 * time.Hour

// Probe looks at what orders need, with the cheapest read for each: sign-in, how
// long the password lives, organizations and whether they may order, profiles,
// validated domains. Whether this administrator may order, approve or revoke
// can't be known without doing it, and is said to be unknown.
//
// After a refused sign-in nothing more is called.
func (b *Backend) Probe(ctx context.Context) []backend.Finding {
	signIn := b.probeSignIn(ctx)
	findings := []backend.Finding{signIn}
	if signIn.Err != nil && endsAll(signIn.Err) {
		return findings
	}
	if f, ok := b.Password(ctx); ok {
		findings = append(findings, f)
	}
	findings = append(findings, b.probeOrganizations(ctx)...)
	findings = append(findings, b.probeProfiles(ctx), b.probeDomains(ctx))
	return append(findings, backend.Finding{
		What: "privileges", Verdict: backend.VerdictUnknown,
		Text: "whether this administrator may order, renew, approve and revoke can't be seen without doing it",
		Fix:  "An administrator of the account (MRAO) sees it in SCM under the administrator's privileges.",
	})
}

// refusedFinding is what a probe says that met an error.
func refusedFinding(what string, err error) backend.Finding {
	f := backend.Finding{What: what, Verdict: backend.VerdictBad, Text: err.Error(), Fix: backend.AdviceFor(err).Next, Err: err}
	switch backend.KindOf(err) {
	case backend.KindPermission, backend.KindNotFound, backend.KindUnsupported, backend.KindInvalid:
		// The call is refused, which says nothing of what it would have told.
		f.Verdict = backend.VerdictUnknown
	default:
	}
	return f
}

func (b *Backend) probeSignIn(ctx context.Context) backend.Finding {
	const what = "sign-in"
	a, c, err := b.get(ctx, opList, "ssl/v1", url.Values{"size": {"1"}, "position": {"0"}})
	if err != nil {
		return refusedFinding(what, err)
	}
	if _, err := list(a.body); err != nil {
		return refusedFinding(what, unreadable(c, a, err))
	}
	said := "accepted"
	if n := a.total(); n >= 0 {
		said = fmt.Sprintf("accepted; %d orders can be seen", n)
	}
	return backend.Finding{What: what, Verdict: backend.VerdictGood, Text: said}
}

// passwordJSON is how the password of the login stands (SCM REST API,
// /admin/v1/password).
type passwordJSON struct {
	State   str `json:"state"`
	Expires day `json:"expirationDate"`
}

// passwordLife reads how long the password lives, with one call; used is false,
// and nothing is called, where none is used.
func (b *Backend) passwordLife(ctx context.Context) (life passwordJSON, used bool, err error) {
	if _, ok := b.credential.(*passwordCredential); !ok {
		return passwordJSON{}, false, nil
	}
	a, c, err := b.get(ctx, opPassword, "admin/v1/password", nil)
	if err != nil {
		return passwordJSON{}, true, err
	}
	if err := unmarshal(a.body, &life); err != nil {
		return passwordJSON{}, true, unreadable(c, a, err)
	}
	return life, true, nil
}

// password reads how long the password lives. No order needs that: the account
// is whole without it, and why it is not told Probe says.
func (r *accountReading) password(ctx context.Context) error {
	b := r.backend
	life, _, err := b.passwordLife(ctx)
	switch {
	case err == nil:
		r.account.Password = model.PasswordLife{ToldAt: b.now(), Ends: life.Expires.Time}
	case ctx.Err() != nil, backend.KindOf(err) == backend.KindAuth:
		return err
	}
	return nil
}

// Password says how long the password lives, with one call; there is none with
// client credentials.
func (b *Backend) Password(ctx context.Context) (backend.Finding, bool) {
	const what = "password expiry"
	p, used, err := b.passwordLife(ctx)
	switch {
	case !used:
		return backend.Finding{}, false
	case err != nil:
		return refusedFinding(what, err), true
	}
	f := backend.Finding{What: what, Verdict: backend.VerdictGood, Text: "never expires", Until: p.Expires.Time}
	const fix = "Set a new password in SCM and where this program gets it from, both at once."
	left := p.Expires.Sub(b.now())
	switch {
	case strings.EqualFold(string(p.State), "expired"):
		f.Verdict, f.Text, f.Fix = backend.VerdictBad, "the password has expired", fix
	case p.Expires.IsZero() && !strings.EqualFold(string(p.State), "never_expire"):
		f.Verdict, f.Text = backend.VerdictUnknown, "the account does not tell when the password expires"
	case p.Expires.IsZero():
	case left < model.PasswordSoon:
		f.Verdict, f.Fix = backend.VerdictWarn, fix
		fallthrough
	default:
		f.Text = "expires on " + p.Expires.Format(time.DateOnly)
	}
	return f, true
}

// probeOrganizations says which organizations are seen, and which of them may
// order over the API.
func (b *Backend) probeOrganizations(ctx context.Context) []backend.Finding {
	const what, whatAPI = "organizations", "ordering over the API"
	list, err := b.listOrganizations(ctx)
	if err != nil {
		return []backend.Finding{refusedFinding(what, err)}
	}
	if len(list) == 0 {
		return []backend.Finding{{
			What: what, Verdict: backend.VerdictBad, Text: "this administrator sees no organization",
			Fix: "Ask an administrator of the account (MRAO) for a role (RAO SSL or DRAO SSL) in an organization.",
		}}
	}
	findings := []backend.Finding{{What: what, Verdict: backend.VerdictGood, Text: fmt.Sprintf("%d, departments included", len(list))}}
	var off []string
	known := 0
	for o := range fan(ctx, list, b.apiSwitch) {
		switch {
		case o.err != nil && endsAll(o.err):
			return append(findings, refusedFinding(whatAPI, o.err))
		case o.err != nil || !o.out.APIKnown:
		case o.out.API:
			known++
		default:
			known++
			off = append(off, o.out.Name)
		}
	}
	return append(findings, apiFinding(whatAPI, off, known, len(list)))
}

// apiSwitch reads whether an organization may order over the API.
func (b *Backend) apiSwitch(ctx context.Context, o model.Organization) (model.Organization, error) {
	// Of a department no validations are read: one call.
	parent := o.ParentID
	o.ParentID = o.ID
	out, err := b.organization(ctx, o)
	out.ParentID = parent
	return out, err
}

func apiFinding(what string, off []string, known, all int) backend.Finding {
	f := backend.Finding{What: what, Fix: "An administrator of the account switches on \"Web API\" for the organization's SSL certificates."}
	switch {
	case known == 0:
		f.Verdict, f.Text = backend.VerdictUnknown, "the account does not tell which organizations may order over the API"
	case len(off) == 0:
		f.Verdict, f.Text, f.Fix = backend.VerdictGood, fmt.Sprintf("%d of %d organizations may", known, all), ""
	case len(off) == known:
		f.Verdict, f.Text = backend.VerdictBad, "no organization may order over the API"
	default:
		f.Verdict, f.Text = backend.VerdictWarn, "switched off for "+strings.Join(off, ", ")
	}
	return f
}

func (b *Backend) probeProfiles(ctx context.Context) backend.Finding {
	const what = "profiles"
	list, err := b.listProfiles(ctx, 0)
	switch {
	case err != nil:
		return refusedFinding(what, err)
	case len(list) == 0:
		return backend.Finding{
			What: what, Verdict: backend.VerdictBad, Text: "no profile is delegated to this administrator's organizations",
			Fix: "Ask an administrator of the account to delegate a certificate profile to the organization.",
		}
	}
	return backend.Finding{What: what, Verdict: backend.VerdictGood, Text: fmt.Sprintf("%d can be ordered", len(list))}
}

// probeDomains says how many domains are validated, and for how long.
func (b *Backend) probeDomains(ctx context.Context) backend.Finding {
	const what = "validated domains"
	validations, err := b.domainValidations(ctx)
	if err != nil {
		return refusedFinding(what, err)
	}
	good, soon := 0, 0
	for _, v := range validations {
		if validated(v.Status) {
			good++
			if !v.Expires.IsZero() && v.Expires.Sub(b.now()) < validationSoon {
				soon++
			}
		}
	}
	f := backend.Finding{What: what, Text: fmt.Sprintf("%d of %d are validated", good, len(validations)), Verdict: backend.VerdictGood}
	switch {
	case good == 0:
		f.Verdict, f.Fix = backend.VerdictWarn, "Validate a domain in SCM before ordering, unless only private certificates are ordered."
	case soon > 0:
		f.Verdict = backend.VerdictWarn
		f.Text += fmt.Sprintf(", %d of them for less than 30 days", soon)
		f.Fix = "Validate these domains again; the list of domains shows which."
	case good < len(validations):
		f.Verdict, f.Fix = backend.VerdictWarn, "Names in the other domains can't be ordered until these are validated."
	}
	return f
}
