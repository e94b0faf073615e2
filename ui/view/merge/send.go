package merge

import (
	"bytes"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/model/effect"
	"certty/model/timetext"
	"certty/model/x5c"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/problem"
	"certty/ui/widget/confirm"
	"certty/ui/widget/toast"
)

// confirm asks the last question: what goes where, and what it does.
func (v *View) confirm() tea.Cmd {
	verdict := v.judged.verdict
	row, _ := v.s.Data.Row(v.ref)
	lines := []string{
		"vault         " + v.ref.Target + "  " + v.s.Desk.Target(v.ref.Target).Info.Address,
		"request       " + v.ref.Revision,
	}
	links := slices.Clone(verdict.Links)
	if v.order == x5c.RootFirst {
		slices.Reverse(links)
	}
	for _, link := range links {
		if link.Sent {
			lines = append(lines, fmt.Sprintf("%-13s %s, until %s", link.Role, link.Name, timetext.Day(link.NotAfter)))
		}
	}
	lines = append(lines, v.warnings()...)
	if words, _ := v.orderWords(); words != "" {
		lines = append(lines, "", words)
	}
	lines = append(append(lines, ""), effect.Merge(row.Item)...)
	lines = append(lines, "", v.sends())
	return v.s.Host.Open(ask.New(v.s, confirm.Question{
		Title: "Merge into " + v.ref.Key + " (" + v.ref.Target + ")", Lines: lines, Yes: "Merge", No: "Back",
	}, func() tea.Cmd {
		return v.call.Send(v.s.Desk.Merge(v.ref, verdict.Chain))
	}))
}

// warnings repeats what the verdict warns of: on a small screen it has scrolled
// away by the time of the last question.
func (v *View) warnings() []string {
	var lines []string
	for _, c := range v.judged.verdict.Checks {
		if c.Level == x5c.Warn {
			lines = append(lines, v.s.Theme.Glyphs.Warn+" "+c.Text)
		}
	}
	if lines != nil {
		lines = slices.Insert(lines, 0, "")
	}
	return lines
}

// orderWords says what the vault makes of a chain that comes root first; "" of
// one that comes leaf first, as Key Vault documents it. wrong is true where the
// request is known to be none for it.
func (v *View) orderWords() (words string, wrong bool) {
	if v.order != x5c.RootFirst {
		return "", false
	}
	const meant = "Root first is for a request that was made with preserve order"
	row, _ := v.s.Data.Row(v.ref)
	if row.Item == nil || row.Item.Request == nil || row.Item.Request.PreserveCertOrder == nil {
		return meant + ": the vault hands a merged chain out the other way round. Key Vault documents leaf first.", false
	}
	if *row.Item.Request.PreserveCertOrder {
		return "This request was made with preserve order: the vault keeps the chain as it is sent, root first.", false
	}
	return v.s.Theme.Glyphs.Warn + " " + meant + ", and this one was not: the vault may refuse it. Key Vault documents leaf first (" + keys.ChainOrder.Label() + ").", true
}

func (v *View) sends() string {
	what := "1 certificate"
	if n := len(v.judged.verdict.Chain); n > 1 {
		order := "leaf first"
		if v.order == x5c.RootFirst {
			order = "root first"
		}
		what = fmt.Sprintf("%d certificates, %s", n, order)
	}
	return fmt.Sprintf("Sends: POST /certificates/%s/pending/merge, %s", v.ref.Key, what)
}

// done closes the merge on success; otherwise what was pasted stays. Of a merge
// that the vault accepted with an odd result nothing can be sent again, but the
// person may want to look at what was sent.
func (v *View) done(msg view.OpDone) tea.Cmd {
	v.s.Desk.Explained(msg.ID)
	if msg.Err != nil {
		kept := "What you pasted is kept."
		if backend.KindOf(msg.Err) == backend.KindPartial {
			v.remember()
		}
		return v.s.Host.Open(problem.New(v.s, msg.Err, kept))
	}
	v.remember()
	v.s.Host.Close(v)
	level, words := readBack(msg.Change.Page, v.judged.verdict.Links[0].DER)
	return v.s.Host.Toast(level, v.ref.Key+": merged; "+words)
}

// remember keeps the chain's CAs for a later download.
func (v *View) remember() { v.s.Desk.KeepAuthorities(v.judged.bundle.Certificates) }

// readBack says whether the vault holds the leaf that was sent. What it made of
// the chain it tells only with the secret, which is never read.
func readBack(page model.Page, leaf []byte) (toast.Level, string) {
	for _, it := range page.Items {
		switch der := it.Certificate.DER; {
		case page.Fields&model.FieldCertificate == 0 || len(der) == 0:
		case bytes.Equal(der, leaf):
			return toast.Done, "read back: leaf and key are right; its chain can't be checked without the secret"
		default:
			return toast.Error, "but the vault shows another certificate, sha1 " + it.Certificate.Thumbprint
		}
	}
	return toast.Warn, "not read back yet"
}
