package vault

import (
	"errors"

	"certty/backend/text"
	"certty/model"
)

// policyJSON is a policy (Key Vault REST, CertificatePolicy).
type policyJSON struct {
	Key struct {
		Exportable *bool  `json:"exportable"`
		Type       string `json:"kty"`
		Size       int    `json:"key_size"`
		Reuse      *bool  `json:"reuse_key"`
		Curve      string `json:"crv"`
	} `json:"key_props"`
	Secret struct {
		ContentType string `json:"contentType"`
	} `json:"secret_props"`
	X509 struct {
		Subject        string   `json:"subject"`
		SANs           sansJSON `json:"sans"`
		EKUs           []string `json:"ekus"`
		KeyUsage       []string `json:"key_usage"`
		ValidityMonths int      `json:"validity_months"`
	} `json:"x509_props"`
	LifetimeActions []lifetimeActionJSON `json:"lifetime_actions"`
	Issuer          issuerJSON           `json:"issuer"`
}

type sansJSON struct {
	Emails []string `json:"emails"`
	DNS    []string `json:"dns_names"`
	UPNs   []string `json:"upns"`
	URIs   []string `json:"uris"`
	IPs    []string `json:"ipAddresses"`
}

type lifetimeActionJSON struct {
	Trigger struct {
		Percentage       int `json:"lifetime_percentage"`
		DaysBeforeExpiry int `json:"days_before_expiry"`
	} `json:"trigger"`
	Action struct {
		Type string `json:"action_type"`
	} `json:"action"`
}

// decodePolicy reads a policy that came by itself.
func decodePolicy(body []byte) (*model.Policy, error) {
	var p struct {
		ID string `json:"id"`
		policyJSON
	}
	if err := unmarshal(body, &p); err != nil {
		return nil, errors.New("it is not the JSON of a policy")
	}
	// Every field may be missing, so the id alone tells a policy from any other
	// object.
	if p.ID == "" {
		return nil, errors.New("it holds no policy")
	}
	return p.model(), nil
}

func (p *policyJSON) model() *model.Policy {
	out := &model.Policy{
		Subject: text.Clean(p.X509.Subject),
		SANs: model.SANs{
			DNS:    cleanAll(p.X509.SANs.DNS),
			Emails: cleanAll(p.X509.SANs.Emails),
			UPNs:   cleanAll(p.X509.SANs.UPNs),
			URIs:   cleanAll(p.X509.SANs.URIs),
			IPs:    cleanAll(p.X509.SANs.IPs),
		},
		Issuer: p.Issuer.model(),
		Key: model.KeyProperties{
			Type:       text.Clean(p.Key.Type),
			Size:       p.Key.Size,
			Curve:      text.Clean(p.Key.Curve),
			Exportable: p.Key.Exportable,
			ReuseKey:   p.Key.Reuse,
		},
		ContentType:    text.Clean(p.Secret.ContentType),
		EKUs:           cleanAll(p.X509.EKUs),
		KeyUsage:       cleanAll(p.X509.KeyUsage),
		ValidityMonths: p.X509.ValidityMonths,
	}
	for _, a := range p.LifetimeActions {
		out.LifetimeActions = append(out.LifetimeActions, model.LifetimeAction{
			Action:           text.Clean(a.Action.Type),
			Percentage:       a.Trigger.Percentage,
			DaysBeforeExpiry: a.Trigger.DaysBeforeExpiry,
		})
	}
	return out
}

// policyKeyType says a policy's key in the words of a certificate's.
func policyKeyType(k model.KeyProperties) string {
	switch {
	case k.Curve != "":
		return "EC " + k.Curve
	case k.Type == "RSA" || k.Type == "RSA-HSM":
		return rsaKeyType(k.Size)
	}
	return k.Type
}
