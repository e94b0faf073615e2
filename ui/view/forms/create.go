package forms

import (
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
	"certty/ui/view/problem"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
)

// Create is the form of a new manual request.
type Create struct {
	s       *view.Session
	form    *form.Form
	targets []string
	// ways gives the ways out when a request stands in the way.
	ways func(view.Row) []keys.Action
	// sent is the call that runs; 0 when none does.
	sent  uint64
	issue string
	w, h  int
}

// NewCreate opens an empty form for the targets that can create. ways lists
// what can be done with a row, for the conflict with a request in progress.
func NewCreate(s *view.Session, ways func(view.Row) []keys.Action) *Create {
	var targets []string
	for _, t := range s.Desk.Targets() {
		if t.Capabilities.Create != nil {
			targets = append(targets, t.Info.Name)
		}
	}
	return &Create{s: s, ways: ways, targets: targets,
		form: form.New(s.Theme, "Create", "Back", fields(targets)...)}
}

// Init starts nothing.
func (v *Create) Init() tea.Cmd { return nil }

// SetSize tells the room.
func (v *Create) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is true: keys are text.
func (v *Create) Capturing() bool { return true }

// Actions is empty: every key is the form's.
func (v *Create) Actions() []keys.Action { return nil }

// Update fills the form in and follows the call.
func (v *Create) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		if v.sent != 0 {
			return nil
		}
		v.issue = ""
		switch v.form.Key(msg) {
		case form.Left:
			v.s.Host.Close(v)
		case form.Submitted:
			return v.confirm()
		}
	case input.PasteMsg:
		if v.sent == 0 {
			v.form.Paste(msg.Text)
		}
	case view.OpDone:
		if msg.ID == v.sent && v.sent != 0 {
			return v.done(msg)
		}
	}
	return nil
}

func (v *Create) target() string {
	if t := v.form.Value(fieldTarget); t != "" {
		return t
	}
	if len(v.targets) == 1 {
		return v.targets[0]
	}
	return ""
}

// confirm shows what will be sent. A request in progress under the name is
// caught before anything is: Key Vault allows one at a time.
func (v *Create) confirm() tea.Cmd {
	spec, err := spec(v.form)
	if err != nil {
		v.issue = err.Error()
		return nil
	}
	if problems := spec.Problems(); len(problems) > 0 {
		v.issue = string(problems[0].Field) + ": " + problems[0].Text
		return nil
	}
	target := v.target()
	ref := model.Ref{Target: target, Kind: model.KindCertificate, Key: spec.Name}
	row, known := v.s.Data.Row(ref)
	if known && row.Item.Request.Open() {
		return v.s.Host.Open(newConflict(v.s, row, v.ways, "Nothing was sent."))
	}
	return v.s.Host.Open(ask.New(v.s, v.question(spec, target, known), func() tea.Cmd {
		id, cmd := v.s.Desk.Create(target, spec)
		v.sent = id
		return cmd
	}))
}

func (v *Create) question(spec model.CreateSpec, target string, exists bool) confirm.Question {
	sans := strings.Join(spec.Policy.SANs.All(), ", ")
	if sans == "" {
		sans = "none: most clients refuse a server certificate without them"
	}
	lines := []string{
		"vault     " + target + "  " + v.s.Desk.Target(target).Info.Address,
		"name      " + spec.Name,
		"subject   " + spec.Policy.Subject,
		"names     " + sans,
		"key       " + v.form.Value(fieldKey) + ", made in the vault, stays there",
		"issuer    Unknown: you have the CSR signed, then merge",
		"",
	}
	if exists {
		lines = append(lines, "A certificate of that name exists. This makes a new version of it, with this policy in place of the stored one. The current version stays live until the merge.")
	} else {
		lines = append(lines, "The name is new in this vault.")
	}
	lines = append(lines, "", "Sends: POST /certificates/"+spec.Name+"/create")
	return confirm.Question{Title: "Create " + spec.Name + " (" + target + ")", Lines: lines, Yes: "Create", No: "Back"}
}

// done closes the form on success; otherwise the form stays as it was typed.
func (v *Create) done(msg view.OpDone) tea.Cmd {
	v.sent = 0
	if msg.Err == nil {
		v.s.Host.Close(v)
		return nil
	}
	v.s.Desk.Explained(msg.ID)
	if row, ok := v.s.Data.Row(msg.Ref); ok && backend.IsState(msg.Err, backend.StatePending) {
		return v.s.Host.Open(newConflict(v.s, row, v.ways, "The vault refused the new one; nothing was changed."))
	}
	return v.s.Host.Open(problem.New(v.s, msg.Err, "What you typed is kept."))
}

// View draws the form.
func (v *Create) View() []string {
	w := min(90, v.w)
	lines := v.form.View(w-4, v.h-5)
	switch {
	case v.sent != 0:
		lines = append(lines, "", v.s.Theme.Paint(theme.Waits, "Sent; waiting for the vault's answer."))
	case v.issue != "":
		lines = append(lines, "")
		for _, l := range box.Wrap(v.issue, w-4) {
			lines = append(lines, v.s.Theme.Paint(theme.Bad, l))
		}
	default:
		lines = append(lines, "", v.s.Theme.Paint(theme.Faint, "tab next field   ctrl+s create   esc back"))
	}
	return box.Frame(v.s.Theme, "New request, manual", lines, w, v.h)
}

// conflict says that a request stands in the way, and the ways out.
type conflict struct {
	s    *view.Session
	ref  model.Ref
	ways func(view.Row) []keys.Action
	// done says what became of the new request.
	done string
	w, h int
}

func newConflict(s *view.Session, row view.Row, ways func(view.Row) []keys.Action, done string) *conflict {
	return &conflict{s: s, ref: row.Item.Ref, ways: ways, done: done}
}

func (v *conflict) Init() tea.Cmd          { return nil }
func (v *conflict) Update(tea.Msg) tea.Cmd { return nil }
func (v *conflict) SetSize(w, h int)       { v.w, v.h = w, h }
func (v *conflict) Capturing() bool        { return false }

// wayOrder is the documented order of the ways out: a manual request is merged
// or deleted; an issuer's is waited for or deleted; cancellation is asked
// first where it applies.
func wayOrder(r *model.Request) []string {
	if r.Manual() {
		return []string{keys.Merge.ID, keys.SaveCSR.ID, keys.Cancel.ID, keys.DeleteRequest.ID}
	}
	return []string{keys.Cancel.ID, keys.DeleteRequest.ID}
}

// Actions are the ways out.
func (v *conflict) Actions() []keys.Action {
	leave := keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }}
	row, ok := v.s.Data.Row(v.ref)
	if !ok || row.Item.Request == nil {
		return []keys.Action{leave}
	}
	var actions []keys.Action
	all := v.ways(row)
	for _, id := range wayOrder(row.Item.Request) {
		for _, a := range all {
			if a.ID == id && a.Disabled == "" {
				run := a.Run
				a.Run = func() tea.Cmd { v.s.Host.Close(v); return run() }
				actions = append(actions, a)
			}
		}
	}
	return append(actions, leave)
}

// View draws the conflict.
func (v *conflict) View() []string {
	w := min(90, v.w)
	row, ok := v.s.Data.Row(v.ref)
	if !ok || row.Item.Request == nil {
		return box.Frame(v.s.Theme, v.ref.Key, []string{"The request is not there any more.", "", "esc  back to the form"}, w, v.h)
	}
	r := row.Item.Request
	lines := box.Wrap(fmt.Sprintf("Asked %s ago, issuer %s, request %s. Key Vault allows one at a time (409). %s",
		view.Age(v.s.Data.Now, row.Status.Since), issuerName(r), r.ID, v.done), w-4)
	lines = append(lines, "")
	for _, a := range v.Actions() {
		long := a.Long
		if a.ID == keys.Back.ID {
			long = "leave everything as it is; your form is kept"
		}
		lines = append(lines, "  "+v.s.Theme.Paint(theme.Key, box.Fit(a.Label(), 5, ""))+long)
	}
	return box.Frame(v.s.Theme, v.ref.Key+" already has a request in progress", lines, w, v.h)
}

func issuerName(r *model.Request) string {
	if r.Manual() {
		return "Unknown (manual)"
	}
	return r.Issuer.Name
}
