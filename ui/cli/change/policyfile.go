package change

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"certty/model"
)

// policyDocument is a policy as az prints and takes it (az keyvault certificate
// show, get-default-policy). The service's own form has other names for the same,
// see restNames.
type policyDocument struct {
	Issuer          *issuerDocument  `json:"issuerParameters,omitempty"`
	Key             *keyDocument     `json:"keyProperties,omitempty"`
	LifetimeActions []actionDocument `json:"lifetimeActions,omitempty"`
	Secret          *secretDocument  `json:"secretProperties,omitempty"`
	X509            *x509Document    `json:"x509CertificateProperties,omitempty"`
	// What az prints beside it says nothing of what is wanted.
	ID         json.RawMessage `json:"id,omitempty"`
	Attributes json.RawMessage `json:"attributes,omitempty"`
}

type issuerDocument struct {
	Name            string `json:"name,omitempty"`
	CertificateType string `json:"certificateType,omitempty"`
	Transparency    *bool  `json:"certificateTransparency,omitempty"`
}

type keyDocument struct {
	Type       string `json:"keyType,omitempty"`
	Size       int    `json:"keySize,omitempty"`
	Curve      string `json:"curve,omitempty"`
	Exportable *bool  `json:"exportable,omitempty"`
	ReuseKey   *bool  `json:"reuseKey,omitempty"`
}

type actionDocument struct {
	Action  actionKind    `json:"action"`
	Trigger actionTrigger `json:"trigger"`
}

type actionKind struct {
	Type string `json:"actionType"`
}

type actionTrigger struct {
	Percentage int `json:"lifetimePercentage,omitempty"`
	Days       int `json:"daysBeforeExpiry,omitempty"`
}

type secretDocument struct {
	ContentType string `json:"contentType,omitempty"`
}

type x509Document struct {
	Subject  string         `json:"subject,omitempty"`
	Names    *namesDocument `json:"subjectAlternativeNames,omitempty"`
	EKUs     []string       `json:"ekus,omitempty"`
	KeyUsage []string       `json:"keyUsage,omitempty"`
	Months   int            `json:"validityInMonths,omitempty"`
}

type namesDocument struct {
	DNS    []string `json:"dnsNames,omitempty"`
	Emails []string `json:"emails,omitempty"`
	UPNs   []string `json:"upns,omitempty"`
	URIs   []string `json:"uris,omitempty"`
	IPs    []string `json:"ipAddresses,omitempty"`
}

// restNames are the service's names (Key Vault REST, CertificatePolicy) and az's.
var restNames = map[string]string{
	"issuer": "issuerParameters", "cert_transparency": "certificateTransparency", "cty": "certificateType",
	"key_props": "keyProperties", "kty": "keyType", "key_size": "keySize", "crv": "curve", "reuse_key": "reuseKey",
	"lifetime_actions": "lifetimeActions", "action_type": "actionType", "lifetime_percentage": "lifetimePercentage", "days_before_expiry": "daysBeforeExpiry",
	"secret_props": "secretProperties", "x509_props": "x509CertificateProperties", "sans": "subjectAlternativeNames", "dns_names": "dnsNames",
	"key_usage": "keyUsage", "validity_months": "validityInMonths", "ip_addresses": "ipAddresses",
}

// renamed puts az's names in the place of the service's.
func renamed(value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(value))
		for name, v := range value {
			if az, ok := restNames[name]; ok {
				name = az
			}
			out[name] = renamed(v)
		}
		return out
	case []any:
		for i, v := range value {
			value[i] = renamed(v)
		}
	}
	return value
}

// decodePolicy reads a policy in az's form or in the service's own, over base:
// what the file does not name stays as it is there. A name that is none of a
// policy is an error, because what it means would be lost.
func decodePolicy(data []byte, base model.Policy) (model.Policy, error) {
	data, err := unified(data)
	if err != nil {
		return base, err
	}
	var d policyDocument
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return base, fmt.Errorf("it is no policy as az takes it: %w", err)
	}
	return d.over(base), nil
}

// unified is a document in az's names; of what az prints of a whole certificate it
// is the policy.
func unified(data []byte) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	decoder.UseNumber()
	var document map[string]any
	if err := decoder.Decode(&document); err != nil {
		return nil, fmt.Errorf("it is not one JSON object: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("it is not one JSON object: something stands behind it")
	}
	if policy, ok := document["policy"].(map[string]any); ok {
		document = policy
	}
	return json.Marshal(renamed(document))
}

// over is the policy of the document with base for what it does not name.
func (d policyDocument) over(base model.Policy) model.Policy {
	if i := d.Issuer; i != nil {
		base.Issuer = model.Issuer{Name: i.Name, CertificateType: i.CertificateType, Transparency: i.Transparency}
	}
	if k := d.Key; k != nil {
		base.Key = model.KeyProperties{Type: k.Type, Size: k.Size, Curve: k.Curve, Exportable: k.Exportable, ReuseKey: k.ReuseKey}
	}
	if s := d.Secret; s != nil {
		base.ContentType = s.ContentType
	}
	if d.LifetimeActions != nil {
		base.LifetimeActions = nil
		for _, a := range d.LifetimeActions {
			base.LifetimeActions = append(base.LifetimeActions, model.LifetimeAction{
				Action: a.Action.Type, Percentage: a.Trigger.Percentage, DaysBeforeExpiry: a.Trigger.Days,
			})
		}
	}
	if x := d.X509; x != nil {
		base.Subject, base.EKUs, base.KeyUsage, base.ValidityMonths = x.Subject, x.EKUs, x.KeyUsage, x.Months
		base.SANs = model.SANs{}
		if n := x.Names; n != nil {
			base.SANs = model.SANs{DNS: n.DNS, Emails: n.Emails, UPNs: n.UPNs, URIs: n.URIs, IPs: n.IPs}
		}
	}
	return base
}

// documentOf is a policy as it is printed; decodePolicy reads it back.
func documentOf(p model.Policy) policyDocument {
	d := policyDocument{
		Issuer: &issuerDocument{p.Issuer.Name, p.Issuer.CertificateType, p.Issuer.Transparency},
		Key:    &keyDocument{p.Key.Type, p.Key.Size, p.Key.Curve, p.Key.Exportable, p.Key.ReuseKey},
		Secret: &secretDocument{p.ContentType},
		X509:   &x509Document{Subject: p.Subject, EKUs: p.EKUs, KeyUsage: p.KeyUsage, Months: p.ValidityMonths},
	}
	if s := p.SANs; s.Len() > 0 {
		d.X509.Names = &namesDocument{s.DNS, s.Emails, s.UPNs, s.URIs, s.IPs}
	}
	for _, a := range p.LifetimeActions {
		d.LifetimeActions = append(d.LifetimeActions, actionDocument{actionKind{a.Action}, actionTrigger{a.Percentage, a.DaysBeforeExpiry}})
	}
	return d
}
