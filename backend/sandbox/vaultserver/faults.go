package vaultserver

import "certty/backend/sandbox/fault"

// Fault is something that goes wrong with requests that carry a good token, or
// with those to the token service. Operations are the operationIds of Key
// Vault's OpenAPI document ("MergeCertificate"), Token and OpenIDConfiguration;
// names are those of certificates and issuers.
type Fault = fault.Fault

// FaultKind is what goes wrong.
type FaultKind = fault.Kind

// The kinds of faults that a vault can have.
const (
	Slow            = fault.Slow
	Hang            = fault.Hang
	ResetBefore     = fault.ResetBefore
	ResetAfter      = fault.ResetAfter
	Refuse          = fault.Refuse
	HTML            = fault.HTML
	TruncatedJSON   = fault.TruncatedJSON
	Unauthorized    = fault.Unauthorized
	Redirect        = fault.Redirect
	ForeignNextLink = fault.ForeignNextLink
)

func faultRules() fault.Rules {
	return fault.Rules{
		Kinds: []fault.Kind{Slow, Hang, ResetBefore, ResetAfter, Refuse, HTML, TruncatedJSON, Unauthorized, Redirect, ForeignNextLink},
		Known: knownOperation,
		Apart: []string{opToken, opDiscovery},
		// The operations whose answers have a next link.
		Lists: []string{"GetCertificates", "GetCertificateVersions", "GetDeletedCertificates", "GetCertificateIssuers"},
	}
}

func knownOperation(operation string) bool {
	if operation == opToken || operation == opDiscovery {
		return true
	}
	for _, byVerb := range routes {
		for _, h := range byVerb {
			if h.operation == operation {
				return true
			}
		}
	}
	return false
}

// Inject switches a fault on. Of several that are about a request, the one
// switched on first hits it. The error says what is wrong with the fault.
func (s *Server) Inject(f Fault) error { return s.faults.Inject(f) }

// Faults are those that are switched on; Times is what is left of it.
func (s *Server) Faults() []Fault { return s.faults.Faults() }

// ClearFaults switches all faults off. Requests that one has hit already are
// not set free.
func (s *Server) ClearFaults() { s.faults.ClearFaults() }
