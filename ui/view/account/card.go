package account

import (
	"cmp"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/problem"
	"certty/ui/view/sheet"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
)

// card shows one entry in full.
type card struct {
	s    *view.Session
	of   *View
	part part
	// entry is as it was last listed.
	entry *entry
	// read is how the domain's validation stands; nil until that was read.
	read *view.DomainRead
	call sheet.Call
	top  int
	w, h int
}

func newCard(of *View, p part, e *entry) *card { return &card{s: of.s, of: of, part: p, entry: e} }

// Init reads how a domain stands.
func (v *card) Init() tea.Cmd {
	if v.whyNoRecord() != "" {
		return nil
	}
	v.read = nil
	return v.s.Desk.ReadDomain(v.of.target, v.entry.domain.Name)
}

// whyNoRecord is why the validation of the entry can't be read.
func (v *card) whyNoRecord() string {
	caps := v.s.Desk.Target(v.of.target).Capabilities
	switch {
	case v.entry.domain == nil:
		return "it is no domain"
	case caps.Validation == nil:
		return cmp.Or(caps.ValidationWhy, "this target tells no validations")
	}
	return ""
}

// Update takes what was read, and what became of the look again.
func (v *card) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.DomainRead:
		if v.entry.domain != nil && msg.Target == v.of.target && msg.Validation.Domain == v.entry.domain.Name {
			v.read = &msg
		}
	case view.OpDone:
		if !v.call.Ended(msg) {
			return nil
		}
		if msg.Err != nil {
			v.s.Desk.Explained(msg.ID)
			return tea.Batch(v.s.Host.Open(problem.New(v.s, msg.Err, "")), v.Init())
		}
		return v.Init()
	case view.AccountRead, view.DataChanged:
		// The list below was made anew before: it is asked first.
		if e := v.of.entry(v.part, v.entry.key); e != nil {
			v.entry = e
		}
	}
	return nil
}

// SetSize tells the room.
func (v *card) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is false.
func (v *card) Capturing() bool { return false }

// Actions scroll and leave; a domain's record can be copied, read again, and
// looked at by the CA again.
func (v *card) Actions() []keys.Action {
	scroll := func(def keys.Def, by int) keys.Action {
		return keys.Action{Def: def, Run: func() tea.Cmd { v.top = max(0, v.top+by); return nil }}
	}
	var actions []keys.Action
	if v.entry.domain != nil {
		read := keys.Action{Def: keys.Refresh, Disabled: v.whyNoRecord(), Run: v.Init}
		read.Long = "read how its validation stands again"
		actions = append(actions, v.recheck(),
			v.copying(keys.CopyRecord, "record", func(r record) string { return r.line() }),
			v.copying(keys.CopyRecordName, "name", func(r record) string { return r.name }),
			v.copying(keys.CopyRecordValue, "value", func(r record) string { return r.value }), read)
	}
	return append(actions,
		scroll(keys.Up, -1), scroll(keys.Down, 1), scroll(keys.PageUp, 2-v.h), scroll(keys.PageDown, v.h-2),
		keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }})
}

func (v *card) copying(def keys.Def, what string, of func(record) string) keys.Action {
	r, ok := v.record()
	text := of(r)
	a := keys.Action{Def: def, Run: func() tea.Cmd { return v.s.Clip.Copy(v.entry.name+": "+what, text) }}
	switch {
	case v.read == nil:
		a.Disabled = "what has to be published was not read yet"
	case !ok || text == "":
		a.Disabled = "nothing has to be published"
	}
	return a
}

// recheck asks before the CA is asked: it is a call that changes something.
func (v *card) recheck() keys.Action {
	caps := v.s.Desk.Target(v.of.target).Capabilities
	a := keys.Action{Def: keys.RecheckDomain, Run: func() tea.Cmd {
		target, name := v.of.target, v.entry.domain.Name
		return v.s.Host.Open(ask.New(v.s, confirm.Question{
			Title: "Have the CA look at " + name + " again",
			Lines: []string{"The CA looks whether the record is published, now and not at its next turn. Nothing else changes; where the record is missing the domain stays as it is."},
			Yes:   "Look again", No: "Back",
		}, func() tea.Cmd { return v.call.Send(v.s.Desk.RecheckDomain(target, name)) }))
	}}
	switch {
	case caps.Recheck == nil:
		a.Disabled = cmp.Or(caps.RecheckWhy, "this target can't do that")
	case v.call.Running():
		a.Disabled = "the CA is being asked already"
	case !v.entry.domain.GoneSince.IsZero():
		a.Disabled = "the account does not list the domain any more"
	}
	return a
}

// record is what has to be published.
type record struct {
	// name is the DNS name, or the URL of the file; value what stands there.
	name, value string
	// kind is the type of the DNS record; "" for a file.
	kind string
}

// line is the record as a zone file has it, or the file with its address.
func (r record) line() string {
	switch r.kind {
	case "":
		return r.name + "\n" + r.value
	case "TXT":
		return dot(r.name) + " IN TXT \"" + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(r.value) + "\""
	default:
		return dot(r.name) + " IN " + r.kind + " " + dot(r.value)
	}
}

// dot ends a name at the root, so that no zone is put behind it.
func dot(name string) string { return strings.TrimSuffix(name, ".") + "." }

// record is what has to be published for the domain; ok is false when nothing
// is known to be.
func (v *card) record() (r record, ok bool) {
	if v.read == nil || v.read.Err != nil {
		return record{}, false
	}
	return recordOf(&v.read.Validation)
}

func recordOf(d *model.DomainValidation) (record, bool) {
	switch {
	case d.Host != "" && d.Point != "":
		kind := "CNAME"
		if strings.EqualFold(d.Method, "TXT") {
			kind = "TXT"
		}
		return record{name: d.Host, value: d.Point, kind: kind}, true
	case d.URL != "":
		return record{name: d.URL, value: d.Content}, true
	}
	return record{}, false
}

// View draws the card.
func (v *card) View() []string {
	w := min(sheet.Width, v.w)
	l := &page{t: v.s.Theme, w: w - 4}
	l.add(v.entry.role, v.entry.glyph+" "+v.entry.state)
	for _, s := range v.entry.said {
		l.add(theme.Text, s)
	}
	if v.entry.domain != nil {
		l.add(theme.Text, "")
		v.validation(l)
	}
	v.top = max(0, min(v.top, len(l.out)-(v.h-2)))
	return box.Frame(v.s.Theme, partTitle[v.part]+" "+strings.TrimSpace(v.entry.name)+" ("+v.of.target+")", l.out[v.top:], w, v.h)
}

var partTitle = [parts]string{"Organization", "Domain", "Profile", "Field"}

// page is text that is wrapped as it is added.
type page struct {
	t   *theme.Theme
	w   int
	out []string
}

func (l *page) add(role theme.Role, text string) {
	for _, line := range box.Wrap(text, l.w) {
		l.out = append(l.out, l.t.Paint(role, line))
	}
}

// validation says how the domain's validation stands with the CA, and what has
// to be published.
func (v *card) validation(l *page) {
	l.add(theme.Title, "TO PUBLISH")
	switch {
	case v.whyNoRecord() != "":
		l.add(theme.Text, "Not known: "+v.whyNoRecord()+".")
		return
	case v.read == nil:
		l.add(theme.Waits, "Asking the account.")
		return
	case v.read.Err != nil:
		advice := backend.AdviceFor(v.read.Err)
		l.add(theme.Bad, "Not read. "+advice.Cause+" "+advice.Next)
		l.add(theme.Faint, view.Clean(v.read.Err.Error()))
		return
	}
	d := &v.read.Validation
	v.toPublish(l, d)
	l.add(theme.Text, "")
	status := d.Status
	if d.OrderStatus != "" {
		status += ", order " + d.OrderStatus
	}
	l.add(theme.Faint, "The CA's status: "+cmp.Or(status, "not told")+". Last look: "+moment(d.LastCheck)+". Next look: "+moment(d.NextCheck)+".")
	if v.call.Running() {
		l.add(theme.Waits, "The CA is asked to look again.")
	}
}

func (v *card) toPublish(l *page, d *model.DomainValidation) {
	r, ok := recordOf(d)
	switch {
	case ok && r.kind != "":
		l.add(theme.Text, "A DNS record of the type "+r.kind+":")
		l.add(theme.Strong, "  name   "+r.name)
		l.add(theme.Strong, "  value  "+r.value)
		l.add(theme.Text, "Whoever runs the DNS of the domain publishes it; the CA looks for it by itself, or at once with c.")
	case ok:
		l.add(theme.Text, "A file on the web server, at this address with this content:")
		l.add(theme.Strong, "  "+r.name)
		for line := range strings.SplitSeq(r.value, "\n") {
			l.add(theme.Strong, "  "+line)
		}
	case d.Email != "":
		l.add(theme.Text, "Nothing: the CA wrote to "+d.Email+". Whoever reads that mailbox follows the link.")
	case d.Valid:
		l.add(theme.Text, "Nothing: the domain is validated.")
	default:
		l.add(theme.Text, "Not known: nobody started the validation. An administrator of the account starts it in SCM under Domains, by choosing the method.")
	}
}
