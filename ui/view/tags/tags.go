// Package tags is the form in which the tags of a certificate's version are
// shown and changed. Nothing is sent before the difference was confirmed.
package tags

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/model/effect"
	"certty/ui/view"
	"certty/ui/view/problem"
	"certty/ui/view/sheet"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
	"certty/ui/widget/toast"
)

// Limits of tags (Azure Key Vault, "About keys, secrets and certificates").
const (
	maxTags = 15
	maxText = 256
)

// spare is how many empty lines stand ready for new tags.
const spare = 3

// View is the open form.
type View struct {
	*sheet.Sheet
	s   *view.Session
	ref model.Ref
	was map[string]string
	// names are those of the tags that the first fields showed, in their order:
	// a name may hold an equals sign, which cutting an untouched line would break.
	names []string
	count int
	// stale is true while another client's tags are to be read.
	stale bool
}

// New opens the form for the version that row shows.
func New(s *view.Session, row view.Row) *View {
	ref := row.Item.Ref
	ref.Revision = row.Item.Certificate.Version
	v := &View{s: s, ref: ref, was: row.Item.Certificate.Tags}
	v.Sheet = sheet.New(s, sheet.Def{
		View: v, Title: func() string { return "Tags of " + v.ref.Key + " (" + v.ref.Target + ")" }, Submit: "change",
		Filled: v.filled, Refused: v.refused,
	})
	v.fill(v.was)
	return v
}

// fill makes the fields: one for each tag that stands there, with what the
// person wants of it, then the person's own.
func (v *View) fill(want map[string]string) {
	v.names = slices.Sorted(maps.Keys(v.was))
	var fields []form.Field
	for n, name := range v.names {
		line := ""
		if value, kept := want[name]; kept {
			line = name + "=" + value
		}
		fields = append(fields, field(n, "Tag", line))
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if _, known := v.was[name]; !known {
			fields = append(fields, field(len(fields), "New tag", name+"="+want[name]))
		}
	}
	for len(fields) < min(maxTags, len(v.was)+spare) {
		fields = append(fields, field(len(fields), "New tag", ""))
	}
	v.count = len(fields)
	v.Form = form.New(v.s.Theme, "Change", "Back", fields...)
}

// Update fills the form in and follows the call, and what another client made
// of the tags.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	if _, news := msg.(view.DataChanged); news && v.stale {
		return v.rebase()
	}
	return v.Sheet.Update(msg)
}

// rebase lets what the person changed stand against the tags that are there
// now.
func (v *View) rebase() tea.Cmd {
	row, ok := v.s.Data.Row(v.ref.Row())
	if !ok || row.Item.Certificate.Version != v.ref.Revision || maps.Equal(row.Item.Certificate.Tags, v.was) {
		return nil
	}
	want, err := v.wanted()
	if err != nil {
		return nil
	}
	now := row.Item.Certificate.Tags
	mine := make(map[string]string)
	maps.Copy(mine, now)
	for name, value := range want {
		if before, had := v.was[name]; !had || before != value {
			mine[name] = value
		}
	}
	for name := range v.was {
		if _, kept := want[name]; !kept {
			delete(mine, name)
		}
	}
	v.was, v.stale = now, false
	v.fill(mine)
	return v.Complain("Another client changed the tags meanwhile. Yours are kept, and stand against those that are there now.")
}

// refused has the tags read again when they were others than the form shows.
func (v *View) refused(msg view.OpDone) view.View {
	if backend.KindOf(msg.Err) != backend.KindConflict {
		return nil
	}
	v.stale = true
	v.s.Desk.Look(v.ref.Row())
	return problem.New(v.s, msg.Err, "Nothing was sent. "+sheet.Kept+" It will stand against the tags that are there now.")
}

// shown is the tag that the field n showed first.
func (v *View) shown(n int) string { return v.names[n] + "=" + v.was[v.names[n]] }

func field(n int, label, line string) form.Field {
	return form.Field{ID: id(n), Label: label, Value: line, Hint: "name=value, one tag a line; clear it to take the tag away", Check: check,
		Warn: func(value func(string) string) string { return crowded(value(id(n))) }}
}

func id(n int) string { return fmt.Sprint(n) }

func check(line string) string {
	name, value, ok := strings.Cut(line, "=")
	switch {
	case line == "":
		return ""
	case !ok:
		return "name=value is wanted"
	case strings.TrimSpace(name) == "":
		return "a tag needs a name"
	case len([]rune(name)) > maxText || len([]rune(value)) > maxText:
		return fmt.Sprintf("name and value have at most %d characters each", maxText)
	}
	return ""
}

// crowded warns of a line that looks like several tags: elsewhere they are
// written with commas between them.
func crowded(line string) string {
	name, value, _ := strings.Cut(line, "=")
	if i := strings.IndexAny(value, ",;"); i < 0 || !strings.Contains(value[i:], "=") {
		return ""
	}
	return fmt.Sprintf("one tag a line: all of %q is the value of %s", view.Clean(strings.TrimSpace(value)), view.Clean(strings.TrimSpace(name)))
}

// wanted reads the tags out of the form.
func (v *View) wanted() (map[string]string, error) {
	tags := make(map[string]string)
	for n := range v.count {
		line := v.Form.Value(id(n))
		if line == "" {
			continue
		}
		name, value, _ := strings.Cut(line, "=")
		name = strings.TrimSpace(name)
		if n < len(v.names) && line == strings.TrimSpace(v.shown(n)) {
			name, value = v.names[n], v.was[v.names[n]]
		}
		if _, twice := tags[name]; twice {
			return nil, fmt.Errorf("%s stands there twice", name)
		}
		tags[name] = value
	}
	if len(tags) > maxTags {
		return nil, fmt.Errorf("a version has at most %d tags", maxTags)
	}
	return tags, nil
}

func (v *View) filled() tea.Cmd {
	tags, err := v.wanted()
	if err != nil {
		return v.Complain(err.Error())
	}
	was := v.was
	lines := difference(was, tags)
	if len(lines) == 0 {
		v.s.Host.Close(v)
		return v.s.Host.Toast(toast.Info, v.ref.Key+": the tags are as they were; nothing was sent")
	}
	lines = append(lines, "", effect.Tags,
		"", "Sends: PATCH /certificates/"+v.ref.Key+"/"+v.ref.Revision)
	return v.Ask(confirm.Question{
		Title: "Change the tags of " + v.ref.Key + " (" + v.ref.Target + ")", Lines: lines, Yes: "Change", No: "Back",
	}, func() (uint64, tea.Cmd) {
		return v.s.Desk.Update(v.ref, model.Update{Tags: &tags, TagsWere: &was}, "tags changed")
	})
}

// difference says what changes from was to want, by name.
func difference(was, want map[string]string) []string {
	names := slices.Concat(slices.Collect(maps.Keys(was)), slices.Collect(maps.Keys(want)))
	slices.Sort(names)
	var lines []string
	for _, name := range slices.Compact(names) {
		before, had := was[name]
		after, has := want[name]
		switch {
		case !had:
			lines = append(lines, "+ "+name+"="+after)
		case !has:
			lines = append(lines, "- "+name+"="+before)
		case before != after:
			lines = append(lines, "- "+name+"="+before, "+ "+name+"="+after)
		}
	}
	return lines
}
