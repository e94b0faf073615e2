package model

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// State is the one word that says how a row stands. The words are the same
// everywhere: on the board, in the detail, in commands and documents.
type State string

// The states of a row.
const (
	StateFailed      State = "failed"
	StateWaitsMerge  State = "waits: merge"
	StateCancelAsked State = "cancel asked"
	StateInProgress  State = "in progress"
	StateCancelled   State = "cancelled"
	StateCompleted   State = "completed"
	StateGone        State = "gone"
	StateExpired     State = "expired"
	StateExpires     State = "expires"
	StateValid       State = "valid"
	StateDisabled    State = "disabled"
	StateDeleted     State = "soft-deleted"
	// The states that only orders of a CA account have.
	StateWaitsApproval   State = "waits: approval"
	StateWaitsValidation State = "waits: validation"
	StateRevoked         State = "revoked"
	StateReplaced        State = "replaced"
	// StateUnknown is a request whose status this program does not know, or a
	// row of which nothing was read yet.
	StateUnknown State = "unknown"
)

// Severity orders rows by urgency; the lowest comes first.
type Severity uint8

// The severities, most urgent first.
const (
	// SeverityFailed needs a decision: failed, gone, expired.
	SeverityFailed Severity = iota
	// SeverityYou waits for the person at the screen.
	SeverityYou
	// SeverityOthers waits for somebody else.
	SeverityOthers
	// SeverityExpires has little life left.
	SeverityExpires
	// SeverityQuiet needs nobody.
	SeverityQuiet
)

// Actor is who has to act next.
type Actor string

// The actors.
const (
	ActorNobody Actor = ""
	ActorYou    Actor = "you"
	ActorCA     Actor = "CA"
	ActorVault  Actor = "vault"
	// ActorApprover is an administrator of the CA account with the right to
	// approve (in SCM an RAO, DRAO or MRAO).
	ActorApprover Actor = "approver"
	// ActorDNS is who publishes records for the domain.
	ActorDNS Actor = "DNS owner"
	// ActorAccount is the CA account itself, which works on it.
	ActorAccount Actor = "SCM"
)

// Thresholds of the derivation. They are shares and spans, never fixed days
// before expiry: with lifetimes of 47 days a fixed number of days is noise.
const (
	// expiresBelow is the share of the lifetime below which a certificate is
	// said to expire. Key Vault's own lifetime action renews at 80 %.
	expiresBelow = 0.20
	// recent is how long an ended request is the row's news.
	recent = 24 * time.Hour
)

// Status is how a row stands, derived from what was read.
type Status struct {
	State    State
	Severity Severity
	// RenewalUnknown is true while the pending request was never read, so a
	// renewal in progress would not be seen.
	RenewalUnknown bool
	// Superseded is true when State is that of a request which took the place
	// of another one that was in progress here. It is not the one that was seen
	// before, so a certificate signed for that one does not fit; see
	// [Request.Replaced].
	Superseded bool
	// Next is what has to be done next, as a verb; "" when nothing.
	Next string
	// Who has to do it.
	Who Actor
	// Since is when the state began as far as is known; the zero time when it
	// is not.
	Since time.Time
	// LifeLeft is the share of the certificate's lifetime that is left; -1 when
	// nothing was issued.
	LifeLeft float64
}

// nextSuperseded is what is to be done about a request that took another's
// place and is in progress.
const nextSuperseded = "superseded"

// Status derives how the row stands at now. It is the only place that does.
func (it *Item) Status(now time.Time) Status {
	if it.Deletion != nil {
		return it.Deletion.status(now)
	}
	if it.Order != nil || it.Record != nil {
		return it.orderStatus(now)
	}
	st := it.requestStatus(now)
	if st.State != "" && it.Request.Replaced != "" {
		st.Superseded = true
		if it.Request.Open() {
			st.Next, st.Who = nextSuperseded, ActorYou
		}
	}
	// News that needs nobody must not hide a certificate that needs somebody.
	if st.State == "" || st.Severity == SeverityQuiet && it.Certificate.Issued {
		if c := it.certificateStatus(now); st.State == "" || c.Severity < SeverityQuiet {
			st = c
		}
	}
	st.LifeLeft = -1
	if left, ok := it.Certificate.LifeLeft(now); ok {
		st.LifeLeft = left
	}
	st.RenewalUnknown = it.RequestReadAt.IsZero()
	return st
}

// status is how a row with a deletion stands: it serves nobody and waits for
// nobody, and how long it can be recovered is all there is to say.
func (d *Deletion) status(now time.Time) Status {
	if d.Purged {
		return Status{State: StateGone, Severity: SeverityQuiet, Since: d.SeenAt, LifeLeft: -1}
	}
	return Status{State: StateDeleted, Severity: SeverityQuiet, Next: d.kept(now), Since: d.At, LifeLeft: -1}
}

// kept says how long the certificate can be recovered; "" when the vault does
// not tell.
func (d *Deletion) kept(now time.Time) string {
	left := d.PurgeAt.Sub(now)
	switch {
	case d.PurgeAt.IsZero():
		return ""
	case left <= 0:
		return "purge is due"
	case left < 24*time.Hour:
		return "<1 d kept"
	default:
		return strconv.Itoa(int(left/(24*time.Hour))) + " d kept"
	}
}

// requestStatus is the status that the pending request gives the row; its
// State is "" when the request is no news.
func (it *Item) requestStatus(now time.Time) Status {
	r := it.Request
	if r == nil {
		return Status{}
	}
	since := it.requestSince()
	fresh := !it.Certificate.Issued || now.Sub(since) < recent
	switch {
	case r.Phase == PhaseCompleted && it.unreadSince(r.firstSeen()):
		// The certificate is there, only its row was not read since.
		return Status{State: StateCompleted, Severity: SeverityQuiet, Since: since}
	case r.Gone:
		// A request that had ended is no loss when its object is deleted.
		if r.Phase.Final() || !fresh {
			return Status{}
		}
		// Nobody tells a reason: what is left is to ask anew.
		next := "create again"
		if it.Certificate.Issued {
			next = "renew"
		}
		return Status{State: StateGone, Severity: SeverityFailed, Next: next, Who: ActorYou, Since: since}
	case r.Phase == PhaseInProgress && r.CancelAsked:
		return Status{State: StateCancelAsked, Severity: SeverityOthers, Next: "wait", Who: r.signer(), Since: since}
	case r.Phase == PhaseInProgress && r.Manual():
		return Status{State: StateWaitsMerge, Severity: SeverityYou, Next: "merge", Who: ActorYou, Since: it.asked()}
	case r.Phase == PhaseInProgress:
		return Status{State: StateInProgress, Severity: SeverityOthers, Next: "wait", Who: r.signer(), Since: it.asked()}
	case r.Phase == PhaseFailed && it.overtaken():
		return Status{}
	case r.Phase == PhaseFailed:
		// "Certificate issuer error" is the CA's side, "Request rejected" the
		// request's (Key Vault, "Monitor and manage certificate creation").
		who := ActorYou
		if strings.EqualFold(r.ErrorCode, IssuerErrorCode) {
			who = ActorCA
		}
		return Status{State: StateFailed, Severity: SeverityFailed, Next: "read reason", Who: who, Since: since}
	case r.Phase == PhaseCancelled && fresh:
		return Status{State: StateCancelled, Severity: SeverityQuiet, Since: since}
	case r.Phase == PhaseCompleted && it.Certificate.Issued && now.Sub(it.Certificate.Created) < recent && it.Certificate.Enabled:
		return Status{State: StateCompleted, Severity: SeverityQuiet, Since: it.Certificate.Created}
	case r.Phase == PhaseCompleted:
		return Status{}
	case r.Phase == PhaseUnknown:
		return Status{State: StateUnknown, Severity: SeverityOthers, Next: "read status", Who: ActorYou, Since: since}
	}
	return Status{}
}

// overtaken reports whether a version was issued since the request was seen to
// have failed, by an import or in another way: the failure is history then.
// What failed before it was looked at for the first time can't be told apart.
func (it *Item) overtaken() bool {
	seen := it.Request.firstSeen()
	return it.Certificate.Issued && !seen.IsZero() && it.Certificate.Created.After(seen)
}

// requestSince is when the request's phase began; zero when that is not known.
// A pending-only certificate was created with its request, so of that it can't
// be longer.
func (it *Item) requestSince() time.Time {
	if it.Request.Since.IsZero() && !it.Certificate.Issued {
		return it.Certificate.Created
	}
	return it.Request.Since
}

// unreadSince reports whether the certificate is known as not issued, but from
// before a moment.
func (it *Item) unreadSince(t time.Time) bool {
	return !it.Certificate.Issued && !it.ListedAt.After(t) && !it.CertificateReadAt.After(t)
}

// signer is who works on a request that is in progress: the CA of its issuer,
// or the vault itself where there is none.
func (r *Request) signer() Actor {
	if r.Manual() || equalFold(r.Issuer.Name, IssuerSelf) {
		return ActorVault
	}
	return ActorCA
}

// asked is when the request was made, as near as the service lets us know: a
// pending-only certificate was created with its request.
func (it *Item) asked() time.Time {
	if !it.Certificate.Issued && !it.Certificate.Created.IsZero() {
		return it.Certificate.Created
	}
	return it.requestSince()
}

func (it *Item) certificateStatus(now time.Time) Status {
	c := &it.Certificate
	if !c.Issued {
		switch {
		case it.RequestReadAt.IsZero(), it.ListedAt.IsZero() && it.CertificateReadAt.IsZero():
			return Status{State: StateUnknown, Severity: SeverityOthers, Next: "read status", Who: ActorVault, Since: c.Created}
		default:
			// The object outlives its deleted request and keeps the name.
			return Status{State: StateGone, Severity: SeverityFailed, Next: "create again", Who: ActorYou, Since: c.Updated}
		}
	}
	left, ok := c.LifeLeft(now)
	switch {
	case !c.Enabled:
		return Status{State: StateDisabled, Severity: SeverityQuiet, Since: c.Updated}
	case !c.NotAfter.IsZero() && !now.Before(c.NotAfter):
		return Status{State: StateExpired, Severity: SeverityFailed, Next: "renew", Who: ActorYou, Since: c.NotAfter}
	case ok && left < expiresBelow:
		return Status{State: StateExpires, Severity: SeverityExpires, Next: "renew", Who: ActorYou, Since: c.Created}
	default:
		return Status{State: StateValid, Severity: SeverityQuiet, Since: c.Created}
	}
}

// CompareUrgency orders two rows for the board: failed, waits for you, waits
// for somebody else, expires, quiet; within that the longest wait first, then
// the least life left, then by name and target.
func CompareUrgency(a, b *Item, sa, sb Status) int {
	if c := cmp.Compare(sa.Severity, sb.Severity); c != 0 {
		return c
	}
	if sa.Severity <= SeverityOthers {
		if c := compareTimes(sa.Since, sb.Since); c != 0 {
			return c
		}
	} else if c := cmp.Compare(lifeKey(sa), lifeKey(sb)); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.Name(), b.Name()), cmp.Compare(a.Ref.Target, b.Ref.Target), cmp.Compare(a.Ref.Key, b.Ref.Key))
}

func lifeKey(s Status) float64 {
	if s.LifeLeft < 0 {
		return 2
	}
	return s.LifeLeft
}

func compareTimes(a, b time.Time) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}
