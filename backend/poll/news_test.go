package poll

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"certty/model"
)

// When a request completes, its certificate is read, so that the row is not
// shown without one until the next sweep.
func TestCompletedRequestsBringTheirCertificate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(1).pending("waits", 0).pending("renews", 0)
		f.change("renews", func(r *row) { r.certificate = f.rows["cert-00000"].certificate })
		r := start(t, f, &keeper{}, steady())
		r.until(10 * time.Second)
		for _, key := range []string{"waits", "renews"} {
			f.change(key, func(r *row) {
				r.request.Status, r.request.Phase = "completed", model.PhaseCompleted
				r.certificate = model.Certificate{Issued: true, Enabled: true, Thumbprint: "bb", Created: epoch, NotBefore: epoch, NotAfter: epoch.AddDate(0, 1, 0)}
			})
		}
		r.until(20 * time.Second)
		if it := r.state().Snapshot.Get("renews"); it.Certificate.Thumbprint != "bb" {
			t.Errorf("renewed row: thumbprint %s", it.Certificate.Thumbprint)
		}
		if it := r.state().Snapshot.Get("waits"); !it.Certificate.Issued || it.Status(time.Now()).State != model.StateCompleted {
			t.Errorf("row: %+v", it.Status(time.Now()))
		}
		before := len(f.made("request", "waits"))
		r.until(9 * time.Minute)
		if got := f.made("certificate", ""); len(got) != 2 {
			t.Errorf("certificates read at %v, want each once", got)
		}
		if after := len(f.made("request", "waits")); after > before+1 { // the list showed the change
			t.Errorf("polled %d times more after it completed", after-before)
		}
	})
}

// The list gives priority: a row whose entry changed has its request read, and
// its certificate if a person has looked at it.
func TestChangedEntriesAreReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(10)
		r := start(t, f, &keeper{}, steady())
		r.until(20 * time.Second)
		r.Look(certificate("cert-00001"))
		r.until(30 * time.Second)
		f.take()
		for _, key := range []string{"cert-00001", "cert-00002"} {
			f.change(key, func(r *row) {
				r.certificate.Updated, r.certificate.Thumbprint = epoch.Add(40*time.Second), "new-"+key
			})
		}
		r.until(70 * time.Second)
		want := []time.Duration{60*time.Second + 100*time.Millisecond}
		for _, key := range []string{"cert-00001", "cert-00002"} {
			if got := f.made("request", key); !slices.Equal(got, want) {
				t.Errorf("request of %s read at %v, want %v", key, got, want)
			}
		}
		if got := f.made("certificate", "cert-00001"); !slices.Equal(got, want) {
			t.Errorf("certificate of the row that was looked at: read at %v, want %v", got, want)
		}
		if got := f.made("certificate", "cert-00002"); len(got) != 0 {
			t.Errorf("certificate of the other row: read at %v, want never", got)
		}
	})
}

// A request that stands beside a certificate, and one that another client put
// in its place, are found.
func TestSupersededRequestsAreSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := newFake().pending("waits", 0), &keeper{}
		r := start(t, f, k, steady())
		r.until(8 * time.Second)
		f.change("waits", func(r *row) { r.request.ID = "id-other" })
		r.until(12 * time.Second)
		if got := r.state().Snapshot.Get("waits").Request; got.ID != "id-other" || got.Replaced != "id-waits" {
			t.Errorf("request %+v", got)
		}
		f.change("waits", func(r *row) { r.request = nil })
		r.until(20 * time.Second)
		if got := r.state().Snapshot.Get("waits").Request; !got.Gone {
			t.Errorf("request %+v, want gone", got)
		}
		r.until(30 * time.Second)
		var kinds []model.EventKind
		for _, e := range k.told() {
			kinds = append(kinds, e.Kind)
			if e.At.IsZero() {
				t.Errorf("event without a time: %+v", e)
			}
		}
		want := []model.EventKind{model.EventRequest, model.EventSuperseded, model.EventRequest, model.EventGone}
		if !slices.Equal(kinds, want) {
			t.Errorf("events %v, want %v", kinds, want)
		}
	})
}

// What was noted stands at once and is saved, and nothing is read for it.
func TestNoted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := newFake().issued(1), &keeper{}
		r := start(t, f, k, steady())
		r.until(10 * time.Second)
		f.take()
		r.Note(model.Page{Fields: model.FieldRecord, AsOf: time.Now(), Items: []model.Item{
			{Ref: certificate("4711"), Record: &model.Record{Key: "4711", Step: model.StepPlaced}}}})
		r.until(11 * time.Second)
		if it := r.state().Snapshot.Get("4711"); it == nil || it.Record.Step != model.StepPlaced {
			t.Errorf("noted as %+v", it)
		}
		r.until(14 * time.Second)
		if got := f.made("request", "4711"); len(got) != 0 {
			t.Errorf("it was read at %v", got)
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		if it := k.snapshot.Get("4711"); it == nil || it.Record == nil {
			t.Errorf("saved as %+v", it)
		}
	})
}
