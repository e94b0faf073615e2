package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"certty/backend"
	"certty/backend/repository"
	"certty/backend/store"
	"certty/config"
	"certty/model"
	"certty/model/timetext"
	"certty/ui/cli"
	"certty/ui/cli/command"
)

const (
	// workPause is the time between two passes over an account, workSoon that
	// while an order is on its way or something is to be tried again.
	workPause, workSoon = 5 * time.Minute, time.Minute
	// workLongest bounds what a service may ask for.
	workLongest = time.Hour
)

// Work does all that is due at every configured CA account, without a screen:
// the weekly sync, the daily look at every order, what follows from it. It shares
// what is due with every console on the same state. With o.Once it makes one
// pass and gives everything that failed; without it goes on until ctx ends.
func Work(ctx context.Context, cfg *config.Config, o cli.WorkOptions) error {
	dir, cache := command.Dirs(cfg)
	st, err := openStore(ctx, dir, cache, nil)
	if err != nil {
		return err
	}
	j := &jobs{said: o.Say}
	j.kit = kit{cfg: cfg, store: st, trouble: func(err error) { j.say("the journal can't be written: " + err.Error()) }}
	defer func() { j.close(st) }()
	j.openLog(dir)
	if err := j.open(ctx, dir); err != nil {
		return err
	}
	if o.Retry {
		for _, w := range j.workers {
			if err := st.ClearLatch(ctx, w.target); err != nil {
				return err
			}
		}
	}
	return j.run(ctx, o.Once)
}

// jobs is the work on all accounts.
type jobs struct {
	kit     kit
	workers []*worker
	undo    []io.Closer

	mu   sync.Mutex
	said func(line string)
}

// say tells the person.
func (j *jobs) say(line string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.said(line)
}

// openLog opens the log that consoles on the same state write as well.
func (j *jobs) openLog(dir string) {
	j.kit.log = slog.New(slog.DiscardHandler)
	f, err := openLogFile(dir)
	if err != nil {
		j.say("there is no log: " + err.Error())
		return
	}
	j.undo = append(j.undo, f)
	j.kit.log = slog.New(logTo(f, j.kit.cfg))
}

func (j *jobs) close(st *store.Store) {
	for _, c := range append(j.undo, st) {
		if err := c.Close(); err != nil {
			j.say("close: " + err.Error())
		}
	}
}

// open makes a worker for each account.
func (j *jobs) open(ctx context.Context, dir string) error {
	if j.kit.cfg.Sandbox {
		box, err := startSandbox(ctx, dir)
		if err != nil {
			return err
		}
		j.undo = append([]io.Closer{box}, j.undo...)
		if err := box.Seed(ctx); err != nil {
			return err
		}
		b, err := reachAccount(j.kit.sandboxAccountOptions(box))
		if err != nil {
			return err
		}
		j.add(b, config.Target{Name: sandboxAccount})
		return nil
	}
	for _, t := range j.kit.cfg.Targets {
		if t.Kind != config.KindSCM {
			continue
		}
		o, err := j.kit.accountOptions(t)
		if err != nil {
			return fmt.Errorf("open %s: %w", t.Name, err)
		}
		b, err := reachAccount(o)
		if err != nil {
			return err
		}
		j.add(b, t)
	}
	return nil
}

func (j *jobs) add(b backend.Backend, t config.Target) {
	w := &worker{jobs: j, target: t.Name, configured: !t.KeystorePassword.IsZero(), records: map[string]model.Record{}, troubles: map[string]bool{}}
	w.manager = j.kit.manager(j.kit.guard(b, t), t, w.publish)
	w.follower = w.manager.Follower()
	j.workers = append(j.workers, w)
}

// run runs every worker, each in its own time: a slow account keeps no other
// waiting.
func (j *jobs) run(ctx context.Context, once bool) error {
	errs := make([]error, len(j.workers))
	var all sync.WaitGroup
	for i, w := range j.workers {
		all.Go(func() {
			if once {
				errs[i] = w.pass(ctx)
				return
			}
			w.loop(ctx)
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// worker works on one account.
type worker struct {
	*jobs
	target   string
	manager  *repository.Manager
	follower *repository.Follower
	known    *model.Snapshot
	// configured is true where the configuration names a password for keystores.
	configured bool

	pages    []model.Page // what was published during the pass
	records  map[string]model.Record
	troubles map[string]bool // what was said already
}

// publish takes what the repository tells and says what is news to a person.
func (w *worker) publish(p model.Page) {
	w.pages = append(w.pages, p)
	if p.Fields&model.FieldRecord == 0 {
		return
	}
	for i := range p.Items {
		if r := p.Items[i].Record; r != nil {
			was := w.records[r.Key]
			w.records[r.Key] = *r
			for _, text := range progress(&was, r) {
				w.say(fmt.Sprintf("%s: %s (%s) %s", w.target, r.CommonName, r.Key, text))
			}
		}
	}
}

// progress says what became of a record.
func progress(was, is *model.Record) []string {
	var out []string
	if is.Step != was.Step {
		switch is.Step {
		case model.StepCollected, model.StepPlaced, model.StepRefused:
			out = append(out, "is "+string(is.Step))
		default: // what needs a person is said with every pass
		}
	} else if is.ChainSerial != was.ChainSerial {
		out = append(out, "is collected again: its certificate is a new one")
	}
	if is.Files != was.Files && is.Files == model.FilesWritten {
		out = append(out, "has its files where they belong")
	}
	if is.Files != was.Files && is.Files == model.FilesWithheld {
		out = append(out, "is held back: certty deliver takes your word that its certificate is right")
	}
	return out
}

// lacksPassword reports whether the keystore of a record waits for nothing but its
// password. While files are due it may be about to be made with them.
func lacksPassword(r *model.Record) bool {
	return r.Keystore == model.KeystoreWaits && r.Files != model.FilesDue
}

// lacking says which keystores began to wait for their password since before. A
// keystore that waits is no news until the pass has ended, which may make it.
func (w *worker) lacking(before map[string]model.Record) {
	for _, key := range slices.Sorted(maps.Keys(w.records)) {
		was, is := before[key], w.records[key]
		if lacksPassword(&is) && !lacksPassword(&was) {
			what, wanted := "its keystore", "the password"
			if is.Files == model.FilesWaiting {
				what += " and its files"
				if w.configured { // and was tried with the files
					wanted += " of its key, which is not the one that keystore_password names"
				}
			}
			w.say(fmt.Sprintf("%s: %s (%s) keeps %s until somebody gives %s", w.target, is.CommonName, key, what, wanted))
		}
	}
}

// loop makes pass after pass until ctx ends.
func (w *worker) loop(ctx context.Context) {
	for ctx.Err() == nil {
		err := w.pass(ctx)
		if ctx.Err() != nil {
			return
		}
		w.complain(err)
		select {
		case <-time.After(w.rest(err)):
		case <-ctx.Done():
		}
	}
}

// complain says what failed, once for as long as it goes on.
func (w *worker) complain(err error) {
	now := map[string]bool{}
	for _, e := range each(err) {
		text := e.Error()
		if now[text] = true; !w.troubles[text] {
			w.say(text)
		}
	}
	w.troubles = now
}

// each is an error taken apart where several were joined.
func each(err error) []error {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var out []error
		for _, e := range several.Unwrap() {
			out = append(out, each(e)...)
		}
		return out
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// rest is how long the account is left alone.
func (w *worker) rest(err error) time.Duration {
	pause := workPause
	for key := range w.records {
		r := w.records[key]
		if r.DeletedAt.IsZero() && (r.Step == model.StepPlaced || r.Step == model.StepSending || r.Files == model.FilesDue) {
			pause = workSoon
		}
	}
	if e, ok := errors.AsType[*backend.Error](err); ok && e.RetryAfter > 0 {
		pause = max(pause, min(e.RetryAfter, workLongest))
	}
	return pause
}

// pass does what is due, once.
func (w *worker) pass(ctx context.Context) error {
	latched, ok, err := w.kit.store.GetLatch(ctx, w.target)
	if err != nil {
		return err
	}
	if ok {
		return fmt.Errorf("%s: its login was refused at %s, so nothing is called: %s\n  Once the password is right, press retry in a console or start certty work --retry",
			w.target, timetext.Moment(latched.At), latched.Reason)
	}
	if w.known == nil {
		if w.known, err = w.kit.store.LoadSnapshot(ctx, w.target); err != nil {
			// The cache may be lost at any time: every order is read then.
			w.kit.log.WarnContext(ctx, "no stored state", "target", w.target, "error", err)
		}
	}
	if err := w.remember(ctx); err != nil {
		return err
	}
	w.pages = nil
	before := maps.Clone(w.records)
	known, err := w.manager.Work(ctx, w.follower, w.known)
	w.lacking(before)
	if known != nil {
		w.known = known
		for _, p := range w.pages {
			w.known = w.known.Merge(p)
		}
		if saved := w.kit.store.SaveSnapshot(context.WithoutCancel(ctx), w.known); saved != nil {
			w.kit.log.WarnContext(ctx, "the state was not stored", "target", w.target, "error", saved)
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if backend.KindOf(err) == backend.KindAuth {
		w.kit.latch(ctx, w.target, err)
	}
	return errors.Join(err, w.undecided())
}

// remember reads the records, so that what other programs did is no news here.
func (w *worker) remember(ctx context.Context) error {
	page, err := w.manager.Records(ctx)
	if err != nil {
		return err
	}
	clear(w.records)
	for i := range page.Items {
		w.records[page.Items[i].Record.Key] = *page.Items[i].Record
	}
	return nil
}

// undecided names the orders that wait for a person.
func (w *worker) undecided() error {
	var errs []error
	for key := range w.records {
		if r := w.records[key]; r.NeedsPerson() && r.DeletedAt.IsZero() {
			errs = append(errs, fmt.Errorf("%s: %s (%s) is %s: somebody has to decide in a console whether it was ordered", w.target, r.CommonName, r.Key, r.Step))
		}
	}
	return errors.Join(errs...)
}
