package vaultserver

import "encoding/json"

// The JSON of the protocol. Names are exactly the service's: snake_case and
// camelCase are mixed there (Key Vault REST, certificates).

// Policy is a certificate's policy as it travels.
type Policy struct {
	ID              string            `json:"id,omitempty"`
	Key             *KeyProperties    `json:"key_props,omitempty"`
	Secret          *SecretProperties `json:"secret_props,omitempty"`
	X509            *X509Properties   `json:"x509_props,omitempty"`
	LifetimeActions []LifetimeAction  `json:"lifetime_actions,omitempty"`
	Issuer          *IssuerParameters `json:"issuer,omitempty"`
	Attributes      *Attributes       `json:"attributes,omitempty"`
}

// KeyProperties say what key the vault makes.
type KeyProperties struct {
	Exportable *bool  `json:"exportable,omitempty"`
	Kty        string `json:"kty,omitempty"`
	Size       int    `json:"key_size,omitempty"`
	Reuse      *bool  `json:"reuse_key,omitempty"`
	Curve      string `json:"crv,omitempty"`
}

// SecretProperties say in which form the certificate with its key is kept.
type SecretProperties struct {
	ContentType string `json:"contentType,omitempty"`
}

// X509Properties say what the certificate request holds.
type X509Properties struct {
	// Subject is always answered, as recorded, even where it is empty.
	Subject string            `json:"subject"`
	SANs    *AlternativeNames `json:"sans,omitempty"`
	// EKUs and KeyUsage stay empty where they were given as empty lists, as
	// recorded; only what is not given gets defaults.
	EKUs             []string          `json:"ekus,omitzero"`
	KeyUsage         []string          `json:"key_usage,omitzero"`
	ValidityMonths   int               `json:"validity_months,omitempty"`
	BasicConstraints *BasicConstraints `json:"basic_constraints,omitempty"`
}

// AlternativeNames are subject alternative names.
type AlternativeNames struct {
	Emails      []string `json:"emails,omitempty"`
	DNSNames    []string `json:"dns_names,omitempty"`
	UPNs        []string `json:"upns,omitempty"`
	URIs        []string `json:"uris,omitempty"`
	IPAddresses []string `json:"ipAddresses,omitempty"`
}

// BasicConstraints are undocumented, but every recorded policy has them.
type BasicConstraints struct {
	CA bool `json:"ca"`
}

// LifetimeAction is what the vault does by itself before a certificate expires.
type LifetimeAction struct {
	Trigger Trigger `json:"trigger"`
	Action  Action  `json:"action"`
}

// Trigger is when a lifetime action happens.
type Trigger struct {
	LifetimePercentage int `json:"lifetime_percentage,omitempty"`
	DaysBeforeExpiry   int `json:"days_before_expiry,omitempty"`
}

// Action is what a lifetime action does: AutoRenew or EmailContacts.
type Action struct {
	Type string `json:"action_type,omitempty"`
}

// IssuerParameters say who signs.
type IssuerParameters struct {
	Name             string `json:"name,omitempty"`
	CertificateType  string `json:"cty,omitempty"`
	CertTransparency *bool  `json:"cert_transparency,omitempty"`
}

// Attributes are an object's attributes. Times are Unix seconds.
type Attributes struct {
	Enabled         *bool  `json:"enabled,omitempty"`
	NotBefore       int64  `json:"nbf,omitempty"`
	Expires         int64  `json:"exp,omitempty"`
	Created         int64  `json:"created,omitempty"`
	Updated         int64  `json:"updated,omitempty"`
	RecoveryLevel   string `json:"recoveryLevel,omitempty"`
	RecoverableDays int    `json:"recoverableDays,omitempty"`
}

// createBody is the body of create.
type createBody struct {
	Policy            *Policy           `json:"policy"`
	Attributes        *Attributes       `json:"attributes"`
	Tags              map[string]string `json:"tags"`
	PreserveCertOrder *bool             `json:"preserveCertOrder"`
}

// mergeBody is the body of merge.
type mergeBody struct {
	X5C        []string          `json:"x5c"`
	Attributes *Attributes       `json:"attributes"`
	Tags       map[string]string `json:"tags"`
}

// operationBody is the body of PATCH pending.
type operationBody struct {
	CancellationRequested *bool `json:"cancellation_requested"`
}

// operationAnswer is a CertificateOperation.
type operationAnswer struct {
	ID                    string           `json:"id"`
	Issuer                IssuerParameters `json:"issuer"`
	CSR                   []byte           `json:"csr"`
	CancellationRequested bool             `json:"cancellation_requested"`
	Status                string           `json:"status"`
	StatusDetails         string           `json:"status_details,omitempty"`
	Error                 *errorBody       `json:"error,omitempty"`
	Target                string           `json:"target,omitempty"`
	PreserveCertOrder     *bool            `json:"preserveCertOrder,omitempty"`
	RequestID             string           `json:"request_id"`
}

// bundleAnswer is a CertificateBundle.
type bundleAnswer struct {
	ID                string            `json:"id"`
	KID               string            `json:"kid,omitempty"`
	SID               string            `json:"sid,omitempty"`
	X5T               string            `json:"x5t,omitempty"`
	CER               []byte            `json:"cer,omitempty"`
	Attributes        Attributes        `json:"attributes"`
	Tags              map[string]string `json:"tags,omitzero"`
	Policy            *Policy           `json:"policy,omitempty"`
	Pending           *pendingLink      `json:"pending,omitempty"`
	PreserveCertOrder *bool             `json:"preserveCertOrder,omitempty"`
}

// pendingLink is undocumented, but recorded on every bundle with a pending
// object.
type pendingLink struct {
	ID string `json:"id"`
}

// itemAnswer is one item of a list. It tells nothing of a pending request.
type itemAnswer struct {
	ID         string            `json:"id"`
	X5T        string            `json:"x5t,omitempty"`
	Attributes Attributes        `json:"attributes"`
	Tags       map[string]string `json:"tags,omitzero"`
	// Subject is the empty string in all recorded lists.
	Subject string `json:"subject"`
}

// listAnswer is a page of a list; NextLink is null on the last.
type listAnswer[T any] struct {
	Value    []T     `json:"value"`
	NextLink *string `json:"nextLink"`
}

type errorAnswer struct {
	Error errorBody `json:"error"`
}

type errorBody struct {
	Code       string      `json:"code"`
	Message    string      `json:"message"`
	InnerError *innerError `json:"innererror,omitempty"`
}

type innerError struct {
	Code string `json:"code"`
}

// decode reads a body the way the service does: a property whose name differs
// in case is another property and is ignored, as unknown ones are, while
// encoding/json would take it.
func decode(data []byte, into any) error {
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		return err
	}
	dropMisspelt(tree)
	exact, err := json.Marshal(tree)
	if err != nil {
		return err
	}
	return json.Unmarshal(exact, into)
}

// dropMisspelt removes the properties that are not spelt as the service spells
// one. The names under tags are the client's own.
func dropMisspelt(v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			switch {
			case !known[name]:
				delete(v, name)
			case name != "tags":
				dropMisspelt(value)
			}
		}
	case []any:
		for _, item := range v {
			dropMisspelt(item)
		}
	}
}

// known are the names of all properties in request bodies.
var known = setOf("policy", "attributes", "tags", "preserveCertOrder", "x5c", "cancellation_requested",
	"id", "key_props", "secret_props", "x509_props", "lifetime_actions", "issuer",
	"exportable", "kty", "key_size", "reuse_key", "crv", "contentType",
	"subject", "sans", "ekus", "key_usage", "validity_months", "basic_constraints", "ca",
	"emails", "dns_names", "upns", "uris", "ipAddresses",
	"trigger", "action", "lifetime_percentage", "days_before_expiry", "action_type",
	"name", "cty", "cert_transparency",
	"enabled", "nbf", "exp", "created", "updated", "recoveryLevel", "recoverableDays",
	"value", "pwd", "contacts", "email", "phone",
	"provider", "credentials", "account_id", "org_details", "admin_details", "first_name", "last_name")

func setOf(names ...string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}
