package palette

import (
	"strings"
	"testing"

	"certty/ui/keys"
)

func TestRank(t *testing.T) {
	var all []keys.Action
	for _, d := range []keys.Def{keys.Merge, keys.SaveCSR, keys.Cancel, keys.DeleteRequest, keys.New, keys.MarkRange, keys.MarkAll, keys.Mark, keys.PageUp} {
		all = append(all, keys.Action{Def: d})
	}
	for _, tt := range []struct{ typed, want string }{
		{"", "merge save-csr cancel delete-request new mark-range mark-all mark page-up"},
		{"mark", "mark-range mark-all mark"},
		{"mark all", "mark-all"}, {"all mark", "mark-all"}, {"MARK ALL", "mark-all"},
		{"req", "delete-request merge save-csr cancel new"},
		{"csr save", "save-csr"}, {"cncl", "cancel"}, {"pgup", "page-up"}, {"zzz", ""},
	} {
		var got []string
		for _, a := range rank(all, tt.typed) {
			got = append(got, a.ID)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%q finds %s, want %s", tt.typed, s, tt.want)
		}
	}
}
