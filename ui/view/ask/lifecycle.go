package ask

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/model/effect"
	"certty/model/timetext"
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
	lines := certificate(s, c)
	if current := row.Item.Certificate.Version; current != "" && c.Version != current {
		lines = append(lines, "An older version: the current one stays as it is.")
	}
	if on {
		verb, past = "Enable", "enabled"
	}
	lines = append(lines, effect.Enable(on)...)
	return New(s, confirm.Question{
		Title: verb + " " + ref.Key + " (" + ref.Target + ")", Lines: append(lines, "", sends(s, ref, "PATCH", versioned(ref))),
		Yes: verb, No: "Back",
	}, func() tea.Cmd {
		_, cmd := s.Desk.Update(ref, model.Update{Enabled: &on}, past)
		return cmd
	})
}

// Delete asks before the certificate of a row is deleted.
func Delete(s *view.Session, row view.Row) *View {
	ref := row.Item.Ref
	lines := append(certificate(s, row.Item.Certificate), effect.Delete(row.Item)...)
	lines = append(lines, retention(s, row), "", sends(s, ref, "DELETE", "/certificates/"+ref.Key))
	return New(s, confirm.Question{
		Title: "Delete " + ref.Key + " (" + ref.Target + ")", Lines: lines,
		Yes: "Delete", No: "Back",
		Typed: ref.Key, TypedLabel: "Type the name to confirm",
	}, func() tea.Cmd {
		_, cmd := s.Desk.Delete(ref)
		return cmd
	})
}

// Recover asks before a soft-deleted certificate is brought back.
func Recover(s *view.Session, row view.Row) *View {
	ref := row.Item.Ref
	lines := append(deletion(s, row), effect.Recover()...)
	lines = append(lines, "", sends(s, ref, "POST", "/deletedcertificates/"+ref.Key+"/recover"))
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
	lines := append(deletion(s, row), effect.Purge()...)
	lines = append(lines, "", sends(s, ref, "DELETE", "/deletedcertificates/"+ref.Key))
	return New(s, confirm.Question{
		Title: "Purge " + ref.Key + " (" + ref.Target + ") for good", Lines: lines,
		Yes: "Purge", No: "Back",
		Typed: ref.Key, TypedLabel: "Type the name to confirm",
	}, func() tea.Cmd {
		_, cmd := s.Desk.Purge(ref)
		return cmd
	})
}

// certificate says which version is meant: by its id, and by its thumbprint
// where only a list was read, which tells no id.
func certificate(s *view.Session, c model.Certificate) []string {
	if !c.Issued {
		return []string{"nothing was issued under this name", ""}
	}
	lines := []string{"subject   " + c.Subject}
	if c.Version != "" {
		lines = append(lines, "version   "+c.Version)
	} else {
		lines = append(lines, "sha1      "+c.Thumbprint)
	}
	life := "until     " + timetext.Moment(c.NotAfter)
	switch days := timetext.Days(s.Data.Now, c.NotAfter); {
	case c.NotAfter.IsZero():
	case c.NotAfter.Before(s.Data.Now):
		life += fmt.Sprintf(", expired %d days ago", -days)
	default:
		life += fmt.Sprintf(", %d days left", days)
	}
	return append(lines, life, "")
}

// deletion says what is known of a soft-deleted certificate.
func deletion(s *view.Session, row view.Row) []string {
	lines := certificate(s, row.Item.Certificate)
	d := row.Item.Deletion
	lines = append(lines[:len(lines)-1], "deleted   "+timetext.Moment(d.At))
	if !d.PurgeAt.IsZero() {
		lines = append(lines, fmt.Sprintf("kept      until %s, %d days", timetext.Moment(d.PurgeAt), max(0, timetext.Days(s.Data.Now, d.PurgeAt))))
	}
	return append(lines, "")
}

// versioned is the path of the version that ref names.
func versioned(ref model.Ref) string { return "/certificates/" + ref.Key + "/" + ref.Revision }

// sends names the call that will be made and where it goes, for people who know
// the interface, and for whom two targets have names that are alike.
func sends(s *view.Session, ref model.Ref, method, path string) string {
	return "Sends: " + method + " " + path + " to " + s.Desk.Target(ref.Target).Info.Address
}
