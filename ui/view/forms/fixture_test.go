package forms

import (
	"context"
	"iter"
	"os"
	"slices"
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

func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}

// noon is the time of every frame.
var noon = time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC)

// vault answers what the test says, and notes what it was asked to change.
type vault struct {
	created   []model.CreateSpec
	imported  []model.ImportSpec
	renewed   []model.Ref
	was, want []model.Policy
	err       error
	// hold keeps every changing call waiting until it is closed.
	hold chan struct{}

	issuers  []model.IssuerInfo
	contacts []model.Contact
	listErr  error
}

func (v *vault) Sweep(context.Context) iter.Seq2[model.Page, error] {
	return func(func(model.Page, error) bool) {}
}

func (v *vault) Read(context.Context, model.Ref) (model.Page, error) { return model.Page{}, nil }

func (v *vault) wait() {
	if v.hold != nil {
		<-v.hold
	}
}

func (v *vault) Create(_ context.Context, s model.CreateSpec) (backend.Change, error) {
	v.wait()
	v.created = append(v.created, s)
	return backend.Change{}, v.err
}

func (v *vault) Import(_ context.Context, s model.ImportSpec) (backend.Change, error) {
	v.wait()
	v.imported = append(v.imported, s)
	return backend.Change{}, v.err
}

func (v *vault) NewVersion(_ context.Context, ref model.Ref) (backend.Change, error) {
	v.wait()
	v.renewed = append(v.renewed, ref)
	return backend.Change{}, v.err
}

func (v *vault) UpdatePolicy(_ context.Context, _ model.Ref, was, want model.Policy) (backend.Change, error) {
	v.wait()
	v.was, v.want = append(v.was, was), append(v.want, want)
	return backend.Change{}, v.err
}

// lifecycle is the rest of a backend.Lifecycle, which no form calls.
type lifecycle struct {
	backend.Lifecycle
	*vault
}

func (l lifecycle) UpdatePolicy(ctx context.Context, ref model.Ref, was, want model.Policy) (backend.Change, error) {
	return l.vault.UpdatePolicy(ctx, ref, was, want)
}

func (v *vault) Issuers(context.Context) ([]model.IssuerInfo, error) { return v.issuers, v.listErr }
func (v *vault) Contacts(context.Context) ([]model.Contact, error)   { return v.contacts, v.listErr }
func (v *vault) sent() int                                           { return len(v.created) + len(v.imported) + len(v.renewed) + len(v.want) }
func (v *vault) capabilities() backend.Capabilities {
	return backend.Capabilities{Sweep: v, Read: v, Create: v, NewVersion: v, Import: v, Catalog: v, Lifecycle: lifecycle{vault: v}}
}

// idle is a poller that notes which rows were looked at.
type idle struct{ looked []string }

func (p *idle) Refresh()                    {}
func (p *idle) Look(ref model.Ref)          { p.looked = append(p.looked, ref.Key) }
func (p *idle) Watch([]model.Ref)           {}
func (p *idle) Acted(model.Ref, model.Page) {}
func (p *idle) Retry()                      {}

// screen is a root with nothing but what is open.
type screen struct {
	t      *testing.T
	s      *view.Session
	vault  *vault
	poller *idle
	stack  []view.View
	toasts []string
	w, h   int
}

func newScreen(t *testing.T, items ...*model.Item) *screen {
	t.Helper()
	s := &screen{t: t, vault: &vault{}, poller: &idle{}, w: 80, h: 19}
	s.s = &view.Session{
		Theme: theme.New(theme.Options{UTF8: true}), Data: view.NewData([]string{"prod"}, noon), Desk: view.NewDesk(t.Context()),
		Host: s, Clock: func() time.Time { return noon },
	}
	s.s.Desk.Equip([]view.Target{{
		Info:         backend.Info{Name: "prod", Kind: "vault", Address: "https://prod.vault.azure.net"},
		Capabilities: s.vault.capabilities(), Poller: s.poller,
	}}, nil)
	s.holds(items...)
	return s
}

// holds says what the vault's rows are now, and tells what is open.
func (s *screen) holds(items ...*model.Item) {
	s.t.Helper()
	s.s.Data.SetState("prod", poll.State{Snapshot: model.NewSnapshot("prod", items, noon)})
	s.tell(view.DataChanged{Target: "prod"})
}

func (s *screen) row(name string) view.Row {
	s.t.Helper()
	row, ok := s.s.Data.Row(model.Ref{Target: "prod", Kind: model.KindCertificate, Key: name})
	if !ok {
		s.t.Fatalf("no row %s", name)
	}
	return row
}

// Open lays a view over what is there.
func (s *screen) Open(v view.View) tea.Cmd {
	s.stack = append(s.stack, v)
	v.SetSize(s.w, s.h)
	return v.Init()
}

// Close takes v and everything above it away.
func (s *screen) Close(v view.View) {
	if i := slices.Index(s.stack, v); i >= 0 {
		s.stack = s.stack[:i]
	}
}

// Toast notes one line.
func (s *screen) Toast(_ toast.Level, text string) tea.Cmd {
	s.toasts = append(s.toasts, text)
	return nil
}

func (s *screen) open(v view.View) { s.run(s.Open(v)) }

func (s *screen) tell(msg tea.Msg) {
	for _, v := range slices.Clone(s.stack) {
		s.run(v.Update(msg))
	}
	if done, ok := msg.(view.OpDone); ok {
		s.s.Desk.Finish(done)
	}
}

// run carries a command out, and all that follow; what waits for a time to come
// is left, so it runs in a bubble of synctest.
func (s *screen) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	done := make(chan tea.Msg, 1)
	go func() { done <- cmd() }()
	select {
	case msg := <-done:
		if batch, ok := msg.(tea.BatchMsg); ok {
			for _, c := range batch {
				s.run(c)
			}
			return
		}
		if msg != nil {
			s.tell(msg)
		}
	case <-time.After(time.Millisecond):
	}
}

func (s *screen) top() view.View {
	s.t.Helper()
	if len(s.stack) == 0 {
		s.t.Fatal("nothing is open")
	}
	return s.stack[len(s.stack)-1]
}

func (s *screen) frame() string { return strings.Join(s.top().View(), "\n") }

// flat takes a frame's lines and columns away: words follow each other as they
// are read.
func flat(frame string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(frame, "│", " ")), " ")
}

func (s *screen) sees(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if frame := s.frame(); !strings.Contains(flat(frame), flat(text)) {
			s.t.Fatalf("the screen does not show %q:\n%s", text, frame)
		}
	}
}

func (s *screen) seesNot(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if frame := s.frame(); strings.Contains(flat(frame), flat(text)) {
			s.t.Fatalf("the screen shows %q:\n%s", text, frame)
		}
	}
}

// bubble runs a test in a bubble of synctest and lets its timers end.
func bubble(t *testing.T, f func(*testing.T)) {
	synctest.Test(t, func(t *testing.T) {
		defer time.Sleep(time.Minute) // also when the test fails
		f(t)
	})
}

const day = 24 * time.Hour

func item(name string, change func(*model.Item)) *model.Item {
	it := &model.Item{
		Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: name},
		Certificate: model.Certificate{
			Issued: true, Enabled: true, Subject: "CN=" + name + ".example.com",
			Created: noon.Add(-100 * day), NotBefore: noon.Add(-100 * day), NotAfter: noon.Add(99 * day),
		},
		ListedAt: noon, RequestReadAt: noon, CertificateReadAt: noon,
	}
	if change != nil {
		change(it)
	}
	return it
}

// stored is a policy as the service gives it back.
func stored() model.Policy {
	return model.Policy{
		Subject: "CN=shop.example.com, O=\"Contoso, Inc.\"", SANs: model.SANs{DNS: []string{"shop.example.com", "www.example.com"}},
		Issuer:      model.Issuer{Name: "Unknown"},
		Key:         model.KeyProperties{Type: "RSA", Size: 2048, Exportable: new(true), ReuseKey: new(false)},
		ContentType: "application/x-pkcs12", EKUs: []string{"1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"},
		KeyUsage: []string{"digitalSignature", "keyEncipherment"}, ValidityMonths: 12,
		LifetimeActions: []model.LifetimeAction{{Action: "EmailContacts", Percentage: 80}},
	}
}

func open() *model.Request {
	return &model.Request{ID: "2c1f", Status: "inProgress", Phase: model.PhaseInProgress, Issuer: model.Issuer{Name: "Unknown"}, Since: noon}
}
