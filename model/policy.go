package model

// Reserved issuer names of Key Vault.
const (
	// IssuerUnknown (also an absent issuer) makes a manual request: somebody
	// has the CSR signed and merges the certificate.
	IssuerUnknown = "Unknown"
	// IssuerSelf makes the vault sign the certificate itself.
	IssuerSelf = "Self"
)

// Policy is a Key Vault certificate policy. Empty fields are left to the
// service's defaults.
type Policy struct {
	// Subject is an X.500 distinguished name, at most 200 characters.
	Subject string
	SANs    SANs
	Issuer  Issuer
	Key     KeyProperties
	// ContentType is application/x-pkcs12 or application/x-pem-file.
	ContentType string
	// EKUs are extended key usage object identifiers (RFC 5280 §4.2.1.12).
	EKUs            []string
	KeyUsage        []string
	ValidityMonths  int
	LifetimeActions []LifetimeAction
}

// Issuer says who signs.
type Issuer struct {
	// Name is Unknown, Self, or the name of an issuer set up in the vault.
	Name string
	// CertificateType is what the CA calls the product: OV-SSL, EV-SSL or "".
	CertificateType string
	// Transparency asks for publication in certificate transparency logs; nil
	// leaves it to the service.
	Transparency *bool
}

// Manual reports whether a person has to have the CSR signed and merge.
func (i Issuer) Manual() bool { return i.Name == "" || equalFold(i.Name, IssuerUnknown) }

// KeyProperties say what key the vault makes. Nil and zero leave the choice to
// the service (RSA 2048, exportable).
type KeyProperties struct {
	// Type is RSA, RSA-HSM, EC or EC-HSM.
	Type string
	// Size is the RSA modulus in bits.
	Size int
	// Curve is P-256, P-384, P-521 or P-256K.
	Curve      string
	Exportable *bool
	ReuseKey   *bool
}

// LifetimeAction is what the vault does by itself before a certificate expires.
// Exactly one of the two triggers is set.
type LifetimeAction struct {
	// Action is AutoRenew or EmailContacts.
	Action           string
	Percentage       int
	DaysBeforeExpiry int
}

// CreateSpec is everything a person decides when creating a certificate (or a
// new version of one) in a vault.
type CreateSpec struct {
	// Name is the certificate's name, see [CheckName].
	Name    string
	Policy  Policy
	Tags    map[string]string
	Enabled *bool
	// PreserveCertOrder keeps a chain in the order in which it is merged; nil
	// leaves it to the service, which puts the leaf first. Key Vault knows it
	// since api-version 7.6.
	PreserveCertOrder *bool
}
