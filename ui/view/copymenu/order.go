package copymenu

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"strings"

	"certty/model"
	"certty/model/x5c"
	"certty/ui/keys"
)

// ofOrder lists what can be copied of an order.
func (v *View) ofOrder(it *model.Item) []entry {
	c := &it.Certificate
	name := keys.CopyName
	name.Help, name.Long = "common name", "copy the common name of the order"
	id := keys.CopyID
	id.Help, id.Long = "order id", "copy the id that the account has for the order"
	thumbprint := keys.CopyThumbprint
	thumbprint.Help, thumbprint.Long = "fingerprint", "copy the SHA-256 fingerprint of the certificate that was collected"

	read := "it was not read yet; it is being read"
	if o := it.Order; o == nil || o.Status != "" && !o.Phase.Certified() {
		read = "nothing was issued yet"
	}
	all := []entry{
		{def: name, what: "common name", value: it.Name()},
		{def: id, what: "order id", value: orderID(it), why: "the account has no id of it yet"},
		{def: keys.CopySerial, what: "serial", value: c.Serial, why: read},
		{def: thumbprint, what: "fingerprint (SHA-256)", why: "the certificate was not collected"},
		names(it),
		records(it),
		{def: keys.CopyCertificate, what: "certificate (PEM)", why: "the certificate was not collected"},
	}
	if len(c.DER) > 0 {
		all[3].value = fmt.Sprintf("%x", sha256.Sum256(c.DER))
		all[6].value, all[6].shown = string(x5c.EncodeChain([][]byte{c.DER})), cmp.Or(c.Subject, "PEM")
	}
	return all
}

func orderID(it *model.Item) string {
	if it.Order == nil {
		return ""
	}
	return it.Order.ID
}

// names are the certificate's, else those that were ordered.
func names(it *model.Item) entry {
	e := entry{def: keys.CopyNames, what: "all names", why: "no names were read yet"}
	all := it.Certificate.SANs.All()
	if len(all) == 0 && it.Order != nil {
		all = it.Order.SANs
	}
	e.value, e.shown = strings.Join(all, "\n"), strings.Join(all, ", ")
	return e
}

// records are those to publish for the domains that an order waits for.
func records(it *model.Item) entry {
	e := entry{def: keys.CopyRecords, what: "DNS records", why: "it waits for no record that is known; v reads its validation"}
	if it.Order == nil {
		return e
	}
	var lines []string
	for _, d := range it.Order.Validation.Waiting() {
		if p, ok := d.Proof(); ok && p.Kind != "" {
			lines = append(lines, p.Line())
		}
	}
	e.value, e.shown = strings.Join(lines, "\n"), strings.Join(lines, "; ")
	return e
}
