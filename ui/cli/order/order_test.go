package order

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/keystore"
	"certty/model"
	"certty/ui/cli/command"
)

// usage reports whether err is one of the command line.
func usage(err error) bool {
	_, ok := errors.AsType[*command.UsageError](err)
	return ok
}

func TestKeyKind(t *testing.T) {
	for word, want := range map[string]keystore.KeyKind{
		"": {}, "rsa-2048": {Algorithm: "RSA", Size: "2048"}, "EC-P256": {Algorithm: "EC", Size: "P-256"}, "ec-p384": {Algorithm: "EC", Size: "P-384"},
	} {
		if got, err := keyKind(word); err != nil || got != want {
			t.Errorf("%q: %v, %v", word, got, err)
		}
	}
	for _, word := range []string{"rsa", "rsa-1024", "ed25519", "ec-p-256x"} {
		if _, err := keyKind(word); !usage(err) {
			t.Errorf("%q: %v", word, err)
		}
	}
}

// The first kind that the profile takes is made, where nobody chose.
func TestSettleKey(t *testing.T) {
	for name, tt := range map[string]struct {
		profile *model.Profile
		want    string
	}{
		"nothing told": {&model.Profile{}, "RSA 2048"}, "no profile": {nil, "RSA 2048"},
		"EC only":  {&model.Profile{KeyTypes: map[string][]string{"EC": {"P-384", "P-521"}}}, "EC P-384"},
		"not made": {&model.Profile{KeyTypes: map[string][]string{"ED": {"25519"}}}, ""},
	} {
		k := &key{made: true}
		err := k.settle(tt.profile)
		if (tt.want == "") != (err != nil) || err == nil && k.kind.String() != tt.want {
			t.Errorf("%s: %v, %v", name, k.kind, err)
		}
	}
}

// A message is counted as the service counts it.
func TestCheckMessage(t *testing.T) {
	for _, text := range []string{"x", strings.Repeat("é", 512), strings.Repeat("😀", 256)} {
		if err := checkMessage("message", text); err != nil {
			t.Errorf("%d bytes: %v", len(text), err)
		}
	}
	for _, text := range []string{"", "  ", strings.Repeat("é", 513), strings.Repeat("😀", 256) + "x", "a\nb"} {
		if err := checkMessage("message", text); !usage(err) {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestSelecting(t *testing.T) {
	got, err := (&selecting{statuses: []string{"issued", "Others"}, from: "2026-01-01", to: "2026-01-31"}).given()
	if err != nil || !slices.Equal(got.Phases, []model.OrderPhase{model.OrderIssued, model.OrderUnknown}) {
		t.Fatalf("%+v, %v", got, err)
	}
	// The last day counts.
	if want := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC); !got.ExpiresTo.Equal(want) {
		t.Error(got.ExpiresTo)
	}
	for _, s := range []selecting{{statuses: []string{"lost"}}, {from: "today"}, {to: "2026-02-30"}, {from: "2026-02-01", to: "2026-01-01"}} {
		if _, err := s.given(); !usage(err) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func TestOrganization(t *testing.T) {
	a := &model.Account{Organizations: []model.Organization{
		{ID: 1, Name: "Example"}, {ID: 2, Name: "Shop", ParentID: 1}, {ID: 3, Name: "Other"}, {ID: 4, Name: "Shop", ParentID: 3},
	}}
	for name, want := range map[string]int{"1": 1, "example": 1, "Example / Shop": 2, "other / shop (4)": 4, "2": 2} {
		if o, err := organization(a, a.Organizations, name); err != nil || o.ID != want {
			t.Errorf("%q: %v, %v", name, o, err)
		}
	}
	for _, name := range []string{"Shop", "5", "Shop / Example"} {
		if _, err := organization(a, a.Organizations, name); !usage(err) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestReasons(t *testing.T) {
	for word, want := range map[string]model.RevocationReason{"key-compromise": model.ReasonKeyCompromise, "4": model.ReasonSuperseded, "UNSPECIFIED": model.ReasonUnspecified} {
		got, err := (&revocation{reason: word, message: "x"}).given()
		if err != nil || got.Reason != want {
			t.Errorf("%q: %v, %v", word, got, err)
		}
	}
	for _, word := range []string{"", "2", "bored"} {
		if _, err := (&revocation{reason: word, message: "x"}).given(); !usage(err) {
			t.Errorf("%q was taken", word)
		}
	}
}

// Every part of an order that can be wrong names a flag.
func TestFlagOf(t *testing.T) {
	for _, field := range []model.Field{
		model.InCommonName, model.InSANs, model.InOrganization, model.InProfile, model.InTerm, model.InKey, model.InDescription,
		model.InRequester, model.InDCV, model.InDCVEmail, model.InCustomField("Cost centre"),
	} {
		if got := flagOf(field); !strings.HasPrefix(got, "--") {
			t.Errorf("%s: %s", field, got)
		}
	}
}

// What an account does not list any more can't be ordered with.
func TestEntries(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	all := entries(&model.Account{
		Organizations: []model.Organization{{ID: 1, Name: "A", GoneSince: now}, {ID: 2, Name: "B", ParentID: 1, APIKnown: true}},
		Domains:       []model.Domain{{Name: "example.com", Valid: true, Validation: "VALIDATED", Expires: now.AddDate(0, 0, -1)}},
		Profiles:      []model.Profile{{ID: 3, KeyTypes: map[string][]string{"RSA": {"2048"}, "EC": {"P-256"}}}},
		CustomFields:  []model.CustomField{{ID: 4, Mandatory: true}},
	}, now)
	var got []string
	for _, e := range all {
		word := e.Kind + " no"
		if e.Usable {
			word = e.Kind + " yes"
		}
		got = append(got, word)
	}
	want := []string{"organization no", "department no", "domain no", "profile yes", "custom-field yes"}
	if !slices.Equal(got, want) || !slices.Equal(all[3].Keys, []string{"EC P-256", "RSA 2048"}) || !*all[4].Mandatory {
		t.Errorf("%v\n%+v", got, all)
	}
}

// named is a backend with a name, and nothing else.
type named struct {
	backend.Backend
	name string
}

func (n named) Info() backend.Info { return backend.Info{Name: n.name} }

// The command that a message names can be pasted: it has the flags that are needed,
// and no name in it means something to a shell.
func TestForgetting(t *testing.T) {
	target := &command.Target{Backend: named{name: "sectigo"}}
	for name, test := range map[string]struct {
		record model.Record
		want   string
	}{
		"a key of ours":   {model.Record{Key: "certty:12:1", CommonName: "a.example", KeyHeld: true}, "certty delete-here sectigo/certty:12:1 --destroy-key --confirm a.example"},
		"a wildcard":      {model.Record{Key: "certty:12:1", CommonName: "*.example", KeyHeld: true}, "certty delete-here sectigo/certty:12:1 --destroy-key --confirm '*.example'"},
		"a hostile name":  {model.Record{Key: "certty:12:1", CommonName: "a'; rm -r $HOME", KeyHeld: true}, `certty delete-here sectigo/certty:12:1 --destroy-key --confirm 'a'\''; rm -r $HOME'`},
		"a key elsewhere": {model.Record{Key: "certty:12:1", CommonName: "a.example"}, "certty delete-here sectigo/certty:12:1"},
	} {
		if got := forgetting(target, &test.record); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
