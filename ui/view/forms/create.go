package forms

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/input"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/form"
)

// Create is the form of a new request.
type Create struct {
	*sheet.Sheet
	s       *view.Session
	parts   *parts
	catalog *catalog
	targets []string
	way     conflict
	// unread is the row whose request is being read before anything is asked;
	// zero while none is.
	unread model.Ref
}

// NewCreate opens an empty form for the targets that can create. ways lists
// what can be done with a row, for the conflict with a request in progress.
func NewCreate(s *view.Session, ways Ways) *Create {
	v := &Create{s: s, catalog: &catalog{s: s}, parts: &parts{}}
	v.targets = targets(s, func(c backend.Capabilities) bool { return c.Create != nil })
	v.way = conflict{s: s, ways: ways, then: v.filled, kept: formKept}
	v.Sheet = sheet.New(s, sheet.Def{
		View: v, Title: v.title, Submit: "create", Filled: v.filled,
		Refused: func(msg view.OpDone) view.View { return v.way.refused(msg, sheet.Kept) },
	})
	v.Form = form.New(s.Theme, "Create", "Back", createFields(v.targets, v.catalog, v.parts)...)
	v.parts.follow(v.Form)
	v.Form.OnChange(v.changed)
	v.Form.CheckWith(func(value form.Values) map[string]string {
		_, wrong := specOf(value)
		wrong.add(fieldName, deleted(v.s, v.target(), value(fieldName)))
		return wrong
	})
	return v
}

// At chooses the target that the form is for, where that one can create; else the
// choice stays. It returns the form.
func (v *Create) At(target string) *Create {
	chooseTarget(v.Form, v.targets, target)
	return v
}

func (v *Create) title() string {
	issuer := v.Form.Value(fieldIssuer)
	if issuer == manualIssuer {
		issuer = "manual"
	}
	return "New request, " + view.Clean(issuer)
}

// specOf is what the form asks for, and what is wrong with it.
func specOf(value form.Values) (model.CreateSpec, faults) {
	policy, wrong := policyOf(value, model.Policy{})
	if policy.Issuer.Name == "" {
		policy.Issuer.Name = model.IssuerUnknown
	}
	spec := model.CreateSpec{Name: value(fieldName), Policy: policy, PreserveCertOrder: triOf(value(fieldOrder))}
	var err error
	spec.Tags, err = parseTags(value(fieldTags))
	wrong.add(fieldTags, text(err))
	if value(fieldEnabled) == form.No {
		spec.Enabled = new(false)
	}
	wrong.judge(spec)
	return spec, wrong
}

// changed keeps fields together that depend on each other.
func (v *Create) changed(id string) {
	v.parts.changed(id)
	protect(v.Form, id)
}

// Init has the vault's issuers read.
func (v *Create) Init() tea.Cmd { return v.ask() }

// Update fills the form in and follows the call, and what the vault has to
// offer.
func (v *Create) Update(msg tea.Msg) tea.Cmd {
	if read, ok := msg.(view.CatalogRead); ok {
		v.catalog.take(read)
		v.catalog.offer(v.Form, "")
		return nil
	}
	switch msg := msg.(type) {
	case tea.KeyMsg:
		event, cmd := v.Key(msg)
		if event != form.Submitted {
			v.unread = model.Ref{}
		}
		return tea.Batch(cmd, v.ask())
	case input.PasteMsg:
		v.unread = model.Ref{}
	case view.DataChanged:
		return v.goOn()
	}
	return tea.Batch(v.Sheet.Update(msg), v.ask())
}

// goOn follows once the request that was in doubt is known.
func (v *Create) goOn() tea.Cmd {
	if v.unread == (model.Ref{}) {
		return nil
	}
	if row, ok := v.s.Data.Row(v.unread); ok && row.Item.RequestReadAt.IsZero() {
		return nil
	}
	v.unread = model.Ref{}
	v.Complain("")
	return v.filled()
}

// ask has the issuers of the chosen vault read: another vault has others.
func (v *Create) ask() tea.Cmd {
	if v.target() == v.catalog.target {
		return nil
	}
	cmd := v.catalog.ask(v.target())
	v.catalog.offer(v.Form, "")
	return cmd
}

func (v *Create) target() string { return targetOf(v.Form, v.targets) }

// filled shows what will be sent. A request in progress under the name is
// caught before anything is: Key Vault allows one at a time.
func (v *Create) filled() tea.Cmd {
	spec, _ := specOf(v.Form.Value)
	target := v.target()
	row, known := standing(v.s, target, spec.Name)
	if known && row.Item.Request.Open() {
		return v.s.Host.Open(v.way.before(row))
	}
	if known && row.Item.RequestReadAt.IsZero() && v.unread != row.ID() {
		// A list names the certificate only.
		v.unread = row.ID()
		v.s.Desk.Look(v.unread)
		return v.Complain("Whether a request is in progress there was not read yet; it is being read. ctrl+s goes on without.")
	}
	v.unread = model.Ref{}
	return v.Ask(v.question(spec, target, known), func() (uint64, tea.Cmd) { return v.s.Desk.Create(target, spec) })
}
