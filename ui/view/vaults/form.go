package vaults

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
	"certty/ui/widget/toast"
)

// Form adds a target: it is described, tested, shown as it will be written, and
// written.
type Form struct {
	ctx  context.Context
	s    *view.Session
	book Book
	kind Kind
	form *form.Form
	// turn counts the tests; the answer to an older one is dropped.
	turn uint64
	// stop ends the test that runs; nil when none does.
	stop   context.CancelFunc
	saving bool
	issue  string
	w, h   int
}

// NewForm opens an empty form for a target of a kind. Tests end with ctx.
func NewForm(ctx context.Context, s *view.Session, b Book, kind Kind) *Form {
	v := &Form{ctx: ctx, s: s, book: b, kind: kind, form: form.New(s.Theme, "Test", "Back", fields(b, kind)...)}
	v.form.CheckWith(func(value form.Values) map[string]string {
		problems := make(map[string]string)
		for f, text := range b.Check(draft(kind, value)) {
			problems[string(f)] = text
		}
		return problems
	})
	return v
}

// messages of the form.
type (
	tested struct {
		form  *Form
		turn  uint64
		draft Draft
		found Found
		err   error
		entry Entry
		// entryErr says why nothing can be written.
		entryErr error
	}
	saved struct {
		form   *Form
		name   string
		file   string
		joined bool
		err    error
	}
)

// Init starts nothing.
func (v *Form) Init() tea.Cmd { return nil }

// SetSize tells the room.
func (v *Form) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is true: keys are text.
func (v *Form) Capturing() bool { return true }

// Actions is empty: every key is the form's.
func (v *Form) Actions() []keys.Action { return nil }

// Update fills the form in and follows test and writing.
func (v *Form) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return v.key(msg)
	case input.PasteMsg:
		if !v.busy() {
			v.issue = ""
			return view.Typed(v.s, msg, v.form.Paste)
		}
	case tested:
		if msg.form == v && msg.turn == v.turn && v.stop != nil {
			v.stop()
			v.stop = nil
			return v.answered(msg)
		}
	case saved:
		if msg.form == v {
			return v.written(msg)
		}
	}
	return nil
}

func (v *Form) busy() bool { return v.stop != nil || v.saving }

func (v *Form) key(msg tea.KeyMsg) tea.Cmd {
	if v.busy() {
		if msg.String() == "esc" && v.stop != nil {
			v.stop()
			v.stop = nil
			v.issue = "The test was ended; nothing was written."
		}
		return nil
	}
	v.issue = ""
	switch v.form.Key(msg) {
	case form.Left:
		v.s.Host.Close(v)
	case form.Submitted:
		return v.test()
	}
	return nil
}

// test asks the service, and the configuration for the lines that would be
// written.
func (v *Form) test() tea.Cmd {
	ctx, stop := context.WithCancel(v.ctx)
	v.turn++
	v.stop = stop
	self, turn, d, book := v, v.turn, draft(v.kind, v.form.Value), v.book
	return func() tea.Msg {
		defer stop()
		msg := tested{form: self, turn: turn, draft: d}
		msg.entry, msg.entryErr = book.Prepare(ctx, d)
		if msg.entryErr == nil {
			msg.found, msg.err = book.Test(ctx, d)
		}
		return msg
	}
}

// answered asks whether the target is written, and says what the test found. One
// that can't be reached from here today may still be right.
func (v *Form) answered(msg tested) tea.Cmd {
	if msg.entryErr != nil {
		v.issue = view.Clean(msg.entryErr.Error())
		return nil
	}
	q := confirm.Question{Title: "Add " + msg.draft.Name, Yes: "Write it", No: "Back"}
	q.Lines = v.verdict(msg)
	if msg.err != nil || bad(msg.found.Findings) {
		q.Yes = "Write it all the same"
	}
	q.Lines = append(q.Lines, "", "Changes "+msg.entry.File()+":")
	for line := range strings.SplitSeq(msg.entry.Diff(), "\n") {
		q.Lines = append(q.Lines, view.Clean(line))
	}
	if caution := msg.entry.Caution(); caution != "" {
		q.Lines = append(q.Lines, "", caution)
	}
	if restart := v.book.Restart(); restart != "" {
		q.Lines = append(q.Lines, "", restart)
	}
	entry, name := msg.entry, msg.draft.Name
	return v.s.Host.Open(ask.New(v.s, q, func() tea.Cmd {
		v.saving = true
		return func() tea.Msg {
			joined, err := entry.Save()
			return saved{form: v, name: name, file: entry.File(), joined: joined, err: err}
		}
	}))
}

// verdict says what the test found.
func (v *Form) verdict(msg tested) []string {
	switch {
	case msg.err != nil:
		return v.failure(msg.err)
	case v.kind == KindAccount:
		return findings(v.s.Theme.Glyphs, msg.found.Findings)
	}
	return []string{v.s.Theme.Glyphs.Check + " " + works(msg.found)}
}

func works(f Found) string {
	more := "that is all"
	if f.More {
		more = "more follow"
	}
	return fmt.Sprintf("The vault answers: %s on the first page of its list, %s.", model.Count(f.Certificates, "certificate", "certificates"), more)
}

// failure says why the test failed and what to do.
func (v *Form) failure(err error) []string {
	advice := backend.AdviceFor(err)
	lines := []string{v.s.Theme.Glyphs.Cross + " The test failed. " + advice.Cause}
	var e *backend.Error
	if !errors.As(err, &e) {
		return lines
	}
	why := e.Message
	if why == "" {
		why = e.Kind.String()
	}
	lines = append(lines, why, advice.Next)
	if e.RequestID != "" {
		lines = append(lines, "request id of the service: "+e.RequestID)
	}
	return lines
}

func (v *Form) written(msg saved) tea.Cmd {
	v.saving = false
	if msg.err != nil {
		v.issue = "Not added: " + view.Clean(msg.err.Error()) + ". What you typed is kept; test again to see what would be written now."
		return nil
	}
	v.s.Host.Close(v)
	text := msg.name + " was written into " + msg.file
	if !msg.joined {
		// The file's path may be longer than the line.
		text = "the next start shows " + msg.name + ", written into " + msg.file
	}
	return v.s.Host.Toast(toast.Done, view.Clean(text))
}

var (
	titles = map[Kind]string{KindVault: "Add a vault", KindAccount: "Add an SCM account"}
	asking = map[Kind]string{KindVault: "Asking the vault for its list.", KindAccount: "Asking the account for what orders need."}
)

// View draws the form.
func (v *Form) View() []string {
	w := min(96, v.w)
	t := v.s.Theme
	var foot []string
	say := func(role theme.Role, text string) {
		for _, l := range box.Wrap(text, w-4) {
			foot = append(foot, t.Paint(role, l))
		}
	}
	switch {
	case v.saving:
		say(theme.Waits, "Writing.")
	case v.stop != nil:
		say(theme.Waits, asking[v.kind]+" esc ends the test.")
	case v.issue != "":
		say(theme.Bad, v.issue)
	default:
		say(theme.Faint, "tab next field   ctrl+s test   esc back")
		if v.book.Restart() != "" {
			say(theme.Faint, "The test calls the service itself; everything else here is the sandbox.")
		}
	}
	lines, cut := v.form.Draw(w-4, v.h-3-len(foot))
	lines = append(lines, t.Paint(theme.Faint, cut.String()))
	return box.Frame(t, titles[v.kind], append(lines, foot...), w, v.h)
}
