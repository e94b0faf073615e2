package guard

import (
	"context"
	"crypto/sha1" //nolint:gosec // Key Vault names certificates by it (x5t)
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"

	"certty/backend"
	"certty/model"
)

// Trace is what the detail of an intent says by which its change is known again,
// once its answer is lost. It holds ids and hashes only. What is not known is "".
type Trace struct {
	// Operation is the value of [backend.OperationTag] that was sent.
	Operation string
	// Request and Version are the request and the version that were known of the
	// row before.
	Request, Version string
	// Leaf is the SHA-256 of the certificate that was sent, Thumbprint its SHA-1,
	// as lists of a vault tell it; both in lower-case hexadecimal.
	Leaf, Thumbprint string
	// Was is a hash of what was to be changed, as the person saw it: of tags (see
	// [TagsState]) or of parts of a policy (see [PolicyState]). Want is that of the
	// parts of a policy as they are to be.
	Was, Want string
}

// traceWords introduce the parts of a trace in a detail.
var traceWords = []struct {
	words string
	part  func(*Trace) *string
}{
	{"request before", func(t *Trace) *string { return &t.Request }},
	{"version before", func(t *Trace) *string { return &t.Version }},
	{"leaf SHA-256", func(t *Trace) *string { return &t.Leaf }},
	{"thumbprint", func(t *Trace) *string { return &t.Thumbprint }},
	{"was", func(t *Trace) *string { return &t.Was }},
	{"to be", func(t *Trace) *string { return &t.Want }},
	{backend.OperationTag, func(t *Trace) *string { return &t.Operation }},
}

// traceID is what an id in a detail looks like. What a service calls otherwise is
// left out: it could be taken for another part.
var traceID = regexp.MustCompile(`^[0-9A-Za-z-]{1,128}$`)

// with adds a trace to a detail.
func (t Trace) with(detail string) string {
	parts := []string{}
	if detail != "" {
		parts = append(parts, detail)
	}
	for _, w := range traceWords {
		if id := *w.part(&t); traceID.MatchString(id) {
			parts = append(parts, w.words+" "+id)
		}
	}
	return strings.Join(parts, ", ")
}

// TraceOf reads the trace in the detail of an intent. Nothing that stands in
// quotes there, such as a subject, counts.
func TraceOf(detail string) Trace {
	var t Trace
	for part := range strings.SplitSeq(detail[strings.LastIndex(detail, `"`)+1:], ", ") {
		for _, w := range traceWords {
			if id, ok := strings.CutPrefix(part, w.words+" "); ok && traceID.MatchString(id) {
				*w.part(&t) = id
			}
		}
	}
	return t
}

// leafTrace names a certificate.
func leafTrace(der []byte) Trace {
	if len(der) == 0 {
		return Trace{}
	}
	return Trace{Leaf: fmt.Sprintf("%x", sha256.Sum256(der)), Thumbprint: fmt.Sprintf("%x", sha1.Sum(der))} //nolint:gosec // see the import
}

// traced is change for a call that makes a request or a version: its intent says
// what was known before, and the id that the call leaves in its tag.
func (c *changer) traced(ctx context.Context, op string, ref model.Ref, detail string, t Trace,
	call func(context.Context) (backend.Change, error),
) (backend.Change, error) {
	t.Request, t.Version = c.before(ctx, ref)
	if c.options.Operation != nil {
		t.Operation = c.options.Operation()
	}
	return c.change(ctx, op, ref, t.with(detail), func(ctx context.Context) (backend.Change, error) {
		return call(backend.WithOperation(ctx, t.Operation))
	})
}

// before is the request and the version that are known of a row. What can't be read
// is not known: the change itself does not depend on it.
func (c *changer) before(ctx context.Context, ref model.Ref) (request, version string) {
	if c.options.Known == nil {
		return "", ""
	}
	it, err := c.options.Known(ctx, ref.Row())
	if err != nil || it == nil {
		return "", ""
	}
	if it.Request != nil {
		request = it.Request.ID
	}
	return request, it.Certificate.Version
}
