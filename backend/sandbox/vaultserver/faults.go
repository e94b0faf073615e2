package vaultserver

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind string

// The kinds of faults.
const (
	// Slow only makes the answer late.
	Slow FaultKind = "slow"
	// Hang never answers: it waits until the client gives up.
	Hang FaultKind = "hang"
	// ResetBefore cuts the connection before the request is handled.
	ResetBefore FaultKind = "reset-before"
	// ResetAfter handles the request and cuts the connection instead of
	// answering, so that the client can't know what became of it.
	ResetAfter FaultKind = "reset-after"
	// Refuse answers with Status and an error body in the service's form; 304
	// goes without a body.
	Refuse FaultKind = "refuse"
	// HTML answers with Status and a page, as a proxy does.
	HTML FaultKind = "html"
	// TruncatedJSON handles the request and answers with half of the body.
	TruncatedJSON FaultKind = "truncated-json"
	// Unauthorized answers 401 with the challenge, although the token is good.
	Unauthorized FaultKind = "unauthorized"
	// Redirect answers with Status and a Location on Host.
	Redirect FaultKind = "redirect"
	// ForeignNextLink answers a list with a next link to Host. It touches
	// nothing but lists.
	ForeignNextLink FaultKind = "foreign-next-link"
)

// Fault is something that goes wrong with requests that carry a good token, or
// with those to the token service. A client's transport may send a read once
// more by itself after a reset, and so meet the same fault again.
type Fault struct {
	Kind FaultKind
	// Operation is the operationId in Key Vault's OpenAPI document
	// ("MergeCertificate"); "" means every operation of the vault. Those of the
	// token service, Token and OpenIDConfiguration, must be named.
	Operation string
	// Name is the certificate or issuer it is about; "" means all.
	Name string
	// Times is how many requests it hits before it ends by itself; 0 means
	// until it is cleared.
	Times int
	// Latency is how much later the answer comes, whatever the kind.
	Latency time.Duration
	// Status is the HTTP status; 0 means 503 for Refuse, 502 for HTML, 307 for
	// Redirect. The other kinds have none.
	Status int
	// Code, Message and InnerCode are the error of Refuse; "" means what the
	// service says with that status.
	Code, Message, InnerCode string
	// RetryAfter is the Retry-After header of Refuse and HTML; "" sends none.
	RetryAfter string
	// Host is where Redirect and ForeignNextLink lead; "" means
	// elsewhere.example.com.
	Host string
}

// defaultFaultHost is a name that never resolves (RFC 6761 §6.5).
const defaultFaultHost = "elsewhere.example.com"

var faultStatus = map[FaultKind]int{Refuse: http.StatusServiceUnavailable, HTML: http.StatusBadGateway, Redirect: http.StatusTemporaryRedirect}

var faultKinds = []FaultKind{Slow, Hang, ResetBefore, ResetAfter, Refuse, HTML, TruncatedJSON, Unauthorized, Redirect, ForeignNextLink}

// lists are the operations whose answers have a next link.
var lists = setOf("GetCertificates", "GetCertificateVersions", "GetDeletedCertificates", "GetCertificateIssuers")

// check completes a fault, or says what is wrong with it.
func (f *Fault) check() error {
	if !slices.Contains(faultKinds, f.Kind) {
		return fmt.Errorf("kind %q of a fault is none of %v", f.Kind, faultKinds)
	}
	if f.Operation != "" && !knownOperation(f.Operation) {
		return fmt.Errorf("operation %q of a fault is none of the service's", f.Operation)
	}
	if f.Times < 0 || f.Latency < 0 {
		return errors.New("times and latency of a fault can't be negative")
	}
	status, has := faultStatus[f.Kind]
	switch {
	case !has && f.Status != 0:
		return fmt.Errorf("a fault of kind %s has no status", f.Kind)
	case has && f.Status == 0:
		f.Status = status
	case has && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("status %d of a fault is none that a server answers with", f.Status)
	}
	if f.Host == "" {
		f.Host = defaultFaultHost
	}
	return nil
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

// hits reports whether the fault is about a request.
func (f *Fault) hits(o occasion) bool {
	switch {
	case f.Operation == "" && (o.operation == opToken || o.operation == opDiscovery):
		return false
	case f.Operation != "" && f.Operation != o.operation:
		return false
	case f.Kind == ForeignNextLink && !lists[o.operation]:
		return false
	}
	return f.Name == "" || strings.EqualFold(f.Name, o.name)
}

// faults are those that are switched on, the oldest first. The zero value has
// none.
type faults struct {
	mu  sync.Mutex
	all []Fault
}

// Inject switches a fault on. Of several that are about a request, the one
// switched on first hits it. The error says what is wrong with the fault.
func (s *Server) Inject(f Fault) error {
	if err := f.check(); err != nil {
		return err
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.all = append(s.faults.all, f)
	return nil
}

// Faults are those that are switched on; Times is what is left of it.
func (s *Server) Faults() []Fault {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	return slices.Clone(s.faults.all)
}

// ClearFaults switches all faults off. Requests that one has hit already are
// not set free.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.all = nil
}

// take finds the fault that hits a request and counts that.
func (f *faults) take(o occasion) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.all, func(fault Fault) bool { return fault.hits(o) })
	if i < 0 {
		return Fault{}, false
	}
	hit := f.all[i]
	switch hit.Times {
	case 0:
	case 1:
		f.all = slices.Delete(slices.Clone(f.all), i, i+1)
	default:
		f.all[i].Times--
	}
	return hit, true
}
