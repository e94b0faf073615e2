package bulk

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/ask"
)

const (
	oneRequest, manyRequests         = "request", "requests"
	oneCertificate, manyCertificates = "certificate", "certificates"
	oneOrder, manyOrders             = "order", "orders"
)

// jobs are what can be done to many rows. Tags are not among them: each row has
// its own, and one set for all would replace what nobody looked at.
var jobs = []Job{
	{
		Action: keys.Cancel, short: "cancel {n}", Long: "ask for cancellation of the request in progress of every marked row", Hint: keys.Cancel.Hint,
		title: "Ask for cancellation of {things}", yes: "Ask for cancellation", one: oneRequest, many: manyRequests,
		effect: always("The vault is asked to cancel each of them. It may answer later, and a request may still complete.",
			"What is cancelled can't be taken up again; new requests can be made."),
		says:  request,
		start: func(d *view.Desk, row view.Row) (uint64, tea.Cmd) { return d.Cancel(row.Item.RequestRef()) },
	},
	{
		Action: keys.DeleteRequest, short: "delete {things}", Long: "delete the request object of every marked row; certificates and names remain", Hint: keys.DeleteRequest.Hint,
		title: "Delete {things}", yes: "Delete the requests", word: "delete", one: oneRequest, many: manyRequests,
		effect: always("This cannot be undone: a certificate signed for one of these CSRs can't be merged any more.",
			"Orders at an issuer may go on, and may cost. The certificate objects and their names remain."),
		says:  request,
		start: func(d *view.Desk, row view.Row) (uint64, tea.Cmd) { return d.DeleteRequest(row.Item.RequestRef()) },
	},
	{
		Action: keys.SaveCSR, short: "save {things}", Long: "save the CSR of every marked row into a folder, one PEM file each", Hint: keys.SaveCSR.Hint,
		title: "Save {things}", yes: "Save", one: "CSR", many: "CSRs",
		says: request,
	},
	{
		Action: keys.Enable, short: "disable or enable {n}", Long: "disable the current version of every marked row that is enabled, or enable those that are disabled", Hint: keys.Enable.Hint,
		ways: []way{{"d", switching(false)}, {"e", switching(true)}},
	},
	{
		Action: keys.Delete, short: "delete {n}", Long: "delete every marked certificate with its key and its secret", Hint: keys.Delete.Hint,
		title: "Delete {things}", yes: "Delete", word: "delete", one: oneCertificate, many: manyCertificates,
		effect: deletion,
		says: func(s *view.Session, row view.Row) string {
			words, _ := ask.Recoverable(s, row)
			return words
		},
		start: func(d *view.Desk, row view.Row) (uint64, tea.Cmd) { return d.Delete(row.Item.Ref) },
	},
	{
		Action: keys.Recover, short: "recover {n}", Long: "bring every marked soft-deleted certificate back, with key and secret", Hint: keys.Delete.Hint,
		title: "Recover {things}", yes: "Recover", one: oneCertificate, many: manyCertificates,
		effect: always("Each comes back with every version, its key and its secret, as it was, and can be deleted again.",
			"The vault may need a minute until everybody sees it."),
		says:  func(_ *view.Session, row view.Row) string { return ask.Kept(row) },
		start: func(d *view.Desk, row view.Row) (uint64, tea.Cmd) { return d.Recover(row.Item.Ref) },
	},
	{
		Action: keys.DeleteHere, short: "delete {n} here", Long: "hide every marked order here; the account keeps them, and keys that were made here stay", Hint: keys.DeleteHere.Hint,
		title: "Delete {things} here", yes: "Delete here", one: oneOrder, many: manyOrders,
		effect: always("Only here: the account keeps the orders, and what they cost. Certificates that were issued stay valid.",
			"Private keys that were made here stay, encrypted as they are. The filter is:deleted-here lists the rows, and they can be restored there."),
		says: status,
		start: func(d *view.Desk, row view.Row) (uint64, tea.Cmd) {
			return d.Remove(row.Item.Ref, row.Item.Name(), false)
		},
		why: func(row view.Row) string {
			if r := row.Item.Record; r != nil && r.KeyHeld && row.Item.Order == nil {
				return "its private key would go with it; delete it alone"
			}
			return ""
		},
	},
	{
		Action: keys.RestoreHere, short: "restore {n}", Long: "show every marked order again that was deleted here", Hint: keys.RestoreHere.Hint,
		title: "Show {things} again", yes: "Restore", one: oneOrder, many: manyOrders,
		effect: always("The rows are shown again, and what is due for them goes on by itself. Nothing is sent to change the account."),
		says:   status,
		start:  func(d *view.Desk, row view.Row) (uint64, tea.Cmd) { return d.Restore(row.Item.Ref) },
	},
	{
		Action: keys.Purge, short: "purge {n}", Long: "destroy every marked soft-deleted certificate for good", Hint: keys.Delete.Hint,
		title: "Purge {things} for good", yes: "Purge", word: "purge", one: oneCertificate, many: manyCertificates,
		effect: always("This cannot be undone: every version of each is destroyed, with its key and its secret. Nobody can bring them back, Microsoft neither. What was encrypted for these keys stays encrypted.",
			"The names are free again after a while."),
		says:  func(_ *view.Session, row view.Row) string { return ask.Kept(row) },
		start: func(d *view.Desk, row view.Row) (uint64, tea.Cmd) { return d.Purge(row.Item.Ref) },
	},
}

// switching is the job that enables, or disables where on is false. What is sent
// names the version that was on the screen.
func switching(on bool) Job {
	j := Job{
		Action: keys.Enable, title: "Disable {things}", yes: "Disable", one: oneCertificate, many: manyCertificates,
		effect: always("Their keys and secrets are disabled with them: whoever asks the vault for them is refused at once. Copies that clients hold already go on working.",
			"They can be enabled again."),
		says: version,
	}
	past := "disabled"
	if on {
		past = "enabled"
		j.title, j.yes = "Enable {things}", "Enable"
		j.effect = always("Their keys and secrets can be used again at once. They can be disabled again.")
	}
	j.why = func(row view.Row) string {
		if row.Item.Certificate.Enabled == on {
			return "it is " + past + " already"
		}
		return ""
	}
	j.start = func(d *view.Desk, row view.Row) (uint64, tea.Cmd) {
		ref := row.Item.Ref
		ref.Revision = row.Item.Certificate.Version
		return d.Update(ref, model.Update{Enabled: &on}, past)
	}
	return j
}

// status is how an order stands at the account.
func status(_ *view.Session, row view.Row) string {
	if o := row.Item.Order; o != nil {
		return o.Status
	}
	return ""
}

// version names the version that is meant, where it is known.
func version(_ *view.Session, row view.Row) string {
	if v := row.Item.Certificate.Version; v != "" {
		return "version " + v
	}
	return ""
}

// deletion says what is lost, what of it for good, and what goes along.
func deletion(s *view.Session, can []planned) []string {
	lines := []string{"Every version of each goes, with the key and the secret of the same name. Whoever asks the vault for them is refused at once."}
	forGood, open := 0, 0
	for _, p := range can {
		if _, ok := ask.Recoverable(s, p.row); !ok {
			forGood++
		}
		if p.row.Item.Request.Open() {
			open++
		}
	}
	if open > 0 {
		lines = append(lines, fmt.Sprintf("Of %d a request in progress goes as well; an order at a CA may go on, and may cost.", open))
	}
	switch {
	case forGood == len(can):
		return append(lines, "This cannot be undone: the vault keeps nothing of what is deleted.")
	case forGood > 0:
		lines = append(lines, fmt.Sprintf("For %d this cannot be undone: their vault keeps nothing of what is deleted.", forGood))
	}
	return append(lines, "They can be recovered until the dates below; until then the names stay reserved.")
}
