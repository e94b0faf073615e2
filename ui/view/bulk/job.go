package bulk

import (
	"fmt"
	"path/filepath"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/model/x5c"
	"certty/ui/keys"
	"certty/ui/view"
)

// Job is something that can be done to many rows.
type Job struct {
	// Action is what the job does to one row: it has the same key, and the same
	// reasons when it can't be done.
	Action keys.Def
	// Short says it for the hint line with the number of rows, Long for the help.
	Short, Long string
	// title and yes say it with the number of rows, effect what it does.
	title, yes string
	effect     []string
	// word has to be typed together with the number; "" where the number alone
	// is enough.
	word string
	// start begins the call for one row; the answer is a view.OpDone.
	start func(*view.Desk, view.Row) (uint64, tea.Cmd)
}

var jobs = []Job{
	{
		Action: keys.Cancel, Short: "cancel %d", Long: "ask for cancellation of the request in progress of every marked row",
		title: "Ask for cancellation of %s", yes: "Ask for cancellation",
		effect: []string{"The vault is asked to cancel each of them. It may answer later, and a request may still complete."},
		start:  func(d *view.Desk, row view.Row) (uint64, tea.Cmd) { return d.Cancel(row.Item.RequestRef()) },
	},
	{
		Action: keys.DeleteRequest, Short: "delete %d requests", Long: "delete the request object of every marked row; certificates and names remain",
		title: "Delete %s", yes: "Delete the requests", word: "delete",
		effect: []string{
			"The request objects are deleted. This cannot be undone: a certificate signed for one of these CSRs can't be merged any more.",
			"Orders at an issuer may go on, and may cost. The certificate objects and their names remain.",
		},
		start: func(d *view.Desk, row view.Row) (uint64, tea.Cmd) { return d.DeleteRequest(row.Item.RequestRef()) },
	},
	{
		Action: keys.SaveCSR, Short: "save %d CSRs", Long: "save the CSR of every marked row into a folder, one PEM file each",
		title: "Save %s", yes: "Save",
	},
}

// JobFor finds the job that does to many rows what an action does to one.
func JobFor(action string) (Job, bool) {
	for _, j := range jobs {
		if j.Action.ID == action {
			return j, true
		}
	}
	return Job{}, false
}

// saves reports whether the job writes files and sends nothing.
func (j Job) saves() bool { return j.start == nil }

func (j Job) heading(n int) string {
	what := "requests"
	if j.saves() {
		what = "CSRs"
	}
	if n == 1 {
		what = what[:len(what)-1]
	}
	return fmt.Sprintf(j.title, fmt.Sprintf("%d %s", n, what))
}

// saved is the answer to writing one row's CSR.
type saved struct {
	ref  model.Ref
	file view.FileSaved
}

// csrMode lets others read the file: a CSR is public.
const csrMode = 0o644

// saveCSR writes a row's CSR into a folder. The file is named like the
// certificate; where rows of several targets are saved, the target comes first.
func saveCSR(row view.Row, folder string, several bool) tea.Cmd {
	ref := row.ID()
	name := ref.Key
	if several {
		name = ref.Target + "." + name
	}
	write := view.SaveInto(folder, filepath.Base(name)+".csr", x5c.EncodeCSR(row.Item.Request.CSR), csrMode)
	return func() tea.Msg {
		file, _ := write().(view.FileSaved)
		return saved{ref: ref, file: file}
	}
}
