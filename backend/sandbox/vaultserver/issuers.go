package vaultserver

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// The providers that Key Vault knows: two CAs, and Test, which Microsoft's own
// tests use and which the recordings show to complete by itself.
const (
	providerTest       = "Test"
	providerDigiCert   = "DigiCert"
	providerGlobalSign = "GlobalSign"
)

// issuer is an issuer object of the vault. Its account decides how the CA
// behind it behaves: "slow" takes hours, "strict" rejects what it is asked,
// "broken" fails, and every other account issues after a few seconds. A
// DigiCert or GlobalSign issuer that was set without a password is rejected by
// its CA, as recorded.
//
// The password itself is not kept: nothing ever asks for it.
type issuer struct {
	Name        string
	Provider    string
	Credentials *issuerCredentials
	OrgDetails  *orgDetails
	Attributes  Attributes
	HasPassword bool
}

// issuerBody is the body of setting and of updating an issuer.
type issuerBody struct {
	Provider    string `json:"provider"`
	Credentials *struct {
		AccountID *string `json:"account_id"`
		Password  *string `json:"pwd"`
	} `json:"credentials"`
	OrgDetails *struct {
		ID     *string       `json:"id"`
		Admins []adminDetail `json:"admin_details"`
	} `json:"org_details"`
	Attributes *Attributes `json:"attributes"`
}

// issuerAnswer is an IssuerBundle, or an item of their list, which has no more
// than id and provider. No answer ever has the password.
type issuerAnswer struct {
	ID          string             `json:"id"`
	Provider    string             `json:"provider"`
	Credentials *issuerCredentials `json:"credentials,omitempty"`
	OrgDetails  *orgDetails        `json:"org_details,omitempty"`
	Attributes  *Attributes        `json:"attributes,omitempty"`
}

type issuerCredentials struct {
	AccountID string `json:"account_id,omitempty"`
}

type orgDetails struct {
	ID     string        `json:"id,omitempty"`
	Zip    int           `json:"zip"` // undocumented, recorded as 0
	Admins []adminDetail `json:"admin_details,omitzero"`
}

type adminDetail struct {
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Email     string `json:"email,omitempty"`
	Phone     string `json:"phone,omitempty"`
}

// newIssuers are those of a vault that nobody has used yet.
func newIssuers(created time.Time) map[string]*issuer {
	issuers := map[string]*issuer{}
	for _, is := range []*issuer{
		{Name: IssuerContoso, Provider: providerTest, Credentials: &issuerCredentials{"certty-sandbox"}},
		{Name: IssuerDigiCert, Provider: providerDigiCert, Credentials: &issuerCredentials{"certty-sandbox"}, OrgDetails: &orgDetails{ID: "4711"}},
		{Name: IssuerSlow, Provider: providerGlobalSign, Credentials: &issuerCredentials{accountSlow}},
		{Name: IssuerStrict, Provider: providerDigiCert, Credentials: &issuerCredentials{accountStrict}, OrgDetails: &orgDetails{ID: "4712"}},
		{Name: IssuerBroken, Provider: providerGlobalSign, Credentials: &issuerCredentials{accountBroken}},
	} {
		is.HasPassword = true
		is.Attributes = Attributes{Enabled: new(true), Created: created.Unix(), Updated: created.Unix()}
		if is.OrgDetails == nil {
			is.OrgDetails = &orgDetails{}
		}
		is.OrgDetails.Admins = []adminDetail{{FirstName: "Ada", LastName: "Example", Email: "pki@example.com", Phone: "+1 555 0100"}}
		issuers[strings.ToLower(is.Name)] = is
	}
	return issuers
}

func (is *issuer) account() string {
	if is.Credentials == nil {
		return ""
	}
	return is.Credentials.AccountID
}

// listIssuers lists the issuers (Key Vault REST, "Get Certificate Issuers").
// Unlike a list of certificates, a full page is not followed by an empty one,
// as recorded.
func (s *Server) listIssuers(c *call) (*answer, error) {
	w, f := newWindow(c.query)
	if f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	all := sortedKeys(s.settings.Issuers)
	keys, _ := w.take(all)
	items := make([]issuerAnswer, 0, len(keys))
	for _, key := range keys {
		is := s.settings.Issuers[key]
		items = append(items, issuerAnswer{ID: c.url("certificates", "issuers", is.Name), Provider: is.Provider})
	}
	more := len(keys) > 0 && keys[len(keys)-1] != all[len(all)-1]
	return page(c, items, w, keys, more, "certificates", "issuers")
}

// getIssuer reads an issuer (Key Vault REST, "Get Certificate Issuer").
func (s *Server) getIssuer(c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	is := s.settings.Issuers[strings.ToLower(c.name)]
	if is == nil {
		return nil, issuerNotFound()
	}
	return c.issuer(is), nil
}

// setIssuer makes an issuer or replaces one whole, keeping no more of it than
// when it was made (Key Vault REST, "Set Certificate Issuer"; as recorded).
func (s *Server) setIssuer(c *call) (*answer, error) {
	var body issuerBody
	if err := decode(c.body, &body); err != nil {
		return nil, unreadableBody(err)
	}
	if reservedIssuer(c.name) {
		// Not recorded.
		return nil, badParameter("The issuer name " + c.name + " is reserved.")
	}
	is := &issuer{Name: c.name, Attributes: Attributes{Enabled: new(true), Created: c.now.Unix()}}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.ToLower(c.name)
	if old := s.settings.Issuers[key]; old != nil {
		is.Attributes.Created = old.Attributes.Created
	}
	return s.changeIssuer(c, key, is, &body)
}

// updateIssuer changes what the body has and leaves the rest (Key Vault REST,
// "Update Certificate Issuer").
func (s *Server) updateIssuer(c *call) (*answer, error) {
	var body issuerBody
	if err := decode(c.body, &body); err != nil {
		return nil, unreadableBody(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.ToLower(c.name)
	old := s.settings.Issuers[key]
	if old == nil {
		return nil, issuerNotFound()
	}
	is := *old
	return s.changeIssuer(c, key, &is, &body)
}

func (s *Server) changeIssuer(c *call, key string, is *issuer, body *issuerBody) (*answer, error) {
	is.apply(body)
	is.Attributes.Updated = c.now.Unix()
	if f := is.check(); f != nil {
		return nil, f
	}
	s.settings.Issuers[key] = is
	s.saveSettings()
	return c.issuer(is), nil
}

// apply takes over what the body has. Nothing that the old object held is
// changed in place.
func (is *issuer) apply(body *issuerBody) {
	if body.Provider != "" {
		is.Provider = body.Provider
	}
	if given := body.Credentials; given != nil {
		credentials := issuerCredentials{is.account()}
		if given.AccountID != nil {
			credentials.AccountID = *given.AccountID
		}
		if given.Password != nil {
			is.HasPassword = *given.Password != ""
		}
		is.Credentials = &credentials
	}
	if given := body.OrgDetails; given != nil {
		var details orgDetails
		if is.OrgDetails != nil {
			details = *is.OrgDetails
		}
		if given.ID != nil {
			details.ID = *given.ID
		}
		if given.Admins != nil {
			details.Admins = slices.Clone(given.Admins)
		}
		is.OrgDetails = &details
	}
	if a := body.Attributes; a != nil && a.Enabled != nil {
		is.Attributes.Enabled = new(*a.Enabled)
	}
}

// check refuses what Key Vault refuses: a provider it does not know (the words
// are not recorded), and DigiCert without the organization's id.
func (is *issuer) check() *failure {
	known := slices.ContainsFunc([]string{providerTest, providerDigiCert, providerGlobalSign}, func(p string) bool {
		return strings.EqualFold(p, is.Provider)
	})
	switch {
	case !known:
		return invalidProperty("provider", "It is none of "+providerDigiCert+", "+providerGlobalSign)
	case strings.EqualFold(is.Provider, providerDigiCert) && (is.OrgDetails == nil || is.OrgDetails.ID == ""):
		return badParameter("Id in organization details is not set")
	}
	return nil
}

// deleteIssuer deletes an issuer and answers with how it was (Key Vault REST,
// "Delete Certificate Issuer"). Requests that it has go on.
func (s *Server) deleteIssuer(c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.ToLower(c.name)
	is := s.settings.Issuers[key]
	if is == nil {
		return nil, issuerNotFound()
	}
	delete(s.settings.Issuers, key)
	s.saveSettings()
	return c.issuer(is), nil
}

func (c *call) issuer(is *issuer) *answer {
	return &answer{status: http.StatusOK, body: issuerAnswer{
		ID: c.url("certificates", "issuers", is.Name), Provider: is.Provider,
		Credentials: is.Credentials, OrgDetails: is.OrgDetails, Attributes: &is.Attributes,
	}}
}

// reservedIssuer reports whether a name stands for no issuer object.
func reservedIssuer(name string) bool { return manual(name) || selfSigned(name) }
