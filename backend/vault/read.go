package vault

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"certty/backend"
	"certty/model"
)

// Read reads a pending request (Key Vault REST, "Get Certificate Operation") or
// a certificate with its policy ("Get Certificate").
//
// A request that the service does not know, or that has another id than the
// ref's revision, is a page with a nil Request. A certificate's page is its
// current version, or the one that the ref's revision names. An answer that says
// only that nothing has changed (304) is a page without items.
func (v *Vault) Read(ctx context.Context, ref model.Ref) (model.Page, error) {
	switch ref.Kind {
	case model.KindRequest:
		r, a, err := v.readRequest(ctx, opRead, ref)
		if unchanged(err) {
			return model.Page{AsOf: v.now()}, nil
		}
		if err != nil {
			return model.Page{}, err
		}
		return v.requestPage(ref.Key, r, a.at), nil
	case model.KindCertificate:
		b, a, err := v.readCertificate(ctx, opRead, ref)
		if unchanged(err) {
			return model.Page{AsOf: v.now()}, nil
		}
		if err != nil {
			return model.Page{}, err
		}
		return v.certificatePage(ref.Key, b, a), nil
	}
	return model.Page{}, &backend.Error{
		Kind: backend.KindUnsupported, Op: opRead, Ref: ref,
		Message: "a vault holds certificates and requests, no " + string(ref.Kind),
	}
}

// unchanged reports whether the answer was 304 Not Modified. Key Vault's
// documents announce it ("Authentication, requests and responses"), although
// nothing here asks under a condition: a cache on the way may.
func unchanged(err error) bool {
	var e *backend.Error
	return errors.As(err, &e) && e.Status == http.StatusNotModified
}

// readRequest reads the request that ref names; nil when there is none.
func (v *Vault) readRequest(ctx context.Context, op string, ref model.Ref) (*model.Request, answer, error) {
	c := call{op: op, ref: ref, want: http.StatusOK, query: requestFilter(ref)}
	a, err := v.do(ctx, c, func(ctx context.Context) error {
		_, err := v.client.GetCertificateOperation(ctx, ref.Key, nil)
		return err
	})
	if err != nil {
		if noRequest(err) {
			return nil, answer{at: v.now()}, nil
		}
		return nil, answer{}, err
	}
	r, err := decodeOperation(a.header, a.body, a.at)
	if err != nil {
		return nil, answer{}, unreadable(c, a, err)
	}
	if replaced(ref, r) {
		return nil, a, nil
	}
	return r, a, nil
}

// requestFilter limits a call on a pending request to the one that is meant.
// The parameter stands in the Location of create and in the documents ("Monitor
// and manage certificate creation"), not in the service's description, so the
// answer is compared as well.
func requestFilter(ref model.Ref) url.Values {
	if ref.Revision == "" {
		return nil
	}
	return url.Values{"request_id": {ref.Revision}}
}

// replaced reports whether r is another request than the one that ref names.
func replaced(ref model.Ref, r *model.Request) bool {
	return ref.Revision != "" && r.ID != "" && !strings.EqualFold(ref.Revision, r.ID)
}

// noRequest reports whether the service says that there is no such request, or
// no such certificate at all.
func noRequest(err error) bool {
	var e *backend.Error
	if !errors.As(err, &e) || e.Status != http.StatusNotFound {
		return false
	}
	return e.Kind == backend.KindGone || strings.EqualFold(e.Code, "CertificateNotFound")
}

func (v *Vault) readCertificate(ctx context.Context, op string, ref model.Ref) (bundle, answer, error) {
	c := call{op: op, ref: ref, want: http.StatusOK}
	return v.doBundle(ctx, c, func(ctx context.Context) error {
		_, err := v.client.GetCertificate(ctx, ref.Key, ref.Revision, nil)
		return err
	})
}

// doBundle makes a call that a certificate bundle answers.
func (v *Vault) doBundle(ctx context.Context, c call, send func(context.Context) error) (bundle, answer, error) {
	a, err := v.do(ctx, c, send)
	if err != nil {
		return bundle{}, answer{}, err
	}
	b, err := decodeBundle(a.body)
	if err != nil {
		return bundle{}, answer{}, unreadable(c, a, err)
	}
	return b, a, nil
}

func (v *Vault) certificatePage(name string, b bundle, a answer) model.Page {
	page := model.Page{
		Fields: model.FieldCertificate,
		AsOf:   a.at,
		Items:  []model.Item{{Ref: v.certificateRef(name), Certificate: b.certificate, Policy: b.policy}},
	}
	// A version that is not the current one comes without its policy.
	if b.policy != nil {
		page.Fields |= model.FieldPolicy
	}
	return page
}
