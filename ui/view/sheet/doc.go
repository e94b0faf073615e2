// Package sheet is the one course that every form takes which ends in a
// changing call:
//
//	fields -> summary -> question, on No -> call
//	  -> done: the sheet closes, and the root says what was done
//	  -> refused: a card says why; the fields are as they were typed
//
// Nothing is sent before the question was answered with yes, and nothing that
// was typed is lost before the call succeeded. While the call runs the fields
// take nothing, and esc leaves; the call goes on, and the root tells its end.
//
// # A new form
//
// A screen embeds a [Sheet] and says in a [Def] what is its own. It is a
// [view.View] by that; it defines Update itself only where it follows more than
// keys, pastes and its call.
//
//	type Renew struct {
//		*sheet.Sheet
//		s   *view.Session
//		ref model.Ref
//	}
//
//	func NewRenew(s *view.Session, row view.Row) *Renew {
//		v := &Renew{s: s, ref: row.Item.Ref}
//		v.Sheet = sheet.New(s, sheet.Def{
//			View: v, Submit: "renew", From: "SCM's",
//			Title:  func() string { return "Renew " + v.ref.Key },
//			Filled: v.filled,
//		})
//		v.Form = form.New(s.Theme, "Renew", "Back", fields...)
//		return v
//	}
//
//	func (v *Renew) filled() tea.Cmd {
//		if row, ok := inTheWay(v.s, v.ref); ok {
//			return v.s.Host.Open(sheet.NewCard(v.s, ...)) // nothing is sent
//		}
//		want := read(v.Form.Value)
//		return v.Ask(question(v.ref, want), func() (uint64, tea.Cmd) {
//			return v.s.Desk.Renew(v.ref, want)
//		})
//	}
//
// What is wrong with a field is said at the field ([form.Field.Check],
// [form.Form.CheckWith]), what is wrong with all of them by [Sheet.Complain]. A
// summary is made of [Facts]. A refusal is explained in words by itself; where
// there are ways out, Def.Refused gives a [Card] with them. A sheet that has to
// read something first leaves Form nil until it is there.
//
// A question without fields is an [certty/ui/view/ask.View]; a view that waits
// for a call in another way than a sheet keeps a [Call].
package sheet
