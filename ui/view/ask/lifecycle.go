package ask

import (
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/ui/view"
	"certty/ui/widget/confirm"
)

// Enable asks before a version of the certificate in row is enabled, or
// disabled where on is false. The version is the one that was on the screen,
// whichever is current by now.
func Enable(s *view.Session, row view.Row, c model.Certificate, on bool) *View {
	ref := row.Item.Ref
	ref.Revision = c.Version
	verb, past := "Disable", "disabled"
	lines := append(certificate(s, c),
		"Its key and its secret are disabled with it: whoever asks the vault for them is refused at once. Copies that clients hold already go on working.",
		"It can be enabled again.")
	if on {
		verb, past = "Enable", "enabled"
		lines = append(certificate(s, c), "Its key and its secret can be used again at once. It can be disabled again.")
	}
	return New(s, confirm.Question{
		Title: verb + " " + ref.Key + " (" + ref.Target + ")", Lines: append(lines, "", sends("PATCH", versioned(ref))),
		Yes: verb, No: "Back",
	}, func() tea.Cmd {
		_, cmd := s.Desk.Update(ref, model.Update{Enabled: &on}, past)
		return cmd
	})
}

// Delete asks before the certificate of a row is deleted.
func Delete(s *view.Session, row view.Row) *View {
	ref := row.Item.Ref
	lines := append(certificate(s, row.Item.Certificate),
		"Every version goes, and the key and the secret of the same name with them. Whoever asks the vault for them is refused at once.")
	if r := row.Item.Request; r.Open() {
		lines = append(lines, "Its request in progress goes as well; an order at a CA may go on, and may cost.")
	}
	lines = append(lines, retention(row.Item.Certificate.RecoveryLevel, s.Data.Now), "", sends("DELETE", "/certificates/"+ref.Key))
	return New(s, confirm.Question{
		Title: "Delete " + ref.Key + " (" + ref.Target + ")", Lines: lines,
		Yes: "Delete", No: "Back",
		Typed: ref.Key, TypedLabel: "Type the name to confirm",
	}, func() tea.Cmd {
		_, cmd := s.Desk.Delete(ref)
		return cmd
	})
}

// maxRetention is how long a vault keeps what was deleted unless it was set up
// otherwise (Key Vault, "Soft-delete overview").
const maxRetention = 90 * 24 * time.Hour

// retention says what a vault of that recovery level does with what is deleted
// (Key Vault REST, DeletionRecoveryLevel).
func retention(level string, now time.Time) string {
	const reserved = "Until then the name stays reserved"
	purge := reserved + ", unless it is purged."
	if level != "" && !strings.Contains(level, "Purgeable") {
		purge = reserved + "; this vault lets nobody purge it sooner."
	}
	switch {
	case level == "Purgeable":
		return "This vault keeps nothing of it: this cannot be undone."
	case level == "":
		return "Where the vault keeps what is deleted, it can be recovered for 7 to 90 days. " + purge
	case strings.HasPrefix(level, "Customized"):
		return "It can be recovered for as long as this vault is set up to keep it, 7 to 89 days; the row will say until when. " + purge
	default:
		return "It can be recovered for 90 days, until about " + now.Add(maxRetention).Local().Format("2006-01-02 MST") + ". " + purge
	}
}

// Recover asks before a soft-deleted certificate is brought back.
func Recover(s *view.Session, row view.Row) *View {
	ref := row.Item.Ref
	lines := append(deletion(s, row),
		"It comes back with every version, its key and its secret, as it was.",
		"The vault may need a minute until everybody sees it.",
		"", sends("POST", "/deletedcertificates/"+ref.Key+"/recover"))
	return New(s, confirm.Question{
		Title: "Recover " + ref.Key + " (" + ref.Target + ")", Lines: lines, Yes: "Recover", No: "Back",
	}, func() tea.Cmd {
		_, cmd := s.Desk.Recover(ref)
		return cmd
	})
}

// Purge asks before a soft-deleted certificate is destroyed.
func Purge(s *view.Session, row view.Row) *View {
	ref := row.Item.Ref
	lines := append(deletion(s, row),
		"Every version, the key and the secret are destroyed. Nobody can bring them back, Microsoft neither. What was encrypted for this key stays encrypted.",
		"The name is free again after a while.",
		"", sends("DELETE", "/deletedcertificates/"+ref.Key))
	return New(s, confirm.Question{
		Title: "Purge " + ref.Key + " (" + ref.Target + ") for good", Lines: lines,
		Yes: "Purge", No: "Back",
		Typed: ref.Key, TypedLabel: "Type the name to confirm",
	}, func() tea.Cmd {
		_, cmd := s.Desk.Purge(ref)
		return cmd
	})
}

// certificate says which version is meant.
func certificate(s *view.Session, c model.Certificate) []string {
	if !c.Issued {
		return []string{"nothing was issued under this name", ""}
	}
	var lines []string
	for _, line := range [][2]string{{"subject", c.Subject}, {"version", c.Version}, {"sha1", c.Thumbprint}} {
		if line[1] != "" {
			lines = append(lines, fmt.Sprintf("%-9s %s", line[0], line[1]))
		}
	}
	life := "until     " + view.Moment(c.NotAfter)
	if days := view.Days(s.Data.Now, c.NotAfter); days >= 0 && !c.NotAfter.IsZero() {
		life += fmt.Sprintf(", %d days left", days)
	}
	return append(lines, life, "")
}

// deletion says what is known of a soft-deleted certificate.
func deletion(s *view.Session, row view.Row) []string {
	lines := certificate(s, row.Item.Certificate)
	d := row.Item.Deletion
	lines = append(lines[:len(lines)-1], "deleted   "+view.Moment(d.At))
	if !d.PurgeAt.IsZero() {
		lines = append(lines, fmt.Sprintf("kept      until %s, %d days", view.Moment(d.PurgeAt), max(0, view.Days(s.Data.Now, d.PurgeAt))))
	}
	return append(lines, "")
}

// versioned is the path of the version that ref names.
func versioned(ref model.Ref) string { return "/certificates/" + ref.Key + "/" + ref.Revision }

// sends names the call that will be made, for people who know the interface.
func sends(method, path string) string { return "Sends: " + method + " " + path }
