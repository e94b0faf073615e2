package repository

import (
	"errors"
	"slices"
	"testing"

	"certty/backend"
	"certty/model"
)

// TestNextAttempt: a key that was ordered for is ordered for again only where
// every attempt is settled, and then under a reference of its own.
func TestNextAttempt(t *testing.T) {
	const key, other = "certty:aa:", "certty:bb:"
	at := func(reference string, attempt int, step model.RecordStep) model.Record {
		return model.Record{Reference: reference, Attempt: attempt, Step: step}
	}
	for name, tt := range map[string]struct {
		records []model.Record
		again   bool
		want    int // 0 where it is held
	}{
		"the first":                    {nil, false, 1},
		"another key":                  {[]model.Record{at(other+"1", 1, model.StepPlaced)}, false, 1},
		"prepared":                     {[]model.Record{at(key+"1", 1, model.StepPrepared)}, true, 0},
		"being sent":                   {[]model.Record{at(key+"1", 1, model.StepSending)}, true, 0},
		"not known":                    {[]model.Record{at(key+"1", 1, model.StepUndecided)}, true, 0},
		"twice at the account":         {[]model.Record{at(key+"1", 1, model.StepDoubled)}, true, 0},
		"placed":                       {[]model.Record{at(key+"1", 1, model.StepPlaced)}, false, 0},
		"placed, and wanted again":     {[]model.Record{at(key+"1", 1, model.StepPlaced)}, true, 2},
		"refused":                      {[]model.Record{at(key+"1", 1, model.StepRefused)}, false, 2},
		"refused twice, in any order":  {[]model.Record{at(key+"2", 2, model.StepRefused), at(key+"1", 1, model.StepRefused)}, false, 3},
		"refused, and then being sent": {[]model.Record{at(key+"2", 2, model.StepSending), at(key+"1", 1, model.StepRefused)}, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := nextAttempt(tt.records, key+"1", tt.again)
			_, held := errors.AsType[*HeldError](err)
			if got != tt.want || held != (tt.want == 0) {
				t.Errorf("%d, %v; want %d", got, err, tt.want)
			}
		})
	}
}

// TestRenewable: an order is renewed again only where every renewal of it was
// refused.
func TestRenewable(t *testing.T) {
	of := func(id string, attempt int, step model.RecordStep) model.Record {
		return model.Record{Renews: id, Attempt: attempt, Step: step}
	}
	for name, tt := range map[string]struct {
		records []model.Record
		want    int // 0 where it is held
	}{
		"never":             {[]model.Record{{Key: "7", Step: model.StepCollected}}, 1},
		"another order":     {[]model.Record{of("8", 1, model.StepPlaced)}, 1},
		"refused":           {[]model.Record{of("7", 1, model.StepRefused)}, 2},
		"refused twice":     {[]model.Record{of("7", 2, model.StepRefused), of("7", 1, model.StepRefused)}, 3},
		"being sent":        {[]model.Record{of("7", 1, model.StepRefused), of("7", 2, model.StepSending)}, 0},
		"nobody knows":      {[]model.Record{of("7", 1, model.StepUndecided)}, 0},
		"has its order":     {[]model.Record{of("7", 1, model.StepPlaced)}, 0},
		"and was collected": {[]model.Record{of("7", 1, model.StepCollected)}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := renewable(tt.records, "7")
			_, held := errors.AsType[*HeldError](err)
			if got != tt.want || held != (tt.want == 0) {
				t.Errorf("%d, %v; want %d", got, err, tt.want)
			}
		})
	}
}

// TestStillDecided: a person's decision is taken back only where it stands as it
// was looked at.
func TestStillDecided(t *testing.T) {
	was := model.Record{Key: "7", Reference: "certty:aa:1", Decided: true}
	for name, tt := range map[string]struct {
		now  []model.Record
		want bool
	}{
		"as it was":                 {[]model.Record{{Key: "6"}, was}, true},
		"gone":                      {[]model.Record{{Key: "6", Reference: was.Reference, Decided: true}}, false},
		"nothing is here":           {nil, false},
		"not decided any more":      {[]model.Record{{Key: "7", Reference: was.Reference}}, false},
		"another request":           {[]model.Record{{Key: "7", Reference: "certty:bb:1", Decided: true}}, false},
		"an order of nobody's here": {[]model.Record{{Key: "7", Decided: true}}, false},
	} {
		if err := stillDecided(tt.now, &was); (err == nil) != tt.want || err != nil && !errors.Is(err, errMoved) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSameRequest: two records are of one request by its reference, or as renewals
// of one order; two that have neither are not.
func TestSameRequest(t *testing.T) {
	for _, tt := range []struct {
		a, b model.Record
		want bool
	}{
		{model.Record{Reference: "r"}, model.Record{Reference: "r"}, true},
		{model.Record{Renews: "7"}, model.Record{Renews: "7"}, true},
		{model.Record{Reference: "r"}, model.Record{Reference: "s"}, false},
		{model.Record{Renews: "7"}, model.Record{Renews: "8"}, false},
		{model.Record{Reference: "r", Renews: "7"}, model.Record{Reference: "r"}, false},
		{model.Record{}, model.Record{}, false},
	} {
		if got := sameRequest(&tt.a, &tt.b); got != tt.want {
			t.Errorf("%+v and %+v: %v", tt.a, tt.b, got)
		}
	}
}

// TestAfter: an order stays "prepared" only after an error that proves that
// nothing reached the service's orders, and "refused" only after one by which the
// service said no. Whatever is left may have been ordered.
func TestAfter(t *testing.T) {
	unsent := []backend.ErrorKind{backend.KindNetwork, backend.KindLocal, backend.KindReadOnly, backend.KindThrottled, backend.KindAuth, backend.KindSignIn}
	refused := []backend.ErrorKind{backend.KindConflict, backend.KindInvalid, backend.KindPermission, backend.KindState, backend.KindNotFound, backend.KindGone, backend.KindUnsupported}
	for kind := backend.KindOther; kind <= backend.KindSignIn; kind++ {
		want := model.StepSending
		switch {
		case slices.Contains(unsent, kind):
			want = model.StepPrepared
		case slices.Contains(refused, kind):
			want = model.StepRefused
		}
		if got := after(&backend.Error{Kind: kind}); got != want {
			t.Errorf("after %s it stands at %q, want %q", kind, got, want)
		}
	}
	if got := after(errors.New("connection reset")); got != model.StepSending {
		t.Errorf("after an error that says nothing it stands at %q", got)
	}
}

// TestOrderID: the order that an answer brought is never the one that was renewed.
func TestOrderID(t *testing.T) {
	order := func(id string) model.Item { return model.Item{Order: &model.Order{ID: id}} }
	for _, tt := range []struct {
		items []model.Item
		want  string
	}{
		{nil, ""},
		{[]model.Item{{}, order("")}, ""},
		{[]model.Item{order("7")}, ""},
		{[]model.Item{order("7"), order("8")}, "8"},
		{[]model.Item{order("8"), order("7")}, "8"},
	} {
		if got := orderID(model.Page{Items: tt.items}, "7"); got != tt.want {
			t.Errorf("%d rows brought %q, want %q", len(tt.items), got, tt.want)
		}
	}
}

// TestInherit: an order that takes the place of one that was taken over loses
// neither its own keys nor those made for the other, and takes the newer word for
// what was written.
func TestInherit(t *testing.T) {
	h := backend.Holding{Keys: []backend.HeldKey{{PublicKey: "a"}}, Written: map[string][]string{"/x": {"new"}}, KeysElsewhere: []string{"c"}}
	there := backend.Holding{
		Keys: []backend.HeldKey{{PublicKey: "a"}, {PublicKey: "b"}}, KeysElsewhere: []string{"d"}, Deploy: &model.Deployment{Dir: "/srv"},
		Written: map[string][]string{"/x": {"old"}, "/y": {"old"}}, Record: model.Record{KeystoreType: "jks"},
	}
	inherit(&h, &there)
	if len(h.Keys) != 2 || h.Keys[1].PublicKey != "b" || !h.Record.KeyHeld || !slices.Equal(h.KeysElsewhere, []string{"c", "d"}) {
		t.Errorf("keys %+v, elsewhere %v", h.Keys, h.KeysElsewhere)
	}
	if h.Deploy != there.Deploy || h.Record.KeystoreType != "jks" || h.Written["/x"][0] != "new" || h.Written["/y"][0] != "old" {
		t.Errorf("%+v", h)
	}
	own := backend.Holding{Deploy: &model.Deployment{Dir: "/own"}, Record: model.Record{KeystoreType: "pem"}}
	inherit(&own, &there)
	if own.Deploy.Dir != "/own" || own.Record.KeystoreType != "pem" || own.Written["/x"][0] != "old" {
		t.Errorf("its own wishes are %+v", own)
	}
	bare := backend.Holding{}
	if inherit(&bare, &backend.Holding{}); bare.Record.KeyHeld || bare.Written != nil {
		t.Errorf("of nothing came %+v", bare)
	}
}
