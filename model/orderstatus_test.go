package model_test

import (
	"testing"
	"time"

	"certty/model"
)

// TestOrderStatus is the table of what a row of a CA account needs, and of whom.
func TestOrderStatus(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	order := func(phase model.OrderPhase, change ...func(*model.Order)) *model.Order {
		o := &model.Order{ID: "7", Status: "x", Phase: phase, Issued: ago(60), Expires: ago(-139)}
		for _, c := range change {
			c(o)
		}
		return o
	}
	record := func(step model.RecordStep) *model.Record { return &model.Record{Step: step, StepAt: ago(1)} }
	expires := func(at time.Time) func(*model.Order) { return func(o *model.Order) { o.Expires = at } }
	renewed := func(o *model.Order) { o.Renewed = true }
	for name, test := range map[string]struct {
		item     model.Item
		state    model.State
		severity model.Severity
		next     string
		who      model.Actor
	}{
		"not read yet":          {model.Item{Order: &model.Order{ID: "7"}}, model.StateUnknown, model.SeverityOthers, "read status", model.ActorAccount},
		"an unknown status":     {model.Item{Order: order(model.OrderUnknown)}, model.StateUnknown, model.SeverityOthers, "read status", model.ActorYou},
		"requested":             {model.Item{Order: order(model.OrderRequested)}, model.StateWaitsApproval, model.SeverityOthers, "approve", model.ActorApprover},
		"approved":              {model.Item{Order: order(model.OrderApproved)}, model.StateInProgress, model.SeverityOthers, "wait", model.ActorAccount},
		"applied":               {model.Item{Order: order(model.OrderApplied)}, model.StateInProgress, model.SeverityOthers, "wait", model.ActorCA},
		"applied, proof is due": {model.Item{Order: order(model.OrderApplied, func(o *model.Order) { o.Validation = &model.OrderValidation{Domains: []model.DomainValidation{{}}} })}, model.StateWaitsValidation, model.SeverityOthers, "publish the record", model.ActorDNS},
		"applied, proof is there": {model.Item{Order: order(model.OrderApplied, func(o *model.Order) {
			o.Validation = &model.OrderValidation{Domains: []model.DomainValidation{{Valid: true}}}
		})}, model.StateInProgress, model.SeverityOthers, "wait", model.ActorCA},
		"rejected":                {model.Item{Order: order(model.OrderRejected)}, model.StateFailed, model.SeverityFailed, "read reason", model.ActorCA},
		"invalid":                 {model.Item{Order: order(model.OrderInvalid)}, model.StateFailed, model.SeverityFailed, "read reason", model.ActorYou},
		"declined":                {model.Item{Order: order(model.OrderDeclined)}, model.StateCancelled, model.SeverityQuiet, "", model.ActorNobody},
		"revoked":                 {model.Item{Order: order(model.OrderRevoked)}, model.StateRevoked, model.SeverityQuiet, "", model.ActorNobody},
		"replaced":                {model.Item{Order: order(model.OrderReplaced)}, model.StateReplaced, model.SeverityQuiet, "", model.ActorNobody},
		"issued":                  {model.Item{Order: order(model.OrderIssued)}, model.StateValid, model.SeverityQuiet, "", model.ActorNobody},
		"expired yesterday":       {model.Item{Order: order(model.OrderExpired, expires(ago(1)))}, model.StateExpired, model.SeverityFailed, "renew", model.ActorYou},
		"expired, still issued":   {model.Item{Order: order(model.OrderIssued, expires(ago(1)))}, model.StateExpired, model.SeverityFailed, "renew", model.ActorYou},
		"expired and renewed":     {model.Item{Order: order(model.OrderExpired, expires(ago(1)), renewed)}, model.StateExpired, model.SeverityQuiet, "", model.ActorNobody},
		"expired long ago":        {model.Item{Order: order(model.OrderExpired, expires(ago(31)))}, model.StateExpired, model.SeverityQuiet, "", model.ActorNobody},
		"ends soon, start untold": {model.Item{Order: order(model.OrderIssued, expires(ago(-10)))}, model.StateExpires, model.SeverityExpires, "renew", model.ActorYou},
		"ends soon, renewed":      {model.Item{Order: order(model.OrderIssued, expires(ago(-10)), renewed)}, model.StateValid, model.SeverityQuiet, "", model.ActorNobody},
		"ends never, as told":     {model.Item{Order: order(model.OrderIssued, expires(time.Time{}))}, model.StateValid, model.SeverityQuiet, "", model.ActorNobody},

		"prepared":           {model.Item{Record: record(model.StepPrepared)}, model.StateInProgress, model.SeverityYou, "order", model.ActorYou},
		"sending":            {model.Item{Record: record(model.StepSending)}, model.StateInProgress, model.SeverityOthers, "wait", model.ActorAccount},
		"refused":            {model.Item{Record: record(model.StepRefused)}, model.StateFailed, model.SeverityFailed, "read reason", model.ActorYou},
		"undecided":          {model.Item{Record: record(model.StepUndecided)}, model.StateUnknown, model.SeverityFailed, "decide", model.ActorYou},
		"doubled, and there": {model.Item{Record: record(model.StepDoubled), Order: order(model.OrderIssued)}, model.StateUnknown, model.SeverityFailed, "decide", model.ActorYou},
		"to be collected":    {model.Item{Record: record(model.StepPlaced), Order: order(model.OrderIssued)}, model.StateCompleted, model.SeverityOthers, "collect", model.ActorAccount},
		"without keystore": {
			model.Item{Record: &model.Record{Step: model.StepCollected, Keystore: model.KeystoreWaits}, Order: order(model.OrderIssued)},
			model.StateCompleted, model.SeverityYou, "make keystore", model.ActorYou,
		},
		"files due": {
			model.Item{Record: &model.Record{Step: model.StepCollected, Files: model.FilesDue}, Order: order(model.OrderIssued)},
			model.StateValid, model.SeverityQuiet, "", model.ActorNobody,
		},
		"files that can't be written": {
			model.Item{Record: &model.Record{Step: model.StepCollected, Files: model.FilesDue, Keystore: model.KeystoreWaits, Trouble: "no folder"}, Order: order(model.OrderIssued)},
			model.StateCompleted, model.SeverityYou, "read reason", model.ActorYou,
		},
		"files held back": {
			model.Item{Record: &model.Record{Step: model.StepCollected, Files: model.FilesWithheld, Trouble: "no key"}, Order: order(model.OrderIssued)},
			model.StateCompleted, model.SeverityYou, "check its key", model.ActorYou,
		},
		"held back and deleted here": {
			model.Item{Record: &model.Record{Step: model.StepCollected, Files: model.FilesWithheld, DeletedAt: now}, Order: order(model.OrderIssued)},
			model.StateValid, model.SeverityQuiet, "", model.ActorNobody,
		},
	} {
		t.Run(name, func(t *testing.T) {
			test.item.Ref = model.Ref{Target: "acme", Kind: model.KindCertificate, Key: "7"}
			if test.item.Order != nil && test.item.Order.Phase != model.OrderUnknown {
				test.item.RequestReadAt = now
			}
			st := test.item.Status(now)
			if st.State != test.state || st.Severity != test.severity || st.Next != test.next || st.Who != test.who {
				t.Errorf("%q, %d, %q, %q; want %q, %d, %q, %q", st.State, st.Severity, st.Next, st.Who, test.state, test.severity, test.next, test.who)
			}
		})
	}
}

// TestOrderSince: the account tells days, and an order that was placed here is no
// older than that.
func TestOrderSince(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	today, sent := now.Truncate(24*time.Hour), now.Add(-time.Minute)
	for name, test := range map[string]struct {
		record *model.Record
		order  model.Order
		want   time.Time
	}{
		"placed here":         {&model.Record{SentAt: sent}, model.Order{Phase: model.OrderRequested, Requested: today}, sent},
		"issued at once":      {&model.Record{SentAt: sent, Step: model.StepCollected}, model.Order{Phase: model.OrderIssued, Issued: today, Expires: today.AddDate(0, 6, 0)}, sent},
		"placed there":        {nil, model.Order{Phase: model.OrderRequested, Requested: today}, today},
		"taken over":          {&model.Record{SentAt: sent, Imported: true}, model.Order{Phase: model.OrderRequested, Requested: today}, today},
		"a moment":            {&model.Record{SentAt: sent}, model.Order{Phase: model.OrderRequested, Requested: today.Add(time.Hour)}, today.Add(time.Hour)},
		"not told":            {&model.Record{SentAt: sent}, model.Order{Phase: model.OrderRequested}, time.Time{}},
		"a clock that is off": {&model.Record{SentAt: sent}, model.Order{Phase: model.OrderRequested, Requested: today.AddDate(0, 0, -40)}, today.AddDate(0, 0, -40)},
	} {
		test.order.ID, test.order.Status = "7", "x"
		it := model.NewSnapshot("acme", nil, time.Time{}).Merge(ordered(model.FieldOrder, now, test.order, model.Certificate{})).Get("7")
		it.Record = test.record
		if st := it.Status(now); !st.Since.Equal(test.want) {
			t.Errorf("%s: since %s, want %s", name, st.Since, test.want)
		}
	}
}

// TestOrderLife: the share of life that is left, and that a beginning which is
// not told is no beginning in the year 1.
func TestOrderLife(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	o := &model.Order{ID: "7", Status: "Issued", Phase: model.OrderIssued, Expires: now.AddDate(0, 0, 100)}
	it := model.Item{Order: o, RequestReadAt: now, Certificate: model.Certificate{Issued: true, NotBefore: now.AddDate(0, 0, -100), NotAfter: o.Expires}}
	if st := it.Status(now); st.LifeLeft < 0.49 || st.LifeLeft > 0.51 || st.State != model.StateValid {
		t.Errorf("%+v", st)
	}
	it.Certificate.NotBefore = time.Time{}
	if st := it.Status(now); st.LifeLeft != -1 || st.State != model.StateValid {
		t.Errorf("%+v", st)
	}
}
