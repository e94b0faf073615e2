package scm

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

func TestAccount(t *testing.T) {
	a := open(t)
	var steps []string
	account, err := a.Account(t.Context(), func(s backend.AccountStep) { steps = append(steps, s.String()) })
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(steps, "; "), "organizations (part 1 of 4); organizations, 1 of 3 (part 1 of 4); organizations, 2 of 3 (part 1 of 4); organizations, 3 of 3 (part 1 of 4); "+
		"profiles (part 2 of 4); profiles, 1 of 3 (part 2 of 4); profiles, 2 of 3 (part 2 of 4); profiles, 3 of 3 (part 2 of 4); "+
		"domains (part 3 of 4); domains, 1 of 3 (part 3 of 4); domains, 2 of 3 (part 3 of 4); domains, 3 of 3 (part 3 of 4); custom fields (part 4 of 4)"; got != want {
		t.Errorf("told %s", got)
	}
	if len(account.Organizations) != 3 || !account.ReadAt.Equal(noon) {
		t.Fatalf("%+v", account)
	}
	acme, web, mute := account.Organization(orgAcme), account.Organization(deptWeb), account.Organization(orgMute)
	if acme == nil || !acme.API || len(acme.Validations) != 1 || acme.Validations[0].Status != "VALIDATED" || acme.Validations[0].Expires.IsZero() {
		t.Errorf("%+v", acme)
	}
	if web == nil || web.ParentID != orgAcme || !web.APIKnown || mute == nil || mute.API || !mute.APIKnown {
		t.Errorf("%+v and %+v", web, mute)
	}
	p := account.Profile(quick)
	if p == nil || !slices.Equal(p.Terms, []int{90, 199}) || !p.Allows("EC", "P-256") || !slices.Contains(p.Organizations, orgAcme) {
		t.Errorf("%+v", p)
	}
	for name, want := range map[string]struct {
		valid         bool
		organizations []int
	}{"example.com": {true, []int{orgAcme, orgMute}}, "old.example": {false, []int{orgAcme, orgMute}}, "asked.example": {true, nil}} {
		i := slices.IndexFunc(account.Domains, func(d model.Domain) bool { return d.Name == name })
		if i < 0 {
			t.Errorf("%s is missing", name)
			continue
		}
		if d := account.Domains[i]; d.Valid != want.valid || d.Expires.IsZero() || !slices.Equal(d.Organizations, want.organizations) || d.State == "" {
			t.Errorf("%+v", d)
		}
	}
	if f := account.CustomFields; len(f) != 2 || !f[0].Mandatory || f[1].Type != "DATE" {
		t.Errorf("%+v", f)
	}
}

// TestAccountInPart: what one call refuses does not cost the rest.
// TestOrganizationIsNamed: an order's details tell the id alone, so the name is
// that which the account's list told.
func TestOrganizationIsNamed(t *testing.T) {
	a := open(t)
	ref := a.place(t, quick, "a.example.com")
	if o := a.read(t, ref).Order; o.OrganizationID != orgAcme || o.Organization != "" {
		t.Errorf("before anything told it: %d %q", o.OrganizationID, o.Organization)
	}
	if _, err := a.Account(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if o := a.read(t, ref).Order; o.Organization != "Acme" {
		t.Errorf("after the account: %q", o.Organization)
	}
	a = open(t)
	a.place(t, quick, "a.example.com")
	later := a.place(t, quick, "b.example.com")
	for _, err := range a.Sweep(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if o := a.read(t, later).Order; o.Organization != "Acme" {
		t.Errorf("after a report: %q", o.Organization)
	}
}

// TestOrganizationsAreCalledAsBefore: when the program starts again an order's
// details leave the name out, and what was kept of the account tells it. What the
// account tells itself is newer.
func TestOrganizationsAreCalledAsBefore(t *testing.T) {
	asked := 0
	a := open(t, func(o *Options) {
		o.Known = func(context.Context) (model.Account, error) {
			asked++
			return model.Account{Organizations: []model.Organization{{ID: orgAcme, Name: "Acme of old"}}}, nil
		}
	})
	ref := a.place(t, quick, "a.example.com")
	for range 2 {
		if o := a.read(t, ref).Order; o.Organization != "Acme of old" || asked != 1 {
			t.Errorf("%q, asked %d times", o.Organization, asked)
		}
	}
	if _, err := a.Account(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if o := a.read(t, ref).Order; o.Organization != "Acme" || asked != 1 {
		t.Errorf("after the account: %q, asked %d times", o.Organization, asked)
	}
	// Without the state the order is read all the same.
	fail := errors.New("disk I/O error")
	a = open(t, func(o *Options) {
		o.Known = func(context.Context) (model.Account, error) { return model.Account{}, fail }
	})
	if o := a.read(t, a.place(t, quick, "a.example.com")).Order; o.OrganizationID != orgAcme || o.Organization != "" || !strings.Contains(a.log.String(), "disk I/O error") {
		t.Errorf("%+v", o)
	}
}

func TestAccountInPart(t *testing.T) {
	s := serve(t)
	s.on("/", answering(400, `{"code":-3,"description":"You are not authorized to perform it."}`))
	s.on("GET /api/organization/v1", answering(200, `[{"id":1,"name":"Acme","departments":[{"id":2,"name":"Web"}]},{"name":"no id"},7]`))
	s.on("GET /api/ssl/v1/types", answering(200, `[{"id":5,"name":"GÉANT OV","terms":[199,"90",-1]}]`))
	s.on("GET /api/domain/v1", answering(404, `<html></html>`))
	account, err := s.client(t).Account(t.Context(), nil)
	e := wantKind(t, err, backend.KindPartial)
	for _, part := range []string{"domains", "custom fields", "details of some organizations"} {
		if !strings.Contains(e.Message, part) {
			t.Errorf("%v does not name %s", e, part)
		}
	}
	if len(account.Organizations) != 2 || account.Organizations[0].APIKnown || !account.ReadAt.IsZero() {
		t.Errorf("%+v", account)
	}
	// An older account tells no kinds of keys; a profile takes any then.
	if p := account.Profile(5); p == nil || p.Name != "GÉANT OV" || !slices.Equal(p.Terms, []int{199, 90}) || !p.Allows("EC", "P-521") || !slices.Equal(p.Organizations, []int{1, 2}) {
		t.Errorf("%+v", p)
	}
}

func TestAccountStopsAtARefusedSignIn(t *testing.T) {
	s := serve(t)
	s.on("/", answering(401, `{"code":-16,"description":"Unknown user"}`))
	_, err := s.client(t).Account(t.Context(), nil)
	wantKind(t, err, backend.KindAuth)
	if n := len(s.requests()); n != 1 {
		t.Errorf("%d calls after the sign-in was refused", n)
	}
}

func TestProbe(t *testing.T) {
	a := open(t)
	finding := func(what string) backend.Finding {
		t.Helper()
		for _, f := range a.Probe(t.Context()) {
			if f.What == what {
				return f
			}
		}
		return backend.Finding{}
	}
	for what, want := range map[string]backend.Verdict{
		"sign-in": backend.VerdictGood, "password expiry": backend.VerdictGood, "organizations": backend.VerdictGood,
		"ordering over the API": backend.VerdictWarn, "profiles": backend.VerdictGood, "validated domains": backend.VerdictWarn,
		"privileges": backend.VerdictUnknown,
	} {
		if f := finding(what); f.What == "" || f.Verdict != want || f.Text == "" || f.Verdict != backend.VerdictGood && f.Fix == "" {
			t.Errorf("%s: %+v, want %v", what, f, want)
		}
	}
	if f := finding("ordering over the API"); !strings.Contains(f.Text, "Mute") {
		t.Errorf("%+v", f)
	}
	settings := a.server.Settings()
	settings.PasswordLife = 10 * 24 * time.Hour
	a.server.SetSettings(settings)
	if f := finding("password expiry"); f.Verdict != backend.VerdictWarn || !strings.Contains(f.Text, "2026-12-01") {
		t.Errorf("%+v", f)
	}
	for call := range a.server.Calls() {
		if call.Method != http.MethodGet {
			t.Errorf("a probe made %+v", call)
		}
	}
}

// TestProbeOfARefusedSignIn makes one call.
func TestProbeOfARefusedSignIn(t *testing.T) {
	s := serve(t)
	s.on("/", answering(401, `{"code":-16,"description":"Unknown user"}`))
	findings := s.client(t).Probe(t.Context())
	if len(findings) != 1 || findings[0].Verdict != backend.VerdictBad || backend.KindOf(findings[0].Err) != backend.KindAuth || len(s.requests()) != 1 {
		t.Errorf("%+v after %v", findings, s.requests())
	}
}

func TestProbePassword(t *testing.T) {
	for body, want := range map[string]backend.Finding{
		`{"expirationDate":"2026-11-20","state":"EXPIRED"}`: {Verdict: backend.VerdictBad, Text: "the password has expired"},
		`{"state":"NEVER_EXPIRE"}`:                          {Verdict: backend.VerdictGood, Text: "never expires"},
		`{"expirationDate":"2027-08-21","state":"ALIVE"}`:   {Verdict: backend.VerdictGood, Text: "expires on 2027-08-21"},
		`{"state":"ALIVE"}`:                                 {Verdict: backend.VerdictUnknown, Text: "the account does not tell when the password expires"},
	} {
		s := serve(t)
		s.on("GET /api/admin/v1/password", answering(200, body))
		f, ok := s.client(t).Password(t.Context())
		if !ok || f.Verdict != want.Verdict || f.Text != want.Text {
			t.Errorf("%s: %+v", body, f)
		}
		if told := strings.Contains(body, "expirationDate"); told == f.Until.IsZero() {
			t.Errorf("%s: until %v", body, f.Until)
		}
	}
	s := serve(t)
	s.on("GET /api/admin/v1/password", answering(400, `{"code":-3,"description":"no"}`))
	if f, _ := s.client(t).Password(t.Context()); f.Verdict != backend.VerdictUnknown {
		t.Errorf("refused: %+v; that says nothing of the password", f)
	}
}

func TestValidationExplainsAnOrderThatWaits(t *testing.T) {
	a := open(t)
	id, err := a.server.Add(scmserver.Entry{
		CommonName: "shop.example.com", Names: []string{"shop.example.com"}, Organization: orgAcme, Profile: perOrder, Term: 199,
		Requested: noon.Add(-time.Hour), Status: scmserver.StatusApplied,
	})
	if err != nil {
		t.Fatal(err)
	}
	ref := row(id)
	it := a.read(t, ref)
	if it.Order.Phase != model.OrderApplied || len(it.Order.Validation.Waiting()) == 0 {
		t.Fatalf("%+v", it.Order)
	}
	d := it.Order.Validation.Waiting()[0]
	if d.Domain == "" || d.Method == "" || d.Host+d.URL+d.Email == "" || d.Valid {
		t.Errorf("%+v", d)
	}
	if status := (&it).Status(a.clock()); status.State != model.StateWaitsValidation || status.Who != model.ActorDNS {
		t.Errorf("%+v", status)
	}
	if !a.server.Publish(d.Domain) {
		t.Fatalf("%s can't be published", d.Domain)
	}
	change, err := a.Recheck(t.Context(), ref)
	if err != nil || len(change.Page.Items) != 1 {
		t.Fatalf("%+v, %v", change, err)
	}
	a.advance(2 * time.Hour)
	if it := a.read(t, ref); it.Order.Phase != model.OrderIssued {
		t.Errorf("%+v", it.Order)
	}

	// Without the privilege the row stands, and says why it can't tell more.
	settings := a.server.Settings()
	settings.Denied = []scmserver.Privilege{scmserver.AllowDCV}
	a.server.SetSettings(settings)
	wantKind(t, errorOf(a.Recheck(t.Context(), ref)), backend.KindPermission)
	wantKind(t, errorOf(a.DomainValidation(t.Context(), "example.com")), backend.KindPermission)
	wantKind(t, errorOf(a.DomainValidation(t.Context(), " ")), backend.KindInvalid)
}

func TestValidationThatIsRefusedLeavesTheRow(t *testing.T) {
	s := serve(t)
	s.on("GET /api/ssl/v1/7", answering(200, `{"id":7,"commonName":"shop","status":"Applied"}`))
	s.on("GET /api/ssl/v1/7/dcv", answering(400, `{"code":-3,"description":"You are not authorized to perform DCV validation."}`))
	page, err := s.client(t).Read(t.Context(), row(7))
	if err != nil || page.Items[0].Order.Validation == nil || !strings.Contains(page.Items[0].Order.Validation.Trouble, "not authorized") {
		t.Errorf("%+v, %v", page, err)
	}
	for body, want := range map[string]int{
		`[{"dcvLog":{"log":[{"domainName":"a"}]}},{"dcvLog":{"log":[{"domainName":"b"}]}}]`: 2,
		`{"dcvLog":null,"instructions":null}`:                                               0,
		`{"dcvLog":{"error":{"code":-5,"description":"down"},"log":[{"domainName":"A","dcvStatus":"Validated"}]},"instructions":[{"domainName":"a","dcvMode":"TXT"}]}`: 1,
		`{"dcvLog":{"log":"none"}}`: 0,
	} {
		all, err := decodeValidation([]byte(body))
		var v model.OrderValidation
		for i := range all {
			all[i].into(&v)
		}
		if err != nil || len(v.Domains) != want {
			t.Errorf("%s: %+v, %v", body, v, err)
		}
	}
}

func TestDomainValidationsOfAnOlderInstance(t *testing.T) {
	s := serve(t)
	s.on("GET /api/dcv/v1/validation", answering(200, `[{"domain":"A.example","dcvStatus":"VALIDATED","expirationDate":"2026-12-24"}]`))
	s.on("/", answering(404, `<html></html>`))
	all, err := s.client(t).domainValidations(t.Context())
	if err != nil || all["a.example"].Expires.IsZero() {
		t.Errorf("%+v, %v", all, err)
	}
}
