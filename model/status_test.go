package model_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"certty/model"
)

func TestStatus(t *testing.T) {
	const day = 24 * 60
	issued := model.Certificate{Issued: true, Enabled: true, Thumbprint: "1", NotBefore: at(-40 * day), NotAfter: at(60 * day), Created: at(-40 * day), Updated: at(-3 * day)}
	with := func(change func(*model.Certificate)) model.Certificate {
		c := issued
		change(&c)
		return c
	}
	pending := model.Certificate{Created: at(-3 * day), Updated: at(-2 * day)}
	short := with(func(c *model.Certificate) { c.NotBefore, c.NotAfter = at(-81*day), at(19*day) })
	expired := with(func(c *model.Certificate) { c.NotAfter = noon })
	fresh := with(func(c *model.Certificate) { c.Created, c.NotBefore = at(-60), at(-60) })
	req := func(status, issuer string, since time.Time, change func(*model.Request)) *model.Request {
		r := &model.Request{ID: "r", Status: status, Phase: model.ParsePhase(status), Issuer: model.Issuer{Name: issuer}, Since: since}
		if change != nil {
			change(r)
		}
		return r
	}
	gone := func(r *model.Request) { r.Gone = true }
	cancelAsked := func(r *model.Request) { r.CancelAsked = true }
	code := func(code string) func(*model.Request) { return func(r *model.Request) { r.ErrorCode = code } }

	tests := []struct {
		name string
		cert model.Certificate
		req  *model.Request
		want model.Status // State, Severity, Next, Who, Since
	}{
		{"valid", issued, nil, model.Status{State: model.StateValid, Severity: model.SeverityQuiet, Since: issued.Created}},
		{"a fifth of its life left", short, nil, model.Status{State: model.StateExpires, Severity: model.SeverityExpires, Next: "renew", Who: model.ActorYou, Since: issued.Created}},
		{"exactly a fifth left", with(func(c *model.Certificate) { c.NotBefore, c.NotAfter = at(-80*day), at(20*day) }), nil, model.Status{State: model.StateValid, Severity: model.SeverityQuiet, Since: issued.Created}},
		{"expired this second", expired, nil, model.Status{State: model.StateExpired, Severity: model.SeverityFailed, Next: "renew", Who: model.ActorYou, Since: noon}},
		{"disabled", with(func(c *model.Certificate) { c.Enabled, c.NotAfter = false, noon }), nil, model.Status{State: model.StateDisabled, Severity: model.SeverityQuiet, Since: issued.Updated}},
		{"dates that make no sense", with(func(c *model.Certificate) { c.NotBefore = at(90 * day) }), nil, model.Status{State: model.StateValid, Severity: model.SeverityQuiet, Since: issued.Created}},

		{"waits for the merge", pending, req("inProgress", "Unknown", at(-9), nil), model.Status{State: model.StateWaitsMerge, Severity: model.SeverityYou, Next: "merge", Who: model.ActorYou, Since: pending.Created}},
		{"waits for the merge, no issuer told", pending, req("inProgress", "", at(-9), nil), model.Status{State: model.StateWaitsMerge, Severity: model.SeverityYou, Next: "merge", Who: model.ActorYou, Since: pending.Created}},
		{"renewal waits for the merge", short, req("inProgress", "unknown", at(-9), nil), model.Status{State: model.StateWaitsMerge, Severity: model.SeverityYou, Next: "merge", Who: model.ActorYou, Since: at(-9)}},
		{"the vault signs", pending, req("InProgress", "self", at(-9), nil), model.Status{State: model.StateInProgress, Severity: model.SeverityOthers, Next: "wait", Who: model.ActorVault, Since: pending.Created}},
		{"a CA signs", pending, req("inProgress", "DigiCert-EV", at(-9), nil), model.Status{State: model.StateInProgress, Severity: model.SeverityOthers, Next: "wait", Who: model.ActorCA, Since: pending.Created}},
		{"cancel asked of a CA", pending, req("inProgress", "DigiCert", at(-9), cancelAsked), model.Status{State: model.StateCancelAsked, Severity: model.SeverityOthers, Next: "wait", Who: model.ActorCA, Since: at(-9)}},
		{"cancel asked of a manual one", pending, req("inProgress", "Unknown", at(-9), cancelAsked), model.Status{State: model.StateCancelAsked, Severity: model.SeverityOthers, Next: "wait", Who: model.ActorVault, Since: at(-9)}},
		{"failed by the request", pending, req("failed", "DigiCert", at(-9), code("Request rejected")), model.Status{State: model.StateFailed, Severity: model.SeverityFailed, Next: "read reason", Who: model.ActorYou, Since: at(-9)}},
		{"failed by the CA", issued, req("failed", "DigiCert", at(-9), code("certificate issuer error")), model.Status{State: model.StateFailed, Severity: model.SeverityFailed, Next: "read reason", Who: model.ActorCA, Since: at(-9)}},
		{"cancelled", pending, req("cancelled", "Unknown", at(-9*day), nil), model.Status{State: model.StateCancelled, Severity: model.SeverityQuiet, Since: at(-9 * day)}},
		{"renewal just cancelled", issued, req("canceled", "Unknown", at(-9), nil), model.Status{State: model.StateCancelled, Severity: model.SeverityQuiet, Since: at(-9)}},
		{"renewal cancelled long ago", issued, req("cancelled", "Unknown", at(-2*day), nil), model.Status{State: model.StateValid, Severity: model.SeverityQuiet, Since: issued.Created}},
		{"a cancelled renewal does not hide that it expires", short, req("cancelled", "Unknown", at(-9), nil), model.Status{State: model.StateExpires, Severity: model.SeverityExpires, Next: "renew", Who: model.ActorYou, Since: issued.Created}},
		{"nor that it expired", expired, req("cancelled", "Unknown", at(-9), nil), model.Status{State: model.StateExpired, Severity: model.SeverityFailed, Next: "renew", Who: model.ActorYou, Since: noon}},
		{"just completed", fresh, req("completed", "Self", at(-9), nil), model.Status{State: model.StateCompleted, Severity: model.SeverityQuiet, Since: fresh.Created}},
		{"completed long ago", issued, req("completed", "Self", at(-9), nil), model.Status{State: model.StateValid, Severity: model.SeverityQuiet, Since: issued.Created}},
		{"completed, the row not read since", pending, req("completed", "Self", at(-1), nil), model.Status{State: model.StateCompleted, Severity: model.SeverityQuiet, Since: at(-1)}},
		{"completed and deleted, the row not read since", pending, req("completed", "Self", at(-1), gone), model.Status{State: model.StateCompleted, Severity: model.SeverityQuiet, Since: at(-1)}},
		{"completed, but the row is read and has none", pending, req("completed", "Self", at(-9*day), gone), model.Status{State: model.StateGone, Severity: model.SeverityFailed, Next: "create again", Who: model.ActorYou, Since: pending.Updated}},
		{"a status nobody knows", pending, req("procrastinating", "Unknown", at(-9), nil), model.Status{State: model.StateUnknown, Severity: model.SeverityOthers, Next: "read status", Who: model.ActorYou, Since: at(-9)}},
		{"gone while in progress", pending, req("inProgress", "Unknown", at(-9*day), gone), model.Status{State: model.StateGone, Severity: model.SeverityFailed, Next: "create again", Who: model.ActorYou, Since: at(-9 * day)}},
		{"renewal gone just now", issued, req("inProgress", "Unknown", at(-9), gone), model.Status{State: model.StateGone, Severity: model.SeverityFailed, Next: "renew", Who: model.ActorYou, Since: at(-9)}},
		{"renewal gone long ago", issued, req("inProgress", "Unknown", at(-2*day), gone), model.Status{State: model.StateValid, Severity: model.SeverityQuiet, Since: issued.Created}},
		{"failed before it was looked at", issued, req("failed", "DigiCert", time.Time{}, nil), model.Status{State: model.StateFailed, Severity: model.SeverityFailed, Next: "read reason", Who: model.ActorYou}},
		{"failed before it was looked at, nothing issued", pending, req("failed", "DigiCert", time.Time{}, nil), model.Status{State: model.StateFailed, Severity: model.SeverityFailed, Next: "read reason", Who: model.ActorYou, Since: pending.Created}},
		{"failed, and a version was imported since", fresh, req("failed", "DigiCert", at(-90), nil), model.Status{State: model.StateValid, Severity: model.SeverityQuiet, Since: fresh.Created}},
		{"failed before the object was made anew", pending, req("failed", "DigiCert", at(-9*day), nil), model.Status{State: model.StateFailed, Severity: model.SeverityFailed, Next: "read reason", Who: model.ActorYou, Since: at(-9 * day)}},
		{"failed after the newest version", fresh, req("failed", "DigiCert", at(-30), nil), model.Status{State: model.StateFailed, Severity: model.SeverityFailed, Next: "read reason", Who: model.ActorYou, Since: at(-30)}},
		{"renewal cancelled nobody knows when", issued, req("cancelled", "Unknown", time.Time{}, nil), model.Status{State: model.StateValid, Severity: model.SeverityQuiet, Since: issued.Created}},
		{"renewal that waits nobody knows how long", issued, req("inProgress", "Unknown", time.Time{}, nil), model.Status{State: model.StateWaitsMerge, Severity: model.SeverityYou, Next: "merge", Who: model.ActorYou}},
		{"completed before it was looked at, the row not read since", pending, req("completed", "Self", time.Time{}, func(r *model.Request) { r.SeenAt = at(-1) }), model.Status{State: model.StateCompleted, Severity: model.SeverityQuiet, Since: pending.Created}},
		{"cancelled, then deleted", pending, req("cancelled", "Unknown", at(-9), gone), model.Status{State: model.StateGone, Severity: model.SeverityFailed, Next: "create again", Who: model.ActorYou, Since: pending.Updated}},
		{"no request, nothing issued", pending, nil, model.Status{State: model.StateGone, Severity: model.SeverityFailed, Next: "create again", Who: model.ActorYou, Since: pending.Updated}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			it := &model.Item{Ref: ref("a"), Certificate: tt.cert, Request: tt.req, ListedAt: at(-5), RequestReadAt: at(-4)}
			got := it.Status(noon)
			if got.State != tt.want.State || got.Severity != tt.want.Severity || got.Next != tt.want.Next || got.Who != tt.want.Who || !got.Since.Equal(tt.want.Since) {
				t.Errorf("status %+v, want %+v", got, tt.want)
			}
			if issued := tt.cert.Issued && tt.cert.NotAfter.After(tt.cert.NotBefore); (got.LifeLeft >= 0) != issued {
				t.Errorf("life left %v", got.LifeLeft)
			}
			if got.RenewalUnknown {
				t.Error("the request was read, yet a renewal is unknown")
			}
		})
	}
}

func TestStatusUnread(t *testing.T) {
	never := &model.Item{Ref: ref("a"), ListedAt: noon}
	if st := never.Status(noon); st.State != model.StateUnknown || !st.RenewalUnknown {
		t.Errorf("pending-only, request never read: %+v", st)
	}
	name := &model.Item{Ref: ref("a"), RequestReadAt: noon}
	if st := name.Status(noon); st.State != model.StateUnknown {
		t.Errorf("nothing but a name: %+v", st)
	}
	it := entry("a", "1")
	it.ListedAt = noon
	if st := it.Status(noon); st.State != model.StateValid || !st.RenewalUnknown {
		t.Errorf("issued, request never read: %+v", st)
	}
	if st := it.Status(noon); st.LifeLeft < 0.899 || st.LifeLeft > 0.901 {
		t.Errorf("life left %v, want 0.9", st.LifeLeft)
	}
}

func TestCompareUrgency(t *testing.T) {
	row := func(name string, severity model.Severity, since time.Time, left float64) (*model.Item, model.Status) {
		return &model.Item{Ref: ref(name)}, model.Status{Severity: severity, Since: since, LifeLeft: left}
	}
	type pair struct {
		it *model.Item
		st model.Status
	}
	var rows []pair
	add := func(it *model.Item, st model.Status) { rows = append(rows, pair{it, st}) }
	add(row("failed-longest", model.SeverityFailed, at(-9), -1))
	add(row("failed-shorter", model.SeverityFailed, at(-8), -1))
	add(row("failed-unknown-since", model.SeverityFailed, time.Time{}, -1))
	add(row("you", model.SeverityYou, at(-1), -1))
	add(row("others", model.SeverityOthers, at(-99), -1))
	add(row("expires-soon", model.SeverityExpires, at(-1), 0.1))
	add(row("expires-later", model.SeverityExpires, at(-99), 0.15))
	add(row("quiet-half", model.SeverityQuiet, at(0), 0.5))
	add(row("quiet-name-a", model.SeverityQuiet, at(0), 0.9))
	add(row("quiet-name-b", model.SeverityQuiet, at(-9), 0.9))
	add(row("quiet-nothing-issued", model.SeverityQuiet, at(-9), -1))
	var want, got []string
	for _, r := range rows {
		want = append(want, r.it.Ref.Key)
	}
	slices.Reverse(rows)
	slices.SortFunc(rows, func(a, b pair) int { return model.CompareUrgency(a.it, b.it, a.st, b.st) })
	for _, r := range rows {
		got = append(got, r.it.Ref.Key)
	}
	if !slices.Equal(got, want) {
		t.Errorf("order\n %s\nwant\n %s", strings.Join(got, "\n "), strings.Join(want, "\n "))
	}
	other := &model.Item{Ref: model.Ref{Target: "test", Key: "you"}}
	if model.CompareUrgency(&model.Item{Ref: ref("you")}, other, model.Status{}, model.Status{}) >= 0 {
		t.Error("rows of one name are not ordered by their target")
	}
}
