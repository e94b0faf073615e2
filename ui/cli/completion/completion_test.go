package completion

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"certty/config"
	"certty/model"
)

// TestNothingForTheShellToEvaluate: what is offered stands on the command line as
// it is, and the scripts evaluate that.
func TestNothingForTheShellToEvaluate(t *testing.T) {
	page := model.Page{Fields: model.FieldListing, AsOf: time.Now()}
	for _, key := range []string{
		"shop", "certty:5d41402abc4b2a76:1", "$(touch x)1", "$(touch x)2", "`touch x`", "a b", "a;b", "a'b", `a"b`, "a|b", "a&b", "a>b", "*", "~root", "a\\b",
		"a\nb", "--yes", "{a,b}", "a=b", "!1", "#a", "\u00a0",
	} {
		page.Items = append(page.Items, model.Item{Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: key}})
	}
	snapshot := model.NewSnapshot("prod", nil, time.Time{}).Merge(page)
	for typed, want := range map[string][]string{
		"": {"certty:5d41402abc4b2a76:1", "shop"}, "prod/": {"prod/--yes", "prod/certty:5d41402abc4b2a76:1", "prod/shop"}, "$": nil,
	} {
		var got []string
		for _, c := range offered(config.Target{Name: "prod", Kind: config.KindVault}, snapshot, typed) {
			name, _, _ := strings.Cut(c, "\t")
			got = append(got, name)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("offered for %q: %q, want %q", typed, got, want)
		}
	}
}

// offered are the completions of one target that is alone.
func offered(t config.Target, s *model.Snapshot, typed string, given ...string) []string {
	o := offer{typed: typed, given: given}
	o.find = func(_, prefix string, limit int) (*model.Snapshot, error) {
		var items []*model.Item
		for _, it := range s.Items() {
			if strings.HasPrefix(it.Ref.Key, prefix) && len(items) < limit {
				items = append(items, it)
			}
		}
		return model.NewSnapshot(s.Target(), items, s.SweptAt()), nil
	}
	o.target(t)
	return o.out
}

// TestOffered: a row is offered once, by its key or behind its target's name,
// and not where it was given already.
func TestOffered(t *testing.T) {
	page := model.Page{Fields: model.FieldListing, AsOf: time.Now()}
	for _, key := range []string{"api", "prod-a", "prod/b", "web"} {
		page.Items = append(page.Items, model.Item{Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: key}})
	}
	snapshot := model.NewSnapshot("prod", nil, time.Time{}).Merge(page)
	for typed, want := range map[string]string{
		"":       "[api prod-a prod/b]",
		"a":      "[api]",
		"pr":     "[prod-a prod/b prod/api]",
		"prod/":  "[prod/b prod/api prod/prod-a]",
		"prod/a": "[prod/api]",
		"x":      "[]",
	} {
		var got []string
		for _, c := range offered(config.Target{Name: "prod", Kind: config.KindVault}, snapshot, typed, "web", "prod/web") {
			name, _, _ := strings.Cut(c, "\t")
			got = append(got, name)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("offered for %q: %v, want %s", typed, got, want)
		}
	}
}

// TestOfferedAtMost: of very many rows the first ones are offered, whatever was
// given already.
func TestOfferedAtMost(t *testing.T) {
	page := model.Page{Fields: model.FieldListing, AsOf: time.Now()}
	for i := range most + 10 {
		page.Items = append(page.Items, model.Item{Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: fmt.Sprintf("prod%04d", i)}})
	}
	snapshot := model.NewSnapshot("prod", nil, time.Time{}).Merge(page)
	for _, typed := range []string{"", "prod", "prod/"} {
		if got := offered(config.Target{Name: "prod"}, snapshot, typed, "prod0000", "prod/prod0000"); len(got) != most {
			t.Errorf("%d offered for %q", len(got), typed)
		}
	}
}
