package order

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend/repository"
	"certty/model"
	"certty/model/effect"
	"certty/ui/view"
	"certty/ui/view/problem"
	"certty/ui/view/sheet"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
)

// Renew is the form of a renewal.
type Renew struct {
	successor
}

// NewRenew opens the form that renews the order of a row, which was read; where an
// order from here renews it already, what says so.
func NewRenew(s *view.Session, row view.Row) view.View {
	if r := renewing(s, row.Item.Ref); r != nil {
		return renewed(s, row.Item.Ref.Target, r)
	}
	v := &Renew{successor: newSuccessor(s, row)}
	v.Sheet = sheet.New(s, sheet.Def{
		View: v, Submit: "renew", From: "SCM's", Head: v.head, Filled: v.filled, Refused: v.refused,
		Title: func() string { return "Renew " + view.Called(row.Item) },
	})
	v.key.renews = true
	v.key.took = func(*request) {}
	v.build("Renew", v.key.fields())
	v.Form.CheckWith(func(value form.Values) map[string]string {
		wrong := faults{}
		deployment(value, v.files, wrong)
		v.key.check(value, wrong)
		v.checkKey(wrong)
		v.checkNames(wrong)
		checkDCV(value, wrong, append(slices.Clone(row.Item.Order.SANs), row.Item.Order.CommonName)...)
		return wrong
	})
	return v
}

// Update fills the form in, and follows what it needs and the call.
func (v *Renew) Update(msg tea.Msg) tea.Cmd { return v.update(msg, v.filled) }

// head says what a renewal does, before anything is filled in.
func (v *Renew) head(w int) []string {
	return append(sheet.Facts(append(v.facts(), sheet.Fact{Name: "old certificate", Value: effect.Succeeded(v.item.Order)}), w+4), "")
}

// checkNames holds a CSR to the name of the order: a renewal keeps it.
func (v *Renew) checkNames(wrong faults) {
	if csr := v.key.csr; v.key.der() != nil && !strings.EqualFold(csr.common(), v.item.Order.CommonName) {
		wrong.add(keyField(v.key.source()), fmt.Sprintf("the CSR is for %s; a renewal keeps the name %s", csr.common(), v.item.Order.CommonName))
	}
}

func (v *Renew) filled() tea.Cmd {
	o, want := v.item.Order, v.want()
	facts := []sheet.Fact{{Name: "order", Value: o.ID + " for " + o.CommonName}, {Name: "old certificate", Value: effect.Succeeded(v.item.Order)}}
	facts = append(facts, v.key.facts()...)
	if v.key.source() == fromOld {
		facts = append(facts, sheet.Fact{Name: "old key", Value: effect.OldKey(v.item.Record)})
	}
	facts = append(facts, sheet.Fact{Name: "term", Value: effect.RenewedTerm(o, v.cat.account.Profile(o.ProfileID), v.s.Data.Now)})
	if v.key.der() != nil {
		if missing := model.Lacking(append(slices.Clone(v.key.csr.names), v.key.csr.common()), append(slices.Clone(o.SANs), o.CommonName)); len(missing) > 0 {
			facts = append(facts, sheet.Fact{Name: "careful", Value: "the CSR lacks " + strings.Join(missing, ", ") + ", which the old certificate has"})
		}
	}
	if why := v.gone(); why != "" {
		facts = append(facts, sheet.Fact{Name: "careful", Value: why})
	}
	facts = append(facts, dcvFacts(dcvOf(v.Form.Value))...)
	facts = append(facts, fileFacts(want.Deploy)...)
	facts = append(facts,
		sheet.Fact{Name: "costs", Value: "one certificate of the contract"},
		sheet.Fact{Name: "then", Value: "a new order with an id of its own, which an administrator of the account may have to approve. certty collects its certificate by itself."})
	w, _ := v.Size()
	lines := append(sheet.Facts(facts, w), "", "Sends: POST /ssl/v1/renewById/"+o.ID+", once")
	q := confirm.Question{Title: "Renew " + view.Called(v.item), Lines: lines, Yes: "Renew", No: "Back"}
	return v.Ask(q, func() (uint64, tea.Cmd) {
		want.Password = v.key.password()
		want.CommonName, want.SANs = o.CommonName, o.SANs
		return v.s.Desk.Renew(v.ref, want)
	})
}

// gone says of an order whose profile can't be ordered any more that it may be
// refused.
func (v *Renew) gone() string {
	if !v.cat.known {
		return ""
	}
	return effect.ProfileGone(&v.cat.account, v.item.Order.ProfileID)
}

// refused explains why a renewal failed. Where it may have been ordered, the
// form closes.
func (v *Renew) refused(msg view.OpDone) view.View {
	if held, ok := errors.AsType[*repository.HeldError](msg.Err); ok {
		return renewed(v.s, v.ref.Target, &held.Record)
	}
	if uncertain(msg) {
		v.s.Host.Close(v)
		return uncertainCard(v.s, v.ref.Target, msg)
	}
	kept := keptButPasswords
	if msg.Record.Step == model.StepRefused {
		kept = "Nothing was ordered. " + kept
	}
	return problem.New(v.s, msg.Err, kept)
}

// renewing is the record of an order from here that renews the one of a row; nil
// where there is none, or where it was refused.
func renewing(s *view.Session, ref model.Ref) *model.Record {
	for _, row := range slices.Concat(s.Data.Rows(), s.Data.Deleted()) {
		r := row.Item.Record
		if row.Item.Ref.Target == ref.Target && r != nil && r.Renews == ref.Key && r.Step != model.StepRefused {
			record := *r
			return &record
		}
	}
	return nil
}

// renewed is the card of an order that another one from here renews already.
func renewed(s *view.Session, target string, r *model.Record) view.View {
	return sheet.NewCard(s, func() sheet.Situation {
		return sheet.Situation{
			Title: "It is being renewed already",
			Text:  fmt.Sprintf("The order %s renews it. %s Nothing was sent.", nameOf(r), r.Stands()),
			Ways:  there(s, target, r), Leave: "back",
		}
	})
}
