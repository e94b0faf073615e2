package vaults

import (
	"cmp"
	"context"
	"errors"
	"slices"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
	"certty/model/timetext"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/account"
	"certty/ui/view/adopt"
	"certty/ui/view/catalog"
	"certty/ui/widget/box"
)

// List shows every target with its health in words.
type List struct {
	ctx    context.Context
	s      *view.Session
	book   Book
	codes  func() []SignIn
	cursor string // the target's name
	w, h   int
}

// NewList opens the list. The forms that it opens end their tests with ctx; codes
// are the sign-ins under way.
func NewList(ctx context.Context, s *view.Session, b Book, codes func() []SignIn) *List {
	v := &List{ctx: ctx, s: s, book: b, codes: codes}
	if names := s.Data.Targets(); len(names) > 0 {
		v.cursor = names[0]
	}
	return v
}

// Init starts nothing.
func (v *List) Init() tea.Cmd { return nil }

// Update takes nothing: what is drawn is the session's.
func (v *List) Update(tea.Msg) tea.Cmd { return nil }

// SetSize tells the room.
func (v *List) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is false.
func (v *List) Capturing() bool { return false }

// Actions are adding, moving, reading again and leaving.
func (v *List) Actions() []keys.Action {
	return []keys.Action{
		{Def: keys.AddVault, Run: func() tea.Cmd { return v.s.Host.Open(NewForm(v.ctx, v.s, v.book, KindVault)) }},
		{Def: keys.AddAccount, Run: func() tea.Cmd { return v.s.Host.Open(NewForm(v.ctx, v.s, v.book, KindAccount)) }},
		v.showCode(),
		v.offers(),
		{Def: keys.ImportOrders, Disabled: adopt.WhyNot(v.s.Desk.Target(v.cursor)), Run: func() tea.Cmd { return v.s.Host.Open(adopt.New(v.s, v.cursor)) }},
		{Def: keys.Refresh, Run: func() tea.Cmd { v.s.Desk.Refresh(); return nil }},
		{Def: keys.Retry, Disabled: v.whyNoRetry(), Run: func() tea.Cmd { v.s.Desk.Retry(v.cursor); return nil }},
		{Def: keys.Up, Run: func() tea.Cmd { v.move(-1); return nil }},
		{Def: keys.Down, Run: func() tea.Cmd { v.move(1); return nil }},
		{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }},
	}
}

// offers shows what is set up in the chosen target besides its rows: issuers and
// contacts of a vault, organizations, domains and profiles of an account.
func (v *List) offers() keys.Action {
	t, s := v.s.Desk.Target(v.cursor), v.s
	if Kind(t.Info.Kind) == KindAccount {
		return keys.Action{Def: keys.Account, Disabled: account.WhyNot(t), Run: func() tea.Cmd { return s.Host.Open(account.New(s, t.Info.Name)) }}
	}
	a := keys.Action{Def: keys.Catalog, Run: func() tea.Cmd { return s.Host.Open(catalog.New(s, t.Info.Name)) }}
	if t.Capabilities.Catalog == nil {
		a.Disabled = cmp.Or(t.Capabilities.CatalogWhy, v.cursor+" is not open yet")
	}
	return a
}

// showCode shows the sign-ins that were put aside, the chosen target's first.
func (v *List) showCode() keys.Action {
	ins := v.codes()
	i := slices.IndexFunc(ins, func(in SignIn) bool { return in.Target == v.cursor })
	if i < 0 {
		return keys.Action{Def: keys.ShowSignIn, Disabled: "no code for " + v.cursor + " waits to be entered"}
	}
	return keys.Action{Def: keys.ShowSignIn, Run: func() tea.Cmd {
		prompt := NewPrompt(v.s, ins[i])
		for j, in := range ins {
			if j != i {
				prompt.Add(in)
			}
		}
		return v.s.Host.Open(prompt)
	}}
}

func (v *List) whyNoRetry() string {
	state, ok := v.s.Data.State(v.cursor)
	switch {
	case !ok:
		return v.cursor + " is not open yet"
	case state.Latched || backend.KindOf(state.Err) == backend.KindLocal:
		return ""
	}
	return v.cursor + " did not refuse the credential"
}

func (v *List) move(by int) {
	names := v.s.Data.Targets()
	for i, name := range names {
		if name == v.cursor {
			v.cursor = names[max(0, min(len(names)-1, i+by))]
			return
		}
	}
}

// View draws the list, and below it what is to say of the chosen target.
func (v *List) View() []string {
	w := min(100, v.w)
	names := v.s.Data.Targets()
	width := 0
	for _, name := range names {
		width = max(width, ansi.StringWidth(name))
	}
	about := v.about(w - 4)
	room := max(1, v.h-3-len(about))
	var rows []string
	at := 0
	for i, name := range names {
		if name == v.cursor {
			at = i
		}
		rows = append(rows, v.row(name, width))
	}
	top := max(0, min(at-room/2, len(rows)-room))
	lines := append(rows[top:min(len(rows), top+room)], "")
	return box.Frame(v.s.Theme, "Targets", append(lines, about...), w, v.h)
}

func (v *List) row(name string, width int) string {
	marker := "  "
	if name == v.cursor {
		marker = "> "
	}
	state, ok := v.s.Data.State(name)
	glyph, role, words := v.health(name, state, ok, Kind(v.s.Desk.Target(name).Info.Kind))
	t := v.s.Theme
	if slices.ContainsFunc(v.codes(), func(in SignIn) bool { return in.Target == name }) {
		glyph, role, words = t.Glyphs.Waits, theme.Waits, "waits until somebody enters its code"
	}
	return marker + t.Paint(role, glyph) + " " + box.Fit(name, width, t.Glyphs.Ellipsis) + "  " + t.Paint(role, words)
}

// health says in a few words how a target is.
func (v *List) health(name string, s poll.State, known bool, kind Kind) (glyph string, role theme.Role, words string) {
	g := v.s.Theme.Glyphs
	now := v.s.Data.Now
	if !known || s.Snapshot == nil {
		return g.Waits, theme.Text, "opening"
	}
	rows := model.Count(s.Snapshot.Len(), "certificate", "certificates")
	if kind == KindAccount {
		rows = model.Count(s.Snapshot.Len(), "order", "orders")
	}
	read := "never read"
	if age := timetext.Age(now, s.ReadAt()); age != "" {
		read = "read " + age + " ago"
	}
	switch {
	case s.Latched:
		return g.Trouble, theme.Bad, "login refused; " + rows + ", " + read
	case s.PausedUntil.After(now) && backend.KindOf(s.Err) == backend.KindThrottled:
		return g.Trouble, theme.Warn, "throttled until " + timetext.Moment(s.PausedUntil) + "; " + rows + ", " + read
	case s.Err != nil:
		return g.Trouble, theme.Warn, troubles[backend.KindOf(s.Err)] + "; " + rows + ", " + read
	case s.Snapshot.SweptAt().IsZero():
		return g.Waits, theme.Waits, "loading"
	}
	if left, ok := v.s.Data.PasswordLeft(name, model.PasswordSoon); ok {
		return g.Warn, theme.Warn, rows + ", " + read + "; " + view.PasswordEnds(left)
	}
	return g.Good, theme.Good, rows + ", " + read
}

// troubles say an error's kind as a target's state; the others are "trouble".
var troubles = map[backend.ErrorKind]string{
	backend.KindAuth:        "login refused",
	backend.KindPermission:  "no permission",
	backend.KindNetwork:     "not reached",
	backend.KindThrottled:   "throttled",
	backend.KindUnavailable: "has trouble of its own",
	backend.KindOther:       "answers what can't be understood",
	backend.KindInvalid:     "refuses what is asked",
	backend.KindNotFound:    "not found",
	backend.KindUnsupported: "can't be listed",
	backend.KindLocal:       "trouble on this machine",
	backend.KindSignIn:      "signing in",
}

// about says all that is known of the chosen target.
func (v *List) about(w int) []string {
	t := v.s.Theme
	var out []string
	say := func(role theme.Role, text string) {
		for _, l := range box.Wrap(text, w) {
			out = append(out, t.Paint(role, l))
		}
	}
	info := v.s.Desk.Target(v.cursor).Info
	if info.Address != "" {
		say(theme.Strong, info.Address)
	}
	switch {
	case info.Sandbox && info.ReadOnly:
		say(theme.Text, "The embedded sandbox, read-only.")
	case info.Sandbox:
		say(theme.Text, "The embedded sandbox: it is on this machine, and nothing here costs or breaks anything.")
	case info.ReadOnly:
		say(theme.Text, "Read-only: nothing but reads reaches it.")
	}
	if state, ok := v.s.Data.State(v.cursor); ok {
		v.trouble(state, say)
		v.password(state, say)
	}
	if restart := v.book.Restart(); restart != "" {
		say(theme.Faint, "n adds a vault, and a adds an SCM account. "+restart)
	}
	return out
}

// trouble explains what is wrong with a target.
func (v *List) trouble(s poll.State, say func(theme.Role, string)) {
	switch {
	case s.Latched:
		v.refused(s, say)
	case s.Err != nil:
		advice := backend.AdviceFor(s.Err)
		say(theme.Bad, advice.Cause)
		say(theme.Text, advice.Next)
		say(theme.Faint, view.Clean(s.Err.Error()))
	}
	if s.KeeperErr != nil {
		say(theme.Bad, "What is shown is not kept on disk: "+view.Clean(s.KeeperErr.Error()))
	}
}

// password says when the chosen target's password ends; of a login that is
// refused, also that it has.
func (v *List) password(s poll.State, say func(theme.Role, string)) {
	now, life := v.s.Data.Now, v.s.Data.Password(v.cursor)
	told := timetext.Age(now, life.ToldAt) + " ago"
	left, ok := life.Left(now)
	switch {
	case s.Latched && !ok && !life.Ends.IsZero():
		say(theme.Text, "The account said "+told+" that the password ends on "+timetext.Day(life.Ends)+".")
	case ok && left < model.PasswordSoon:
		say(theme.Warn, "The password ends on "+timetext.Day(life.Ends)+", the account said "+told+
			". Set a new one in SCM and where this program gets it from, both at once; then I opens the account, and s there asks it again.")
	}
}

// refused explains a login that is not tried again. After a restart only the
// refusal's text is known.
func (v *List) refused(s poll.State, say func(theme.Role, string)) {
	since := timetext.Age(v.s.Data.Now, s.LatchedAt) + " ago"
	var refusal *backend.Error
	if errors.As(s.Err, &refusal) && refusal.Advice != nil {
		say(theme.Bad, refusal.Advice.Cause)
		say(theme.Text, refusal.Advice.Next)
		say(theme.Text, "That was "+since+". Nothing is called until you press R.")
	} else {
		say(theme.Bad, "It refused the credential "+since+". Nothing is called until you press R, because repeated tries lock accounts.")
	}
	say(theme.Faint, view.Clean(s.LatchReason))
}
