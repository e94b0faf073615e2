package bulk

import (
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/ui/view"
	"certty/ui/view/act"
	"certty/ui/view/ask"
	"certty/ui/widget/confirm"
	"certty/ui/widget/toast"
)

// Target is a row that the job is meant for.
type Target struct {
	Ref model.Ref
	// Hidden is true when the board does not list the row at this time.
	Hidden bool
}

// planned is a target with what is known of it at the moment of the question.
type planned struct {
	Target
	row view.Row
	// why says why the job can't be done to it; "" when it can.
	why string
}

// name is what the row is called.
func (p *planned) name() string {
	if p.row.Item == nil {
		return p.Ref.Key
	}
	return p.row.Item.Name()
}

// called tells the row from others of the same name.
func (p *planned) called() string {
	if p.row.Item == nil {
		return p.Ref.Key + " (" + p.Ref.Target + ")"
	}
	return view.Called(p.row.Item)
}

// plan looks at every target as it stands now.
func plan(s *view.Session, job Job, targets []Target) (can, cannot []planned) {
	for _, t := range targets {
		p := planned{Target: t}
		row, ok := s.Data.Row(t.Ref)
		p.row = row
		if !ok {
			p.why = "the row is not known any more"
		} else {
			p.why = whyNot(s, job, row)
		}
		if p.why == "" {
			can = append(can, p)
		} else {
			cannot = append(cannot, p)
		}
	}
	return can, cannot
}

// whyNot is the reason that the action on this one row has, or the job's own.
func whyNot(s *view.Session, job Job, row view.Row) string {
	if why := act.WhyNot(s, job.Action.ID, row); why != "" || job.why == nil {
		return why
	}
	return job.why(row)
}

// Open asks whether job is to be done to the targets, and first which way where
// there are two and rows for both. done is told of every row to which it was
// done.
func Open(s *view.Session, job Job, targets []Target, done func(model.Ref)) tea.Cmd {
	if len(job.ways) == 0 {
		return open(s, job, targets, done)
	}
	c := &choice{s: s, pick: func(job Job) tea.Cmd { return open(s, job, targets, done) }}
	for _, w := range job.ways {
		if can, _ := plan(s, w.job, targets); len(can) > 0 {
			c.ways, c.n = append(c.ways, w), append(c.n, len(can))
		}
	}
	switch len(c.ways) {
	case 0:
		return open(s, job.ways[0].job, targets, done)
	case 1:
		return open(s, c.ways[0].job, targets, done)
	}
	return s.Host.Open(c)
}

func open(s *view.Session, job Job, targets []Target, done func(model.Ref)) tea.Cmd {
	can, cannot := plan(s, job, targets)
	if len(can) == 0 {
		why := "nothing is marked"
		if len(cannot) > 0 {
			why = cannot[0].name() + ": " + cannot[0].why
		}
		return s.Host.Toast(toast.Warn, fmt.Sprintf("none of the %d marked rows: %s", len(targets), why))
	}
	if job.saves() {
		return s.Host.Open(newFolder(s, job, can, cannot, done))
	}
	return s.Host.Open(question(s, job, can, cannot, func() tea.Cmd {
		return s.Host.Open(newRun(s, job, can, cannot, done))
	}))
}

// question lists every row; the answer is the number, for nobody counts what a
// filter hides.
func question(s *view.Session, job Job, can, cannot []planned, yes func() tea.Cmd) *ask.View {
	typed := strings.TrimSpace(job.word + " " + strconv.Itoa(len(can)))
	lines := append(job.effect(s, can), "")
	lines = append(lines, listing(s, job, can, cannot)...)
	return ask.New(s, confirm.Question{
		Title: job.heading(len(can)), Lines: lines,
		Yes: job.yes, No: "Back", Typed: typed, TypedLabel: "Type this to confirm",
	}, yes)
}

// listing names the rows: those that nobody sees first.
func listing(s *view.Session, job Job, can, cannot []planned) []string {
	var lines, seen []string
	for _, p := range can {
		if p.Hidden {
			lines = append(lines, "  "+p.line(s, job))
		} else {
			seen = append(seen, "  "+p.line(s, job))
		}
	}
	if n := len(lines); n > 0 {
		lines = append([]string{fmt.Sprintf("%d of %d not visible on the board now:", n, len(can))}, lines...)
	}
	if len(seen) > 0 {
		lines = append(lines, fmt.Sprintf("%d visible:", len(seen)))
		lines = append(lines, seen...)
	}
	if len(cannot) > 0 {
		lines = append(lines, fmt.Sprintf("%d marked, but left out:", len(cannot)))
		for _, p := range cannot {
			lines = append(lines, "  "+p.called()+": "+p.why)
		}
	}
	return lines
}

// line says what is meant, so that something else under the same name would be
// seen.
func (p planned) line(s *view.Session, job Job) string {
	line := p.called() + ", " + string(p.row.Status.State)
	if more := job.says(s, p.row); more != "" {
		line += ", " + more
	}
	return line
}

// severalTargets reports whether rows of more than one target are meant.
func severalTargets(can []planned) bool {
	for _, p := range can {
		if p.Ref.Target != can[0].Ref.Target {
			return true
		}
	}
	return false
}
