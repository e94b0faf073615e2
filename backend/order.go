package backend

import (
	"context"
	"fmt"
	"iter"
	"time"

	"certty/model"
)

// ChangeReader reads what changed, where that is cheaper than a whole sweep.
type ChangeReader interface {
	// Changes yields pages of news since known was read: the orders that are
	// open, those that were issued or revoked since, and those that left the
	// open ones. It says nothing of what it does not yield, and never ends with
	// a Summary. An error ends the sequence; what was yielded before stays true.
	Changes(ctx context.Context, known *model.Snapshot) iter.Seq2[model.Page, error]
}

// Orderer places orders at a CA account.
type Orderer interface {
	// Order places the order. The page holds one item with its id. It is sent
	// once, whatever happens: without an answer the error is Uncertain, and
	// FindOrders tells whether it was placed.
	Order(ctx context.Context, spec model.OrderSpec) (Change, error)
	// FindOrders looks for the orders that carry the trace's reference; none is no
	// error. A list that lags behind may miss an order that was placed minutes ago.
	FindOrders(ctx context.Context, trace model.OrderTrace) (FoundOrders, error)
}

// FoundOrders are orders that were found by a trace, newest first.
type FoundOrders struct {
	// Carrying have comments that begin with its reference.
	Carrying []model.Order
	// Namesakes are others for its common name that are open or issued and were
	// requested not long before it, as far as the same calls told of them: somebody
	// may have ordered the same from elsewhere.
	Namesakes []model.Order
}

// Renewer renews orders.
type Renewer interface {
	// Renew orders a successor of the order that ref names. The page holds the
	// old order and, where the service tells its id, the new one. The old
	// certificate stays valid until it expires. Errors are those of Orderer.
	Renew(ctx context.Context, ref model.Ref, spec model.RenewSpec) (Change, error)
	// FindRenewal finds the order that renewed ref's, after an answer was lost:
	// nil when the old order does not count as renewed.
	FindRenewal(ctx context.Context, ref model.Ref) (*model.Order, error)
}

// Replacer has certificates issued anew.
type Replacer interface {
	// Replace has another certificate issued under the order that ref names.
	// Ref's revision is the serial number that the person saw: with another one
	// by now nothing is sent and a Gone error is returned. The order keeps its
	// id; the new certificate comes later, under a new serial number.
	Replace(ctx context.Context, ref model.Ref, spec model.ReplaceSpec) (Change, error)
}

// Revoker revokes certificates.
type Revoker interface {
	// Revoke revokes the certificate of the order that ref names, for good.
	// Ref's revision is the serial number that was confirmed: with another one
	// by now nothing is sent and a Gone error is returned.
	Revoke(ctx context.Context, ref model.Ref, revocation model.Revocation) (Change, error)
}

// Approver decides on orders that wait for approval.
type Approver interface {
	// Approve and Decline decide on the order that ref names; the message, 1 to
	// 512 UTF-16 code units, is kept with it. An order that does not wait any
	// more is a State error of StateTooLate.
	Approve(ctx context.Context, ref model.Ref, message string) (Change, error)
	Decline(ctx context.Context, ref model.Ref, message string) (Change, error)
}

// Collector fetches issued certificates.
type Collector interface {
	// Collect fetches the certificate of the order that ref names with its
	// chain: DER, in whatever order the service sends them. One that is not
	// issued yet is a State error of StateNotIssued; RetryAfter says when to
	// look again, 0 where the service does not.
	Collect(ctx context.Context, ref model.Ref) ([][]byte, error)
}

// AccountReader reads what orders are made with.
type AccountReader interface {
	// Account reads organizations with their departments, domains, profiles and
	// custom fields. Where a part can't be read the error says which, is
	// Partial, and the rest stands. tell is called as it goes on, one call at a
	// time; nil tells nobody.
	Account(ctx context.Context, tell func(AccountStep)) (model.Account, error)
	// Probe runs the cheapest read for each thing that orders need, and says
	// what it found. It never writes.
	Probe(ctx context.Context) []Finding
	// Password is Probe's finding on how long the password is accepted, with one
	// call; ok is false where none is used.
	Password(ctx context.Context) (f Finding, ok bool)
	// Validations reads how the validations of all domains stand, with one call a
	// page; what has to be published is not among it.
	Validations(ctx context.Context) ([]model.DomainValidation, error)
}

// AccountStep is how far the reading of an account is.
type AccountStep struct {
	// Part is what is being read, the Number'th of Parts, from 1.
	Part          string
	Number, Parts int
	// Done of Total details of the part were read; 0 of 0 while it is listed.
	Done, Total int
}

// String says it in words: "organizations, 3 of 40 (part 1 of 4)".
func (s AccountStep) String() string {
	text := s.Part
	if s.Total > 0 {
		text += fmt.Sprintf(", %d of %d", s.Done, s.Total)
	}
	return text + fmt.Sprintf(" (part %d of %d)", s.Number, s.Parts)
}

// Finding is what a probe found out about one prerequisite.
type Finding struct {
	// What is the prerequisite: "sign-in", "profiles", "password expiry".
	What string
	// Verdict is how it stands.
	Verdict Verdict
	// Text says what was found; Fix what to do about it and who can.
	Text, Fix string
	// Until is when what was found ends, such as a password; zero when it does
	// not, or is not told.
	Until time.Time
	// Err is the service's refusal, where there was one.
	Err error
}

// Verdict says how a prerequisite stands.
type Verdict uint8

// The verdicts of a probe.
const (
	// VerdictUnknown: it can't be known without writing.
	VerdictUnknown Verdict = iota
	VerdictGood
	// VerdictWarn: it works, but not for long or not for all.
	VerdictWarn
	VerdictBad
)

// String is the verdict in a word.
func (v Verdict) String() string {
	switch v {
	case VerdictGood:
		return "good"
	case VerdictWarn:
		return "warning"
	case VerdictBad:
		return "missing"
	default:
		return "unknown"
	}
}

// Validator tells about domain control validation.
type Validator interface {
	// Validation reads why the order that ref names waits.
	Validation(ctx context.Context, ref model.Ref) (model.OrderValidation, error)
	// DomainValidation reads how the validation of one domain stands, and what
	// has to be published.
	DomainValidation(ctx context.Context, domain string) (model.DomainValidation, error)
}

// Rechecker has the CA look at the proof of control again.
type Rechecker interface {
	// Recheck asks the CA to look at the domains of the order that ref names.
	// The page holds the order with its validation.
	Recheck(ctx context.Context, ref model.Ref) (Change, error)
	// RecheckDomain asks the CA to look at one domain; DomainValidation tells
	// what it found.
	RecheckDomain(ctx context.Context, domain string) (Change, error)
}
