package completion

import (
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
		for _, c := range rows(config.Target{Name: "prod", Kind: config.KindVault}, snapshot, typed, false) {
			name, _, _ := strings.Cut(c, "\t")
			got = append(got, name)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("offered for %q: %q, want %q", typed, got, want)
		}
	}
}
