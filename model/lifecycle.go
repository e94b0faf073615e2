package model

import (
	"strings"
	"time"
)

// Deletion says that a certificate is soft-deleted: it serves nobody, keeps its
// name, and can be recovered until it is purged.
type Deletion struct {
	// At is when it was deleted, PurgeAt when the vault destroys it by itself;
	// zero where the vault does not say.
	At, PurgeAt time.Time
	// SeenAt is when an answer was read that held it: the list of deleted
	// certificates, or the answer to the deletion itself. Of a purged one it is
	// when that was found out.
	SeenAt time.Time
	// Purged is true once it was purged from here, or once a complete list of
	// the deleted certificates did not hold it any more and it was not
	// recovered: its time is over, or the next complete list of the live ones
	// does not hold it either. Such a row stands as "gone" until the program
	// starts anew.
	Purged bool
}

// unrecoverable is the recovery level of a vault without soft-delete.
const unrecoverable = "Purgeable"

// Unrecoverable reports whether the vault is known to keep nothing of what is
// deleted.
func (c *Certificate) Unrecoverable() bool { return c.RecoveryLevel == unrecoverable }

// PurgeProtected reports whether the vault is known to let nobody destroy what
// is soft-deleted before its time (Key Vault REST, DeletionRecoveryLevel: the
// word Purgeable is missing).
func (c *Certificate) PurgeProtected() bool {
	return c.RecoveryLevel != "" && !strings.Contains(c.RecoveryLevel, unrecoverable)
}

// RecoverableUntil is when the vault destroys for good what is deleted at a
// moment; the zero time where it is not known how long the vault keeps it.
func (c *Certificate) RecoverableUntil(deleted time.Time) time.Time {
	if c.RecoverableDays == 0 || deleted.IsZero() {
		return time.Time{}
	}
	return deleted.Add(time.Duration(c.RecoverableDays) * 24 * time.Hour)
}

// ImportFormat is the form of an imported bundle.
type ImportFormat string

// The forms Key Vault imports; the values are its content types.
const (
	ImportPFX ImportFormat = "application/x-pkcs12"
	ImportPEM ImportFormat = "application/x-pem-file"
)

// ImportSpec is a certificate with its private key, to be imported.
type ImportSpec struct {
	Name string
	// Data is the PKCS#12 file, or the PEM text with an unencrypted PKCS#8 key.
	// It must not reach a log, an error or the screen.
	Data   []byte
	Format ImportFormat
	// Password opens a PKCS#12 file; secret like Data.
	Password string
	Tags     map[string]string
	Enabled  *bool
	// Exportable, where it is set, becomes part of the policy.
	Exportable *bool
	// PreserveCertOrder keeps the chain in the bundle's order, see
	// [CreateSpec.PreserveCertOrder].
	PreserveCertOrder *bool
}

// Update is a change to a version's attributes; nil leaves a part as it is.
type Update struct {
	Enabled *bool
	// Tags replace all tags.
	Tags *map[string]string
	// TagsWere are the tags that the person saw. Nothing is sent while others
	// stand there: a replacement would take away what another client added. nil
	// compares nothing.
	TagsWere *map[string]string
}

// IssuerInfo is an issuer that is set up in a vault.
type IssuerInfo struct {
	Name     string
	Provider string
	// Enabled, AccountID, OrganizationID and Admins are known once the issuer
	// itself was read. The password is never told by the vault.
	Enabled        bool
	AccountID      string
	OrganizationID string
	Admins         []Contact
	Created        time.Time
	Updated        time.Time
}

// Contact is somebody the vault writes to.
type Contact struct {
	Name, Email, Phone string
}
