package fault

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Kind is what goes wrong.
type Kind string

// The kinds of faults.
const (
	// Slow only makes the answer late.
	Slow Kind = "slow"
	// Hang never answers: it waits until the client gives up.
	Hang Kind = "hang"
	// ResetBefore cuts the connection before the request is handled.
	ResetBefore Kind = "reset-before"
	// ResetAfter handles the request and cuts the connection instead of
	// answering, so that the client can't know what became of it.
	ResetAfter Kind = "reset-after"
	// Refuse answers with Status and an error body in the service's form; 304
	// goes without a body.
	Refuse Kind = "refuse"
	// HTML answers with Status and a page, as a proxy does.
	HTML Kind = "html"
	// TruncatedJSON handles the request and answers with half of the body.
	TruncatedJSON Kind = "truncated-json"
	// Empty handles the request and answers 200 without a body.
	Empty Kind = "empty"
	// Unauthorized answers 401 with the challenge, although the caller is known.
	Unauthorized Kind = "unauthorized"
	// Redirect answers with Status and a Location on Host.
	Redirect Kind = "redirect"
	// ForeignNextLink answers a list with a next link to Host. It touches
	// nothing but lists.
	ForeignNextLink Kind = "foreign-next-link"
)

// Fault is something that goes wrong with requests whose caller is known, or
// with those to the token service. A client's transport may send a read once
// more by itself after a reset, and so meet the same fault again.
type Fault struct {
	Kind Kind
	// Operation is the server's name for what is asked ("MergeCertificate",
	// "Enroll"); "" means every operation of the service. Those of the token
	// service must be named.
	Operation string
	// Name is what the request is about, such as a certificate's name or an id;
	// "" means all.
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

// defaultHost is a name that never resolves (RFC 6761 §6.5).
const defaultHost = "elsewhere.example.com"

var defaultStatus = map[Kind]int{Refuse: http.StatusServiceUnavailable, HTML: http.StatusBadGateway, Redirect: http.StatusTemporaryRedirect}

// Occasion is a request as a fault sees it.
type Occasion struct {
	// Operation is the server's name for what is asked, Name what it is about;
	// "" when it is about nothing in particular.
	Operation, Name string
}

// Rules are which faults a server can have.
type Rules struct {
	// Kinds are those that it knows.
	Kinds []Kind
	// Known reports whether it has an operation.
	Known func(operation string) bool
	// Apart are the operations that must be named to be hit.
	Apart []string
	// Lists are the operations that ForeignNextLink can hit.
	Lists []string
}

// check completes a fault, or says what is wrong with it.
func (r *Rules) check(f *Fault) error {
	if !slices.Contains(r.Kinds, f.Kind) {
		return fmt.Errorf("kind %q of a fault is none of %v", f.Kind, r.Kinds)
	}
	if f.Operation != "" && !r.Known(f.Operation) {
		return fmt.Errorf("operation %q of a fault is none of the service's", f.Operation)
	}
	if f.Times < 0 || f.Latency < 0 {
		return errors.New("times and latency of a fault can't be negative")
	}
	status, has := defaultStatus[f.Kind]
	switch {
	case !has && f.Status != 0:
		return fmt.Errorf("a fault of kind %s has no status", f.Kind)
	case has && f.Status == 0:
		f.Status = status
	case has && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("status %d of a fault is none that a server answers with", f.Status)
	}
	if f.Host == "" {
		f.Host = defaultHost
	}
	return nil
}

// hits reports whether a fault is about a request.
func (r *Rules) hits(f *Fault, o Occasion) bool {
	switch {
	case f.Operation == "" && slices.Contains(r.Apart, o.Operation):
		return false
	case f.Operation != "" && f.Operation != o.Operation:
		return false
	case f.Kind == ForeignNextLink && !slices.Contains(r.Lists, o.Operation):
		return false
	}
	return f.Name == "" || strings.EqualFold(f.Name, o.Name)
}

// Board holds the faults that are switched on, the oldest first. It is safe for
// concurrent use.
type Board struct {
	rules Rules

	mu  sync.Mutex
	all []Fault
}

// NewBoard makes a board without faults.
func NewBoard(rules Rules) *Board { return &Board{rules: rules} }

// Inject switches a fault on. Of several that are about a request, the one
// switched on first hits it. The error says what is wrong with the fault.
func (b *Board) Inject(f Fault) error {
	if err := b.rules.check(&f); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all = append(b.all, f)
	return nil
}

// Faults are those that are switched on; Times is what is left of it.
func (b *Board) Faults() []Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.all)
}

// ClearFaults switches all faults off. Requests that one has hit already are
// not set free.
func (b *Board) ClearFaults() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all = nil
}

// take finds the fault that hits a request and counts that.
func (b *Board) take(o Occasion) (Fault, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.all, func(f Fault) bool { return b.rules.hits(&f, o) })
	if i < 0 {
		return Fault{}, false
	}
	hit := b.all[i]
	switch hit.Times {
	case 0:
	case 1:
		b.all = slices.Delete(slices.Clone(b.all), i, i+1)
	default:
		b.all[i].Times--
	}
	return hit, true
}
