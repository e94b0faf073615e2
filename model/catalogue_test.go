package model

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCatalogue(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	a := &Account{
		Organizations: []Organization{
			{ID: 3, Name: "Shop", ParentID: 1, APIKnown: true, API: true}, {ID: 1, Name: "Example", APIKnown: true, API: true,
				Validations: []OrganizationValidation{{Level: "OV_SSL", Status: "VALIDATED", Expires: now}}},
			{ID: 2, Name: "Off", APIKnown: true}, {ID: 4, Name: "Gone", GoneSince: now}, {ID: 5, Name: "Stray", ParentID: 99},
		},
		Profiles: []Profile{{ID: 7}, {ID: 8, Organizations: []int{2}}, {ID: 9, GoneSince: now}},
		Domains:  []Domain{{Name: "example.com"}},
	}
	var ids []int
	for _, o := range a.Ordering() {
		ids = append(ids, o.ID)
	}
	if !slices.Equal(ids, []int{1, 3, 5}) {
		t.Errorf("can be ordered for: %v", ids)
	}
	if got := a.WithDepartments(1); !slices.Equal(got, []int{1, 3}) {
		t.Errorf("with its departments: %v", got)
	}
	if got := a.Label(a.Organization(3)); got != "Example / Shop (3)" {
		t.Error(got)
	}
	if p := a.Offers(1); len(p) != 1 || p[0].ID != 7 {
		t.Errorf("offers %v", p)
	}
	untold := strings.Join(a.Untold(a.Organization(5), a.Profile(7)), "; ")
	if untold != "whether orders over the API are switched on; which keys the profile takes; to whom the domains are delegated" {
		t.Error(untold)
	}
	// The check of a department is its organization's, and its last moment is over.
	if got := a.Unvalidated(a.Organization(3), now); !strings.Contains(got, "Example: OV SSL VALIDATED") {
		t.Error(got)
	}
	if got := a.Unvalidated(a.Organization(3), now.Add(-time.Second)); got != "" {
		t.Error(got)
	}
}

func TestDescription(t *testing.T) {
	for comments, want := range map[string]string{"certty:0123456789abcdef:1 new shop": "new shop", "certty:0123456789abcdef:1": "", "new shop": "new shop", "": ""} {
		if got := (&Order{Comments: comments}).Description(); got != want {
			t.Errorf("%q: %q", comments, got)
		}
	}
}

func TestLacking(t *testing.T) {
	if got := Lacking([]string{"A.example"}, []string{"a.example", "b.example", "B.example"}); !slices.Equal(got, []string{"b.example"}) {
		t.Error(got)
	}
}
