package survey

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"certty/backend"
	"certty/backend/pass"
	"certty/model"
	"certty/ui/cli/command"
)

// Options say what is looked at.
type Options struct {
	// Deep, MaxAge and Timeout are those of [pass.Options]. Timeout bounds all
	// that is asked of a target.
	Deep            bool
	MaxAge, Timeout time.Duration
	// Passwords asks each account how long its password is accepted, Domains how
	// long its domains stay validated. That is a call each, whatever MaxAge says.
	Passwords, Domains bool
	// Now is the clock.
	Now func() time.Time
}

// Look is what was found of one target.
type Look struct {
	pass.Result
	// Rows are the rows that are listed, without orders that were deleted here.
	Rows []Row
	// Password says how long the password is accepted; nil where there is none,
	// and where it was not asked.
	Password *backend.Finding
	// Domains are the validations of the account's domains.
	Domains []model.DomainValidation
	// DomainsErr is why they could not be read.
	DomainsErr error
}

// Row is a row and how it stands.
type Row struct {
	Item   *model.Item
	Status model.Status
}

// Trouble is why what is known of the target is not all; nil when it is.
func (l *Look) Trouble() error {
	if l.Err != nil {
		return l.Err
	}
	if !l.Complete {
		return errors.New("its list was not read to the end")
	}
	return nil
}

// Make looks at all targets of a fleet, beside each other, and gives a look for
// each, in their order. A target that hangs costs the others nothing: each is
// given up on its own. A panic of a look is one of the caller, who may recover.
func Make(ctx context.Context, fleet *command.Fleet, o Options) []Look {
	looks := make([]Look, len(fleet.Targets))
	panics := make(chan string, len(looks))
	var all sync.WaitGroup
	for i := range fleet.Targets {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					panics <- fmt.Sprintf("look at %s: %v\n%s", fleet.Targets[i].Name(), p, debug.Stack())
				}
			}()
			looks[i] = one(ctx, fleet, &fleet.Targets[i], o)
		})
	}
	all.Wait()
	select {
	case p := <-panics:
		panic(p)
	default:
		return looks
	}
}

func one(ctx context.Context, fleet *command.Fleet, t *command.Target, o Options) Look {
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	target := pass.Target{Backend: t.Backend}
	if t.Repository != nil {
		target.Records = t.Repository.Records
	}
	l := Look{Result: pass.Make(ctx, []pass.Target{target}, pass.Options{
		Keeper: fleet.Store, Deep: o.Deep, Explain: true, MaxAge: o.MaxAge, Timeout: o.Timeout, Now: o.Now,
	})[0]}
	l.Rows = rows(l.Snapshot, o.Now())
	// Where the list was not reached nothing else would be, and a refused login
	// must not be tried again.
	if l.Complete && l.Latch == nil {
		l.expiries(ctx, fleet, t, o)
	}
	return l
}

// rows are the rows of a snapshot that are listed, as they stand at now.
func rows(s *model.Snapshot, now time.Time) []Row {
	var out []Row
	for _, it := range s.Items() {
		if !it.Hidden() {
			out = append(out, Row{it, it.Status(now)})
		}
	}
	return out
}

// expiries asks an account what ends there by itself.
func (l *Look) expiries(ctx context.Context, fleet *command.Fleet, t *command.Target, o Options) {
	account := t.Capabilities().Account
	if account == nil {
		return
	}
	if o.Passwords {
		if f, ok := account.Password(ctx); ok {
			l.Password = &f
			if l.refused(ctx, fleet, f.Err, o) {
				return
			}
		}
	}
	if o.Domains {
		l.Domains, l.DomainsErr = account.Validations(ctx)
		l.refused(ctx, fleet, l.DomainsErr, o)
	}
}

// refused latches a target whose login is not accepted any more: no program may
// try it again before a person says so.
func (l *Look) refused(ctx context.Context, fleet *command.Fleet, err error, o Options) bool {
	if !backend.RefusesLogin(err) {
		return false
	}
	latch := backend.Latch{Target: l.Info.Name, Reason: err.Error(), At: o.Now()}
	l.Latch, l.Err = &latch, errors.Join(err, fleet.Store.SetLatch(context.WithoutCancel(ctx), latch))
	return true
}
