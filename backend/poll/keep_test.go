package poll

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
)

// TestSweepsWithoutNewsKeepTheItems: of what a sweep lists as before it keeps the
// items, and says when they were listed; what is gone is noticed, and was listed
// when it was there last.
func TestSweepsWithoutNewsKeepTheItems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rows = 100
		f, k := newFake().issued(rows), &keeper{}
		o := steady()
		o.Rest = 24 * time.Hour // nothing is read a second time meanwhile
		r := start(t, f, k, o)
		r.until(50 * time.Second)
		first := r.state().Snapshot
		r.until(110 * time.Second)
		second := r.state().Snapshot
		if !slices.Equal(first.Items(), second.Items()) {
			t.Error("a sweep without news made items anew")
		}
		for it, listed := range second.Listings() {
			if was := first.ListedAt(it); !was.Before(epoch.Add(time.Second)) || listed.Before(epoch.Add(time.Minute)) {
				t.Fatalf("%s was listed at %v and at %v", it.Ref, was, listed)
			}
		}

		f.remove("cert-00007")
		f.change("cert-00008", func(r *row) { r.certificate.Enabled = false })
		r.until(230 * time.Second)
		s := r.state().Snapshot
		gone, changed := s.Get("cert-00007"), s.Get("cert-00008")
		if !gone.Vanished() || !gone.ListedAt.Equal(second.ListedAt(second.Get("cert-00007"))) {
			t.Errorf("missed %d times, listed at %v", gone.Missed, gone.ListedAt)
		}
		if changed.Certificate.Enabled || s.ListedAt(changed).Before(epoch.Add(3*time.Minute)) {
			t.Errorf("enabled %t, listed at %v", changed.Certificate.Enabled, s.ListedAt(changed))
		}
		kept := 0
		for _, it := range s.Items() {
			if it == first.Get(it.Ref.Key) {
				kept++
			}
		}
		if kept != rows-2 {
			t.Errorf("%d items are those of before", kept)
		}
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
		stored := map[string]time.Time{}
		for it, listed := range k.stored().Listings() {
			stored[it.Ref.Key] = listed
		}
		if !stored["cert-00020"].Equal(s.ListedAt(s.Get("cert-00020"))) {
			t.Errorf("stored as listed at %v", stored["cert-00020"])
		}
	})
}

// TestWhatWasReadIsPacked: once a target was read for the first time its rows move
// together, some at a time and once, and say what they said.
func TestWhatWasReadIsPacked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rows = 2*packAtOnce + 10
		f := newFake().issued(rows)
		f.pageSize, f.read = 250, time.Millisecond
		o := steady()
		o.Rest = 24 * time.Hour
		r := start(t, f, &keeper{}, o)
		last := r.state().Snapshot
		moves := 0
		for time.Since(epoch) < 20*time.Second {
			time.Sleep(10 * time.Millisecond)
			s := r.state().Snapshot
			moved := 0
			for _, it := range s.Items() {
				was := last.Get(it.Ref.Key)
				if was == nil || was == it || was.RequestReadAt.IsZero() {
					continue
				}
				moved++
				if !was.RequestReadAt.Equal(it.RequestReadAt) || !last.ListedAt(was).Equal(s.ListedAt(it)) {
					t.Fatalf("%s says %+v after %+v", it.Ref, it, was)
				}
			}
			if moves += moved; moved > packAtOnce {
				t.Errorf("%d rows moved at once", moved)
			}
			last = s
		}
		if moves > rows {
			t.Errorf("%d moves of %d rows", moves, rows)
		}
		items := last.Items()
		for i := 0; i < rows; i += 2 {
			one, next := uintptr(unsafe.Pointer(items[i])), uintptr(unsafe.Pointer(items[i+1]))
			if next-one != unsafe.Sizeof(*items[i]) {
				t.Fatalf("row %d and the next are %d bytes apart", i, next-one)
			}
		}
	})
}
