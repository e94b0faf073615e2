package poll

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"certty/model"
)

// Ten steady sweeps of 1000 rows make the list's pages, the polls of what is in
// progress, each at its Retry-After, the stated slice, and the pages of the
// deleted certificates once, and not one call more.
func TestSteadySweepsMakeNotOneCallMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(998).pending("slow", 20*time.Second).pending("slower", 30*time.Second)
		f.keeps = true
		for i := range 60 {
			f.rows[fmt.Sprintf("deleted-%02d", i)] = &row{deletion: &model.Deletion{At: epoch, PurgeAt: epoch.AddDate(0, 0, 90)}}
		}
		r := start(t, f, &keeper{}, steady())
		r.until(59 * time.Second)
		f.take()
		r.until(659 * time.Second)
		count := map[string]int{}
		for _, c := range f.take() {
			switch {
			case c.what == "request" && c.key[:4] == "cert":
				count["slice"]++
			case c.what == "request":
				count[c.key]++
			default:
				count[c.what]++
			}
		}
		// A poll follows 20 s after the answer before it, which takes 50 ms: the
		// first within the ten minutes comes at 60.4 s and at 60.3 s.
		want := map[string]int{"page": 10 * 40, "deleted": 3, "slice": 998 * 10 / 60, "slow": 30, "slower": 20}
		for what, n := range want {
			if count[what] != n {
				t.Errorf("%s: %d calls, want %d", what, count[what], n)
			}
		}
		if len(count) != len(want) {
			t.Errorf("calls of other kinds: %v", count)
		}
	})
}

// No answer gets older than its age, and second readings are spread evenly.
func TestStaleAnswersRotate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(200)
		r := start(t, f, &keeper{}, steady())
		var watched []model.Ref
		for i := range 30 {
			watched = append(watched, certificate(fmt.Sprintf("cert-%05d", i*3)))
		}
		r.Watch(watched)
		r.until(59 * time.Second)
		f.take()
		r.until(3*time.Hour + 59*time.Second)
		perSweep, last, oldest := map[int]int{}, map[string]time.Duration{}, map[bool]time.Duration{}
		isWatched := map[string]bool{}
		for _, ref := range watched {
			isWatched[ref.Key] = true
		}
		for _, c := range f.log() {
			if c.what != "request" {
				continue
			}
			perSweep[int(c.at/time.Minute)]++
			oldest[isWatched[c.key]] = max(oldest[isWatched[c.key]], c.at-last[c.key])
			last[c.key] = c.at
		}
		if len(last) != 200 {
			t.Errorf("%d rows read again within three hours, want 200", len(last))
		}
		// A slice is read from the start of its sweep on, eight at a time.
		if got := oldest[true]; got > 10*time.Minute+5*time.Second {
			t.Errorf("a watched row was read after %v, want 10 min", got)
		}
		if got := oldest[false]; got > time.Hour+5*time.Second {
			t.Errorf("another row was read after %v, want 60 min", got)
		}
		for minute, n := range perSweep {
			if n > 6 { // 30 × 1/10 + 170 × 1/60
				t.Errorf("minute %d: %d rows read again, want at most 6", minute, n)
			}
		}
	})
}

// What was stored before a long absence is over its age and read at once.
func TestStoredAnswersOverTheirAgeAreReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(3)
		var items []*model.Item
		for i, age := range []time.Duration{61 * time.Minute, 59 * time.Minute, 2 * time.Minute} {
			key := fmt.Sprintf("cert-%05d", i)
			items = append(items, &model.Item{Ref: certificate(key), Certificate: f.rows[key].certificate,
				ListedAt: epoch.Add(-age), RequestReadAt: epoch.Add(-age)})
		}
		k := &keeper{snapshot: model.NewSnapshot("v", items, epoch.Add(-time.Hour))}
		r := start(t, f, k, steady())
		if s := r.state(); s.Generation != 1 || s.Snapshot.Len() != 3 {
			t.Fatalf("first state: generation %d, %d rows; want what was stored", s.Generation, s.Snapshot.Len())
		}
		r.until(30 * time.Second)
		if a, b, c := f.made("request", "cert-00000"), f.made("request", "cert-00001"), f.made("request", "cert-00002"); len(a) != 1 || len(b)+len(c) != 0 {
			t.Errorf("read again: %v %v %v, want the first alone", a, b, c)
		}
	})
}
