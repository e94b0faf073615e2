package vault

import (
	"fmt"
	"net/http"
	"regexp"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// verbPolicy sends PATCH and DELETE as POST, with the verb that is meant in a
// header, for networks that block them (Key Vault, "Authentication, requests
// and responses", HTTP POST). A call without a body stays without one, as the
// service demands.
type verbPolicy struct {
	// header names the verb; "" leaves calls as they are.
	header string
}

func (p verbPolicy) Do(req *policy.Request) (*http.Response, error) {
	raw := req.Raw()
	switch raw.Method {
	case http.MethodPatch, http.MethodDelete:
		if p.header != "" {
			// Spelt as configured: who filters verbs may not know that the case
			// of a header's name has no meaning.
			raw.Header[p.header] = []string{raw.Method}
			raw.Method = http.MethodPost
		}
	}
	return req.Next()
}

// headerName is a header's name (RFC 9110 §5.1), without the characters that
// nobody uses in one.
var headerName = regexp.MustCompile(`^[A-Za-z0-9-]+$`)

func checkVerbOverride(header string) error {
	if header == "" || headerName.MatchString(header) {
		return nil
	}
	return fmt.Errorf("verb override: %q can't be the name of a header; Key Vault's documents name X-HTTP-METHOD", header)
}
