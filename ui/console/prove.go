package console

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/model"
	"certty/model/timetext"
	"certty/model/x5c"
)

// What is made anew is harder to know again than what is changed: the id of a
// request and the version that came of a call stand in the answer, which is lost.

// nothing judges a row that is not known: it was listed nowhere. listed is when
// the last complete listing of the vault began.
func (p *proof) nothing(op string, listed time.Time) {
	switch op {
	case guard.OpCreate, guard.OpImport:
		p.otherwise(listed, true, "nothing stood under this name")
	}
}

// tagged reports whether the certificate carries the id of the operation, which
// nobody else has: the call was done. A version that came later may have taken the
// tag along, and then what came of the call is older than what stands there now.
func (p *proof) tagged() bool {
	id := p.trace.Operation
	return id != "" && p.it.Certificate.Tags[backend.OperationTag] == id
}

// byTag says so.
func (p *proof) byTag() {
	made := p.it.Certificate.Version
	if r := p.it.Request; r.Open() && !p.before(r) {
		made = r.ID
	}
	p.done(made, "the tag "+backend.OperationTag+" of it stands in the vault")
}

// foreign is the id of another operation that the certificate carries; "" where it
// carries none.
func (p *proof) foreign() string {
	if id := p.it.Certificate.Tags[backend.OperationTag]; id != p.trace.Operation {
		return id
	}
	return ""
}

// before reports whether a request stood there before the change. Its phase may
// have been seen only later, so its id counts first.
func (p *proof) before(r *model.Request) bool {
	return p.trace.Request != "" && r.ID == p.trace.Request || !r.SeenAt.IsZero() && r.SeenAt.Before(p.asked)
}

// newer reports whether the current version was made after the change.
func (p *proof) newer() bool {
	c := &p.it.Certificate
	return c.Issued && !c.Created.Before(p.asked.Add(-skew)) && !p.sameVersion()
}

// sameVersion reports whether the version is the one that was known before. A list
// tells none, so one that was read before counts for nothing.
func (p *proof) sameVersion() bool {
	return p.trace.Version != "" && p.it.Certificate.Version == p.trace.Version && p.since(p.it.CertificateReadAt)
}

// request is a new request (create, new version). Any that stands there is not
// taken for it, unless the tag proves it: another client's looks the same.
func (p *proof) request() {
	r, read := p.it.Request, p.it.RequestReadAt
	switch {
	case p.tagged():
		p.byTag()
	case r != nil && !r.Gone && p.before(r):
		p.otherwise(read, true, "the request from before it, "+r.ID+", stood there")
	case p.newer():
		p.otherwise(p.it.CertificateReadAt, false, "probably done: version "+cmp.Or(p.it.Certificate.Version, "without an id")+
			" was made since then"+p.whose())
	case r == nil, r.Gone && p.before(r):
		p.otherwise(read, true, "there was no request")
	case r.Gone:
		p.otherwise(read, false, "request "+cmp.Or(r.ID, "without an id")+" stood there, and is gone: somebody deleted it")
	default:
		p.otherwise(read, false, p.probably(r))
	}
}

// probably is what is known of a request that came up after the call.
func (p *proof) probably(r *model.Request) string {
	words := "probably ours: request " + cmp.Or(r.ID, "without an id")
	if p.foreign() != "" && !p.it.Certificate.Issued {
		words = "somebody else's: request " + cmp.Or(r.ID, "without an id")
	}
	if p.trace.Request != "" {
		words += ", another one than before (" + p.trace.Request + ")"
	}
	if !r.SeenAt.IsZero() {
		words += ", seen at " + timetext.Moment(r.SeenAt)
	}
	if key := keyOf(r); key != "" {
		words += ", key sha256 " + key
	}
	return words + p.whose()
}

// whose says what does not tell whose it is.
func (p *proof) whose() string {
	if id := p.foreign(); id != "" {
		return "; its tag " + backend.OperationTag + " is that of another operation, " + id
	}
	if p.trace.Operation == "" {
		return "; nothing in the vault tells whose it is. Compare its CSR with what was asked for before you go on with it"
	}
	return "; it does not carry the tag of this operation, or not yet. Compare its CSR with what was asked for before you go on with it"
}

// keyOf is the beginning of the name of a request's public key, as the screen shows
// it; "" where it can't be told.
func keyOf(r *model.Request) string {
	const enough = 16
	id := r.KeyID
	if len(r.CSR) > 0 {
		id, _ = x5c.PublicKeyID(r.CSR)
	}
	return id[:min(len(id), enough)]
}

// holds reports whether the journal names this certificate. Of one that was only
// listed the thumbprint is known.
func (p *proof) holds(c *model.Certificate) bool {
	if len(c.DER) > 0 && p.trace.Leaf != "" {
		sum := sha256.Sum256(c.DER)
		return p.trace.Leaf == hex.EncodeToString(sum[:])
	}
	return c.Thumbprint != "" && c.Thumbprint == p.trace.Thumbprint
}

func (p *proof) imported() {
	c, read := &p.it.Certificate, p.live()
	old := !c.Created.IsZero() && c.Created.Before(p.asked.Add(-skew)) || p.sameVersion()
	switch {
	case p.tagged():
		p.byTag()
	case p.since(read) && c.Issued && !old && p.holds(c):
		p.done(c.Version, "the current version is the certificate that was sent, thumbprint "+c.Thumbprint)
	case !c.Issued:
		p.otherwise(read, false, "a request stands there, and no certificate")
	case old:
		p.otherwise(read, true, "the version from before it was the current one")
	case p.trace.Thumbprint != "":
		p.otherwise(read, false, "the current version is a newer one, and not the certificate that was sent"+p.whose())
	default:
		p.otherwise(read, false, "the current version is a newer one, and what was sent could not be looked into here"+p.whose())
	}
}

func (p *proof) update() {
	c, read := &p.it.Certificate, p.it.CertificateReadAt
	// The version that is meant is the one of then, which a newer one hides.
	if p.revision != "" && p.revision != c.Version || p.revision == "" && !c.Created.Before(p.asked.Add(skew)) {
		p.otherwise(read, false, "there is a newer version, which hides the one that was to be changed")
		return
	}
	want := strings.TrimSuffix(p.detail, ", was "+p.trace.Was)
	is := model.Update{}
	for part := range strings.SplitSeq(want, ", ") {
		switch {
		case part == "enable", part == "disable":
			is.Enabled = &c.Enabled
		case strings.Contains(part, " tag"):
			is.Tags = &c.Tags
		}
	}
	switch {
	case p.since(read) && guard.UpdateDetail(is) == want:
		p.done(c.Version, "the version is as it was to be")
	case !c.Updated.IsZero() && c.Updated.Before(p.asked.Add(-skew)):
		p.otherwise(read, true, "the version was as it had been before")
	case p.trace.Was != "" && is.Enabled == nil && guard.TagsState(c.Tags) == p.trace.Was:
		p.otherwise(read, true, "the tags were as they had been before")
	case p.trace.Was != "" && is.Enabled == nil:
		p.otherwise(read, false, "the tags are neither as they had been nor as they were to be: somebody else changed them, before it or after. Look at them, then change them again if need be")
	default:
		p.otherwise(read, false, "the version was changed since, and is not as it was to be. Look at it, then change it again if need be")
	}
}

// policy compares the parts that were to be changed. The service may write a value
// otherwise than it was sent; then they are neither.
func (p *proof) policy() {
	read := p.it.CertificateReadAt
	if p.it.Policy == nil || p.trace.Want == "" {
		p.otherwise(read, false, "what the policy was to be is not in the journal")
		return
	}
	switch guard.PolicyState(p.detail, *p.it.Policy) {
	case p.trace.Want:
		if p.since(read) {
			p.done("", "the policy is as it was to be")
		}
	case p.trace.Was:
		p.otherwise(read, true, "the policy was as it had been before")
	default:
		p.otherwise(read, false, "the policy is neither as it had been nor as it was to be: somebody else changed it, or the service writes it otherwise. Look at it, then change it again if need be")
	}
}
