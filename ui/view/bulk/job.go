package bulk

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

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
	// Long says it for the help.
	Long string
	// Hint is the rank in the hint line, as in [keys.Def].
	Hint int
	// short, for the hint line, and title say it with the number of things, which
	// are called one or many; yes is the verb alone.
	short, title, yes string
	one, many         string
	// effect is what it does to the rows to which it can be done.
	effect func(*view.Session, []planned) []string
	// word has to be typed together with the number; "" where the number alone
	// is enough.
	word string
	// why is a reason of the job's own to leave a row out; nil for none.
	why func(view.Row) string
	// says is what a row's line tells besides name, target and state.
	says func(*view.Session, view.Row) string
	// start begins the call for one row; the answer is a view.OpDone.
	start func(*view.Desk, view.Row) (uint64, tea.Cmd)
	// ways are the jobs that a person chooses from, where the action goes one
	// way or the other by the row's state. Such a job has nothing else.
	ways []way
}

// way is one of the jobs behind an action, with the key that chooses it.
type way struct {
	key string
	job Job
}

// JobFor finds the job that does to many rows what an action does to one.
func JobFor(action string) (Job, bool) {
	i := slices.IndexFunc(jobs, func(j Job) bool { return j.Action.ID == action })
	if i < 0 {
		return Job{}, false
	}
	return jobs[i], true
}

// saves reports whether the job writes files and sends nothing.
func (j Job) saves() bool { return j.start == nil }

// Short says it for the hint line, with the number of rows.
func (j Job) Short(n int) string { return counted(j.short, n, j.one, j.many) }

func (j Job) heading(n int) string { return counted(j.title, n, j.one, j.many) }

// counted puts a number, or a number of things, where the format wants it.
func counted(format string, n int, one, many string) string {
	return strings.NewReplacer("{things}", model.Count(n, one, many), "{n}", strconv.Itoa(n)).Replace(format)
}

// always is an effect that is the same for all rows.
func always(lines ...string) func(*view.Session, []planned) []string {
	return func(*view.Session, []planned) []string { return slices.Clone(lines) }
}

// request names the request that is meant, so that another one under the same
// name would be seen.
func request(_ *view.Session, row view.Row) string {
	if r := row.Item.Request; r != nil && r.ID != "" {
		return "request " + r.ID
	}
	return ""
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
