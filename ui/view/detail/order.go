package detail

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"

	"certty/backend/keystore"
	"certty/model"
	"certty/model/timetext"
	"certty/ui/theme"
	"certty/ui/view"
)

// orderMeaning explains the state of an order in sentences, as [Meaning] does.
func orderMeaning(row view.Row) []string {
	o, r := row.Item.Order, row.Item.Record
	switch {
	case row.Item.Hidden():
		return []string{"Deleted here: only this filter lists it. The account keeps the order. u shows it again."}
	case r.NeedsPerson(), o == nil && r != nil:
		return recordMeaning(r)
	case o == nil || o.Status == "":
		return []string{"Only a list was read so far, which does not tell how the order stands."}
	}
	switch o.Phase {
	case model.OrderRequested:
		return []string{"An administrator of the account has to approve it: RAO or MRAO, and for extended validation somebody other than who ordered. Y approves and N declines where your login may."}
	case model.OrderApproved:
		return []string{"It is approved and on its way to the CA. It can't be cancelled any more."}
	case model.OrderApplied:
		if n := len(o.Validation.Waiting()); n > 0 {
			return []string{fmt.Sprintf("The CA waits for the proof that the names are controlled: %d of %d domains are not validated. v shows what to publish.", n, len(o.Validation.Domains))}
		}
		return []string{"The CA validates. Domain validation takes minutes once the record is published, organization and extended validation take days."}
	case model.OrderDeclined:
		return []string{"An administrator declined it. Nothing was issued; it can be ordered again."}
	case model.OrderRejected:
		return []string{"The CA refused it. Ask an administrator of the account, or Sectigo's support, why; then order again."}
	case model.OrderInvalid:
		return []string{"The account's own checks refused it: look at names, CSR and profile, then order again."}
	case model.OrderRevoked:
		return []string{"Clients refuse it. It can't be brought back."}
	case model.OrderReplaced:
		return []string{"Another certificate took its place."}
	case model.OrderUnknown:
		return []string{"The account says «" + o.Status + "», which this program does not know. It is not taken for finished."}
	case model.OrderIssued, model.OrderExpired:
		return issuedMeaning(row)
	default:
		return nil
	}
}

// recordMeaning explains an order of which the account tells nothing.
func recordMeaning(r *model.Record) []string {
	switch r.Step {
	case model.StepPrepared:
		return []string{"You: nothing was sent yet. Key and CSR are on disk; O orders."}
	case model.StepSending:
		return []string{"It was sent, and there was no answer. It is looked for at the account by its reference and never sent again."}
	case model.StepUndecided:
		return []string{"You: it was sent, and was not found for 20 minutes. Look into SCM, then say with J whether it was placed."}
	case model.StepDoubled:
		return []string{"You: more than one order carries its reference. Say with J which one it is."}
	case model.StepRefused:
		return []string{"It was refused, and nothing was ordered. D deletes what is left of it here."}
	case model.StepPlaced, model.StepCollected:
		return []string{"The account did not tell of this order yet."}
	default:
		return nil
	}
}

func issuedMeaning(row view.Row) []string {
	var out []string
	switch row.Status.State {
	case model.StateExpired:
		out = append(out, "Clients refuse it.")
		if !row.Item.Order.Renewed {
			out[0] += " You: renew it."
		}
	case model.StateExpires:
		out = append(out, "Little life is left. You: renew it.")
	case model.StateCompleted:
		switch row.Status.Next {
		case "make keystore":
			if row.Item.Record.Files == model.FilesWaiting {
				return []string{"You: the certificate is here, and its keystore waits for the password. The files go out with it. K makes it."}
			}
			return []string{"You: the certificate is here, and its keystore waits for the password. K makes it."}
		case "check its key":
			return []string{"You: the certificate is here, and it is for none of the keys of this order: somebody replaced it elsewhere. Its files are held back, " +
				"and on_issued did not run. p replaces it with one for a key made here; W delivers it if it is right all the same; X revokes it."}
		case "read reason":
			return []string{"You: the certificate is here, and writing its files, or on_issued after that, failed. The trouble below says which; it is tried again by itself, and f tries it at once."}
		}
		out = append(out, "The certificate was issued.")
	default: // a valid one needs no words
	}
	if row.Item.Order.Renewed {
		out = append(out, "Another order renewed it.")
	}
	return out
}

// order describes the order and what is held of it here.
func (l *lines) order(it *model.Item) {
	if o := it.Order; o != nil {
		l.title(strings.TrimSpace("ORDER " + o.ID))
		l.ordered(it, o)
		l.gap()
	}
	l.record(it)
}

func (l *lines) ordered(it *model.Item, o *model.Order) {
	l.pair("status", o.Status)
	l.pair("names", strings.Join(o.SANs, "\n"))
	l.pair("org", withID(o.Organization, o.OrganizationID))
	l.pair("profile", withID(o.Profile, o.ProfileID))
	if o.Term > 0 {
		l.pair("term", fmt.Sprintf("%d days", o.Term))
	}
	l.pair("requester", o.Requester)
	l.pair("external", o.ExternalRequester)
	l.pair("via", o.RequestedVia)
	comments := o.Comments
	if it.Record != nil && it.Record.Reference != "" {
		comments = strings.TrimSpace(strings.TrimPrefix(comments, it.Record.Reference))
	}
	l.pair("comments", comments)
	for _, c := range o.CustomFields {
		l.pair("field", c.Name+"="+c.Value)
	}
	l.pair("CA's id", o.BackendID)
	l.moment("requested", o.Requested)
	l.moment("approved", o.Approved)
	l.moment("declined", o.Declined)
	l.moment("issued", o.Issued)
	l.moment("expires", o.Expires)
	l.moment("replaced", o.Replaced)
	l.moment("revoked", o.Revoked)
	l.pair("reason", o.RevokedFor)
	if o.Renewed {
		l.pair("renewed", cmp.Or(known(o.RenewedAt.IsZero(), timetext.Moment(o.RenewedAt)), "yes"))
	}
	for _, d := range o.Validation.Waiting() {
		l.pair("waits for", d.Domain+" ("+strings.ToLower(cmp.Or(d.Status, "not validated"))+")")
	}
	if o.Validation != nil {
		l.pair("trouble", o.Validation.Trouble)
	}
	if len(o.Unreadable) > 0 {
		l.pair("unread", "the account told these in a form that can't be read: "+strings.Join(o.Unreadable, ", "))
	}
	l.pair("read", l.read(it))
}

func known(unknown bool, text string) string {
	if unknown {
		return ""
	}
	return text
}

func withID(name string, id int) string {
	switch {
	case id == 0:
		return name
	case name == "":
		return strconv.Itoa(id) // the account does not tell its name
	}
	return name + " (" + strconv.Itoa(id) + ")"
}

// record says what is held here, and what is not.
func (l *lines) record(it *model.Item) {
	r := it.Record
	if r == nil {
		if it.Order != nil {
			l.title("HERE")
			l.text(theme.Text, "Not held here: it is at the account only. An import takes it over.")
			l.gap()
		}
		return
	}
	l.title("HERE")
	l.moment("since", r.ManagedAt)
	if r.Decided {
		l.pair("decided", "it is this order by your word; its certificate has not shown a key that fits. J names another order")
	}
	step := string(r.Step)
	if r.Imported {
		step += ", taken over from the account"
	}
	l.pair("step", step+", "+timetext.Moment(r.StepAt))
	if r.Reference != "" {
		l.pair("reference", r.Reference)
	}
	if r.Renews != "" {
		l.pair("renews", "order "+r.Renews)
	}
	key := "not made here"
	if r.KeyHeld {
		key = "made here, held encrypted"
	}
	l.pair("key", key)
	l.pair("chain", chain(it))
	l.pair("keystore", keystoreText(r))
	l.moment("deleted", r.DeletedAt)
	if r.Trouble != "" {
		l.pair("trouble", r.Trouble)
	}
	l.gap()
}

// chain says which certificate was collected, or why none was.
func chain(it *model.Item) string {
	r, o := it.Record, it.Order
	switch {
	case r.ChainSerial == "" && o != nil && o.Phase.Certified():
		return "not collected yet"
	case r.ChainSerial == "":
		return "none: nothing was issued"
	case it.Certificate.Serial != "" && it.Certificate.Serial != r.ChainSerial:
		return "collected, serial " + r.ChainSerial + "; the account has a newer one"
	}
	return "collected"
}

func keystoreText(r *model.Record) string {
	form := keystore.Type(r.KeystoreType).Name()
	switch {
	case r.Keystore != model.KeystoreNone && r.KeystoreType != "":
		return form + ", " + string(r.Keystore)
	case r.Keystore != model.KeystoreNone:
		return string(r.Keystore)
	case r.KeystoreType != "":
		return form + ", once the certificate is here"
	case r.KeyHeld:
		return "none wanted; K makes one"
	}
	return ""
}

// issued describes the certificate of an order.
func (l *lines) issued(row view.Row) {
	c := &row.Item.Certificate
	if !c.Issued && c.Serial == "" {
		return
	}
	l.title("CERTIFICATE")
	l.pair("subject", c.Subject)
	l.pair("issuer", c.Issuer)
	l.pair("sans", strings.Join(c.SANs.All(), "\n"))
	l.pair("key", c.KeyType)
	l.pair("serial", c.Serial)
	if len(c.DER) > 0 {
		l.pair("sha256", fmt.Sprintf("%x", sha256.Sum256(c.DER)))
	}
	l.pair("sha1", c.Thumbprint)
	l.moment("from", c.NotBefore)
	l.moment("until", c.NotAfter)
	if left, ok := c.LifeLeft(l.now); ok && left > 0 {
		l.pair("life left", fmt.Sprintf("%s %.0f%%, %d days", l.t.Bar(left, 10), 100*left, timetext.Days(l.now, c.NotAfter)))
	}
	l.gap()
}
