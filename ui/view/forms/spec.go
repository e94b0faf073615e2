package forms

import (
	"strconv"
	"strings"

	"certty/model"
	"certty/ui/widget/form"
)

// The ids of the fields.
const (
	fieldTarget  = "target"
	fieldSubject = "subject"
	fieldSANs    = "sans"
	fieldName    = "name"
	fieldKey     = "key"
)

// keyChoices are the keys Key Vault makes for a certificate without an HSM.
var keyChoices = []string{"RSA 2048", "RSA 3072", "RSA 4096", "EC P-256", "EC P-384", "EC P-521"}

// fields are the questions of a manual request.
func fields(targets []string) []form.Field {
	out := []form.Field{
		{ID: fieldSubject, Label: "Subject", Hint: "an X.500 name, such as CN=shop.example.com, O=\"Contoso, Inc.\", C=US", Check: checked(model.CheckSubject)},
		{ID: fieldSANs, Label: "Alternative names", Hint: "DNS names, e-mail or IP addresses, URIs; blanks or commas between them", Check: checkSANs, Suggest: suggestSAN},
		{ID: fieldName, Label: "Name", Hint: "what the vault calls it: letters, digits, hyphens; it can't be changed later", Check: checked(model.CheckName), Suggest: suggestName},
		{ID: fieldKey, Label: "Key", Hint: "left and right choose; the key is made in the vault and stays there", Options: keyChoices},
	}
	if len(targets) > 1 {
		target := form.Field{ID: fieldTarget, Label: "Vault", Hint: "left and right choose", Options: targets}
		out = append([]form.Field{target}, out...)
	}
	return out
}

func checked(check func(string) error) func(string) string {
	return func(value string) string {
		if err := check(value); err != nil {
			return err.Error()
		}
		return ""
	}
}

func checkSANs(value string) string {
	sans, err := model.ParseSANs(value)
	if err == nil {
		err = model.CheckSANs(sans)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// suggestSAN offers the common name, which clients ignore unless it stands
// among the alternative names, too (RFC 6125 §6.4.4).
func suggestSAN(value func(string) string) string {
	name := model.CommonName(value(fieldSubject))
	if model.CheckDNS(name) != nil {
		return ""
	}
	return name
}

func suggestName(value func(string) string) string {
	if name := model.NameFrom(value(fieldSubject)); name != "" {
		return name
	}
	first, _, _ := strings.Cut(value(fieldSANs), " ")
	return model.NameFrom(first)
}

// spec is what the form says.
func spec(f *form.Form) (model.CreateSpec, error) {
	sans, err := model.ParseSANs(f.Value(fieldSANs))
	if err != nil {
		return model.CreateSpec{}, err
	}
	return model.CreateSpec{
		Name: f.Value(fieldName),
		Policy: model.Policy{
			Subject: f.Value(fieldSubject),
			SANs:    sans,
			Issuer:  model.Issuer{Name: model.IssuerUnknown},
			Key:     keyProperties(f.Value(fieldKey)),
		},
	}, nil
}

func keyProperties(choice string) model.KeyProperties {
	kind, size, _ := strings.Cut(choice, " ")
	if bits, err := strconv.Atoi(size); err == nil {
		return model.KeyProperties{Type: kind, Size: bits}
	}
	return model.KeyProperties{Type: kind, Curve: size}
}
