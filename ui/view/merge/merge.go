package merge

import (
	"fmt"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/model/x5c"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/problem"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
	"certty/ui/widget/toast"
)

// View is the open merge of one request.
type View struct {
	s *view.Session
	// ref carries the request id that was on the screen when the merge was
	// opened; the backend refuses when another request stands there.
	ref  model.Ref
	want x5c.Want
	// bundles are what was found in each paste and file, to be judged together:
	// people paste leaf and intermediates one after another.
	bundles []*x5c.Bundle
	root    bool
	gen     uint64
	judged  judgement
	busy    bool
	// queue holds pastes that came while one was being read.
	queue []input.PasteMsg
	sent  uint64
	file  *form.Form
	w, h  int
}

// judgement is what a command found in the pastes.
type judgement struct {
	gen     uint64
	bundles []*x5c.Bundle
	bundle  *x5c.Bundle // all of them together
	verdict *x5c.Verdict
	// owner names the other request that the certificate belongs to.
	owner string
	// err is why the newest paste could not be used; what was there stays.
	err error
}

// New opens the merge for the request that row shows.
func New(s *view.Session, row view.Row) *View {
	want := x5c.Want{CSR: row.Item.Request.CSR}
	if p := row.Item.Policy; p != nil {
		want.SANs, want.EKUs = p.SANs, p.EKUs
	}
	return &View{s: s, ref: row.Item.RequestRef(), want: want}
}

// Init has the request read, so that the verdict stands on fresh ground.
func (v *View) Init() tea.Cmd {
	v.s.Desk.Look(v.ref)
	return nil
}

// SetSize tells the room.
func (v *View) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is true while a file's name is typed.
func (v *View) Capturing() bool { return v.file != nil }

// Actions are what the verdict allows.
func (v *View) Actions() []keys.Action {
	none := ""
	if len(v.bundles) == 0 {
		none = "nothing was pasted yet"
	}
	return []keys.Action{
		{Def: keys.Send, Disabled: v.whyNoSend(), Run: v.confirm},
		{Def: keys.PickFile, Disabled: v.whyBusy(), Run: v.pickFile},
		{Def: keys.ToggleRoot, Disabled: none, Run: func() tea.Cmd { v.root = !v.root; return v.judge(nil) }},
		{Def: keys.ClearPaste, Disabled: none, Run: func() tea.Cmd { v.clear(); return nil }},
		{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }},
	}
}

func (v *View) whyBusy() string {
	if v.sent != 0 {
		return "the merge was sent; its answer is awaited"
	}
	return ""
}

func (v *View) whyNoSend() string {
	switch {
	case v.sent != 0:
		return v.whyBusy()
	case v.busy:
		return "the chain is being checked"
	case v.judged.verdict == nil:
		return "nothing was pasted that could be merged"
	case !v.judged.verdict.OK:
		return "the verdict does not allow it"
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
		return v.fileRead(msg)
	case judgement:
		if msg.gen == v.gen {
			v.busy, v.judged, v.bundles = false, msg, msg.bundles
			return v.next()
		}
	case view.OpDone:
		if msg.ID == v.sent && v.sent != 0 {
			return v.done(msg)
		}
	}
	return nil
}

func (v *View) paste(msg input.PasteMsg) tea.Cmd {
	switch {
	case v.file != nil:
		v.file.Paste(msg.Text)
		return nil
	case v.sent != 0:
		return nil
	case v.busy:
		v.queue = append(v.queue, msg)
		return nil
	case msg.TooLong:
		return v.s.Host.Toast(toast.Error, "The paste is too long for a chain; use a file (f)")
	case msg.Unterminated:
		return tea.Batch(v.add([]byte(msg.Text)), v.s.Host.Toast(toast.Warn, "The paste was cut off; check the verdict, or use a file (f)"))
	}
	return v.add([]byte(msg.Text))
}

func (v *View) add(data []byte) tea.Cmd { return v.judge(data) }

// next takes the oldest paste that waited.
func (v *View) next() tea.Cmd {
	if len(v.queue) == 0 {
		return nil
	}
	msg := v.queue[0]
	v.queue = v.queue[1:]
	return v.paste(msg)
}

func (v *View) clear() {
	v.gen++
	v.bundles, v.judged, v.queue, v.busy = nil, judgement{}, nil, false
}

// judge reads what came new and judges it with what was there, off the
// screen's goroutine: verifying a long chain takes a while. The bytes that were
// pasted are kept nowhere, so a private key among them is forgotten at once.
func (v *View) judge(data []byte) tea.Cmd {
	v.gen++
	v.busy = true
	j, want := judgement{gen: v.gen, bundles: v.bundles}, v.want
	want.IncludeRoot = v.root
	others, clock := v.others(), v.s.Clock
	return func() tea.Msg {
		want.Now = clock()
		return j.run(want, data, others)
	}
}

// others are the requests whose CSR is known, by name, for "this belongs to
// another request".
func (v *View) others() map[model.Ref][]byte {
	known := make(map[model.Ref][]byte)
	for _, row := range v.s.Data.Rows() {
		if r := row.Item.Request; r.Open() && len(r.CSR) > 0 && row.Item.Ref != v.ref.Row() {
			known[row.Item.Ref] = r.CSR
		}
	}
	return known
}

func (j judgement) run(want x5c.Want, data []byte, others map[model.Ref][]byte) judgement {
	if len(data) > 0 {
		found, err := x5c.Read(data)
		if err != nil {
			j.err = err
		} else {
			j.bundles = append(slices.Clip(j.bundles), found)
		}
	}
	if len(j.bundles) == 0 {
		return j
	}
	j.bundle = x5c.Join(j.bundles...)
	j.verdict = x5c.Judge(j.bundle, want, view.Clean)
	if !j.bundle.KeyMatches(want.CSR) {
		for ref, csr := range others {
			if j.bundle.KeyMatches(csr) {
				j.owner = ref.Key + " (" + ref.Target + ")"
			}
		}
	}
	return j
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
		path := v.file.Value("path")
		v.busy = true
		return view.ReadFile(path)
	}
	return nil
}

func (v *View) fileRead(msg view.FileRead) tea.Cmd {
	v.busy = false
	if msg.Err != nil {
		return v.s.Host.Toast(toast.Error, "Not read: "+view.Clean(msg.Err.Error()))
	}
	v.file = nil
	return v.add(msg.Data)
}

// confirm asks the last question: what goes where, and what it does.
func (v *View) confirm() tea.Cmd {
	verdict := v.judged.verdict
	row, _ := v.s.Data.Row(v.ref)
	lines := []string{
		"vault         " + v.ref.Target + "  " + v.s.Desk.Target(v.ref.Target).Info.Address,
		"request       " + v.ref.Revision,
	}
	for _, link := range verdict.Links {
		if link.Sent {
			lines = append(lines, fmt.Sprintf("%-13s %s, until %s", link.Role, link.Name, link.NotAfter.UTC().Format(time.DateOnly)))
		}
	}
	lines = append(lines, "", "It becomes the current version at once, and the request is completed. A version can be disabled later, not taken back.")
	if row.Item != nil && row.Item.Certificate.Issued {
		lines = append(lines, "Whoever uses the name without a version gets the new one.")
	}
	lines = append(lines, "", v.sends())
	return v.s.Host.Open(ask.New(v.s, confirm.Question{
		Title: "Merge into " + v.ref.Key + " (" + v.ref.Target + ")", Lines: lines, Yes: "Merge", No: "Back",
	}, func() tea.Cmd {
		id, cmd := v.s.Desk.Merge(v.ref, verdict.Chain)
		v.sent = id
		return cmd
	}))
}

func (v *View) sends() string {
	n := len(v.judged.verdict.Chain)
	plural := "s"
	if n == 1 {
		plural = ""
	}
	return fmt.Sprintf("Sends: POST /certificates/%s/pending/merge, %d certificate%s", v.ref.Key, n, plural)
}

// done closes the merge on success; otherwise what was pasted stays.
func (v *View) done(msg view.OpDone) tea.Cmd {
	v.sent = 0
	if msg.Err == nil {
		v.s.Host.Close(v)
		return nil
	}
	v.s.Desk.Explained(msg.ID)
	return v.s.Host.Open(problem.New(v.s, msg.Err, "What you pasted is kept."))
}
