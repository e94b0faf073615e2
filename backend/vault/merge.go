package vault

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azcertificates"

	"certty/backend"
	"certty/backend/wire"
	"certty/model"
	"certty/model/x5c"
)

// Merge completes a manual request with its signed certificate (Key Vault REST,
// "Merge Certificate"). The chain is DER, leaf first.
//
// The page is the certificate as the vault holds it afterwards, and its request
// where that could be read too. When the vault holds another leaf than was
// sent, or can't be read at all, the error is of KindPartial: the merge itself
// was accepted.
func (v *Vault) Merge(ctx context.Context, ref model.Ref, chain [][]byte) (backend.Change, error) {
	c := call{op: opMerge, ref: ref, want: http.StatusCreated, changes: true}
	if len(chain) == 0 || len(chain[0]) == 0 {
		// The library would leave x5c out of the call altogether.
		return backend.Change{}, &backend.Error{Kind: backend.KindInvalid, Op: c.op, Ref: ref, Message: "there is no certificate to merge"}
	}
	if err := v.confirm(ctx, opMerge, ref); err != nil {
		return backend.Change{}, err
	}
	a, err := v.do(ctx, c, func(ctx context.Context) error {
		_, err := v.client.MergeCertificate(ctx, ref.Key, azcertificates.MergeCertificateParameters{X509Certificates: chain}, nil)
		return err
	})
	if err != nil {
		return backend.Change{}, err
	}
	page, err := v.readBack(ctx, c, a, x5c.Leaf(chain))
	return backend.Change{Page: page, ServiceRequestID: a.serviceID()}, err
}

// readBack reads what the vault holds after a merge and compares it with what
// was sent. The answer of the merge itself holds the certificate as well; it
// serves where the vault can't be read just then.
func (v *Vault) readBack(ctx context.Context, c call, merged answer, leaf []byte) (model.Page, error) {
	b, a, err := v.readCertificate(ctx, opMerge, model.Ref{Target: c.ref.Target, Kind: model.KindCertificate, Key: c.ref.Key})
	if err != nil {
		answered, decodeErr := decodeBundle(merged.body)
		if decodeErr != nil {
			return model.Page{}, partial(c, merged, "the vault accepted the merge, but its result could not be read back: "+err.Error())
		}
		b, a = answered, merged
	}
	page := v.certificatePage(c.ref.Key, b, a)
	if why := differs(b.certificate, leaf); why != "" {
		return page, partial(c, merged, "the vault accepted the merge, but "+why)
	}
	// News of the request is welcome and not needed: the poller reads it next.
	if r, _, err := v.readRequest(ctx, opMerge, c.ref); err == nil && r != nil {
		page.Fields |= model.FieldRequest
		page.Items[0].Request = r
	}
	return page, nil
}

// differs says in which way the vault's certificate is not the leaf that was
// sent; "" when it is.
func differs(c model.Certificate, leaf []byte) string {
	want := leafThumbprint(leaf)
	switch {
	case len(c.DER) > 0 && !bytes.Equal(c.DER, leaf):
		return fmt.Sprintf("it holds another certificate, thumbprint %s instead of %s", c.Thumbprint, want)
	case !strings.EqualFold(c.Thumbprint, want):
		return fmt.Sprintf("it shows thumbprint %s instead of %s", c.Thumbprint, want)
	}
	return ""
}

func partial(c call, a answer, message string) *backend.Error {
	return &backend.Error{
		Kind: backend.KindPartial, Op: c.op, Ref: c.ref, Status: c.want, RequestID: a.serviceID(),
		Message: wire.Brief(message),
	}
}
