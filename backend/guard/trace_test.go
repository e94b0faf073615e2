package guard_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/model"
)

// Of a call that makes something the intent says what stood there before, and the
// id that the call carries; nothing that a person typed passes for either.
func TestTraces(t *testing.T) {
	known := func(_ context.Context, row model.Ref) (*model.Item, error) {
		if row != (model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "shop"}) {
			t.Errorf("asked what is known of %v", row)
		}
		return &model.Item{Request: &model.Request{ID: "r0"}, Certificate: model.Certificate{Version: "v0"}}, nil
	}
	shop := model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "shop"}
	data, key, leaf := newBundle(t)
	forged := model.Policy{Subject: "CN=a, certty-op FORGED, request before r9"}
	for name, tc := range map[string]struct {
		known func(context.Context, model.Ref) (*model.Item, error)
		call  func(context.Context, backend.Capabilities) (backend.Change, error)
		want  guard.Trace
	}{
		"create": {known, func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Create.Create(ctx, model.CreateSpec{Name: "shop", Policy: forged})
		}, guard.Trace{Operation: "OP1", Request: "r0", Version: "v0"}},
		"new version": {known, func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.NewVersion.NewVersion(ctx, shop)
		}, guard.Trace{Operation: "OP1", Request: "r0", Version: "v0"}},
		"import": {known, func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Import.Import(ctx, model.ImportSpec{Name: "shop", Format: model.ImportPEM, Data: data})
		}, guard.Trace{Operation: "OP1", Request: "r0", Version: "v0", Leaf: fmt.Sprintf("%x", sha256.Sum256(leaf)), Thumbprint: fmt.Sprintf("%x", sha1.Sum(leaf))}},
		"nothing known": {func(context.Context, model.Ref) (*model.Item, error) { return nil, errors.New("no file") },
			func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
				return c.NewVersion.NewVersion(ctx, shop)
			}, guard.Trace{Operation: "OP1"}},
		"an id of another form": {func(context.Context, model.Ref) (*model.Item, error) {
			return &model.Item{Request: &model.Request{ID: "r0, certty-op OP2"}}, nil
		}, func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.NewVersion.NewVersion(ctx, shop)
		}, guard.Trace{Operation: "OP1"}},
	} {
		t.Run(name, func(t *testing.T) {
			j, sent := &memory{}, ""
			f := &fake{change: func(ctx context.Context, _ string, _ model.Ref) (backend.Change, error) {
				sent = backend.Operation(ctx)
				return backend.Change{}, nil
			}}
			caps := guard.Wrap(f, guard.Options{Journal: j, Known: tc.known, Operation: func() string { return "OP1" }}).Capabilities()
			if _, err := tc.call(t.Context(), caps); err != nil {
				t.Fatal(err)
			}
			detail := j.all()[0].Intent.Detail
			if got := guard.TraceOf(detail); got != tc.want {
				t.Errorf("%q is read as %+v, want %+v", detail, got, tc.want)
			}
			if sent != "OP1" {
				t.Errorf("the call carries %q", sent)
			}
			if strings.Contains(detail, key) {
				t.Errorf("the detail holds the key: %q", detail)
			}
		})
	}
}

// Without the setting no call carries anything.
func TestNoOperationIsLeftUnasked(t *testing.T) {
	f := &fake{change: func(ctx context.Context, op string, _ model.Ref) (backend.Change, error) {
		if id := backend.Operation(ctx); id != "" {
			t.Errorf("%s carries %q", op, id)
		}
		return backend.Change{}, nil
	}}
	caps, j := wrap(f)
	if _, err := caps.Create.Create(t.Context(), model.CreateSpec{Name: "shop"}); err != nil {
		t.Fatal(err)
	}
	if detail := j.all()[0].Intent.Detail; strings.Contains(detail, backend.OperationTag) {
		t.Errorf("the journal speaks of a tag: %q", detail)
	}
}

func TestStates(t *testing.T) {
	was := model.Policy{Subject: "CN=a", ValidityMonths: 12, EKUs: []string{}}
	same := model.Policy{Subject: "CN=b", ValidityMonths: 12}
	const parts = "EKUs, validity, was 0, to be 1"
	if guard.PolicyState(parts, was) != guard.PolicyState(parts, same) {
		t.Error("a part that is not named, or an empty list, tells policies apart")
	}
	same.ValidityMonths = 13
	if guard.PolicyState(parts, was) == guard.PolicyState(parts, same) {
		t.Error("a named part does not tell policies apart")
	}
	detail := guard.UpdateDetail(model.Update{Tags: &map[string]string{"a": "b"}, TagsWere: &map[string]string{"a": "c"}})
	want := fmt.Sprintf("1 tag %s, was %s", guard.TagsState(map[string]string{"a": "b"}), guard.TagsState(map[string]string{"a": "c"}))
	if detail != want {
		t.Errorf("detail %q, want %q", detail, want)
	}
}

func FuzzTrace(f *testing.F) {
	f.Add(`subject "CN=a", issuer Unknown, 1 SAN, request before r0, certty-op OP1`)
	f.Add(`disable, was 12`)
	f.Fuzz(func(t *testing.T, detail string) {
		trace := guard.TraceOf(detail)
		for _, id := range []string{trace.Operation, trace.Request, trace.Version, trace.Leaf, trace.Thumbprint, trace.Was, trace.Want} {
			if strings.ContainsAny(id, " ,\"\n") {
				t.Errorf("%q is read as an id", id)
			}
		}
		if before, _, quoted := strings.Cut(detail, `"`); quoted && strings.Count(detail, `"`) == 1 {
			if trace != guard.TraceOf(strings.TrimPrefix(detail, before+`"`)) {
				t.Errorf("what stands before a quote counts: %+v", trace)
			}
		}
	})
}

// newBundle makes a key with its certificate, as PEM, and names the certificate.
func newBundle(t *testing.T) (data []byte, key string, leaf []byte) {
	t.Helper()
	signer, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	leaf, err = x509.CreateCertificate(rand.Reader, template, template, signer.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(signer)
	if err != nil {
		t.Fatal(err)
	}
	data = append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf})...)
	return data, base64.StdEncoding.EncodeToString(der), leaf
}
