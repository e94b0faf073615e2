package vault

import (
	"fmt"
	"maps"
	"reflect"
	"testing"

	"certty/model"
)

// sameMap reports whether two maps are one.
func sameMap(a, b map[string]string) bool {
	return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer()
}

// TestRowsShareTheirTags: rows with equal tags hold one map, others keep their
// own, and what a row holds is what was listed.
func TestRowsShareTheirTags(t *testing.T) {
	var r repeats
	share := func(tags map[string]string) map[string]string {
		c := model.Certificate{Tags: maps.Clone(tags)}
		r.share(&c)
		if !maps.Equal(c.Tags, tags) {
			t.Errorf("%v became %v", tags, c.Tags)
		}
		return c.Tags
	}
	web := map[string]string{"team": "web", "stage": "prod"}
	first := share(web)
	if !sameMap(first, share(web)) {
		t.Error("equal tags are held twice")
	}
	for _, other := range []map[string]string{
		{"team": "web"}, {"team": "web", "stage": "test"}, {"stage": "prod", "team": ""}, {"": "web"}, {"teamweb": "", "stage": "prod"},
	} {
		if sameMap(first, share(other)) {
			t.Errorf("%v is taken for %v", other, web)
		}
	}
	if got := share(nil); got != nil {
		t.Errorf("no tags became %v", got)
	}
}

// TestRepeatsAreBounded: tags that are different everywhere take no more than
// their rows.
func TestRepeatsAreBounded(t *testing.T) {
	var r repeats
	for i := range 3 * maxRepeats {
		c := model.Certificate{Tags: map[string]string{"ticket": fmt.Sprint(i)}, RecoveryLevel: fmt.Sprint(i)}
		r.share(&c)
		if c.Tags["ticket"] != fmt.Sprint(i) || c.RecoveryLevel != fmt.Sprint(i) {
			t.Fatalf("row %d became %+v", i, c)
		}
	}
	if len(r.tags) != maxRepeats || len(r.texts) != maxRepeats {
		t.Errorf("%d sets of tags and %d texts are held, at most %d", len(r.tags), len(r.texts), maxRepeats)
	}
}
