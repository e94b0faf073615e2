package bulk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/toast"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// vault cancels, or fails as it is told.
type vault struct {
	err  error
	sent []model.Ref
}

func (v *vault) PlanCancel(*model.Item) backend.CancelPlan {
	return backend.CancelPlan{Way: backend.CancelAsk}
}

func (v *vault) Cancel(_ context.Context, ref model.Ref) (backend.Change, error) {
	v.sent = append(v.sent, ref)
	return backend.Change{}, v.err
}

// host notes what is opened.
type host struct {
	opened []view.View
	said   string
}

func (h *host) Open(v view.View) tea.Cmd { h.opened = append(h.opened, v); return v.Init() }
func (h *host) Close(view.View)          {}
func (h *host) Toast(_ toast.Level, text string) tea.Cmd {
	h.said = text
	return nil
}

// pending makes a session of n requests in progress, and a run that cancels
// them.
func pending(t *testing.T, n int) (*run, *vault, *[]model.Ref) {
	t.Helper()
	v := &vault{}
	s := &view.Session{Theme: theme.New(theme.Options{UTF8: true}), Data: view.NewData([]string{"prod"}, noon), Desk: view.NewDesk(t.Context()), Host: &host{}}
	var items []*model.Item
	var targets []Target
	for i := range n {
		ref := model.Ref{Target: "prod", Kind: model.KindCertificate, Key: fmt.Sprintf("row-%02d", i)}
		items = append(items, &model.Item{Ref: ref, Request: &model.Request{ID: fmt.Sprint(i), Phase: model.PhaseInProgress}, RequestReadAt: noon, ListedAt: noon})
		targets = append(targets, Target{Ref: ref})
	}
	s.Data.SetState("prod", poll.State{Snapshot: model.NewSnapshot("prod", items, noon)})
	s.Desk.Equip([]view.Target{{Info: backend.Info{Name: "prod"}, Capabilities: backend.Capabilities{Cancel: v}}}, nil)
	job, ok := JobFor("cancel")
	if !ok {
		t.Fatal("cancelling is no job")
	}
	can, cannot := plan(s, job, targets)
	if len(can) != n || len(cannot) != 0 {
		t.Fatalf("%d of %d can be cancelled: %+v", len(can), n, cannot)
	}
	var told []model.Ref
	return newRun(s, job, can, cannot, func(ref model.Ref) { told = append(told, ref) }), v, &told
}

// calls takes a command apart.
func calls(cmd tea.Cmd) []tea.Cmd {
	if cmd == nil {
		return nil
	}
	msg := cmd()
	if batch, ok := msg.(tea.BatchMsg); ok {
		return batch
	}
	return []tea.Cmd{func() tea.Msg { return msg }}
}

func TestAtMostFourRunAtOnce(t *testing.T) {
	v, vault, told := pending(t, 11)
	running := calls(v.Init())
	if len(running) != atOnce {
		t.Fatalf("%d calls were begun at first", len(running))
	}
	for len(running) > 0 {
		next := calls(v.Update(running[0]()))
		running = append(running[1:], next...)
		if len(running) > atOnce || v.count(sent) != len(running) {
			t.Fatalf("%d calls run, the list says %d", len(running), v.count(sent))
		}
	}
	if len(vault.sent) != 11 || v.count(done) != 11 || len(*told) != 11 {
		t.Errorf("sent %d, done %d, told %d", len(vault.sent), v.count(done), len(*told))
	}
	if len(v.s.Desk.Running()) != 11 {
		// The root takes them off its list, not this view.
		t.Errorf("%d are running for the desk", len(v.s.Desk.Running()))
	}
}

func TestStopSendsNothingMore(t *testing.T) {
	v, vault, _ := pending(t, 11)
	running := calls(v.Init())
	v.stop()
	for _, call := range running {
		if next := calls(v.Update(call())); len(next) != 0 {
			t.Fatal("something was sent after the stop")
		}
	}
	if len(vault.sent) != atOnce || v.count(done) != atOnce || v.count(unsent) != 11-atOnce {
		t.Errorf("sent %d, done %d, not sent %d", len(vault.sent), v.count(done), v.count(unsent))
	}
	if why := v.whyNoRetry(); why != "" {
		t.Errorf("what was not sent can't be asked for again: %s", why)
	}
}

// A row is asked for again only where nothing can have happened.
func TestWhatCanBeRepeated(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want stage
	}{
		{nil, done},
		{&backend.Error{Kind: backend.KindThrottled}, refused},
		{&backend.Error{Kind: backend.KindNetwork}, refused},
		{errors.New("the journal can't be written"), refused},
		{&backend.Error{Kind: backend.KindUncertain}, uncertain},
		{fmt.Errorf("cancel: %w", &backend.Error{Kind: backend.KindUncertain}), uncertain},
	} {
		v, vault, _ := pending(t, 1)
		vault.err = tt.err
		v.Update(calls(v.Init())[0]())
		if got := v.lines[0].stage; got != tt.want {
			t.Errorf("%v: %s, want %s", tt.err, stageWords[got], stageWords[tt.want])
		}
		if again := v.whyNoRetry() == ""; again != (tt.want == refused) {
			t.Errorf("%v: can be asked for again: %v", tt.err, again)
		}
	}
}

// An answer to somebody else's call is no answer to one of these.
func TestOthersAnswers(t *testing.T) {
	v, _, _ := pending(t, 2)
	v.Init()
	v.Update(view.OpDone{ID: 99})
	if v.count(sent) != 2 {
		t.Error("another call's answer was taken")
	}
}

// twoTargets gives every other row to a second target.
func twoTargets(t *testing.T, n int) (*run, *vault) {
	t.Helper()
	v, vault, _ := pending(t, n)
	for i, l := range v.lines {
		if i%2 == 1 {
			l.Ref.Target = "test"
			item := *l.row.Item
			item.Ref.Target = "test"
			l.row.Item = &item
		}
	}
	v.s.Desk.Equip([]view.Target{
		{Info: backend.Info{Name: "prod"}, Capabilities: backend.Capabilities{Cancel: vault}},
		{Info: backend.Info{Name: "test"}, Capabilities: backend.Capabilities{Cancel: &answering{}}},
	}, nil)
	return v, vault
}

// answering is a vault where everything goes well.
type answering struct{ vault }

// drain carries out every call, and tells of those that wait for a time.
func drain(t *testing.T, v *run) (later []tea.Msg) {
	t.Helper()
	running := calls(v.Init())
	for len(running) > 0 {
		msg := running[0]()
		running = running[1:]
		switch msg := msg.(type) {
		case goOn:
			later = append(later, msg)
		case tea.BatchMsg:
			running = append(running, msg...)
		case nil:
		default:
			running = append(running, calls(v.Update(msg))...)
		}
	}
	return later
}

// A login that is refused is not tried row by row; other targets go on.
func TestARefusedLoginEndsItsTarget(t *testing.T) {
	v, vault := twoTargets(t, 40)
	vault.err = &backend.Error{Kind: backend.KindAuth}
	drain(t, v)
	if len(vault.sent) > atOnce {
		t.Errorf("%d calls with a login that was refused", len(vault.sent))
	}
	if v.count(done) != 20 || v.count(refused)+v.count(unsent) != 20 || v.count(waits) != 0 {
		t.Errorf("done %d, refused %d, not sent %d", v.count(done), v.count(refused), v.count(unsent))
	}
	if v.whyNoRetry() != "" {
		t.Error("what was not sent can't be asked for again")
	}
}

// A token that ended is no refused login: the other rows get a new one.
func TestAnEndedTokenIsTheRowsOwn(t *testing.T) {
	v, vault := twoTargets(t, 40)
	vault.err = &backend.Error{Kind: backend.KindAuth, Passing: true}
	drain(t, v)
	if v.count(refused) != 20 || v.count(unsent) != 0 {
		t.Errorf("refused %d, not sent %d", v.count(refused), v.count(unsent))
	}
}

// A target that throttles is left alone for as long as it asks, and then the
// rest of its rows follow by themselves. What it refused does not.
func TestAThrottlingTargetIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, vault := twoTargets(t, 40)
		vault.err = &backend.Error{Kind: backend.KindThrottled, RetryAfter: 30 * time.Second}
		start := time.Now()
		later := drain(t, v)
		refusals := len(vault.sent)
		if len(later) != 1 || time.Since(start) != 30*time.Second || refusals > atOnce {
			t.Fatalf("%d moments to go on after %s, %d calls", len(later), time.Since(start), refusals)
		}
		if v.SetSize(80, 24); !strings.Contains(strings.Join(v.View(), "\n"), "prod throttles; what waits for it goes on after 30s") {
			t.Errorf("it is not told:\n%s", strings.Join(v.View(), "\n"))
		}
		vault.err = nil
		next := calls(v.Update(later[0]))
		for len(next) > 0 {
			next = append(next[1:], calls(v.Update(next[0]()))...)
		}
		if v.count(done) != 40-refusals || v.count(refused) != refusals || v.count(waits) != 0 {
			t.Errorf("done %d, refused %d, waits %d", v.count(done), v.count(refused), v.count(waits))
		}
	})
}
