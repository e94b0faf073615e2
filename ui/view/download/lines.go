package download

import (
	"certty/backend"
	"certty/model/timetext"
	"certty/model/x5c"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// View draws the form and what will be in the file.
func (v *View) View() []string {
	w := min(90, v.w)
	title := "Download " + v.called
	return box.Frame(v.s.Theme, title, v.lines(w-4), w, v.h)
}

func (v *View) lines(w int) []string {
	t := v.s.Theme
	var lines []string
	add := func(role theme.Role, s string) {
		for _, l := range box.Wrap(s, w) {
			lines = append(lines, t.Paint(role, l))
		}
	}
	switch {
	case v.file != nil:
		return v.file.View(w, v.h-2)
	case v.failed != nil:
		advice := backend.AdviceFor(v.failed)
		add(theme.Bad, "The certificate could not be read. "+advice.Cause)
		add(theme.Text, advice.Next)
		add(theme.Faint, view.Clean(v.failed.Error()))
		add(theme.Faint, "esc back")
		return lines
	case len(v.links) == 0:
		add(theme.Waits, "Reading the certificate.")
	default:
		lines = append(lines, v.content(w)...)
	}
	lines = append(lines, "")
	rest := v.h - 2 - len(lines) - 2
	lines = append(lines, v.form.View(w, max(3, rest))...)
	switch {
	case v.issue != "":
		add(theme.Bad, v.issue)
	default:
		add(theme.Faint, "ctrl+s save   ctrl+o chain from a file   esc back")
	}
	return lines
}

// content says what will be in the file, and what will not.
func (v *View) content(w int) []string {
	t := v.s.Theme
	chosen := len(v.chosen())
	var lines []string
	for i, l := range v.links {
		sign, role := t.Glyphs.Check, theme.Text
		if i >= chosen {
			sign, role = t.Glyphs.Off, theme.Faint
		}
		line := sign + " " + box.Fit(string(l.Role), 13, "") + l.Name + ", until " + timetext.Day(l.NotAfter)
		if i >= chosen {
			line += " (not in the file)"
		}
		lines = append(lines, t.Paint(role, box.Fit(line, w, t.Glyphs.Ellipsis)))
	}
	for _, l := range box.Wrap(v.missing(), w) {
		if l != "" {
			lines = append(lines, t.Paint(theme.Warn, l))
		}
	}
	return lines
}

// missing says what is not known of the chain, and how it gets known.
func (v *View) missing() string {
	last := v.links[len(v.links)-1]
	switch {
	case last.Role == x5c.RoleRoot:
		return ""
	case last.Issuer == last.Subject:
		return "It is signed by itself; there is no chain."
	case len(v.links) == 1 && v.collected:
		return "Not known: " + last.Issuer + ", which signed it. It did not come with the certificate. Paste the CA's certificates here, or ctrl+o reads a file."
	case len(v.links) == 1:
		return "Not known: " + last.Issuer + ", which signed it. The vault tells the chain only with the secret, which is never read. Paste the CA's certificates here, or ctrl+o reads a file."
	}
	return "Not known: " + last.Issuer + ", the next one up; servers don't need a root. Paste adds certificates."
}
