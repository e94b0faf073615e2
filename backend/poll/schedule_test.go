package poll

import (
	"fmt"
	"testing"
	"time"

	"certty/model"
)

// TestDoneJobsLeaveNoRoom: after a large vault was read the schedule keeps what
// still waits, and not the room of the rest.
func TestDoneJobsLeaveNoRoom(t *testing.T) {
	const many, left = 4 * manyJobs, 20
	now := time.Now()
	s := newSchedule()
	ref := func(i int) model.Ref { return model.Ref{Target: "prod", Kind: model.KindRequest, Key: fmt.Sprint(i)} }
	for i := range many {
		s.want(ref(i), classUnread, 0, now)
	}
	s.promote(now)
	for range many - left {
		s.drop(s.send(now))
	}
	if len(s.jobs) != left || s.ready.Len() != left || s.most >= many/8 || cap(s.ready.jobs) >= many/8 {
		t.Fatalf("%d jobs of %d, room for %d and %d, want %d", len(s.jobs), s.ready.Len(), s.most, cap(s.ready.jobs), left)
	}
	for range left {
		j := s.send(now)
		if s.jobs[j.ref] != j {
			t.Fatalf("%s is not known", j.ref)
		}
		s.drop(j)
	}
	if s.top() != nil || len(s.jobs) != 0 {
		t.Errorf("%d jobs are left", len(s.jobs))
	}
}
