package poll

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"certty/model"
)

// After an own action the news stands at once and the request is read at once,
// then after 1, 2 and 4 s, or its Retry-After where that is shorter, and goes
// on at its own pace.
func TestActedReadsAtOnceAndThenLessAndLess(t *testing.T) {
	const call = 50 * time.Millisecond
	for _, tc := range []struct {
		name       string
		retryAfter time.Duration
		want       []time.Duration // waits between answer and next call
	}{
		{"Retry-After 10 s", 10 * time.Second, []time.Duration{1, 2, 4, 10, 10}},
		{"Retry-After 3 s", 3 * time.Second, []time.Duration{1, 2, 3, 3, 3}},
		{"none", 0, []time.Duration{1, 2, 4, 5, 5}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake().issued(1)
				r := start(t, f, &keeper{}, steady())
				r.until(10 * time.Second)
				f.pending("new", tc.retryAfter)
				created := f.requestOf("new")
				f.take()
				r.Acted(request("new"), model.Page{Fields: model.FieldRequest, AsOf: time.Now(), Items: []model.Item{
					{Ref: certificate("new"), Request: created}}})
				if it := r.state().Snapshot.Get("new"); it == nil || it.Request.ID != "id-new" {
					t.Fatalf("at once: %+v", it)
				}
				r.until(50 * time.Second)
				at := f.made("request", "new")
				if len(at) < 6 || at[0] != 10*time.Second {
					t.Fatalf("read at %v", at)
				}
				for i, gap := range gaps(at[:6]) {
					if want := tc.want[i]*time.Second + call; gap != want {
						t.Errorf("read %d after %v, want %v", i+1, gap, want)
					}
				}
				if got := f.made("certificate", "new"); !slices.Equal(got, at[:1]) {
					t.Errorf("certificate of a row the list has not shown: read at %v, want once, at once", got)
				}
			})
		})
	}
}

// An answer to a question asked before an own change does not undo the change
// on the screen; the question is asked again.
func TestAnswersFromBeforeAnActionAreDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().pending("mine", 0)
		f.page, f.read = time.Second, 500*time.Millisecond
		r := start(t, f, &keeper{}, steady())
		r.until(time.Second + 200*time.Millisecond) // its first read is under way
		merged := model.Certificate{Issued: true, Enabled: true, Version: "1", Thumbprint: "aa", NotBefore: epoch, NotAfter: epoch.AddDate(0, 1, 0), Created: epoch}
		done := &model.Request{ID: "id-mine", Status: "completed", Phase: model.PhaseCompleted}
		f.change("mine", func(r *row) { r.certificate, r.request = merged, done })
		r.Acted(request("mine"), model.Page{Fields: model.FieldRequest | model.FieldCertificate, AsOf: time.Now(),
			Items: []model.Item{{Ref: certificate("mine"), Certificate: merged, Request: done}}})
		for at := 1200 * time.Millisecond; at < 3*time.Second; at += 100 * time.Millisecond {
			r.until(at)
			if it := r.state().Snapshot.Get("mine"); it.Request.Phase != model.PhaseCompleted || !it.Certificate.Issued {
				t.Fatalf("at %v: %+v %+v", at, it.Request, it.Certificate)
			}
		}
		if got := f.made("request", "mine"); len(got) < 2 || got[1] != 1500*time.Millisecond {
			t.Errorf("read at %v, want again as soon as the outdated answer is back", got)
		}
	})
}

// A list that left before a merge still shows the version before it, or the
// row without a certificate.
func TestListsFromBeforeAMergeDoNotUndoIt(t *testing.T) {
	for _, before := range []string{"", "00"} {
		t.Run("thumbprint before: "+before, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake().pending("mine", time.Hour)
				f.change("mine", func(r *row) { r.certificate.Thumbprint, r.certificate.Issued = before, before != "" })
				f.page = time.Second
				r := start(t, f, &keeper{}, steady())
				r.until(60*time.Second + 500*time.Millisecond) // the second list is on its way
				merged := model.Certificate{Issued: true, Enabled: true, Thumbprint: "aa", NotBefore: epoch, NotAfter: epoch.AddDate(0, 1, 0)}
				f.change("mine", func(r *row) { r.certificate = merged })
				r.Acted(request("mine"), model.Page{Fields: model.FieldCertificate, AsOf: time.Now(),
					Items: []model.Item{{Ref: certificate("mine"), Certificate: merged}}})
				r.until(61 * time.Second)
				s := r.state().Snapshot
				it := s.Get("mine")
				if it.Certificate.Thumbprint != "aa" || !s.ListedAt(it).Equal(epoch.Add(61*time.Second)) {
					t.Errorf("listed %v, certificate %+v", s.ListedAt(it), it.Certificate)
				}
			})
		})
	}
}
