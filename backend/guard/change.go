package guard

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"certty/backend"
	"certty/model"
	"certty/model/x5c"
)

// The names of the changing calls on requests, in the journal and in errors.
const (
	// OpCreate asks a vault for a certificate ([backend.Creator]).
	OpCreate = "create"
	// OpCancel asks for the cancellation of a request ([backend.Canceler]).
	OpCancel = "cancel"
	// OpMerge completes a request with its certificate ([backend.Merger]).
	OpMerge = "merge"
	// OpDeleteRequest deletes a request and leaves the certificate
	// ([backend.RequestDeleter]).
	OpDeleteRequest = "delete request"
)

// The wrappers embed nothing: a method that is added to a capability must not
// slip past the guard.

type creator struct {
	next backend.Creator
	by   *changer
}

func (c creator) Create(ctx context.Context, spec model.CreateSpec) (backend.Change, error) {
	ref := model.Ref{Target: c.by.target, Kind: model.KindCertificate, Key: spec.Name}
	return c.by.traced(ctx, OpCreate, ref, createDetail(spec), Trace{}, func(ctx context.Context) (backend.Change, error) {
		return c.next.Create(ctx, spec)
	})
}

type canceler struct {
	next backend.Canceler
	by   *changer
}

// PlanCancel sends nothing and passes as it is.
func (c canceler) PlanCancel(item *model.Item) backend.CancelPlan { return c.next.PlanCancel(item) }

func (c canceler) Cancel(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return c.by.changeRow(ctx, OpCancel, ref, c.next.Cancel)
}

type merger struct {
	next backend.Merger
	by   *changer
}

func (m merger) Merge(ctx context.Context, ref model.Ref, chain [][]byte) (backend.Change, error) {
	return m.by.change(ctx, OpMerge, ref, mergeDetail(chain), func(ctx context.Context) (backend.Change, error) {
		return m.next.Merge(ctx, ref, chain)
	})
}

type requestDeleter struct {
	next backend.RequestDeleter
	by   *changer
}

func (d requestDeleter) DeleteRequest(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return d.by.changeRow(ctx, OpDeleteRequest, ref, d.next.DeleteRequest)
}

// createDetail is what the journal says of a certificate that is asked for.
func createDetail(spec model.CreateSpec) string {
	issuer := spec.Policy.Issuer.Name
	if issuer == "" {
		issuer = model.IssuerUnknown
	}
	return fmt.Sprintf("subject %q, issuer %s, %s", spec.Policy.Subject, issuer, model.Count(spec.Policy.SANs.Len(), "SAN", "SANs"))
}

// mergeDetail is what the journal says of a chain: its length and the SHA-256
// thumbprint of the leaf, by which the certificate is found anywhere else.
func mergeDetail(chain [][]byte) string {
	if len(chain) == 0 {
		return "no certificates"
	}
	return fmt.Sprintf("leaf SHA-256 %x, %s", sha256.Sum256(x5c.Leaf(chain)), model.Count(len(chain), "certificate", "certificates"))
}

// revision is what came out of a change: the version that was made, else the
// request that the row has now. At a CA account it is the order's id with its
// certificate's serial number; of several orders the last, which a renewal made.
func revision(page model.Page) string {
	for i := range page.Items {
		it := &page.Items[i]
		switch {
		case page.Fields&model.FieldCertificate != 0 && it.Certificate.Version != "":
			return it.Certificate.Version
		case page.Fields&model.FieldRequest != 0 && it.Request != nil:
			return it.Request.ID
		}
	}
	if n := len(page.Items); n > 0 && page.Items[n-1].Order != nil {
		it := &page.Items[n-1]
		return strings.TrimSuffix(it.Order.ID+"@"+it.Certificate.Serial, "@")
	}
	return ""
}

// journalLine keeps an error's text on one line.
func journalLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}
