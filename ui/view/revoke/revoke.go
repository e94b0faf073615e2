package revoke

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/model/timetext"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
)

const (
	fieldReason  = "reason"
	fieldMessage = "message"
)

const effect = "Every client will refuse it within hours. This cannot be undone."

// View is the open form. What it revokes is the certificate that was on the
// screen when it was opened, whichever the order has by now.
type View struct {
	*sheet.Sheet
	s   *view.Session
	row view.Row
	// why says what led here, besides the wish to revoke.
	why string
}

// New opens the form for the certificate of a row's order.
func New(s *view.Session, row view.Row) *View { return NewBecause(s, row, "") }

// NewBecause is [New] for somebody who came from elsewhere; why says how.
func NewBecause(s *view.Session, row view.Row, why string) *View {
	v := &View{s: s, row: row, why: why}
	v.Sheet = sheet.New(s, sheet.Def{
		View: v, Title: func() string { return "Revoke " + view.Called(row.Item) },
		Submit: "revoke", From: "SCM's", Head: v.head, Filled: v.filled, Refused: v.refused,
	})
	var reasons []string
	for _, r := range model.RevocationReasons() {
		reasons = append(reasons, r.String())
	}
	v.Form = form.New(s.Theme, "Revoke", "Back",
		form.Field{ID: fieldReason, Label: "Reason", Options: reasons, Hint: "it stands in the CA's list for everybody to read",
			Note: func(value func(string) string) string {
				if value(fieldReason) == model.ReasonKeyCompromise.String() {
					return "The CA may refuse every other certificate with this key."
				}
				return ""
			}},
		sheet.Message(fieldMessage, "Message", "kept at the account: what happened"))
	return v
}

// facts say which certificate is meant, for a question on a screen of w cells.
func (v *View) facts(w int) []sheet.Fact {
	it := v.row.Item
	room := sheet.Room(w)
	facts := []sheet.Fact{{Name: "serial", Value: evenly(model.SerialPairs(it.Certificate.Serial), room)}}
	if sum := it.Certificate.Fingerprint(); sum != "" {
		facts = append(facts, sheet.Fact{Name: "sha256", Value: evenly(sum, room)})
	} else {
		facts = append(facts, sheet.Fact{Name: "sha256", Value: "not known here: the certificate was not collected"})
	}
	var issued, until string
	if o := it.Order; o != nil {
		if len(o.SANs) > 1 || len(o.SANs) == 1 && o.SANs[0] != o.CommonName { // the title says that one
			facts = append(facts, sheet.Fact{Name: "names", Value: strings.Join(o.SANs, ", ")})
		}
		if !o.Issued.IsZero() {
			issued = timetext.Moment(o.Issued)
		}
	}
	if !it.Certificate.NotAfter.IsZero() {
		until = "until " + timetext.Moment(it.Certificate.NotAfter)
	}
	if issued != "" || until != "" {
		facts = append(facts, sheet.Fact{Name: "issued", Value: strings.Trim(issued+", "+until, ", ")})
	}
	return facts
}

// evenly breaks digits that are compared by eye into lines of equal length, at
// most w cells wide, and between pairs.
func evenly(digits string, w int) string {
	lines := (len(digits) + w - 1) / max(1, w)
	if lines < 2 {
		return digits
	}
	unit := len("0a")
	if strings.Contains(digits, ":") {
		unit = len("0A:")
	}
	most := (len(digits) + lines - 1) / lines
	most = (most + unit - 1) / unit * unit
	var out []string
	for len(digits) > most {
		out, digits = append(out, digits[:most]), digits[most:]
	}
	return strings.Join(append(out, digits), "\n")
}

func (v *View) head(w int) []string {
	lines := sheet.Facts(v.facts(w+4), w+4)
	for _, l := range box.Wrap(effect, w) {
		lines = append(lines, v.s.Theme.Paint(theme.Bad, l))
	}
	if v.why != "" {
		lines = append(lines, box.Wrap(v.why, w)...)
	}
	return append(lines, "")
}

func (v *View) reason() model.RevocationReason {
	for _, r := range model.RevocationReasons() {
		if r.String() == v.Form.Value(fieldReason) {
			return r
		}
	}
	return model.ReasonUnspecified
}

func (v *View) filled() tea.Cmd {
	ref := v.row.Item.Ref
	ref.Revision = v.row.Item.Certificate.Serial
	want := model.Revocation{Reason: v.reason(), Message: v.Form.Value(fieldMessage)}
	typed, label := view.TypedName(v.row.Item)
	w, _ := v.Size()
	lines := sheet.Facts(append(v.facts(w), sheet.Fact{Name: "reason", Value: want.Reason.String()}, sheet.Fact{Name: "message", Value: want.Message}), w)
	lines = append(lines, "", effect)
	if v.why != "" {
		lines = append(lines, v.why)
	}
	lines = append(lines, "", "Sends: POST /ssl/v1/revoke/"+ref.Key+" to "+v.s.Desk.Target(ref.Target).Info.Address)
	return v.Ask(confirm.Question{
		Title: "Revoke " + view.Called(v.row.Item), Lines: lines, Yes: "Revoke", No: "Back", Typed: typed, TypedLabel: label,
	}, func() (uint64, tea.Cmd) { return v.s.Desk.Revoke(ref, want) })
}

// refused explains that the order has another certificate by now, and leads to
// that one. Everything else is explained in words.
func (v *View) refused(msg view.OpDone) view.View {
	if backend.KindOf(msg.Err) != backend.KindGone {
		return nil
	}
	confirmed := v.row.Item.Certificate.Serial
	ref := v.row.Item.Ref
	return sheet.NewCard(v.s, func() sheet.Situation {
		now := sheet.Situation{
			Title: "Not revoked: " + view.Called(v.row.Item),
			Text: "The order has another certificate by now than the one that you confirmed, serial " + model.SerialPairs(confirmed) +
				". It was replaced meanwhile. Nothing was revoked. " + sheet.Kept,
			Leave: "leave everything as it is",
		}
		row, ok := v.s.Data.Row(ref)
		if !ok || row.Item.Certificate.Serial == "" || row.Item.Certificate.Serial == confirmed {
			return now
		}
		again := keys.Revoke
		again.Long = "revoke the one that stands there now, serial " + model.SerialPairs(row.Item.Certificate.Serial)
		now.Ways = []keys.Action{{Def: again, Run: func() tea.Cmd {
			v.s.Host.Close(v)
			next := New(v.s, row)
			next.Form.Set(fieldReason, v.Form.Value(fieldReason))
			next.Form.Set(fieldMessage, v.Form.Value(fieldMessage))
			return v.s.Host.Open(next)
		}}}
		return now
	})
}
