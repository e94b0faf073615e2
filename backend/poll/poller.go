package poll

import (
	"context"
	"errors"
	"sync"

	"certty/backend"
	"certty/model"
)

// Poller keeps one target up to date for the whole process. All its methods
// may be called from any goroutine; none but Run blocks.
type Poller struct {
	backend backend.Backend
	keeper  Keeper
	options Options
	board   board

	mu      sync.Mutex
	remarks []func(*loop) // what screens said since the loop last looked
	running bool
	ended   bool
	wake    chan struct{}
}

// New makes a poller of b that stores with k. Nothing is called before Run.
func New(b backend.Backend, k Keeper, o Options) *Poller {
	return &Poller{
		backend: b,
		keeper:  k,
		options: o.withDefaults(),
		board:   board{readers: make(map[*Mailbox]struct{})},
		wake:    make(chan struct{}, 1),
	}
}

// Run polls until ctx ends, whatever fails meanwhile, and may be called once.
// When it returns no call is under way and everything known was handed to the
// keeper; an error means that this last saving failed, or that it ran before.
// A panic of the backend or the keeper comes up here, whatever goroutine it
// was in, so that the caller can put the terminal in order.
func (p *Poller) Run(ctx context.Context) error {
	p.mu.Lock()
	if p.running {
		p.mu.Unlock()
		return errors.New("poll " + p.backend.Info().Name + ": run more than once")
	}
	p.running = true
	p.mu.Unlock()

	defer p.end()
	return newLoop(p).run(ctx)
}

// end makes what screens say from now on go nowhere.
func (p *Poller) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended, p.remarks = true, nil
}

// Subscribe opens a mailbox. Its first state comes as soon as Run has asked
// the keeper for what was stored.
func (p *Poller) Subscribe() *Mailbox { return p.board.subscribe() }

// Refresh sweeps now and reads the requests in progress now. It ends a wait
// after failures, but not one that the service asked for. A sweep under way
// goes on and is followed by another one, since it may have passed what changed.
//
// At a CA account it looks for what changed. A second one within a minute lists
// the whole account, unless that was done in the last minute.
func (p *Poller) Refresh() { p.remark((*loop).refresh) }

// Look says that a person opens the row of ref: its request and its
// certificate are read at once, before everything else. At a CA account that is
// one reading of the order.
func (p *Poller) Look(ref model.Ref) { p.remark(func(l *loop) { l.look(ref) }) }

// Watch says which rows are visible or marked; it replaces what was said
// before. Their answers go stale sooner, and an account is asked more often what
// changed while an order that may still move is among them.
func (p *Poller) Watch(refs []model.Ref) {
	watched := make(map[string]struct{}, len(refs))
	for _, ref := range refs {
		watched[ref.Key] = struct{}{}
	}
	p.remark(func(l *loop) { l.watch(watched) })
}

// Acted says that a change was made to ref from here, and what it returned.
// The page is merged now, and the request is read at once and then after 1, 2
// and 4 s, or after its Retry-After where that is shorter. Answers to questions
// asked before the change are dropped.
func (p *Poller) Acted(ref model.Ref, page model.Page) {
	p.remark(func(l *loop) { l.acted(ref, page) })
}

// Note takes in what was learned without a call of the poller: records of the
// local repository, a certificate that was collected. It asks for nothing to be
// read, and may be called before Run. The certificate is stored with the rest;
// records are the repository's to keep, and have to be told after each start.
func (p *Poller) Note(page model.Page) { p.remark(func(l *loop) { l.note(page) }) }

// Retry says that a person wants the credential to be tried again: it clears
// the latch, here and for other processes. Where there is no latch it is
// Refresh.
func (p *Poller) Retry() { p.remark((*loop).retry) }

// Rest says whether nobody looks. While it is so, nothing is read but what a
// person asked for and what follows an action of theirs; a sweep under way is
// finished. What fell due meanwhile is made up for at once.
func (p *Poller) Rest(resting bool) { p.remark(func(l *loop) { l.rest(resting) }) }

// remark queues f for the loop and wakes it.
func (p *Poller) remark(f func(*loop)) {
	p.mu.Lock()
	if !p.ended {
		p.remarks = append(p.remarks, f)
	}
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *Poller) takeRemarks() []func(*loop) {
	p.mu.Lock()
	defer p.mu.Unlock()
	taken := p.remarks
	p.remarks = nil
	return taken
}
