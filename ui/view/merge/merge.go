package merge

import (
	"errors"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/model/x5c"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/form"
	"certty/ui/widget/toast"
)

// View is the open merge of one request.
type View struct {
	s *view.Session
	// ref carries the request id that was on the screen when the merge was
	// opened; the backend refuses when another request stands there.
	ref model.Ref
	csr []byte
	// bundles are what was found in each paste and file, to be judged together:
	// people paste leaf and intermediates one after another.
	bundles []*x5c.Bundle
	root    bool
	order   x5c.Order
	gen     uint64
	judged  judgement
	busy    bool
	// queue holds pastes that came while one was being read.
	queue   []input.PasteMsg
	call    sheet.Call
	file    *form.Form
	reading bool
	top     int
	w, h    int
}

// New opens the merge for the request that row shows; [WhyNot] must have
// nothing against it.
func New(s *view.Session, row view.Row) *View {
	return &View{s: s, ref: row.Item.RequestRef(), csr: row.Item.Request.CSR}
}

// Init has the request read, so that the verdict stands on fresh ground, and
// judges what another merge handed over.
func (v *View) Init() tea.Cmd {
	v.s.Desk.Look(v.ref)
	if len(v.bundles) > 0 {
		return v.judge(nil)
	}
	return nil
}

// SetSize tells the room.
func (v *View) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is true while a file's name is typed.
func (v *View) Capturing() bool { return v.file != nil }

// Actions are what the verdict allows.
func (v *View) Actions() []keys.Action {
	none := v.whyBusy()
	if none == "" && len(v.bundles) == 0 {
		none = "nothing was pasted yet"
	}
	actions := []keys.Action{
		{Def: keys.GoThere, Disabled: v.whyNotThere(), Run: v.goThere},
		{Def: keys.Send, Disabled: v.whyNoSend(), Run: v.confirm},
		{Def: keys.PickFile, Disabled: v.whyBusy(), Run: v.pickFile},
		{Def: keys.ToggleRoot, Disabled: none, Run: func() tea.Cmd { v.root = !v.root; return v.judge(nil) }},
		{Def: keys.ChainOrder, Disabled: none, Run: v.turn},
		{Def: keys.ClearPaste, Disabled: none, Run: func() tea.Cmd { v.clear(); return nil }},
	}
	actions = append(actions, view.Scrolling(&v.top, v.h)...)
	return append(actions, keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }})
}

func (v *View) whyBusy() string {
	if v.call.Running() {
		return "the merge was sent; its answer is awaited"
	}
	return ""
}

func (v *View) whyNoSend() string {
	switch {
	case v.call.Running():
		return v.whyBusy()
	case v.lost() != "":
		return v.lost()
	case v.busy || v.reading:
		return "the chain is being checked"
	case v.judged.verdict == nil:
		return "nothing was pasted that could be merged"
	case !v.judged.verdict.OK:
		return "the verdict does not allow it"
	}
	return ""
}

// lost says what became of the request that the merge was opened for; "" while
// it stands there.
func (v *View) lost() string {
	row, ok := v.s.Data.Row(v.ref)
	switch {
	case !ok || row.Item.Request == nil:
		return "the request is not known any more"
	case row.Item.Request.Gone:
		return "the request is gone: it was deleted, or replaced and deleted, since this was opened"
	case v.ref.Revision != "" && row.Item.Request.ID != "" && row.Item.Request.ID != v.ref.Revision:
		return "another client replaced the request since this was opened: request " + row.Item.Request.ID + " stands there now, with another CSR"
	}
	return ""
}

// Update takes pastes, files, verdicts and the answer.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case input.PasteMsg:
		return v.paste(msg)
	case tea.KeyMsg:
		if v.file != nil {
			return v.fileKey(msg)
		}
	case view.FileRead:
		if v.reading {
			return v.fileRead(msg)
		}
	case judgement:
		if msg.gen == v.gen {
			v.busy, v.judged, v.bundles = false, msg, msg.bundles
			return v.next()
		}
	case view.OpDone:
		if v.call.Ended(msg) {
			return v.done(msg)
		}
	}
	return nil
}

// errTooLong is what a paste over the limit of the input gets.
var errTooLong = errors.New("the paste is too long for a chain and was not taken; read it from a file with f")

func (v *View) paste(msg input.PasteMsg) tea.Cmd {
	switch {
	case v.file != nil:
		return view.Typed(v.s, msg, v.file.Paste)
	case v.call.Running():
		return nil
	case v.busy:
		v.queue = append(v.queue, msg)
		return nil
	case msg.TooLong:
		v.judged.err, v.top = errTooLong, 0
		return nil
	case msg.Unterminated:
		return tea.Batch(v.judge([]byte(msg.Text)), v.s.Host.Toast(toast.Warn, "The paste was cut off; check the verdict, or use a file (f)"))
	}
	return v.judge([]byte(msg.Text))
}

// next takes the oldest paste that waited.
func (v *View) next() tea.Cmd {
	if len(v.queue) == 0 {
		return nil
	}
	msg := v.queue[0]
	v.queue = v.queue[1:]
	return v.paste(msg)
}

// turn sends the chain the other way round.
func (v *View) turn() tea.Cmd {
	v.order = x5c.RootFirst - v.order
	return v.judge(nil)
}

func (v *View) clear() {
	v.gen++
	v.bundles, v.judged, v.queue, v.busy, v.top = nil, judgement{}, nil, false, 0
}

func (v *View) pickFile() tea.Cmd {
	v.file = form.New(v.s.Theme, "Read", "Back", form.Field{ID: "path", Label: "File",
		Hint: "PEM, DER, PKCS#7, JSON, ZIP or a mail: what is in it is found out",
		Check: func(value string) string {
			if value == "" {
				return "a file name is needed"
			}
			return ""
		}})
	return nil
}

func (v *View) fileKey(msg tea.KeyMsg) tea.Cmd {
	switch v.file.Key(msg) {
	case form.Left:
		v.file = nil
	case form.Submitted:
		v.reading = true
		return view.ReadFile(v.file.Value("path"))
	}
	return nil
}

func (v *View) fileRead(msg view.FileRead) tea.Cmd {
	v.reading = false
	if msg.Err != nil {
		return v.s.Host.Toast(toast.Error, fmt.Sprintf("Not read: %s", view.Clean(msg.Err.Error())))
	}
	v.file = nil
	return v.judgeFrom(msg.Data, true)
}
