package download

import (
	"errors"
	"fmt"
	"strings"

	"certty/model/x5c"
	"certty/ui/widget/form"
)

// The ids of the fields.
const (
	fieldWhat = "what"
	fieldForm = "form"
	fieldPath = "path"
)

// What goes into the file.
const (
	contentLeaf  = "certificate"
	contentChain = "with its chain"
	contentRoot  = "and its root"
)

// The forms of the file.
const (
	formPEM      = "PEM"
	formDER      = "DER"
	formPKCS7    = "PKCS#7"
	formPKCS7DER = "PKCS#7 DER"
)

// endings are the file name endings that people and programs know the forms by.
var endings = map[string]string{formPEM: ".pem", formDER: ".cer", formPKCS7: ".p7b", formPKCS7DER: ".p7b"}

func fields(name string) []form.Field {
	return []form.Field{
		{ID: fieldWhat, Label: "Content", Options: []string{contentLeaf, contentChain, contentRoot}, Hint: "left and right choose; the private key is never in it"},
		{ID: fieldForm, Label: "Form", Options: []string{formPEM, formDER, formPKCS7, formPKCS7DER}, Hint: "PEM for most servers; PKCS#7 for Windows and Java"},
		{ID: fieldPath, Label: "File", Check: needed, Hint: "in the folder certty was started in unless a path says otherwise",
			Suggest: func(value func(string) string) string {
				if value(fieldWhat) != contentLeaf && value(fieldForm) == formPEM {
					return name + "-chain" + endings[formPEM]
				}
				return name + endings[value(fieldForm)]
			}},
	}
}

func needed(path string) string {
	if path == "" {
		return "a file name is needed"
	}
	return ""
}

func looksLikeChain(text string) bool {
	return strings.Contains(text, "-----BEGIN") || strings.Contains(strings.TrimSpace(text), "\n") || len(text) > 1000
}

// chosen are the links that go into the file.
func (v *View) chosen() []x5c.Link {
	var chosen []x5c.Link
	what := v.form.Value(fieldWhat)
	for i, l := range v.links {
		if i == 0 || what == contentRoot || what == contentChain && l.Role != x5c.RoleRoot {
			chosen = append(chosen, l)
		}
	}
	return chosen
}

// short says why the file would hold less than was chosen; "" when it would
// not. A server that is given a leaf for a chain fails at some clients only.
func (v *View) short() string {
	if len(v.links) == 0 || v.form.Value(fieldWhat) == contentLeaf {
		return ""
	}
	last := v.links[len(v.links)-1]
	alone := last.Issuer == last.Subject
	switch {
	case len(v.links) == 1 && !alone:
		return fmt.Sprintf("Not saved: the chain is not known, only the certificate itself would be in the file. Paste the CA's certificates, or choose %q.", contentLeaf)
	case v.form.Value(fieldWhat) == contentRoot && !alone:
		return fmt.Sprintf("Not saved: the root is not known. Paste it, or choose %q.", contentChain)
	}
	return ""
}

// encode writes certificates in a form.
func encode(links []x5c.Link, form string) ([]byte, error) {
	if len(links) == 0 {
		return nil, errors.New("the certificate was not read yet")
	}
	chain := make([][]byte, len(links))
	for i, l := range links {
		chain[i] = l.DER
	}
	switch form {
	case formPEM:
		return x5c.EncodeChain(chain), nil
	case formDER:
		if len(chain) > 1 {
			return nil, fmt.Errorf("a DER file holds one certificate, not %d; take PEM or PKCS#7", len(chain))
		}
		return chain[0], nil
	}
	der, err := x5c.EncodePKCS7(chain)
	if err != nil || form == formPKCS7DER {
		return der, err
	}
	return x5c.ArmorPKCS7(der), nil
}
