package order

import (
	"errors"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/backend/repository"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/problem"
	"certty/ui/view/sheet"
)

// keptButPasswords says what is left of a form after a call that was refused.
const keptButPasswords = "What you typed is kept, but for the passwords."

// ordered is the newest record of an order for the key of a CSR; nil where none
// is known, or where the last one was refused.
func ordered(s *view.Session, target string, csr []byte) *model.Record {
	key := keyPart(csr)
	if key == "" {
		return nil
	}
	var last *model.Record
	for _, row := range s.Data.Rows() {
		r := row.Item.Record
		if row.Item.Ref.Target == target && r != nil && strings.HasPrefix(r.Reference, key) && (last == nil || r.Attempt > last.Attempt) {
			last = r
		}
	}
	if last == nil || last.Step == model.StepRefused {
		return nil
	}
	record := *last
	return &record
}

// keyPart is what the references of all orders for the key of a CSR begin with;
// "" without a CSR that can be read.
func keyPart(csr []byte) string {
	if len(csr) == 0 {
		return ""
	}
	first, err := model.OrderReference(csr, 1)
	if err != nil {
		return "" // the form said so
	}
	return first[:strings.LastIndexByte(first, ':')+1]
}

// there is the way to the row of a record; nil where no screen can show it.
func there(s *view.Session, target string, r *model.Record) []keys.Action {
	if s.Detail == nil {
		return nil
	}
	def := keys.GoThere
	def.Long = "go to that order"
	ref := model.Ref{Target: target, Kind: model.KindCertificate, Key: r.Key}
	return []keys.Action{{Def: def, Run: func() tea.Cmd { return s.Host.Open(s.Detail(ref)) }}}
}

// nameOf is what an order is called: by its id, once it has one.
func nameOf(r *model.Record) string {
	if r.Key == r.Reference || strings.HasPrefix(r.Key, "renew:") {
		return "for " + view.Clean(r.CommonName)
	}
	return r.Key + " for " + view.Clean(r.CommonName)
}

// held is the card when the key of a CSR was ordered for already. Where that
// order can't be placed any more, it can be ordered once more.
func (v *Order) held(r model.Record) *sheet.Card {
	return sheet.NewCard(v.s, func() sheet.Situation {
		now := sheet.Situation{
			Title: "This key was ordered for already",
			Text:  fmt.Sprintf("The order %s has this key. %s Nothing was sent.", nameOf(&r), r.Stands()),
			Ways:  there(v.s, v.cat.target, &r),
			Leave: "back to the form; what you typed is kept",
		}
		switch r.Step {
		case model.StepPrepared:
			now.Ways = append(now.Ways, v.placing(&r))
		case model.StepPlaced, model.StepCollected:
			again := keys.OrderTwice
			again.Long = "order for this key once more; it costs another certificate"
			now.Ways = append(now.Ways, keys.Action{Def: again, Run: func() tea.Cmd { return v.ask(true) }})
		case model.StepSending, model.StepUndecided, model.StepDoubled, model.StepRefused, model.StepUnreadable:
		}
		return now
	})
}

// placing sends an order that is written down, after a question.
func (v *Order) placing(r *model.Record) keys.Action {
	ref := model.Ref{Target: v.cat.target, Kind: model.KindCertificate, Key: r.Key}
	def := keys.Place
	def.Long = "send it now, as it is written down"
	return keys.Action{Def: def, Run: func() tea.Cmd {
		return v.s.Host.Open(newPlacing(v.s, ref, r))
	}}
}

// refused explains why an order failed. The form stays only where another try
// is no second order.
func (v *Order) refused(msg view.OpDone) view.View {
	if held, ok := errors.AsType[*repository.HeldError](msg.Err); ok {
		return v.held(held.Record)
	}
	if begun, ok := errors.AsType[*begunError](msg.Err); ok {
		return v.beside(begun.record, true)
	}
	switch {
	case msg.Record.Step == model.StepPrepared:
		v.s.Host.Close(v)
		return v.prepared(msg)
	case uncertain(msg):
		v.s.Host.Close(v)
		return uncertainCard(v.s, v.cat.target, msg)
	}
	kept := keptButPasswords
	if msg.Record.Step == model.StepRefused {
		kept = "Nothing was ordered. " + kept
	}
	return problem.New(v.s, msg.Err, kept).About(view.Clean(msg.Ref.Key))
}

// uncertain reports whether an order may have been placed.
func uncertain(msg view.OpDone) bool {
	switch msg.Record.Step {
	case model.StepSending, model.StepUndecided, model.StepDoubled:
		return true
	default:
		return backend.KindOf(msg.Err) == backend.KindUncertain
	}
}

// prepared is the card of an order that is written down and was not sent.
func (v *Order) prepared(msg view.OpDone) *sheet.Card {
	r := msg.Record
	return sheet.NewCard(v.s, func() sheet.Situation {
		return sheet.Situation{
			Title: "Not sent: the order " + nameOf(&r),
			Text: "Nothing was sent. " + backend.AdviceFor(msg.Err).Cause + " (" + view.Clean(msg.Err.Error()) + ") " +
				"The order is written down with everything that it needs, and stands among the rows. A second one from a new form would be another order.",
			Ways:  append([]keys.Action{v.placing(&r)}, there(v.s, v.cat.target, &r)...),
			Leave: "leave it there; it can be sent from its row",
		}
	})
}

// uncertainCard says of an order that it may have been placed.
func uncertainCard(s *view.Session, target string, msg view.OpDone) *sheet.Card {
	r := msg.Record
	if r.Key == "" {
		r.Key, r.CommonName = msg.Ref.Key, msg.Ref.Key
	}
	trace := "its reference"
	if r.Reference != "" {
		trace = "its reference " + r.Reference
	} else if r.Renews != "" {
		trace = "the order " + r.Renews + " that it renews"
	}
	return sheet.NewCard(s, func() sheet.Situation {
		return sheet.Situation{
			Title: "It may have been ordered: " + view.Clean(r.CommonName),
			Text: "The order left this machine, and what came back does not say whether it was placed. It is looked for by itself, by " + trace +
				", and its row says what was found. Nothing is sent again. Do not order it once more before that: it would cost another certificate. " +
				"If nothing is found for 20 minutes, you are asked to decide.\n\n" + view.Clean(msg.Err.Error()),
			Ways:  there(s, target, &r),
			Leave: "leave it to certty",
		}
	})
}
