package model

import "strings"

// Proof is what has to be published to prove that a domain is controlled.
type Proof struct {
	// Name is the DNS name, the URL of the file, or the mailbox that got the
	// question; Value what stands there, "" for a mailbox.
	Name, Value string
	// Kind is the type of the DNS record; "" for a file and a mailbox.
	Kind string
}

// Proof is what has to be published for the domain; ok is false when nothing is
// known to be.
func (d *DomainValidation) Proof() (p Proof, ok bool) {
	switch {
	case d.Host != "" && d.Point != "":
		kind := "CNAME"
		if strings.EqualFold(d.Method, "TXT") {
			kind = "TXT"
		}
		return Proof{Name: d.Host, Value: d.Point, Kind: kind}, true
	case d.URL != "":
		return Proof{Name: d.URL, Value: d.Content}, true
	case d.Email != "":
		return Proof{Name: d.Email}, true
	}
	return Proof{}, false
}

// Line is the record as a zone file has it (RFC 1035 §5.1), or the file with its
// address.
func (p Proof) Line() string {
	switch {
	case p.Kind == "TXT":
		return rooted(p.Name) + ` IN TXT "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(p.Value) + `"`
	case p.Kind != "":
		return rooted(p.Name) + " IN " + p.Kind + " " + rooted(p.Value)
	case p.Value == "":
		return p.Name
	default:
		return p.Name + "\n" + p.Value
	}
}

// rooted ends a name at the root, so that no zone is put behind it.
func rooted(name string) string { return strings.TrimSuffix(name, ".") + "." }
