package view

import (
	"context"
	"fmt"
	"sync"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend/repository"
	"certty/model"
)

// ImportState is how far an import of an account's orders is.
type ImportState struct {
	repository.Progress
	// Turn counts the news of one import, for [ImportJob.Next].
	Turn uint64
	// Ended is true once nothing of it runs any more. Stopped says that a person
	// ended it, Err why it failed.
	Ended, Stopped bool
	Err            error
}

// String says in a line what came of the import so far, and whether anything may
// be missing.
func (s ImportState) String() string {
	took := fmt.Sprintf("%d of %d listed orders selected, %d taken over", s.Selected, s.Listed, s.Added)
	if s.Restored > 0 {
		took += fmt.Sprintf(", %d shown again", s.Restored)
	}
	switch {
	case s.Stopped:
		return "import stopped: " + took + "; orders may be missing: start it again"
	case s.Ended && !s.Whole:
		return took + "; not the whole list was read, orders may be missing: start it again"
	}
	return took
}

// ImportTold carries the news of an import to the view that waits for it. The
// others leave it alone: if each waited anew, the waits would multiply.
type ImportTold struct {
	To  View
	Job *ImportJob
	ImportState
}

// ImportJob is an import that runs beside the screen. Whoever shows it waits for
// its newest state; what came in between is not told, so that an account with
// thousands of orders floods nobody.
type ImportJob struct {
	// ID is the call's, as in [OpDone].
	ID uint64
	// Target is the account's name.
	Target string

	stop    context.CancelFunc
	mu      sync.Mutex
	now     ImportState
	changed chan struct{} // closed and replaced with each change
}

// Next waits for a state that is newer than the turn seen, for the view to. It
// ends with no message once the import has ended in that state.
func (j *ImportJob) Next(to View, seen uint64) tea.Cmd {
	return func() tea.Msg {
		for {
			state, changed := j.state()
			switch {
			case state.Turn > seen:
				return ImportTold{To: to, Job: j, ImportState: state}
			case state.Ended:
				return nil
			}
			<-changed
		}
	}
}

// Stop ends the import. What was taken over stays.
func (j *ImportJob) Stop() { j.stop() }

func (j *ImportJob) state() (ImportState, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.now, j.changed
}

// tell makes a state the newest one.
func (j *ImportJob) tell(change func(*ImportState)) ImportState {
	j.mu.Lock()
	defer j.mu.Unlock()
	change(&j.now)
	j.now.Turn++
	close(j.changed)
	j.changed = make(chan struct{})
	return j.now
}

// Importing is the import of the target that runs, nil when none does.
func (d *Desk) Importing(target string) *ImportJob { return d.imports[target] }

// ImportOrders takes over the orders of an account that are selected. It goes on
// when the view that started it is left; its end is an [OpDone]. One at a time
// runs for a target: while one does, that one is given and no command.
func (d *Desk) ImportOrders(target string, selection repository.Selection) (*ImportJob, tea.Cmd) {
	if job := d.imports[target]; job != nil {
		return job, nil
	}
	ctx, stop := context.WithCancel(d.ctx)
	d.last++
	job := &ImportJob{ID: d.last, Target: target, stop: stop, changed: make(chan struct{})}
	d.imports[target] = job
	d.running[job.ID] = "import of the orders of " + target
	r := d.Target(target).Repository
	return job, func() tea.Msg {
		defer stop()
		progress, err := r.Import(ctx, selection, func(p repository.Progress) {
			job.tell(func(s *ImportState) { s.Progress = p })
		})
		end := job.tell(func(s *ImportState) {
			s.Progress, s.Ended = progress, true
			if s.Stopped = err != nil && ctx.Err() != nil; !s.Stopped {
				s.Err = err
			}
		})
		return OpDone{ID: job.ID, Op: "import orders", Past: end.String(), Ref: model.Ref{Target: target, Key: target}, Err: end.Err}
	}
}

// forgetImport takes an import that ended off the list.
func (d *Desk) forgetImport(id uint64) {
	for target, job := range d.imports {
		if job.ID == id {
			delete(d.imports, target)
		}
	}
}
