package forms

import (
	"encoding/asn1"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"certty/model"
)

// attribute is a part of a subject that has a field of its own.
type attribute struct {
	keyword string
	oid     asn1.ObjectIdentifier
	label   string
}

// attributes are in the order in which a subject is written.
var attributes = []attribute{
	{"CN", asn1.ObjectIdentifier{2, 5, 4, 3}, "Common name"},
	{"O", asn1.ObjectIdentifier{2, 5, 4, 10}, "Organization"},
	{"OU", asn1.ObjectIdentifier{2, 5, 4, 11}, "Unit"},
	{"L", asn1.ObjectIdentifier{2, 5, 4, 7}, "City"},
	{"S", asn1.ObjectIdentifier{2, 5, 4, 8}, "State"},
	{"C", asn1.ObjectIdentifier{2, 5, 4, 6}, "Country"},
}

// split cuts text at commas and semicolons that stand neither in quotes nor
// behind a backslash.
func split(text string) []string {
	var parts []string
	start, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			quoted = !quoted
		case ',', ';':
			if !quoted {
				parts = append(parts, strings.Trim(text[start:i], " "))
				start = i + 1
			}
		}
	}
	return append(parts, strings.Trim(text[start:], " "))
}

// single reads a piece of a subject that is one attribute with a field of its
// own; rank is its place among them, -1 when it is not.
func single(piece string) (rank int, value string) {
	seq, err := model.ParseSubject(piece)
	if err != nil || len(seq) != 1 || len(seq[0]) != 1 {
		return -1, ""
	}
	value, ok := seq[0][0].Value.(string)
	if !ok {
		return -1, ""
	}
	return slices.IndexFunc(attributes, func(a attribute) bool { return a.oid.Equal(seq[0][0].Type) }), value
}

// subjectParts are the values of the attributes in a subject, by keyword; the
// first one of each.
func subjectParts(subject string) map[string]string {
	parts := make(map[string]string, len(attributes))
	for _, piece := range split(subject) {
		rank, value := single(piece)
		if rank < 0 {
			continue
		}
		if keyword := attributes[rank].keyword; parts[keyword] == "" {
			parts[keyword] = value
		}
	}
	return parts
}

// withPart puts one attribute into a subject: in the place of the first one of
// its kind, else where it belongs among the others. An empty value takes it
// out. What else stands there stays as it was written.
func withPart(subject, keyword, value string) string {
	want := slices.IndexFunc(attributes, func(a attribute) bool { return a.keyword == keyword })
	pieces := slices.DeleteFunc(split(subject), func(piece string) bool { return piece == "" })
	at, instead := len(pieces), false
	for i, piece := range pieces {
		rank, _ := single(piece)
		if rank == want {
			at, instead = i, true
			break
		}
		if rank > want {
			at = min(at, i)
		}
	}
	if instead {
		pieces = slices.Delete(pieces, at, at+1)
	}
	if value != "" {
		pieces = slices.Insert(pieces, at, keyword+"="+quote(value))
	}
	return strings.Join(pieces, ", ")
}

// quote writes a value so that it is read back as it is (see
// [model.ParseSubject]): in quotes where it has to be, quotes in it doubled.
func quote(value string) string {
	if !strings.ContainsAny(value, `,;+"=<>#\`) && strings.Trim(value, " ") == value {
		return value
	}
	value = strings.ReplaceAll(value, `\`, `\\`)
	return `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
}

// shortNames are the keywords of RFC 4514 §3 by their object identifier.
var shortNames = map[string]string{
	"2.5.4.3": "CN", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU",
	"2.5.4.6": "C", "2.5.4.9": "STREET", "0.9.2342.19200300.100.1.25": "DC", "0.9.2342.19200300.100.1.1": "UID",
}

// rfc4514 writes a subject as directories write it; "" when it can't be read.
func rfc4514(subject string) string {
	seq, err := model.ParseSubject(subject)
	if err != nil {
		return ""
	}
	var names []string
	for _, rdn := range slices.Backward(seq) {
		var parts []string
		for _, a := range rdn {
			parts = append(parts, ava(a.Type, a.Value))
		}
		names = append(names, strings.Join(parts, "+"))
	}
	return strings.Join(names, ",")
}

// ava writes one attribute (RFC 4514 §2.3 and §2.4).
func ava(oid asn1.ObjectIdentifier, value any) string {
	name, short := shortNames[oid.String()]
	text, isText := value.(string)
	if raw, ok := value.(asn1.RawValue); ok {
		switch raw.Tag {
		case asn1.TagUTF8String, asn1.TagPrintableString, asn1.TagIA5String:
			text, isText = string(raw.Bytes), utf8.Valid(raw.Bytes)
		}
	}
	if short && isText {
		return name + "=" + escape(text)
	}
	der, err := asn1.Marshal(value)
	if err != nil {
		return oid.String() + "=?"
	}
	return oid.String() + "=#" + hex.EncodeToString(der)
}

func escape(value string) string {
	var b strings.Builder
	for i, r := range value {
		if strings.ContainsRune(`"+,;<>\`, r) || i == 0 && (r == ' ' || r == '#') || r == ' ' && i == len(value)-1 {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
