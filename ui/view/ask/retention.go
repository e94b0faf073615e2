package ask

import (
	"fmt"
	"strings"
	"time"

	"certty/model"
	"certty/ui/view"
)

// usualRetention is how many days a vault keeps what was deleted unless it was
// set up otherwise, which its recovery level then says with the word Customized
// (Key Vault, "Soft-delete overview").
const usualRetention = 90

// retained is what is known of what the vault of a row does with what is
// deleted. It is the same for all of the vault: where the row was not read yet,
// the one of its neighbours that was read last tells it.
func retained(s *view.Session, row view.Row) model.Certificate {
	told := row.Item
	if told.Certificate.RecoveryLevel == "" {
		for _, r := range s.Data.Rows() {
			it := r.Item
			tells := it.Ref.Target == row.Item.Ref.Target && it.Certificate.RecoveryLevel != ""
			if tells && (told == row.Item || it.CertificateReadAt.After(told.CertificateReadAt)) {
				told = it
			}
		}
	}
	c := model.Certificate{RecoveryLevel: told.Certificate.RecoveryLevel, RecoverableDays: told.Certificate.RecoverableDays}
	customized := strings.HasPrefix(c.RecoveryLevel, "Customized")
	if c.RecoverableDays == 0 && c.RecoveryLevel != "" && !c.Unrecoverable() && !customized {
		c.RecoverableDays = usualRetention
	}
	return c
}

// retention says until when what is deleted now can be recovered, and what
// becomes of its name.
func retention(s *view.Session, row view.Row) string {
	c := retained(s, row)
	const reserved = "Until then the name stays reserved"
	purge := reserved + ", unless it is purged."
	if c.PurgeProtected() {
		purge = reserved + "; this vault lets nobody purge it sooner."
	}
	switch until := c.RecoverableUntil(s.Data.Now); {
	case c.Unrecoverable():
		return "This vault keeps nothing of what is deleted: this cannot be undone."
	case !until.IsZero():
		return fmt.Sprintf("It can be recovered for %d days: deleted now, until %s. %s", c.RecoverableDays, view.Moment(until), purge)
	case c.RecoveryLevel == "":
		return "Where the vault keeps what is deleted, it can be recovered for 7 to 90 days; the row will say until when. " + purge
	default:
		return "It can be recovered for as long as this vault is set up to keep it, 7 to 89 days; the row will say until when. " + purge
	}
}

// Recoverable says in a few words until when the certificate of a row can be
// recovered if it is deleted now, and whether it can be at all.
func Recoverable(s *view.Session, row view.Row) (words string, ok bool) {
	c := retained(s, row)
	switch until := c.RecoverableUntil(s.Data.Now); {
	case c.Unrecoverable():
		return "cannot be recovered", false
	case !until.IsZero():
		return "recoverable until " + day(until), true
	default:
		return "recoverable for 7 to 90 days", true
	}
}

// Kept says in a few words until when a soft-deleted certificate is kept.
func Kept(row view.Row) string {
	if d := row.Item.Deletion; d != nil && !d.PurgeAt.IsZero() {
		return "kept until " + day(d.PurgeAt)
	}
	return "kept until the vault purges it"
}

func day(t time.Time) string { return t.Local().Format("2006-01-02") }
