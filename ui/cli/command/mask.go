package command

import (
	"bytes"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"certty/ui/cli/jsontext"
)

// maskJSON indents a JSON text and puts variables in the place of secrets; ok is
// false when it is no JSON. The members stay in their order and the numbers as
// they are written.
func maskJSON(body []byte) (text string, ok bool) {
	m := masker{d: json.NewDecoder(bytes.NewReader(body))}
	m.d.UseNumber()
	if m.value("", "", "") != nil {
		return "", false
	}
	if _, err := m.d.Token(); !errors.Is(err, io.EOF) {
		return "", false
	}
	return m.b.String(), true
}

// masker writes a JSON text anew.
type masker struct {
	d *json.Decoder
	b strings.Builder
}

// value writes the next value, which stands under a member of that name in one
// called parent.
func (m *masker) value(indent, parent, name string) error {
	token, err := m.d.Token()
	if err != nil {
		return err
	}
	switch token := token.(type) {
	case json.Delim:
		return m.compound(token, indent, parent, name)
	case string:
		if hidden := variable(parent, name, token); hidden != "" {
			token = hidden
		}
		m.b.WriteString(quoted(token))
	default:
		if secretMember(parent, name) {
			// Whatever form a secret has: a number is one, too.
			m.b.WriteString(quoted("$" + strings.ToUpper(name)))
			return nil
		}
		data, err := json.Marshal(token)
		if err != nil {
			return err
		}
		m.b.Write(data)
	}
	return nil
}

// compound writes an object or a list, of which open was read.
func (m *masker) compound(open json.Delim, indent, parent, name string) error {
	m.b.WriteString(open.String())
	deeper := indent + "  "
	first := true
	for m.d.More() {
		if !first {
			m.b.WriteByte(',')
		}
		first = false
		m.b.WriteString("\n" + deeper)
		above, under := parent, name // what stands in a list is the list's
		if open == '{' {
			key, err := m.d.Token()
			if err != nil {
				return err
			}
			above, under = name, key.(string) //nolint:forcetypeassert // encoding/json lets nothing else be a name
			m.b.WriteString(quoted(under) + ": ")
		}
		if err := m.value(deeper, above, under); err != nil {
			return err
		}
	}
	end, err := m.d.Token()
	if err != nil {
		return err
	}
	if !first {
		m.b.WriteString("\n" + indent)
	}
	m.b.WriteString(end.(json.Delim).String()) //nolint:forcetypeassert // More was false
	return nil
}

// secretMembers are the names of members that hold secrets, in lower case, and
// what stands for them.
var secretMembers = map[string]string{
	"pwd":           "$PFX_PASSWORD",
	"password":      "$PASSWORD",
	"passphrase":    "$PASSPHRASE",
	"secret":        "$SECRET",
	"clientsecret":  "$CLIENT_SECRET",
	"client_secret": "$CLIENT_SECRET",
	"privatekey":    "$PRIVATE_KEY",
	"private_key":   "$PRIVATE_KEY",
	"token":         "$TOKEN",
	"access_token":  "$ACCESS_TOKEN",
	"value":         "$PFX_BASE64",
}

// secretMember reports whether a member holds a secret. The value of a custom
// field of an order is none (SCM REST API, "Request SSL certificate"), nor is
// that of a tag, whatever its name.
func secretMember(parent, name string) bool {
	parent, name = strings.ToLower(parent), strings.ToLower(name)
	if parent == "tags" || parent == "customfields" && name == "value" {
		return false
	}
	_, secret := secretMembers[name]
	return secret
}

// variable is what stands for a text that must not be shown; "" when it may be.
func variable(parent, name, value string) string {
	switch {
	case strings.Contains(value, "PRIVATE KEY"):
		if strings.EqualFold(name, "value") {
			return "$PEM_BUNDLE"
		}
		return "$PRIVATE_KEY"
	case secretMember(parent, name):
		return secretMembers[strings.ToLower(name)]
	case holdsKey(value):
		return "$PRIVATE_KEY"
	}
	return ""
}

// holdsKey reports whether a text is DER in base64 that is, or may be, a private
// key: PKCS#1 (RFC 8017), PKCS#8 (RFC 5208), SEC 1 (RFC 5915) and PKCS#12 (RFC
// 7292) begin with a version; an encrypted PKCS#8 key is an algorithm and octets.
// Certificates and requests are neither.
func holdsKey(value string) bool {
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(value), ""))
	if err != nil {
		return false
	}
	var outer, first, second asn1.RawValue
	if _, err := asn1.Unmarshal(der, &outer); err != nil || outer.Tag != asn1.TagSequence {
		return false
	}
	rest, err := asn1.Unmarshal(outer.Bytes, &first)
	if err != nil {
		return false
	}
	if first.Class == asn1.ClassUniversal && first.Tag == asn1.TagInteger {
		return true
	}
	_, err = asn1.Unmarshal(rest, &second)
	return err == nil && first.Tag == asn1.TagSequence && second.Class == asn1.ClassUniversal && second.Tag == asn1.TagOctetString
}

// quoted is a JSON string in which nothing moves a terminal.
func quoted(s string) string {
	data, _ := jsontext.Marshal(s) // a string can always be encoded
	return string(data)
}
