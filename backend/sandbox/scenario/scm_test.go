package scenario

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"certty/backend/sandbox/ca"
	"certty/backend/sandbox/scmserver"
)

func TestSCMIsBelievable(t *testing.T) {
	s := SCM(noon)
	orgs, profiles := map[int]bool{}, map[int]scmserver.Profile{}
	for _, o := range s.Organizations {
		if orgs[o.ID] || o.ParentID != 0 && !orgs[o.ParentID] {
			t.Errorf("organization %d comes twice, or before its parent", o.ID)
		}
		orgs[o.ID] = true
	}
	for _, p := range s.Profiles {
		if profiles[p.ID] = p; slices.Max(p.Terms) > 199 {
			t.Errorf("profile %s offers %v", p.Name, p.Terms)
		}
	}
	seen := map[scmserver.Status]int{}
	rsaKeys, hostile, retired := 0, 0, 0
	for i, e := range s.Orders {
		seen[e.Status]++
		p, known := profiles[e.Profile]
		switch {
		case !known && e.Profile != ProfileRetired:
			t.Errorf("%s: profile %d", e.CommonName, e.Profile)
		case known && !slices.Contains(p.Terms, e.Term):
			t.Errorf("%s: term %d", e.CommonName, e.Term)
		case !known:
			retired++
		}
		if !orgs[e.Organization] || e.Requested.After(noon) || e.Since.After(noon) || i > 0 && e.Requested.Before(s.Orders[i-1].Requested) {
			t.Errorf("%s: organization %d, asked for at %s", e.CommonName, e.Organization, e.Requested)
		}
		if n := len(utf16.Encode([]rune(e.Comments))); n > 1024 || len(e.CommonName) > 64 {
			t.Errorf("%s: comments of %d", e.CommonName, n)
		}
		if e.RSA {
			rsaKeys++
		}
		if strings.ContainsAny(e.Comments+e.Requester, "\x1b\u202e") {
			hostile++
		}
	}
	for _, status := range []scmserver.Status{
		scmserver.StatusInit, scmserver.StatusInvalid, scmserver.StatusRequested, scmserver.StatusSAApproved, scmserver.StatusApproved, scmserver.StatusDeclined, scmserver.StatusApplied,
		scmserver.StatusIssued, scmserver.StatusRevoked, scmserver.StatusExpired, scmserver.StatusReplaced, scmserver.StatusRejected,
	} {
		if seen[status] == 0 {
			t.Errorf("no order is %s", status)
		}
	}
	if hostile < 2 || retired == 0 || !slices.ContainsFunc(s.Fields, func(f scmserver.CustomField) bool { return f.Mandatory }) {
		t.Errorf("%d hostile orders, %d of a profile that is gone, fields %v", hostile, retired, s.Fields)
	}
	if rsaKeys > 4 {
		t.Errorf("%d RSA keys keep the first screen waiting", rsaKeys)
	}
}

// What the scenario says is what the server shows: nothing moves at once.
func TestSCMStandsWhereItIsPut(t *testing.T) {
	root, err := ca.New(func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	s := scmserver.New(scmserver.Options{CA: root, Account: scmserver.NewAccount(noon), Now: func() time.Time { return noon }})
	want := SCM(noon)
	if _, err := s.Fill(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	orders, err := s.Orders()
	if err != nil || len(orders) != len(want.Orders) {
		t.Fatalf("%d orders, %v", len(orders), err)
	}
	for i, o := range orders {
		if o.Status != want.Orders[i].Status || o.CommonName != want.Orders[i].CommonName {
			t.Errorf("%s is %s, not %s", o.CommonName, o.Status, want.Orders[i].Status)
		}
	}
}
