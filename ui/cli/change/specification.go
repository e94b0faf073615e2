package change

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"certty/model"
	"certty/model/policytext"
)

// part is a part of a policy that a person sets: as a flag of create, and as PART
// of policy --set PART=VALUE.
type part struct {
	name, usage string
	// set takes the values that were given, of a list all of them.
	set func(p *model.Policy, values []string) error
}

// parts are in the order in which they are set: a kind of key first takes away
// what only the other kind has.
var parts = []part{
	{"subject", "X.500 `name`, such as CN=shop.example.com", one(func(p *model.Policy, v string) error {
		p.Subject = v
		return nil
	})},
	{"san", "alternative `names`, with commas between them or repeated; dns: email: upn: uri: ip: before one says its kind", func(p *model.Policy, values []string) (err error) {
		p.SANs, err = model.ParseSANs(strings.Join(values, " "))
		return err
	}},
	{"issuer", "who signs: Unknown (you have the CSR signed, then merge), Self, or an `issuer` of the vault", one(func(p *model.Policy, v string) error {
		p.Issuer.Name = v
		for _, reserved := range []string{model.IssuerUnknown, model.IssuerSelf} {
			if strings.EqualFold(v, reserved) {
				p.Issuer = model.Issuer{Name: reserved} // no CA, no product
			}
		}
		return nil
	})},
	{"certificate-type", "`product` that the issuer is asked for, such as OV-SSL or EV-SSL", one(func(p *model.Policy, v string) error {
		p.Issuer.CertificateType = v
		return nil
	})},
	{"transparency", "whether it is published in the logs of Certificate Transparency: `yes|no`", one(func(p *model.Policy, v string) (err error) {
		p.Issuer.Transparency, err = yesNo(v)
		return err
	})},
	{"key-type", "`kind` of key: RSA, RSA-HSM, EC or EC-HSM", one(func(p *model.Policy, v string) error {
		p.Key.Type = strings.ToUpper(v)
		if strings.HasPrefix(p.Key.Type, "EC") {
			p.Key.Size = 0
		} else {
			p.Key.Curve = ""
		}
		if strings.HasSuffix(p.Key.Type, "-HSM") && p.Key.Exportable == nil {
			p.Key.Exportable = new(false) // the vault takes yes for granted, and refuses it
		}
		return nil
	})},
	{"key-size", "`bits` of an RSA key: 2048, 3072 or 4096", one(func(p *model.Policy, v string) (err error) {
		p.Key.Size, err = positive(v)
		return err
	})},
	{"curve", "`curve` of an EC key: P-256, P-384, P-521 or P-256K", one(func(p *model.Policy, v string) error {
		p.Key.Curve = strings.ToUpper(v)
		return nil
	})},
	{"exportable", "whether the private key may leave the vault: `yes|no`", one(func(p *model.Policy, v string) (err error) {
		p.Key.Exportable, err = yesNo(v)
		return err
	})},
	{"reuse-key", "whether a new version keeps the key: `yes|no`", one(func(p *model.Policy, v string) (err error) {
		p.Key.ReuseKey, err = yesNo(v)
		return err
	})},
	{"content-type", "`form` in which programs get it from the vault: pkcs12 or pem", one(func(p *model.Policy, v string) error {
		p.ContentType = policytext.ParseContentType(v)
		return nil
	})},
	{"eku", "extended key `usages`: serverAuth, clientAuth, codeSigning, … or object identifiers, with commas or repeated", func(p *model.Policy, values []string) error {
		p.EKUs = nil
		for _, v := range list(values) {
			if oid := policytext.PurposeOID(v); oid != "" {
				v = oid
			}
			p.EKUs = append(p.EKUs, v)
		}
		return nil
	}},
	{"key-usage", "key `usages`: digitalSignature, keyEncipherment, …, with commas or repeated", func(p *model.Policy, values []string) error {
		p.KeyUsage = list(values)
		return nil
	}},
	{"validity", "validity in `months`", one(func(p *model.Policy, v string) (err error) {
		p.ValidityMonths, err = positive(v)
		return err
	})},
	{"lifetime-action", "what the vault does before it expires, and `when`: \"AutoRenew 80%\", \"EmailContacts 30 days\" (repeatable)", func(p *model.Policy, values []string) error {
		p.LifetimeActions = nil
		for _, v := range values {
			name, when, _ := strings.Cut(strings.TrimSpace(v), " ")
			a := model.LifetimeAction{Action: name}
			for _, known := range []string{policytext.AutoRenew, policytext.EmailContacts} {
				if strings.EqualFold(name, known) {
					a.Action = known
				}
			}
			if err := policytext.ParseMoment(when, &a); err != nil {
				return fmt.Errorf("%q: an action and when, which is %w", v, err)
			}
			p.LifetimeActions = append(p.LifetimeActions, a)
		}
		return nil
	}},
}

// one is a part that has one value.
func one(set func(*model.Policy, string) error) func(*model.Policy, []string) error {
	return func(p *model.Policy, values []string) error {
		if len(values) != 1 {
			return fmt.Errorf("it is given %d times and can be only once", len(values))
		}
		return set(p, values[0])
	}
}

// list cuts values at commas and blanks.
func list(values []string) []string {
	return strings.FieldsFunc(strings.Join(values, ","), func(r rune) bool { return r == ',' || r == ' ' })
}

func yesNo(v string) (*bool, error) {
	switch strings.ToLower(v) {
	case "yes", "true":
		return new(true), nil
	case "no", "false":
		return new(false), nil
	}
	return nil, errors.New("yes or no")
}

func positive(v string) (int, error) {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%q is no number above 0", v)
	}
	return n, nil
}

// apply sets what was given, by the names of the parts.
func apply(p *model.Policy, given map[string][]string) error {
	var wrong []error
	for name := range given {
		if !slices.ContainsFunc(parts, func(q part) bool { return q.name == name }) {
			wrong = append(wrong, fmt.Errorf("%q is no part of a policy; %s are", name, strings.Join(partNames(), ", ")))
		}
	}
	for _, q := range parts {
		values, ok := given[q.name]
		if !ok {
			continue
		}
		if err := q.set(p, values); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", q.name, err))
		}
	}
	return errors.Join(wrong...)
}

func partNames() []string {
	names := make([]string, len(parts))
	for i, q := range parts {
		names[i] = q.name
	}
	return names
}

// problems is the error of what the model says against a specification; nil when
// nothing.
func problems(list []model.Problem) error {
	errs := make([]error, len(list))
	for i, p := range list {
		errs[i] = fmt.Errorf("%s: %s", p.Field, p.Text)
	}
	return errors.Join(errs...)
}
