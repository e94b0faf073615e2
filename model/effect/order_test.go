package effect_test

import (
	"strings"
	"testing"
	"time"

	"certty/model"
	"certty/model/effect"
)

// TestOrders: what a question says of a renewal or a replacement follows what is
// known of the order.
func TestOrders(t *testing.T) {
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	account := &model.Account{Profiles: []model.Profile{{ID: 1, Terms: []int{90, 199}}, {ID: 2, GoneSince: noon}}}
	order := func(phase model.OrderPhase, expires time.Time) *model.Order {
		return &model.Order{Phase: phase, Expires: expires, Term: 365}
	}
	for name, c := range map[string]struct{ said, want string }{
		"expired":         {effect.Succeeded(order(model.OrderExpired, noon)), "has expired"},
		"no end told":     {effect.Succeeded(order(model.OrderIssued, time.Time{})), "until it expires;"},
		"an end":          {effect.Succeeded(order(model.OrderIssued, noon)), "until 2026-11-21;"},
		"profile's term":  {effect.RenewedTerm(order(model.OrderIssued, noon), &account.Profiles[0], noon), "199 days"},
		"nothing known":   {effect.RenewedTerm(&model.Order{}, nil, noon), "not always the old one"},
		"key held":        {effect.OldKey(&model.Record{KeyHeld: true}), "lies here"},
		"key elsewhere":   {effect.OldKey(nil), "is not here"},
		"profile offered": {effect.ProfileGone(account, 1), ""},
		"profile gone":    {effect.ProfileGone(account, 2), "not offer"},
		"profile unknown": {effect.ProfileGone(account, 3), "not offer"},
		"never synced":    {effect.ProfileGone(&model.Account{}, 3), ""},
		"replaced":        {effect.Replaced("0a:1f"), "serial 0a:1f, stays valid"},
		"no files":        {effect.Files(nil), ""},
		"files":           {effect.Files(&model.Deployment{Dir: "/etc/tls", Owner: "web", Mode: 0o640}), "/etc/tls, owner web, files with a key 0640"},
	} {
		if !strings.Contains(c.said, c.want) || c.want == "" && c.said != "" {
			t.Errorf("%s: %q has no %q", name, c.said, c.want)
		}
	}
}
