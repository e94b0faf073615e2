package poll

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// An account that seems to hold no order is listed as a whole each minute, until
// there is one; what changed would tell nothing of orders of old.
func TestEmptyAccountIsListedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, k := newOffice(nil), &keeper{}
		r := o.begin(t, k, steady())
		// An order that was prepared here is not at the account yet.
		r.Note(model.Page{Fields: model.FieldRecord, AsOf: time.Now(), Items: []model.Item{{Ref: certificate("certty:00:1"), Record: &model.Record{Step: model.StepPrepared}}}})
		r.until(150 * time.Second)
		if list, changes := o.made("list"), o.made("changes"); !slices.Equal(list, []float64{0, 60, 120}) || len(changes) != 0 {
			t.Errorf("listed at %v, asked what changed at %v", list, changes)
		}
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}

		o.put("1", "Issued")
		o.take()
		r = o.begin(t, k, steady())
		r.until(151 * time.Second)
		if it := r.state().Snapshot.Get("1"); it == nil || it.Order.Phase != model.OrderIssued {
			t.Errorf("after a start the order is %+v", it)
		}
		r.until(25 * time.Hour)
		if list, changes := o.made("list"), o.made("changes"); !slices.Equal(list, []float64{150, 86550}) || !slices.Equal(changes[:3], []float64{210, 270, 330}) {
			t.Errorf("with an order: listed at %v, asked what changed at %v...", list, changes[:3])
		}
	})
}

// A listing of nothing that was not complete is no word about the account: it
// comes again after ten minutes, and meanwhile what changed is asked.
func TestEmptyListingThatIsNotComplete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(nil)
		o.incomplete = true
		r := o.begin(t, &keeper{}, steady())
		r.until(615 * time.Second)
		if list, changes := o.made("list"), o.made("changes"); !slices.Equal(list, []float64{0, 600}) || len(changes) != 9 {
			t.Errorf("listed at %v, asked what changed at %v", list, changes)
		}
	})
}

// A look at an empty account is one call. Orders of years ago that its list shows
// late stand on the board with the next look, and from then on a look is six calls.
func TestCallsOfAnEmptyAccount(t *testing.T) {
	a, k := realSCM(t, "", nil), &keeper{}
	close(a.further)
	look := func(what string, want map[string]int) {
		t.Helper()
		before := a.calls()
		_, end := poll(t, a, k)
		<-a.looked
		end()
		got := a.since(before)
		for operation, times := range want {
			if got[operation] != times {
				t.Errorf("%s: %d calls of %q, want %d: %v", what, got[operation], operation, times, got)
			}
		}
	}
	one := map[string]int{"": 1, "ListCertificates": 1}
	look("the first look", one)
	look("nothing is there", one)
	old := a.now.AddDate(0, -18, 0)
	for _, name := range []string{"www.example.com", "shop.example.com"} {
		if _, err := a.server.Add(scmserver.Entry{CommonName: name, Organization: acme, Profile: profile, Term: 199, Requested: old, Since: old, Status: scmserver.StatusIssued}); err != nil {
			t.Fatal(err)
		}
	}
	look("orders of years ago", map[string]int{"ListCertificates": 1, "GetCertificate": 0})
	if s := k.stored(); s.Len() != 2 || s.Items()[0].Certificate.NotAfter.IsZero() {
		t.Errorf("%d rows are known", s.Len())
	}
	look("nothing changed", map[string]int{"": 6, "ListCertificates": 3})
}
