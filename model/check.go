package model

import (
	"cmp"
	"encoding/asn1"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits that Key Vault documents ("About Azure Key Vault certificates",
// "Create Certificate").
const (
	maxName    = 127
	maxSubject = 200
)

// CheckName says what is wrong with a certificate's name: it must match
// ^[0-9a-zA-Z-]+$ and have 1 to 127 characters (Key Vault REST, "Create
// Certificate", certificate-name).
func CheckName(name string) error {
	if name == "" {
		return errors.New("a name is needed")
	}
	for i, r := range name {
		if !nameRune(r) {
			return fmt.Errorf("%q at position %d can't stand in a name; letters a-z, digits and - can", r, utf8.RuneCountInString(name[:i])+1)
		}
	}
	if len(name) > maxName {
		return fmt.Errorf("%d characters are too many; %d are allowed", len(name), maxName)
	}
	return nil
}

func nameRune(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-'
}

// CheckSubject says what is wrong with a distinguished name: it must be one
// (see [ParseSubject]), have at most 200 characters (Key Vault, "About Azure
// Key Vault certificates"), a country of two letters and a common name of at
// most 64 characters (RFC 5280, Appendix A.1). The empty name is legal; a
// certificate then needs a subject alternative name.
func CheckSubject(subject string) error {
	if n := utf8.RuneCountInString(subject); n > maxSubject {
		return fmt.Errorf("%d characters are too many; %d are allowed", n, maxSubject)
	}
	seq, err := ParseSubject(subject)
	if err != nil {
		return err
	}
	for _, rdn := range seq {
		for _, atv := range rdn {
			value, ok := atv.Value.(string)
			switch {
			case !ok:
			case atv.Type.Equal(oidCountry) && !isCountry(value):
				return fmt.Errorf("C=%s: a country is its two-letter code, such as US", value)
			case atv.Type.Equal(oidCommonName) && utf8.RuneCountInString(value) > 64:
				return fmt.Errorf("the common name has %d characters; 64 are allowed (a longer name goes into the alternative names)", utf8.RuneCountInString(value))
			}
		}
	}
	return nil
}

func isCountry(s string) bool {
	return len(s) == 2 && asciiLetter(s[0]) && asciiLetter(s[1])
}

func asciiLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// NameFrom suggests a legal certificate name for a subject or a DNS name:
// "shop-example-com" for shop.example.com and for "CN=shop.example.com, O=X",
// "wildcard-example-com" for *.example.com. It is "" when no character of the
// text can be used.
func NameFrom(subjectOrDNS string) string {
	text := strings.TrimSpace(cmp.Or(CommonName(subjectOrDNS), subjectOrDNS))
	if rest, ok := strings.CutPrefix(text, "*."); ok {
		text = "wildcard." + rest
	}
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case nameRune(r) && r != '-':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	name := b.String()
	return strings.Trim(name[:min(len(name), maxName)], "-")
}

// CommonName is the common name in a subject; "" when there is none or the
// subject can't be read.
func CommonName(subject string) string {
	seq, err := ParseSubject(subject)
	if err != nil {
		return ""
	}
	name := ""
	for _, rdn := range seq {
		for _, atv := range rdn {
			if cn, ok := atv.Value.(string); ok && atv.Type.Equal(oidCommonName) {
				name = cn
			}
		}
	}
	return name
}

// parseOID reads a dotted object identifier (ITU-T X.660): at least two arcs,
// the first 0 to 2, the second below 40 under 0 and 1.
func parseOID(s string) (asn1.ObjectIdentifier, bool) {
	arcs := strings.Split(s, ".")
	if len(arcs) < 2 || len(s) > 200 {
		return nil, false
	}
	oid := make(asn1.ObjectIdentifier, len(arcs))
	for i, arc := range arcs {
		n, err := strconv.ParseUint(arc, 10, 31)
		if err != nil || len(arc) > 1 && arc[0] == '0' {
			return nil, false
		}
		oid[i] = int(n)
	}
	if oid[0] > 2 || oid[0] < 2 && oid[1] >= 40 {
		return nil, false
	}
	return oid, true
}

// Limits of tags (Azure Key Vault, "About keys, secrets and certificates").
const (
	maxTags    = 15
	maxTagText = 256
)

// CheckTags checks tags: at most 15, name and value at most 256 characters, and
// a name in each.
func CheckTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return fmt.Errorf("a version has at most %d tags, not %d", maxTags, len(tags))
	}
	for name, value := range tags {
		switch {
		case strings.TrimSpace(name) == "":
			return errors.New("a tag needs a name")
		case utf8.RuneCountInString(name) > maxTagText || utf8.RuneCountInString(value) > maxTagText:
			return fmt.Errorf("tag %.20q: name and value have at most %d characters each", name, maxTagText)
		}
	}
	return nil
}
