package ask

import (
	"time"

	"certty/model"
	"certty/model/effect"
	"certty/ui/view"
)

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
	return effect.Retained(told.Certificate)
}

// retention says until when what is deleted now can be recovered, and what
// becomes of its name.
func retention(s *view.Session, row view.Row) string {
	return effect.Retention(retained(s, row), s.Data.Now)
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
