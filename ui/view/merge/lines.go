package merge

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"certty/model/timetext"
	"certty/model/x5c"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// View draws what was understood. What can be done about it stays in sight,
// however long the verdict.
func (v *View) View() []string {
	w := min(100, v.w)
	title := "Merge into " + v.ref.Key + " (" + v.ref.Target + ")"
	if v.file != nil {
		const below = 2
		body := append(v.file.View(w-4, v.h-2-below), "", v.s.Theme.Paint(theme.Faint, "ctrl+s read   esc back"))
		return box.Frame(v.s.Theme, title, body, w, v.h)
	}
	body, foot := v.body(w-4), v.footer(w-4)
	room := max(1, v.h-2-len(foot))
	if len(body) > room {
		title += ": arrows scroll"
		v.top = max(0, min(v.top, len(body)-room))
		body = body[v.top : v.top+room]
	}
	return box.Frame(v.s.Theme, title, append(body, foot...), w, v.h)
}

func (v *View) body(w int) []string {
	t := v.s.Theme
	var lines []string
	add := func(role theme.Role, s string) {
		for _, l := range box.Wrap(s, w) {
			lines = append(lines, t.Paint(role, l))
		}
	}
	if why := v.lost(); why != "" && !v.call.Running() {
		add(theme.Bad, t.Glyphs.Cross+" Nothing can be merged here: "+why+".")
	}
	switch {
	case v.busy:
		add(theme.Waits, "Checking the chain.")
	case v.judged.err != nil:
		add(theme.Bad, refusal(v.judged.err, v.judged.file))
		add(theme.Text, "Paste again, or read a file with f. Nothing was sent.")
		if v.judged.verdict != nil {
			add(theme.Text, "What was there before:")
			lines = append(lines, v.verdict(w)...)
		}
	case v.judged.verdict == nil:
		add(theme.Text, "Paste the signed certificate and its chain, in any order and any form; or read a file with f.")
		add(theme.Faint, "Several pastes one after another are put together. Nothing is sent before you saw the verdict.")
		if v.s.Desk.Target(v.ref.Target).Info.Sandbox {
			add(theme.Sandbox, "In the sandbox its own CA signs a CSR that was saved (s):  certty sandbox sign "+v.ref.Key+".csr >chain.pem")
		}
	default:
		lines = append(lines, v.verdict(w)...)
	}
	return lines
}

// refusal explains in words why nothing of a paste, or of a file, can be used.
func refusal(err error, file bool) string {
	switch {
	case errors.Is(err, x5c.ErrPrivateKey) && file:
		return "That file holds a private key; nothing of it was kept. A merge needs certificates only: the key of this request was made in the vault. A certificate with a key of its own is brought in by import (" + keys.Import.Label() + " on the board)."
	case errors.Is(err, x5c.ErrPrivateKey):
		return "That holds a private key. It was forgotten at once and is stored nowhere here; whoever else saw the clipboard may have it. A merge needs certificates only."
	}
	return view.Clean(err.Error())
}

func (v *View) verdict(w int) []string {
	t := v.s.Theme
	var lines []string
	var notes strings.Builder
	notes.WriteString(fmt.Sprintf("%d bytes", v.judged.bundle.Bytes))
	for _, note := range v.judged.bundle.Notes {
		notes.WriteString(", " + view.Clean(note))
	}
	for _, l := range box.Wrap(notes.String(), w) {
		lines = append(lines, t.Paint(theme.Faint, l))
	}
	lines = append(lines, "")
	for i, link := range v.judged.verdict.Links {
		lines = append(lines, chainLine(t, i+1, link, v.judged.verdict.OK, w))
	}
	for _, link := range v.judged.verdict.Unused {
		lines = append(lines, t.Paint(theme.Faint, " -  not part of the chain  "+link.Name))
	}
	lines = append(lines, "")
	if words := v.ownerWords(); words != "" {
		for _, l := range box.Wrap(t.Glyphs.Cross+" "+words, w) {
			lines = append(lines, t.Paint(theme.Bad, l))
		}
		if v.whyNotThere() == "" {
			lines = append(lines, "  Go there: "+t.Paint(theme.Key, keys.GoThere.Label()))
		}
	}
	if words, wrong := v.orderWords(); wrong {
		for _, l := range box.Wrap(words, w) {
			lines = append(lines, t.Paint(theme.Warn, l))
		}
	}
	for _, c := range failuresFirst(v.judged.verdict.Checks) {
		sign, role := level(t, c.Level)
		for i, l := range box.Wrap(c.Text, w-2) {
			if i > 0 {
				sign = " "
			}
			lines = append(lines, t.Paint(role, sign+" "+l))
		}
	}
	return lines
}

// failuresFirst moves what stands in the way to the top; the rest keeps its
// order.
func failuresFirst(checks []x5c.Check) []x5c.Check {
	checks = slices.Clone(checks)
	slices.SortStableFunc(checks, func(a, b x5c.Check) int {
		return cmp.Compare(rank(a.Level), rank(b.Level))
	})
	return checks
}

func rank(l x5c.Level) int {
	if l == x5c.Fail {
		return 0
	}
	return 1
}

// chainLine says of a certificate what matters: of the root of a chain that can
// be sent how it is sent, of every other one when it is valid.
func chainLine(t *theme.Theme, n int, link x5c.Link, sendable bool, w int) string {
	const role, key, dates = 14, 11, 24
	head := fmt.Sprintf(" %d  ", n) + box.Fit(string(link.Role), role, "")
	tail := "  " + box.Fit(link.KeyType, key, "")
	if link.Sent || !sendable {
		tail += timetext.Day(link.NotBefore) + " " + t.Glyphs.Ellipsis + " " + timetext.Day(link.NotAfter)
	} else {
		tail = "  " + box.Fit("not sent (r sends it)", key+dates, "")
	}
	room := max(8, w-len(head)-key-dates-2)
	return head + box.Fit(link.Name, room, t.Glyphs.Ellipsis) + tail
}

func level(t *theme.Theme, l x5c.Level) (string, theme.Role) {
	switch l {
	case x5c.OK:
		return t.Glyphs.Check, theme.Good
	case x5c.Warn:
		return t.Glyphs.Warn, theme.Warn
	default:
		return t.Glyphs.Cross, theme.Bad
	}
}

// footer says what can be done now.
func (v *View) footer(w int) []string {
	t := v.s.Theme
	switch {
	case v.call.Running():
		return []string{"", t.Paint(theme.Waits, "Sent; waiting for the vault's answer.")}
	case v.busy || v.judged.verdict == nil:
		return nil
	case v.whyNoSend() == "":
		lines := append([]string{""}, box.Wrap(v.sends(), w)...)
		return append(lines, t.Paint(theme.Key, t.Glyphs.Enter)+" goes on to the last question")
	}
	return []string{"", t.Paint(theme.Bad, box.Fit("This can't be merged. Nothing was sent.", w, t.Glyphs.Ellipsis))}
}
