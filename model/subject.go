package model

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SubjectError says where a distinguished name can't be read.
type SubjectError struct {
	// Pos is the position of the offending character, counted in characters
	// from 1.
	Pos int
	// Text says what is wrong there.
	Text string
}

// Error gives the position and what is wrong there.
func (e *SubjectError) Error() string { return fmt.Sprintf("position %d: %s", e.Pos, e.Text) }

// ParseSubject reads an X.500 distinguished name as Key Vault takes it in a
// policy, for example
//
//	CN=www.example.com, O="Contoso, Inc.", C=US
//
// Commas and semicolons separate, a plus sign joins the attributes of one
// multi-valued part. A value may stand in quotes, where a doubled quote is a
// quote (as Windows' CertStrToName has it), and may use the escapes and the #
// hexadecimal form of RFC 4514. Attributes go by the usual keywords or by their
// dotted object identifier, with or without "OID." before it. Errors are
// [*SubjectError]. The empty string is the empty name.
//
// The sequence comes in the order of a certificate's encoding, which is the
// reverse of the text, as RFC 4514 §2.1 has it. Recorded traffic settles it for
// Key Vault: a policy with "C=US, ST=WA, L=Redmond, O=TestO, OU=TestOU,
// CN=www.mytestdomain.com" was answered with a CSR that openssl prints as
// "CN = www.mytestdomain.com, OU = TestOU, O = TestO, L = Redmond, ST = WA,
// C = US", and a certificate imported with C, ST, O in that order is shown by
// the vault as "O=Internet Widgits Pty Ltd, S=Some-State, C=AU". So the text
// and [pkix.RDNSequence.String] agree, and openssl prints the reverse.
//
// Values are PrintableString where their characters allow it and UTF8String
// elsewhere ("*" and "@" included, also as recorded); domainComponent and
// emailAddress are IA5String (RFC 4519 §2.4, RFC 5280 §4.1.2.6).
func ParseSubject(s string) (pkix.RDNSequence, error) {
	p := &subjectParser{in: s}
	p.spaces()
	if p.done() {
		return pkix.RDNSequence{}, nil
	}
	if p.peek() == '/' {
		return nil, p.fail(p.at, "this is openssl's form; write the parts with commas between them, as in CN=www.example.com, O=Contoso")
	}
	var seq pkix.RDNSequence
	rdn := pkix.RelativeDistinguishedNameSET{}
	for {
		atv, err := p.attribute()
		if err != nil {
			return nil, err
		}
		rdn = append(rdn, atv)
		if p.done() {
			seq = append(seq, rdn)
			slices.Reverse(seq)
			return seq, nil
		}
		if sep := p.next(); sep != '+' {
			seq = append(seq, rdn)
			rdn = nil
		}
	}
}

// subjectParser walks over the bytes of a name; at is where it stands.
type subjectParser struct {
	in string
	at int
}

func (p *subjectParser) done() bool { return p.at >= len(p.in) }
func (p *subjectParser) peek() byte { return p.in[p.at] }

func (p *subjectParser) next() byte {
	b := p.in[p.at]
	p.at++
	return b
}

func (p *subjectParser) spaces() {
	for !p.done() && p.peek() == ' ' {
		p.at++
	}
}

// fail makes an error about the byte offset at.
func (p *subjectParser) fail(at int, format string, args ...any) error {
	return &SubjectError{Pos: utf8.RuneCountInString(p.in[:at]) + 1, Text: fmt.Sprintf(format, args...)}
}

// attribute reads one "KEYWORD=value" and stops at the separator after it or
// at the end.
func (p *subjectParser) attribute() (pkix.AttributeTypeAndValue, error) {
	var none pkix.AttributeTypeAndValue
	p.spaces()
	start := p.at
	for !p.done() && !strings.ContainsRune("=,;+\"", rune(p.peek())) {
		p.at++
	}
	keyword := strings.TrimRight(p.in[start:p.at], " ")
	switch {
	case keyword == "" && p.done():
		return none, p.fail(p.at, "an attribute such as CN=www.example.com must follow the separator")
	case keyword == "":
		return none, p.fail(p.at, "an attribute such as CN=www.example.com must stand here")
	case p.done() || p.peek() != '=':
		return none, p.fail(start, "%q is no attribute: a keyword, = and a value, such as CN=www.example.com (put a value with a comma in quotes)", keyword)
	}
	oid, ok := attributeOID(keyword)
	if !ok {
		return none, p.fail(start, "%q is not an attribute that is known; take CN, O, OU, L, ST, C, … or a dotted object identifier", keyword)
	}
	p.at++ // the equals sign
	p.spaces()
	start = p.at
	value, err := p.value(keyword)
	if err != nil {
		return none, err
	}
	typed, err := typedValue(oid, value)
	if err != nil {
		return none, p.fail(start, "%s: %v", keyword, err)
	}
	return pkix.AttributeTypeAndValue{Type: oid, Value: typed}, nil
}

// value reads a value in any of its forms; the result is a string, or an
// asn1.RawValue for the # form.
func (p *subjectParser) value(keyword string) (any, error) {
	start := p.at
	if p.done() || strings.IndexByte(",;+", p.peek()) >= 0 {
		return nil, p.fail(p.at, "%s has no value", keyword)
	}
	var value string
	var err error
	switch p.peek() {
	case '#':
		return p.hexValue(keyword)
	case '"':
		value, err = p.quoted()
	default:
		value, err = p.plain()
	}
	switch {
	case err != nil:
		return nil, err
	case value == "":
		return nil, p.fail(start, "%s has no value", keyword)
	case !utf8.ValidString(value):
		return nil, p.fail(start, "the value of %s is not valid UTF-8", keyword)
	case strings.ContainsFunc(value, unicode.IsControl):
		return nil, p.fail(start, "the value of %s has a control character in it", keyword)
	}
	return value, nil
}

func (p *subjectParser) quoted() (string, error) {
	open := p.at
	p.at++
	var b strings.Builder
	for !p.done() {
		switch c := p.next(); c {
		case '"':
			if !p.done() && p.peek() == '"' {
				p.at++
				b.WriteByte('"')
				continue
			}
			p.spaces()
			if !p.done() && strings.IndexByte(",;+", p.peek()) < 0 {
				return "", p.fail(p.at, "a comma must follow the closing quote")
			}
			return b.String(), nil
		case '\\':
			if err := p.escape(&b); err != nil {
				return "", err
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", p.fail(open, "this quote is not closed")
}

func (p *subjectParser) plain() (string, error) {
	var b strings.Builder
	keep := 0 // length up to which spaces at the end belong to the value
	for !p.done() && strings.IndexByte(",;+", p.peek()) < 0 {
		switch c := p.next(); c {
		case '"', '=', '<', '>':
			return "", p.fail(p.at-1, "a value with %q in it must stand in quotes", c)
		case '\\':
			if err := p.escape(&b); err != nil {
				return "", err
			}
			keep = b.Len()
		default:
			b.WriteByte(c)
			if c != ' ' {
				keep = b.Len()
			}
		}
	}
	return b.String()[:keep], nil
}

// escape reads what follows a backslash: a special character, or two
// hexadecimal digits for a byte (RFC 4514 §2.4).
func (p *subjectParser) escape(b *strings.Builder) error {
	start := p.at - 1
	if p.done() {
		return p.fail(start, "nothing follows the backslash")
	}
	if strings.IndexByte(`\"+,;<>#= `, p.peek()) >= 0 {
		b.WriteByte(p.next())
		return nil
	}
	if p.at+2 <= len(p.in) {
		if raw, err := hex.DecodeString(p.in[p.at : p.at+2]); err == nil {
			b.WriteByte(raw[0])
			p.at += 2
			return nil
		}
	}
	return p.fail(start, "after a backslash stands one of \\ \" + , ; < > # = space, or two hexadecimal digits")
}

// hexValue reads "#" and the hexadecimal digits of a whole DER value.
func (p *subjectParser) hexValue(keyword string) (any, error) {
	start := p.at
	end := strings.IndexAny(p.in[p.at:], ",;+")
	if end < 0 {
		end = len(p.in) - p.at
	}
	p.at += end
	der, err := hex.DecodeString(strings.TrimRight(p.in[start+1:p.at], " "))
	if err != nil || len(der) == 0 {
		return nil, p.fail(start, "after # stand hexadecimal digits, two for each byte; put a value that begins with # in quotes")
	}
	var raw asn1.RawValue
	if rest, err := asn1.Unmarshal(der, &raw); err != nil || len(rest) > 0 {
		return nil, p.fail(start, "the value of %s after # is not one DER value", keyword)
	}
	return raw, nil
}
