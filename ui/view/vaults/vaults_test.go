package vaults

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
	"certty/ui/clip"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/widget/toast"
)

var noon = time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC)

// host is a stack of views and the last toast.
type host struct {
	stack []view.View
	said  string
}

func (h *host) Open(v view.View) tea.Cmd {
	h.stack = append(h.stack, v)
	v.SetSize(100, 40)
	return nil
}

func (h *host) Close(v view.View) {
	for i, open := range h.stack {
		if open == v {
			h.stack = h.stack[:i]
			return
		}
	}
}

func (h *host) Toast(_ toast.Level, text string) tea.Cmd { h.said = text; return nil }

func (h *host) text() string {
	return ansi.Strip(strings.Join(h.stack[len(h.stack)-1].View(), "\n"))
}

// shelf is a book that answers what the test says.
type shelf struct {
	restart  string
	wrong    map[Field]string
	found    Found
	testErr  error
	entryErr error
	saveErr  error
	joined   bool
	drafts   []Draft
	saved    int
	tested   chan context.Context
}

func (b *shelf) Address(typed, _ string) (url, known, name string) {
	if strings.HasPrefix(typed, "https://") {
		return typed, "public", "host"
	}
	return "https://" + typed + ".vault.azure.net", "", typed
}
func (b *shelf) Clouds() []string { return []string{"public", "china"} }
func (b *shelf) Credentials(kind Kind) []string {
	if kind == KindAccount {
		return []string{"password", "client-credentials"}
	}
	return []string{"default", "client-secret"}
}
func (b *shelf) Account(typed string) (api, customerURI, name string) {
	if before, after, found := strings.Cut(typed, "/customer/"); found {
		return before + "/api", after, after
	}
	return typed, "", ""
}
func (b *shelf) Uses(credential string, f Field) bool {
	switch credential {
	case "password":
		return f == FieldLogin || f == FieldPassword
	case "client-credentials":
		return f == FieldClientID || f == FieldSecret || f == FieldTokenURL
	}
	return credential == "client-secret" && f != FieldCertificate && f != FieldPassword
}
func (b *shelf) Check(Draft) map[Field]string                  { return b.wrong }
func (b *shelf) Restart() string                               { return b.restart }
func (b *shelf) File() string                                  { return "/c.yaml" }
func (b *shelf) Diff() string                                  { return "+targets:\n+  - name: \x1b[2Jx" }
func (b *shelf) Caution() string                               { return "" }
func (b *shelf) Save() (bool, error)                           { b.saved++; return b.joined, b.saveErr }
func (b *shelf) Prepare(context.Context, Draft) (Entry, error) { return b, b.entryErr }
func (b *shelf) Test(ctx context.Context, d Draft) (Found, error) {
	b.drafts = append(b.drafts, d)
	if b.tested != nil {
		b.tested <- ctx
		<-ctx.Done()
		return Found{}, ctx.Err()
	}
	return b.found, b.testErr
}

func session(t *testing.T, h *host) *view.Session {
	return &view.Session{
		Theme: theme.New(theme.Options{UTF8: true}), Data: view.NewData([]string{"prod", "test"}, noon), Desk: view.NewDesk(t.Context()),
		Host: h, Clip: clip.New(io.Discard, func(string) (string, bool) { return "", false }), Clock: func() time.Time { return noon },
	}
}

var special = map[string]tea.KeyType{"tab": tea.KeyTab, "right": tea.KeyRight, "esc": tea.KeyEsc, "enter": tea.KeyEnter, "ctrl+s": tea.KeyCtrlS}

// press sends keys to the view on top, carries out what they start, and hands
// the answers to every view.
func (h *host) press(keys ...string) {
	for _, k := range keys {
		msg := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}
		if typ, ok := special[k]; ok {
			msg = tea.KeyMsg{Type: typ}
		}
		if q, ok := h.stack[len(h.stack)-1].(*ask.View); ok {
			q.Arm()
		}
		cmd := h.stack[len(h.stack)-1].Update(msg)
		for cmd != nil {
			answer := cmd()
			cmd = nil
			for _, v := range h.stack {
				if next := v.Update(answer); next != nil {
					cmd = next
				}
			}
		}
	}
}

// fill fills in what the form needs.
// action is one of the top view's.
func (h *host) action(id string) keys.Action {
	for _, a := range h.stack[len(h.stack)-1].Actions() {
		if a.ID == id {
			return a
		}
	}
	return keys.Action{}
}

// run does an action that the top view offers.
func (h *host) run(id string) { h.action(id).Run() }

func (h *host) fill() {
	h.press("contoso", "tab", "right", "tab", "tab", "right", "tab")
	h.stack[0].Update(input.PasteMsg{Text: "contoso.example\n"})
	h.press("tab", "id", "tab", "right", "tab", "SECRET_VARIABLE")
}

// TestDraft: what was typed is what is tested, field by field.
func TestDraft(t *testing.T) {
	h, b := &host{}, &shelf{found: Found{Certificates: 1, More: true}, joined: true}
	s := session(t, h)
	h.Open(NewForm(t.Context(), s, b, KindVault))
	h.fill()
	h.press("ctrl+s")
	want := Draft{
		Kind: KindVault, Address: "contoso", Name: "contoso", Cloud: "china", Credential: "client-secret", Tenant: "contoso.example", ClientID: "id",
		Secret: Place{Kind: PlaceEnv, Text: "SECRET_VARIABLE"}, Password: Place{Kind: PlaceFile}, ProxyPassword: Place{Kind: PlaceFile},
	}
	if len(b.drafts) != 1 || b.drafts[0] != want {
		t.Fatalf("tested:\n%+v\nwant:\n%+v", b.drafts, want)
	}
	for _, text := range []string{"1 certificate on the first page", "more follow", "Changes /c.yaml", "+  - name: \\x1b[2Jx", "> [ Back ]"} {
		if !strings.Contains(h.text(), text) {
			t.Errorf("%q is not shown:\n%s", text, h.text())
		}
	}
	h.press("enter") // starts on No
	if b.saved != 0 || len(h.stack) != 1 {
		t.Fatalf("written %d times without a yes", b.saved)
	}
	h.press("ctrl+s", "tab", "enter")
	if b.saved != 1 || len(h.stack) != 0 || !strings.Contains(h.said, "contoso was written into /c.yaml") || strings.Contains(h.said, "next start") {
		t.Errorf("saved %d times, %d views open, said %q", b.saved, len(h.stack), h.said)
	}
}

// TestRefusals: whatever goes wrong is said, and what was typed is kept.
func TestRefusals(t *testing.T) {
	refusal := &backend.Error{Kind: backend.KindAuth, Op: "list certificates", Message: "wrong tenant", RequestID: "id-1"}
	for _, tt := range []struct {
		name string
		book *shelf
		keys []string
		want []string
	}{
		{"a wrong field", &shelf{wrong: map[Field]string{FieldTenant: "no such tenant"}}, []string{"ctrl+s"}, []string{"no such tenant", "> Tenant"}},
		{"a file that can't be added to", &shelf{entryErr: errors.New("config.yaml:1:1: wrong")}, []string{"ctrl+s"}, []string{"config.yaml:1:1: wrong", "contoso.example"}},
		{"a test that fails", &shelf{testErr: refusal}, []string{"ctrl+s"}, []string{"The test failed", "wrong tenant", "id-1", "Write it all the same", "> [ Back ]"}},
		{"a fault of this machine", &shelf{testErr: errors.New("read ca_file: none")}, []string{"ctrl+s"}, []string{"The test failed", "read ca_file: none"}},
		{"a file that changed", &shelf{saveErr: errors.New("the file was changed meanwhile")}, []string{"ctrl+s", "tab", "enter"}, []string{"Not added: the file was changed meanwhile", "What you typed is kept", "contoso.example"}},
		{"the sandbox", &shelf{restart: "Start it again."}, []string{"ctrl+s"}, []string{"Start it again."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := &host{}
			h.Open(NewForm(t.Context(), session(t, h), tt.book, KindVault))
			h.fill()
			h.press(tt.keys...)
			for _, text := range tt.want {
				if !strings.Contains(h.text(), text) {
					t.Errorf("%q is not shown:\n%s", text, h.text())
				}
			}
		})
	}
}

// TestTestIsEnded: esc ends the test, and its late answer is dropped.
func TestTestIsEnded(t *testing.T) {
	h, b := &host{}, &shelf{tested: make(chan context.Context, 1)}
	form := NewForm(t.Context(), session(t, h), b, KindVault)
	h.Open(form)
	h.fill()
	cmd := form.Update(tea.KeyMsg{Type: tea.KeyCtrlS})
	answer := make(chan tea.Msg, 1)
	go func() { answer <- cmd() }()
	ctx := <-b.tested
	if !strings.Contains(h.text(), "esc ends the test") {
		t.Errorf("nothing says that it runs:\n%s", h.text())
	}
	h.press("x", "esc")
	<-ctx.Done()
	form.Update(<-answer)
	if len(h.stack) != 1 || !strings.Contains(h.text(), "The test was ended") {
		t.Errorf("%d views open:\n%s", len(h.stack), h.text())
	}
}

// TestHealth says each target's state in words.
func TestHealth(t *testing.T) {
	full := model.NewSnapshot("prod", nil, noon.Add(-3*time.Minute))
	for _, tt := range []struct {
		name  string
		state poll.State
		want  []string
	}{
		{"fine", poll.State{Snapshot: full}, []string{"● prod  0 certificates, read 3m ago"}},
		{"never read", poll.State{Snapshot: model.NewSnapshot("prod", nil, time.Time{})}, []string{"… prod  loading"}},
		{"refused", poll.State{Snapshot: full, Latched: true, LatchReason: "wrong tenant", LatchedAt: noon.Add(-time.Hour)},
			[]string{"▲ prod  login refused", "1h ago", "until you press R", "wrong tenant"}},
		{"secret expired", poll.State{
			Snapshot: full, Latched: true, LatchReason: "AADSTS7000222", LatchedAt: noon.Add(-time.Hour),
			Err: &backend.Error{Kind: backend.KindAuth, Op: "list", Advice: &backend.Advice{Cause: "The client secret has expired.", Next: "Ask for a new one."}},
		}, []string{"▲ prod  login refused", "The client secret has expired.", "Ask for a new one.", "1h ago", "until you press R", "AADSTS7000222"}},
		{"not reached", poll.State{Snapshot: full, Err: &backend.Error{Kind: backend.KindNetwork, Op: "list", Message: "no route"}},
			[]string{"▲ prod  not reached; 0 certificates, read 3m ago", "Check network", "no route"}},
		{"throttled", poll.State{Snapshot: full, Err: &backend.Error{Kind: backend.KindThrottled, Op: "list"}, PausedUntil: noon.Add(time.Minute)},
			[]string{"throttled until"}},
		{"not kept", poll.State{Snapshot: full, KeeperErr: errors.New("disk full")}, []string{"not kept on disk: disk full"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := &host{}
			s := session(t, h)
			s.Data.SetState("prod", tt.state)
			h.Open(NewList(t.Context(), s, &shelf{}, func() []SignIn { return nil }))
			for _, text := range append(tt.want, "… test  opening") {
				if !strings.Contains(h.text(), text) {
					t.Errorf("%q is not shown:\n%s", text, h.text())
				}
			}
			retry := ""
			for _, a := range h.stack[0].Actions() {
				if a.ID == "retry" {
					retry = a.Disabled
				}
			}
			if (retry == "") != tt.state.Latched {
				t.Errorf("R is disabled by %q", retry)
			}
		})
	}
}

// TestPrompt shows one code at a time.
func TestPrompt(t *testing.T) {
	h := &host{}
	s := session(t, h)
	var cancelled []string
	in := func(id uint64, target, code string) SignIn {
		return SignIn{ID: id, Target: target, URL: "https://login.example/device", Code: code, Cancel: func() { cancelled = append(cancelled, target) }}
	}
	p := NewPrompt(s, in(1, "prod", "AAAA"))
	h.Open(p)
	p.Update(armPrompt{v: p})
	p.Add(in(2, "test", "BBBB"))
	if text := h.text(); !strings.Contains(text, "AAAA") || strings.Contains(text, "BBBB") || !strings.Contains(text, "1 more") {
		t.Errorf("not one at a time:\n%s", text)
	}
	p.Update(SignInEnded{ID: 1})
	if text := h.text(); !strings.Contains(text, "BBBB") || !strings.Contains(text, "Sign in to test") {
		t.Errorf("the next one is not shown:\n%s", text)
	}
	for _, a := range p.Actions() {
		if a.ID == "back" {
			a.Run()
		}
	}
	if len(cancelled) != 1 || cancelled[0] != "test" || len(h.stack) != 0 {
		t.Errorf("cancelled %v, %d views open", cancelled, len(h.stack))
	}
}

// TestPromptPutAside: the sign-in goes on waiting, the screen is free meanwhile,
// and the targets show its code again until it has ended.
func TestPromptPutAside(t *testing.T) {
	h := &host{}
	s := session(t, h)
	ins := []SignIn{
		{ID: 1, Target: "test", Code: "BBBB", Cancel: func() { t.Error("a sign-in was cancelled") }},
		{ID: 2, Target: "prod", Code: "AAAA", Cancel: func() { t.Error("a sign-in was cancelled") }},
	}
	first := NewPrompt(s, ins[0])
	h.Open(first)
	if h.action("sign-in-later").Disabled == "" {
		t.Error("a key that was typed before the card was seen puts it aside")
	}
	first.Update(armPrompt{v: first})
	h.run("sign-in-later")
	if len(h.stack) != 0 {
		t.Fatalf("%d views are open", len(h.stack))
	}
	h.Open(NewList(t.Context(), s, &shelf{}, func() []SignIn { return ins }))
	if text := h.text(); !strings.Contains(text, "prod  waits until somebody enters its code") {
		t.Errorf("the list does not tell of the sign-in:\n%s", text)
	}
	h.run("show-sign-in")
	if text := h.text(); !strings.Contains(text, "Sign in to prod") || !strings.Contains(text, "AAAA") || !strings.Contains(text, "1 more") {
		t.Errorf("the chosen target's code is not shown:\n%s", text)
	}
	h.run("sign-in-later")
	ins = ins[:1]
	if why := h.action("show-sign-in").Disabled; !strings.Contains(why, "no code for prod") {
		t.Errorf("the code of what has ended: disabled by %q", why)
	}
}
