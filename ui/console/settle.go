package console

import (
	"context"
	"strings"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/model"
	"certty/model/timetext"
)

// skew is how far the clocks of a vault and of this machine may be apart.
const skew = 5 * time.Minute

// settle writes down how a change of a vault ended whose answer was lost, where
// what was read of its row since proves that. Where that proves nothing, and no
// program can be at it any more, the entry says so, and once more when more is
// known.
func (j journal) settle(ctx context.Context, e backend.Entry, ended bool) error {
	it, err := j.store.Row(ctx, e.Intent.Ref)
	if err != nil || it != nil && (it.Order != nil || it.Record != nil) {
		return err
	}
	p := &proof{asked: e.Intent.At, revision: e.Intent.Ref.Revision, detail: e.Intent.Detail, trace: guard.TraceOf(e.Intent.Detail), it: it}
	if it == nil {
		listed, err := j.store.Swept(ctx, e.Intent.Ref.Target)
		if err != nil {
			return err
		}
		p.nothing(e.Intent.Op, listed)
	} else {
		p.judge(e.Intent.Op)
	}
	return j.proved(ctx, e, p, ended)
}

// proved writes down what p says of an entry, unless that stands there.
func (j journal) proved(ctx context.Context, e backend.Entry, p *proof, ended bool) error {
	o := backend.Outcome{At: j.now(), Result: p.result}
	was := programEnded
	if e.Outcome != nil {
		o.ServiceRequestID, o.Revision, was = e.Outcome.ServiceRequestID, e.Outcome.Revision, e.Outcome.Error
	}
	switch p.result {
	case backend.ResultDone:
		o.Revision, o.Evidence = p.made, p.words
	case backend.ResultRefused:
		o.Revision, o.Error = "", notDone+p.words
	case backend.ResultUncertain:
		lost, said, _ := strings.Cut(was, undecided)
		if said == p.words || e.Outcome == nil && !ended {
			return nil
		}
		o.Error = strings.TrimPrefix(strings.TrimSuffix(lost, "; ")+"; "+undecided+p.words, "; ")
	default:
		return nil // it was not read since
	}
	return j.finish(ctx, e.ID, o)
}

// notDone begins why a change was not made, where what was read since proves that.
const notDone = "it was not done: "

// undecided begins what is said of a change whose row was read again in vain.
const undecided = "what was read since does not prove how it ended: "

// proof is what a row proves of a change.
type proof struct {
	asked            time.Time
	revision, detail string
	trace            guard.Trace
	it               *model.Item
	// result is "" while the row was not read long enough after the change.
	result backend.Result
	made   string
	words  string
}

// done is a row that shows the change; words say what does.
func (p *proof) done(revision, words string) {
	p.result, p.made, p.words = backend.ResultDone, revision, words
}

// since reports whether something was read after the change was asked for.
func (p *proof) since(at time.Time) bool { return !at.Before(p.asked) }

// late reports whether something was read when the call had ended in any case.
func (p *proof) late(at time.Time) bool { return at.After(p.asked.Add(stillRunning)) }

// otherwise is a row that does not show the change: not proves that it was not
// made; without a proof it stays uncertain. Nothing is said before at is late.
func (p *proof) otherwise(at time.Time, not bool, words string) {
	switch {
	case !p.late(at):
	case not:
		p.result, p.words = backend.ResultRefused, words+" at "+timetext.Moment(at)
	default:
		p.result, p.words = backend.ResultUncertain, words
	}
}

// judge compares the row with what each call leaves behind (Key Vault REST).
func (p *proof) judge(op string) {
	switch op {
	case guard.OpCancel:
		p.cancel()
	case guard.OpDeleteRequest:
		p.deleteRequest()
	case guard.OpMerge:
		p.merge()
	case guard.OpCreate, guard.OpNewVersion:
		p.request()
	case guard.OpImport:
		p.imported()
	case guard.OpUpdate:
		p.update()
	case guard.OpUpdatePolicy:
		p.policy()
	case guard.OpDelete:
		p.deletion()
	case guard.OpRecover:
		p.recovery()
	case guard.OpPurge:
		p.purge()
	}
}

// same reports whether the request that was meant is the one that is known.
func (p *proof) same() bool {
	return p.it.Request != nil && p.revision != "" && p.it.Request.ID == p.revision
}

const otherRequest = "another request stands there, or none"

func (p *proof) cancel() {
	r, read := p.it.Request, p.it.RequestReadAt
	switch {
	case !p.since(read):
	case !p.same():
		p.otherwise(read, false, otherRequest)
	case r.CancelAsked || r.Phase == model.PhaseCancelled:
		p.done(r.ID, "its cancellation is asked for")
	case r.Open():
		p.otherwise(read, true, "the request was in progress, and no cancellation asked for,")
	default:
		p.otherwise(read, false, "the request ended otherwise ("+r.Status+")")
	}
}

func (p *proof) deleteRequest() {
	r, read := p.it.Request, p.it.RequestReadAt
	switch {
	case !p.since(read):
	case r == nil, p.same() && r.Gone && p.since(r.SeenAt):
		p.done("", "the request is gone")
	case !p.same():
		p.otherwise(read, false, "another request stands in its place")
	case r.Gone:
		p.otherwise(read, false, "the request was gone before")
	default:
		p.otherwise(read, true, "the request stood there")
	}
}

func (p *proof) merge() {
	c, r := &p.it.Certificate, p.it.Request
	switch {
	case p.since(p.it.CertificateReadAt) && p.holds(c):
		p.done(c.Version, "the certificate that was sent is the current version")
	case p.same() && r.Open():
		p.otherwise(p.it.RequestReadAt, true, "the request was in progress")
	default:
		p.otherwise(p.it.CertificateReadAt, false, "the certificate that is live is another one, and the request is not in progress")
	}
}

// live is when the certificate was last seen not to be deleted.
func (p *proof) live() time.Time {
	if p.it.Deletion != nil {
		return time.Time{}
	}
	if p.it.ListedAt.After(p.it.CertificateReadAt) {
		return p.it.ListedAt
	}
	return p.it.CertificateReadAt
}

func (p *proof) deletion() {
	switch d := p.it.Deletion; {
	case d == nil:
		p.otherwise(p.live(), true, "the certificate was not deleted")
	case p.since(d.SeenAt) && (d.At.IsZero() || !d.At.Before(p.asked.Add(-skew))):
		p.done("", "the certificate is deleted since then")
	default:
		p.otherwise(d.SeenAt, false, "it was deleted at another time")
	}
}

func (p *proof) recovery() {
	switch d := p.it.Deletion; {
	case d == nil && p.since(p.live()):
		p.done(p.it.Certificate.Version, "the certificate is not deleted any more")
	case d != nil && !d.Purged && !d.At.IsZero() && d.At.Before(p.asked.Add(-skew)):
		p.otherwise(d.SeenAt, true, "the certificate was deleted as before")
	case d != nil:
		p.otherwise(d.SeenAt, false, "it was purged, or deleted again")
	}
}

func (p *proof) purge() {
	switch d, c := p.it.Deletion, &p.it.Certificate; {
	case d == nil:
		old := !c.Created.IsZero() && c.Created.Before(p.asked.Add(-skew))
		p.otherwise(p.live(), old, "a certificate stood there alive")
	case d.Purged && p.since(d.SeenAt):
		p.done("", "the certificate is not among the deleted any more")
	default:
		p.otherwise(d.SeenAt, true, "the certificate was still among the deleted")
	}
}
