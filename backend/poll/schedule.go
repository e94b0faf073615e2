package poll

import (
	"cmp"
	"container/heap"
	"maps"
	"slices"
	"time"

	"certty/model"
)

// class is what a read is for. The lowest goes first.
type class uint8

const (
	classAsked   class = iota // a person waits for it
	classOpen                 // a request in progress
	classPending              // nothing issued and never read: a request for sure
	classChanged              // the list shows that the row changed
	classWatched              // on a screen, and never read or stale
	classUnread               // never read: a renewal in progress would not be seen
	classStale                // read long ago
)

// job is one thing to read: the request or the certificate of a row. There is
// at most one for each, so nothing is read twice at the same time.
type job struct {
	ref   model.Ref // without a revision: whatever stands there now
	class class
	rank  float64 // urgency within the class, lowest first
	seq   uint64  // among equals, first come first served
	due   time.Time
	place place
	index int // in the heap of its place

	sent     time.Time // when the call under way left
	again    bool      // read once more when the call under way is back
	outdated bool      // the call under way left before the row was changed from here
	fails    int       // in a row
	steps    []time.Duration
}

// place is where a job is.
type place uint8

const (
	placeNone  place = iota
	placeTimed       // waits until due
	placeReady       // waits for a slot
	placeSent        // its call is under way
)

// schedule knows every job: the ones that wait for their time and the ones
// that wait for a slot.
type schedule struct {
	jobs  map[model.Ref]*job
	most  int // jobs at once since the room for them was made
	timed jobHeap
	ready jobHeap
	seq   uint64
}

func newSchedule() *schedule {
	return &schedule{
		jobs:  make(map[model.Ref]*job),
		timed: jobHeap{less: func(a, b *job) bool { return a.due.Before(b.due) }},
		ready: jobHeap{less: func(a, b *job) bool {
			return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.rank, b.rank), cmp.Compare(a.seq, b.seq)) < 0
		}},
	}
}

// want asks for ref to be read no later than due, at least as urgently as c. A
// job that failed keeps its distance unless a person asks. While a call for ref
// is under way nothing changes: its answer is new enough.
func (s *schedule) want(ref model.Ref, c class, rank float64, due time.Time) {
	j := s.jobs[ref]
	switch {
	case j == nil:
		j = &job{ref: ref, class: c, rank: rank, due: due}
		s.jobs[ref] = j
		s.most = max(s.most, len(s.jobs))
	case j.place == placeSent, j.fails > 0 && c != classAsked:
		return
	default:
		if c < j.class {
			j.class, j.rank = c, rank
		}
		if due.Before(j.due) {
			j.due = due
		}
	}
	s.file(j)
}

// wantAgain is want for news that a call under way may have missed: ref is
// read once more after it. With outdated its answer is thrown away.
func (s *schedule) wantAgain(ref model.Ref, c class, due time.Time, outdated bool) {
	if j := s.jobs[ref]; j != nil && j.place == placeSent {
		j.again, j.outdated = true, j.outdated || outdated
		j.class = min(j.class, c)
		return
	}
	s.want(ref, c, 0, due)
}

// cancel forgets ref: there is nothing to read any more. The answer to a call
// under way is thrown away.
func (s *schedule) cancel(ref model.Ref) {
	j := s.jobs[ref]
	if j == nil {
		return
	}
	j.again, j.outdated, j.steps = false, true, nil
	switch j.place {
	case placeTimed:
		heap.Remove(&s.timed, j.index)
	case placeReady:
		heap.Remove(&s.ready, j.index)
	case placeNone, placeSent:
		return
	}
	s.drop(j)
}

// settle forgets a job that waits for what was told by another answer, unless a
// person asked for it or it follows an action of theirs.
func (s *schedule) settle(ref model.Ref) {
	if j := s.jobs[ref]; j != nil && j.place != placeSent && j.class != classAsked {
		s.cancel(ref)
	}
}

// raise makes a job that waits as urgent as c, without changing its time.
func (s *schedule) raise(ref model.Ref, c class) {
	if j := s.jobs[ref]; j != nil && j.place != placeSent && c < j.class {
		j.class = c
		s.file(j)
	}
}

// forgive lets every job that failed be tried again at once.
func (s *schedule) forgive(now time.Time) {
	for _, j := range s.jobs {
		if j.fails > 0 && j.place == placeTimed {
			j.fails, j.due = 0, now
			s.file(j)
		}
	}
}

// file puts j where it waits for its time; promote moves it on.
func (s *schedule) file(j *job) {
	switch j.place {
	case placeTimed:
		heap.Fix(&s.timed, j.index)
	case placeReady:
		heap.Fix(&s.ready, j.index)
	default:
		j.place = placeTimed
		heap.Push(&s.timed, j)
	}
}

// promote makes every job ready whose time has come.
func (s *schedule) promote(now time.Time) {
	for s.timed.Len() > 0 && !s.timed.jobs[0].due.After(now) {
		j := s.timed.jobs[0]
		heap.Pop(&s.timed)
		s.seq++
		j.place, j.seq = placeReady, s.seq
		heap.Push(&s.ready, j)
	}
}

// top is the next job to be sent; nil when none is ready.
func (s *schedule) top() *job {
	if s.ready.Len() == 0 {
		return nil
	}
	return s.ready.jobs[0]
}

// send takes the top job out to be sent.
func (s *schedule) send(now time.Time) *job {
	j := s.ready.jobs[0]
	heap.Pop(&s.ready)
	j.place, j.sent, j.again, j.outdated = placeSent, now, false, false
	return j
}

// nextDue is when the next job becomes ready; ok is false when none waits for
// its time.
func (s *schedule) nextDue() (due time.Time, ok bool) {
	if s.timed.Len() == 0 {
		return time.Time{}, false
	}
	return s.timed.jobs[0].due, true
}

// repeat files a job whose call is back for another one.
func (s *schedule) repeat(j *job, c class, due time.Time) {
	j.place, j.class, j.rank, j.due = placeNone, c, 0, due
	s.file(j)
}

// drop forgets a job whose call is back.
func (s *schedule) drop(j *job) {
	delete(s.jobs, j.ref)
	if s.most > manyJobs && len(s.jobs) < s.most/16 {
		s.shrink()
	}
}

// manyJobs is from how many jobs on their room is given back.
const manyJobs = 1024

// shrink gives back the room of jobs that are done, which no map does by itself:
// when a vault is read for the first time there is one for each of its rows.
func (s *schedule) shrink() {
	s.jobs, s.most = maps.Collect(maps.All(s.jobs)), len(s.jobs)
	s.timed.jobs, s.ready.jobs = slices.Clone(s.timed.jobs), slices.Clone(s.ready.jobs)
}

// has reports whether ref waits or is being read.
func (s *schedule) has(ref model.Ref) bool { return s.jobs[ref] != nil }

// jobHeap is a heap.Interface of jobs that know their index.
type jobHeap struct {
	jobs []*job
	less func(a, b *job) bool
}

func (h *jobHeap) Len() int           { return len(h.jobs) }
func (h *jobHeap) Less(i, k int) bool { return h.less(h.jobs[i], h.jobs[k]) }
func (h *jobHeap) Swap(i, k int) {
	h.jobs[i], h.jobs[k] = h.jobs[k], h.jobs[i]
	h.jobs[i].index, h.jobs[k].index = i, k
}

// Push is for package heap.
func (h *jobHeap) Push(x any) {
	if j, ok := x.(*job); ok {
		j.index = len(h.jobs)
		h.jobs = append(h.jobs, j)
	}
}

// Pop is for package heap.
func (h *jobHeap) Pop() any {
	last := len(h.jobs) - 1
	j := h.jobs[last]
	h.jobs[last] = nil
	h.jobs = h.jobs[:last]
	return j
}
