package status

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"certty/backend/pass"
	"certty/backend/text"
	"certty/model"
	"certty/model/timetext"
	"certty/ui/cli/command"
)

// remarks are what a person has to know beside the rows: what failed, why, and
// what to do; names without a row; how old the knowledge of requests is.
func (j *job) remarks(v *view) []string {
	var out []string
	for i := range v.results {
		out = append(out, v.trouble(&v.results[i])...)
	}
	for _, name := range v.missing {
		out = append(out, "there is no row "+text.Clean(name))
	}
	if doubt := j.filter.Doubt(); doubt != "" && len(v.entries) == 0 {
		out = append(out, doubt)
	}
	if age := j.requestAge(v); age != "" {
		out = append(out, age)
	}
	return out
}

// trouble says what failed at a target.
func (v *view) trouble(r *pass.Result) []string {
	var out []string
	switch {
	case r.Err != nil:
		out = append(out, r.Info.Name+": "+text.Flat(r.Err.Error()))
		for _, line := range command.Advice(r.Err) {
			out = append(out, "  "+text.Flat(line))
		}
	case !r.Complete:
		out = append(out, r.Info.Name+": the list was not read to the end")
	}
	if r.Failed > 0 {
		out = append(out, fmt.Sprintf("  %s not read.", model.Count(r.Failed, "request was", "requests were")))
	}
	if r.Latch != nil {
		out = append(out, fmt.Sprintf("  The login was refused at %s, so nothing is called there; --retry tries again.", timetext.Moment(r.Latch.At)))
	}
	if !r.Complete {
		out = append(out, "  "+v.known(r))
	}
	if r.Lacks != nil {
		out = append(out, r.Info.Name+": without its deleted certificates: "+text.Flat(r.Lacks.Error()))
	}
	if r.KeeperErr != nil {
		out = append(out, r.Info.Name+": the local state is in trouble: "+text.Flat(r.KeeperErr.Error()))
	}
	return out
}

// known says what the rows of a target are that was not read to the end.
func (v *view) known(r *pass.Result) string {
	n := r.Snapshot.Len()
	read := r.Snapshot.ReadAt()
	switch {
	case n == 0:
		return "Nothing is known of it."
	case read.IsZero():
		return fmt.Sprintf("%s known of it, which is not all.", model.Count(n, "row is", "rows are"))
	}
	return fmt.Sprintf("Its %s known as of %s (%s ago).", model.Count(n, "row is", "rows are"), timetext.Moment(read), timetext.Age(v.now, read))
}

// ofRequests is how the remark on the age of requests begins.
const ofRequests = "pending requests: "

// requestAge says how old the knowledge of pending requests is; "" where all of
// it is fresh.
func (j *job) requestAge(v *view) string {
	if j.settings.deep {
		return ""
	}
	rows, unread := 0, 0
	var oldest time.Time
	for _, t := range v.document.Targets {
		rows += t.Rows
		unread += t.UnreadRequests
		if at := t.OldestRequestRead; !at.IsZero() && (oldest.IsZero() || at.Before(oldest)) {
			oldest = at
		}
	}
	var parts []string
	if unread > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s never read", unread, model.Count(rows, "row was", "rows were")))
	}
	if d := v.now.Sub(oldest); !oldest.IsZero() && d >= time.Minute {
		parts = append(parts, "the oldest answer is "+timetext.Span(d)+" old")
	}
	if len(parts) == 0 {
		return ""
	}
	return ofRequests + strings.Join(parts, ", ") + "; --deep reads every one"
}

// sayer says lines while targets are looked at, such as a code to sign in with.
// Where a table is drawn it puts them there instead.
type sayer struct {
	mu  sync.Mutex
	say func(string)
}

func (s *sayer) line(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.say(line)
}

// to changes where lines go.
func (s *sayer) to(say func(string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.say = say
}
