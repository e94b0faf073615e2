package fault

import (
	"slices"
	"strings"
	"testing"
)

func rules() Rules {
	return Rules{
		Kinds: []Kind{Slow, Refuse, HTML, ForeignNextLink},
		Known: func(operation string) bool { return slices.Contains([]string{"List", "Get", "Token"}, operation) },
		Apart: []string{"Token"}, Lists: []string{"List"},
	}
}

func TestInjectRefuses(t *testing.T) {
	b := NewBoard(rules())
	for want, f := range map[string]Fault{
		"kind": {Kind: Hang}, "operation": {Kind: Slow, Operation: "Put"}, "negative": {Kind: Slow, Times: -1}, "late": {Kind: Slow, Latency: -1},
		"no status": {Kind: Slow, Status: 500}, "status 99": {Kind: Refuse, Status: 99},
	} {
		if err := b.Inject(f); err == nil || want != "late" && !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", f, err)
		}
	}
	if n := len(b.Faults()); n != 0 {
		t.Errorf("%d faults", n)
	}
}

func TestWhichFaultHits(t *testing.T) {
	b := NewBoard(rules())
	for _, f := range []Fault{
		{Kind: ForeignNextLink, Times: 1}, {Kind: HTML, Operation: "Get", Name: "Shop", Times: 2}, {Kind: Refuse, Times: 1}, {Kind: Slow, Operation: "Token"},
	} {
		if err := b.Inject(f); err != nil {
			t.Fatal(err)
		}
	}
	for i, c := range []struct {
		o    Occasion
		want Kind
	}{
		{Occasion{"Get", "shop"}, HTML}, {Occasion{"List", ""}, ForeignNextLink}, {Occasion{"Get", "SHOP"}, HTML}, {Occasion{"Get", "shop"}, Refuse},
		{Occasion{"Get", "shop"}, ""}, {Occasion{"List", ""}, ""}, {Occasion{"Token", ""}, Slow}, {Occasion{"Token", ""}, Slow},
	} {
		f, hit := b.take(c.o)
		if hit != (c.want != "") || f.Kind != c.want {
			t.Errorf("%d: %+v hit by %q, want %q", i, c.o, f.Kind, c.want)
		}
	}
	if all := b.Faults(); len(all) != 1 || all[0].Host != defaultHost {
		t.Errorf("%+v", all)
	}
	b.ClearFaults()
	if _, hit := b.take(Occasion{"Token", ""}); hit {
		t.Error("it was switched off")
	}
}
