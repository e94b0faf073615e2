package vault

import (
	"errors"

	"certty/backend/text"
	"certty/model"
)

// bundleJSON is a certificate (Key Vault REST, CertificateBundle). Its subject
// is on the wire of some versions but not in the service's description.
type bundleJSON struct {
	ID         string             `json:"id"`
	Thumbprint string             `json:"x5t"`
	DER        string             `json:"cer"`
	Subject    string             `json:"subject"`
	Attributes attributesJSON     `json:"attributes"`
	Tags       map[string]*string `json:"tags"`
	Policy     *policyJSON        `json:"policy"`
	deletionJSON
}

// bundle is a decoded certificate with its policy.
type bundle struct {
	name        string
	certificate model.Certificate
	policy      *model.Policy
	// tags are those of the certificate as the service wrote them, to be sent back.
	tags map[string]*string
	// deletion is what a deleted certificate says more.
	deletion deletionJSON
}

// decodeBundle reads a certificate. What of its DER can't be read stays empty.
func decodeBundle(body []byte) (bundle, error) {
	var b bundleJSON
	if err := unmarshal(body, &b); err != nil {
		return bundle{}, errors.New("it is not the JSON of a certificate")
	}
	name, version, err := objectID(b.ID)
	if err != nil {
		return bundle{}, err
	}
	c := b.Attributes.certificate()
	c.Version = version
	c.Tags = cleanTags(b.Tags)
	c.Issued = b.Thumbprint != "" || b.DER != ""
	c.Thumbprint = thumbprint(b.Thumbprint)
	if der, err := decodeBase64(b.DER); err == nil && len(der) > 0 {
		c.DER = der
		readDER(&c)
	}
	out := bundle{name: name, certificate: c, tags: b.Tags, deletion: b.deletionJSON}
	if b.Policy != nil {
		out.policy = b.Policy.model()
	}
	// The most authoritative name wins: the service's, the certificate's, the
	// one that was asked for.
	if subject := text.Clean(b.Subject); subject != "" {
		out.certificate.Subject = subject
	}
	if out.certificate.Subject == "" && out.policy != nil {
		out.certificate.Subject = out.policy.Subject
	}
	if out.certificate.KeyType == "" && out.policy != nil && out.certificate.Issued {
		out.certificate.KeyType = policyKeyType(out.policy.Key)
	}
	return out, nil
}
