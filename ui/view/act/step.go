package act

import (
	"slices"

	"certty/ui/keys"
	"certty/ui/view"
)

// steps are the actions that take a next step, by its words in
// [certty/model.Status]: of rows of vaults, and of orders.
var steps = map[kind]map[string]keys.Def{
	vaultRow: {
		"merge": keys.Merge, "renew": keys.NewVersion, "read reason": keys.OpenRow,
		"read status": keys.OpenRow, "superseded": keys.OpenRow, "create again": keys.NewVersion,
	},
	orderRow: {
		"approve": keys.Approve, "publish the record": keys.Validation, "renew": keys.Renew,
		"collect": keys.Collect, "make keystore": keys.Keystore, "order": keys.Place,
		"decide": keys.Decide, "read reason": keys.OpenRow, "read status": keys.CheckStatus,
		"check its key": keys.OpenRow, // which tells the ways out
	},
}

// StepFirst gives the action that takes the row's next step the first place
// among the hints.
func StepFirst(s *view.Session, row view.Row, actions []keys.Action) {
	if row.Item == nil {
		return
	}
	step, ok := steps[kindOf(s, row)][row.Status.Next]
	if !ok {
		return
	}
	if i := slices.IndexFunc(actions, func(a keys.Action) bool { return a.ID == step.ID }); i >= 0 {
		actions[i].Hint = 1
	}
}
