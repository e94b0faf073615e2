package vaultserver

import (
	"net/http"
	"sort"
	"strings"
	"time"
)

// The issuers that every sandbox vault has, all of provider Test, which the
// recordings show to complete by itself.
const (
	// IssuerContoso issues after a few seconds.
	IssuerContoso = "contoso-ca"
	// IssuerSlow takes hours, and a quarter of an hour to confirm a
	// cancellation.
	IssuerSlow = "slow-ca"
	// IssuerStrict refuses every request: failed, "Request rejected".
	IssuerStrict = "strict-ca"
	// IssuerBroken has trouble of its own: failed, "Certificate issuer error".
	IssuerBroken = "broken-ca"
)

// issuer is an issuer object of the vault and how the CA behind it behaves.
type issuer struct {
	name, provider string
	// delay is how long a request takes, cancelDelay how long until an asked
	// cancellation takes effect.
	delay, cancelDelay time.Duration
	// refusalCode and refusalMessage are what it answers instead of a
	// certificate.
	refusalCode, refusalMessage string
	created                     time.Time
}

// Recorded: Self completes after about five seconds, a cancellation takes
// effect between six and sixteen seconds after it was asked for.
const (
	selfDelay   = 5 * time.Second
	cancelDelay = 12 * time.Second
)

// The refusals. The first is worded as DigiCert's in recorded traffic.
const (
	rejectedCode    = "Request rejected"
	rejectedMessage = "The call to Strict CA failed with Error code access_denied|invalid_organization and Message The organization is not validated for this product."
	brokenCode      = "Certificate issuer error"
	brokenMessage   = "The call to Broken CA failed with Error code 503 and Message Service unavailable."
)

func testIssuers() []issuer {
	return []issuer{
		{name: IssuerContoso, delay: 8 * time.Second, cancelDelay: cancelDelay},
		{name: IssuerSlow, delay: 6 * time.Hour, cancelDelay: 15 * time.Minute},
		{name: IssuerStrict, delay: 4 * time.Second, cancelDelay: cancelDelay, refusalCode: rejectedCode, refusalMessage: rejectedMessage},
		{name: IssuerBroken, delay: 6 * time.Second, cancelDelay: cancelDelay, refusalCode: brokenCode, refusalMessage: brokenMessage},
	}
}

// reserved are the issuers that are no objects of the vault.
func reservedIssuer(name string) (issuer, bool) {
	switch {
	case manual(name):
		return issuer{name: name, cancelDelay: cancelDelay}, true
	case selfSigned(name):
		return issuer{name: name, delay: selfDelay, cancelDelay: cancelDelay}, true
	}
	return issuer{}, false
}

// issuer finds an issuer by the name a policy gives. What the service answers
// when there is none was not recorded; the code is what it uses for bad
// policies, the words are those of reading an issuer that there is not.
func (s *Server) issuer(name string) (issuer, *failure) {
	if is, ok := reservedIssuer(name); ok {
		return is, nil
	}
	if is, ok := s.issuers[strings.ToLower(name)]; ok {
		return is, nil
	}
	return issuer{}, invalidProperty("policy.issuer", "Issuer not found")
}

// issuerAnswer is an IssuerBundle, or an item of their list, which has no more
// than id and provider.
type issuerAnswer struct {
	ID          string             `json:"id"`
	Provider    string             `json:"provider"`
	Credentials *issuerCredentials `json:"credentials,omitempty"`
	OrgDetails  *issuerOrgDetails  `json:"org_details,omitempty"`
	Attributes  *Attributes        `json:"attributes,omitempty"`
}

type issuerCredentials struct {
	AccountID string `json:"account_id,omitempty"`
}

type issuerOrgDetails struct {
	Zip int `json:"zip"` // undocumented, recorded as 0
}

type issuerListAnswer struct {
	Value    []issuerAnswer `json:"value"`
	NextLink *string        `json:"nextLink"`
}

func (s *Server) listIssuers(c *call) (*answer, error) {
	names := make([]string, 0, len(s.issuers))
	for name := range s.issuers {
		names = append(names, name)
	}
	sort.Strings(names)
	page := issuerListAnswer{Value: []issuerAnswer{}}
	for _, name := range names {
		is := s.issuers[name]
		page.Value = append(page.Value, issuerAnswer{ID: c.url("certificates", "issuers", is.name), Provider: is.provider})
	}
	return &answer{status: http.StatusOK, body: page}, nil
}

func (s *Server) getIssuer(c *call) (*answer, error) {
	is, ok := s.issuers[strings.ToLower(c.name)]
	if !ok {
		return nil, &failure{http.StatusNotFound, "CertificateIssuerNotFound", "Issuer not found"}
	}
	return &answer{status: http.StatusOK, body: issuerAnswer{
		ID: c.url("certificates", "issuers", is.name), Provider: is.provider,
		Credentials: &issuerCredentials{AccountID: "certty-sandbox"}, OrgDetails: &issuerOrgDetails{},
		Attributes: &Attributes{Enabled: new(true), Created: is.created.Unix(), Updated: is.created.Unix()},
	}}, nil
}
