package effect

import (
	"fmt"
	"strings"
	"time"

	"certty/model"
	"certty/model/timetext"
)

// Enable is what enabling a version does, or disabling where on is false.
func Enable(on bool) []string {
	if on {
		return []string{"Its key and its secret can be used again at once. It can be disabled again."}
	}
	return []string{
		"Its key and its secret are disabled with it: whoever asks the vault for them is refused at once. Copies that clients hold already go on working.",
		"It can be enabled again.",
	}
}

// Delete is what deleting a row's certificate does; see also [Retention].
func Delete(it *model.Item) []string {
	lines := []string{"Every version goes, and the key and the secret of the same name with them. Whoever asks the vault for them is refused at once."}
	if it.Request.Open() {
		lines = append(lines, "Its request in progress goes as well; an order at a CA may go on, and may cost.")
	}
	return lines
}

// Recover is what bringing a soft-deleted certificate back does.
func Recover() []string {
	return []string{
		"It comes back with every version, its key and its secret, as it was, and can be deleted again.",
		"The vault may need a minute until everybody sees it.",
	}
}

// Purge is what destroying a soft-deleted certificate does.
func Purge() []string {
	return []string{
		"This cannot be undone: every version, the key and the secret are destroyed. Nobody can bring them back, Microsoft neither. What was encrypted for this key stays encrypted.",
		"The name is free again after a while.",
	}
}

// Cancel is what asking for cancellation does; plan is what the backend says of
// it.
func Cancel(plan string) []string {
	return []string{plan, "Once it is cancelled it can't be taken up again; a new request can be made."}
}

// DeleteRequest is what deleting a row's request does.
func DeleteRequest(it *model.Item) []string {
	remains := "The certificate object and its name remain, with no certificate in it. A new request can be made."
	if it.Certificate.Issued {
		remains = "The certificate object with its versions, and its name, remain. A new request can be made."
	}
	return []string{"This cannot be undone. " + lost(it.Request), remains}
}

// lost is what is gone with a request.
func lost(r *model.Request) string {
	const merge = "a certificate that is signed for this CSR can't be merged any more."
	switch {
	case r.Phase == model.PhaseCompleted:
		return "Only the record of the request goes: it is completed, and its certificate stays."
	case r.Manual():
		return "The CSR goes with the request: " + merge
	case r.Open():
		return "Nobody tells issuer " + r.Issuer.Name + ": its order may go on, and may cost, but " + merge
	default:
		return "Should issuer " + r.Issuer.Name + " issue after all, it is too late: " + merge
	}
}

// Merge is what merging a certificate into a row's request does.
func Merge(it *model.Item) []string {
	lines := []string{"It becomes the current version at once, and the request is completed. A version can be disabled later, not taken back."}
	if it != nil && it.Certificate.Issued {
		lines = append(lines, "Whoever uses the name without a version gets the new one.")
	}
	return lines
}

// NewVersion is what follows when a new version of a row is asked for with the
// policy p.
func NewVersion(it *model.Item, p model.Policy) string {
	key := "The vault makes a new key and a CSR. "
	if p.Key.ReuseKey != nil && *p.Key.ReuseKey {
		key = "The key is used again, as the policy says. "
	}
	var then, until string
	switch {
	case p.Issuer.Manual():
		then, until = "You have the CSR signed, then merge.", "until the merge"
	case p.Issuer.Name == model.IssuerSelf:
		then, until = "The vault signs it by itself.", "until then"
	default:
		then, until = "The vault orders it from "+p.Issuer.Name+", which may cost.", "until it is issued"
	}
	if it.Certificate.Issued {
		then += " The current version stays live " + until + "."
	}
	return key + then
}

// Policy is what changing a stored policy does.
const Policy = "It counts from the next version on; what is issued stays as it is. Only the groups of properties that differ are sent, and only while the stored policy is still the one shown."

// Tags is what changing the tags of a version does.
const Tags = "The vault takes all tags of a version at once. They are sent only while those that stand there are still the ones shown."

// Create is what creating does under a name that exists, or is new.
func Create(exists bool) string {
	if exists {
		return "A certificate of that name exists. This makes a new version of it, with this policy in place of the stored one. What is live under it, if anything, stays live until the new one is issued."
	}
	return newName
}

// Import is what importing does under a name that exists, or is new.
func Import(exists bool) []string {
	last := newName
	if exists {
		last = "A certificate of that name exists. This becomes its current version at once; whoever uses the name without a version gets it."
	}
	return []string{"The certificate and its private key are sent to the vault.", last}
}

const newName = "The name is new in this vault."

// usualRetention is how many days a vault keeps what was deleted unless it was
// set up otherwise, which its recovery level then says with the word Customized
// (Key Vault, "Soft-delete overview").
const usualRetention = 90

// Retained is what is known of what a vault does with what is deleted, from what
// a certificate in it tells.
func Retained(told model.Certificate) model.Certificate {
	c := model.Certificate{RecoveryLevel: told.RecoveryLevel, RecoverableDays: told.RecoverableDays}
	customized := strings.HasPrefix(c.RecoveryLevel, "Customized")
	if c.RecoverableDays == 0 && c.RecoveryLevel != "" && !c.Unrecoverable() && !customized {
		c.RecoverableDays = usualRetention
	}
	return c
}

// Retention says until when what is deleted now can be recovered, and what
// becomes of its name. c is from [Retained].
func Retention(c model.Certificate, now time.Time) string {
	const reserved = "Until then the name stays reserved"
	purge := reserved + ", unless it is purged."
	if c.PurgeProtected() {
		purge = reserved + "; this vault lets nobody purge it sooner."
	}
	switch until := c.RecoverableUntil(now); {
	case c.Unrecoverable():
		return "This vault keeps nothing of what is deleted: this cannot be undone."
	case !until.IsZero():
		return fmt.Sprintf("It can be recovered for %d days: deleted now, until %s. %s", c.RecoverableDays, timetext.Moment(until), purge)
	case c.RecoveryLevel == "":
		return "Where the vault keeps what is deleted, it can be recovered for 7 to 90 days; the row will say until when. " + purge
	default:
		return "It can be recovered for as long as this vault is set up to keep it, 7 to 89 days; the row will say until when. " + purge
	}
}
