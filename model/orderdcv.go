package model

import "strings"

// OrderDCV is how the control over an order's names is proved for this order
// alone (SCM REST API, Enroll; SCM OpenAPI, RenewInfo and ReplaceRequest: dcvMode
// and dcvEmail). An account without validation beforehand takes no order without
// it.
type OrderDCV struct {
	Mode DCVMode `json:",omitempty"`
	// Email is who is asked, with [DCVEmail] only.
	Email string `json:",omitempty"`
}

// DCVMode is a way to validate a domain, in the service's own spelling.
type DCVMode string

// The ways that a person can go. A release of 2025 also knows AUTO, which older
// ones refuse; it is what leaving the mode out asks for.
const (
	DCVCNAME DCVMode = "CNAME"
	DCVTXT   DCVMode = "TXT"
	DCVHTTP  DCVMode = "HTTP"
	DCVHTTPS DCVMode = "HTTPS"
	DCVEmail DCVMode = "EMAIL"
)

// DCVModes lists the ways, the one that needs the least first.
func DCVModes() []DCVMode { return []DCVMode{DCVCNAME, DCVTXT, DCVHTTP, DCVHTTPS, DCVEmail} }

// Problem says what is wrong with how the names are to be validated, for
// everything that has names and a validation; "" when nothing is.
func (d OrderDCV) Problem(names ...string) (Field, string) {
	var list problems
	(&OrderSpec{SANs: names, DCV: d}).dcv(&list)
	if len(list) == 0 {
		return "", ""
	}
	return list[0].Field, list[0].Text
}

// The parts of an OrderSpec that [OrderSpec.Problems] speaks of for [OrderDCV].
const (
	InDCV      Field = "domain validation"
	InDCVEmail Field = "validation e-mail"
)

// dcv checks how the names are to be validated.
func (s *OrderSpec) dcv(list *problems) {
	switch s.DCV.Mode {
	case DCVEmail:
		if s.DCV.Email == "" {
			list.add(InDCVEmail, "an address is needed, such as admin@ or hostmaster@ and the domain")
		} else {
			list.check(InDCVEmail, CheckEmail(s.DCV.Email))
		}
	case DCVHTTP, DCVHTTPS:
		// CA/Browser Forum Baseline Requirements, 3.2.2.4.18: a file on a server
		// proves the one name, and no wildcard.
		for _, name := range append([]string{s.CommonName}, s.SANs...) {
			if strings.HasPrefix(name, "*.") {
				list.add(InDCV, "a file on a web server proves no wildcard such as %s; CNAME, TXT and e-mail do", name)
				return
			}
		}
	case DCVCNAME, DCVTXT, "":
	default:
		list.add(InDCV, "SCM has no way called %s", string(s.DCV.Mode))
	}
}
