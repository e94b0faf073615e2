package merge

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model/x5c"
	"certty/ui/view"
)

// judgement is what a command found in the pastes.
type judgement struct {
	gen     uint64
	bundles []*x5c.Bundle
	bundle  *x5c.Bundle // all of them together
	verdict *x5c.Verdict
	// owner is what the certificate belongs to besides the request that it is
	// to be merged into; the zero value when nothing is known.
	owner owner
	// file is true where the newest came out of a file.
	file bool
	// err is why the newest paste could not be used; what was there stays.
	err error
}

// judge reads what came new and judges it with what was there, off the
// screen's goroutine: verifying a long chain takes a while. The bytes that were
// pasted are kept nowhere, so a private key among them is forgotten at once.
func (v *View) judge(data []byte) tea.Cmd { return v.judgeFrom(data, false) }

// judgeFrom is judge for data that came out of a file, or did not.
func (v *View) judgeFrom(data []byte, file bool) tea.Cmd {
	v.gen++
	v.busy, v.top = true, 0
	j := judgement{gen: v.gen, bundles: v.bundles, file: file}
	want, clock := v.want(), v.s.Clock
	own, rows, others := v.known()
	return func() tea.Msg {
		want.Now = clock()
		j = j.run(want, data)
		if j.verdict != nil && len(j.verdict.Links) > 0 {
			o := x5c.FindOwner(j.bundle, j.verdict.Links[0], j.bundle.KeyMatches(want.CSR), own, others)
			j.owner = owner{o, rows[o.Item]}
		}
		return j
	}
}

// want is what the chain is measured by, as far as it is known by now.
func (v *View) want() x5c.Want {
	want := x5c.Want{CSR: v.csr, IncludeRoot: v.root, Strategy: v.order}
	if row, ok := v.s.Data.Row(v.ref); ok {
		return want.Into(row.Item)
	}
	return want
}

func (j judgement) run(want x5c.Want, data []byte) judgement {
	if len(data) > 0 {
		found, err := x5c.Read(data)
		if err != nil {
			j.err = err
		} else {
			j.bundles = append(slices.Clip(j.bundles), found)
		}
	}
	if len(j.bundles) == 0 {
		return j
	}
	j.bundle = x5c.Join(j.bundles...)
	j.verdict = x5c.Judge(j.bundle, want, view.Clean)
	return j
}
