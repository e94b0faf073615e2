package guard_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/model"
)

func TestIntentStandsBeforeTheCall(t *testing.T) {
	spec := model.CreateSpec{Name: "shop", Policy: model.Policy{
		Subject: "CN=shop.example.com", SANs: model.SANs{DNS: []string{"a.example", "b.example"}},
	}}
	certificate := model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "shop"}
	chain := [][]byte{[]byte("leaf"), []byte("intermediate")}
	for name, test := range map[string]struct {
		call   func(context.Context, backend.Capabilities) (backend.Change, error)
		ref    model.Ref
		detail string
	}{
		"create": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Create.Create(ctx, spec)
		}, certificate, `subject "CN=shop.example.com", issuer Unknown, 2 SANs`},
		"cancel": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Cancel.Cancel(ctx, request)
		}, request, ""},
		"merge": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Merge.Merge(ctx, request, chain)
			// printf leaf | sha256sum
		}, request, "leaf SHA-256 9f91161f43433e49a6de6db680d79f60159f2e4ac9172621a12846428158440b, 2 certificates"},
		"delete request": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.DeleteRequest.DeleteRequest(ctx, request)
		}, request, ""},
		"new version": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.NewVersion.NewVersion(ctx, certificate)
		}, certificate, ""},
		"import": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Import.Import(ctx, model.ImportSpec{
				Name: "shop", Data: []byte("a private key"), Format: model.ImportPFX, Password: "hunter2", Tags: map[string]string{"a": "b"},
			})
		}, certificate, "application/x-pkcs12, 13 bytes, 1 tag"},
		"update": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Lifecycle.Update(ctx, certificate, model.Update{Enabled: new(false), Tags: &map[string]string{}})
		}, certificate, "disable, 0 tags e3b0c44298fc1c14"},
		"update policy": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Lifecycle.UpdatePolicy(ctx, certificate, model.Policy{Subject: "CN=a"}, model.Policy{Subject: "CN=a", ValidityMonths: 3, EKUs: []string{"1"}})
		}, certificate, "EKUs, validity, was 7e513bd7c20242a5, to be 478004f4fd083455"},
		"delete": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Lifecycle.Delete(ctx, certificate)
		}, certificate, ""},
		"recover": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Lifecycle.Recover(ctx, certificate)
		}, certificate, ""},
		"purge": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Lifecycle.Purge(ctx, certificate)
		}, certificate, ""},
	} {
		t.Run(name, func(t *testing.T) {
			want := backend.Intent{At: noon.Add(time.Second), Actor: "ada", Op: name, Ref: test.ref, Detail: test.detail}
			page := model.Page{Fields: model.FieldRequest, Items: []model.Item{{Request: &model.Request{ID: "r2"}}}}
			answer := backend.Change{Page: page, ServiceRequestID: "x-1"}
			var j *memory
			f := &fake{change: func(_ context.Context, op string, ref model.Ref) (backend.Change, error) {
				if op != name || ref != test.ref {
					t.Errorf("called %s %s, want %s %s", op, ref, name, test.ref)
				}
				if got := j.all(); len(got) != 1 || got[0].Intent != want || got[0].Outcome != nil {
					t.Errorf("during the call the journal holds %+v, want only %+v", got, want)
				}
				return answer, nil
			}}
			var caps backend.Capabilities
			caps, j = wrap(f)
			got, err := test.call(t.Context(), caps)
			if err != nil || !reflect.DeepEqual(got, answer) {
				t.Errorf("%+v, %v; want the backend's answer", got, err)
			}
			outcome := backend.Outcome{At: noon.Add(2 * time.Second), Result: backend.ResultDone, ServiceRequestID: "x-1", Revision: "r2"}
			if got := j.all(); len(got) != 1 || got[0].Outcome == nil || *got[0].Outcome != outcome {
				t.Errorf("after the call the journal holds %+v, want %+v", got, outcome)
			}
		})
	}
}

func TestMergeOfNothingIsJournalled(t *testing.T) {
	caps, j := wrap(&fake{})
	if _, err := caps.Merge.Merge(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	if got := j.all()[0].Intent.Detail; got != "no certificates" {
		t.Errorf("Detail = %q", got)
	}
}

func TestOneNameIsJournalledAsOne(t *testing.T) {
	caps, j := wrap(&fake{})
	if _, err := caps.Create.Create(t.Context(), model.CreateSpec{Name: "shop", Policy: model.Policy{SANs: model.SANs{DNS: []string{"a.example"}}}}); err != nil {
		t.Fatal(err)
	}
	if got := j.all()[0].Intent.Detail; got != `subject "", issuer Unknown, 1 SAN` {
		t.Errorf("Detail = %q", got)
	}
}

func TestWithoutIntentNothingIsSent(t *testing.T) {
	called := false
	j := &memory{failBegin: errors.New("the disk is full")}
	f := &fake{change: func(context.Context, string, model.Ref) (backend.Change, error) {
		called = true
		return backend.Change{}, nil
	}}
	_, err := guard.Wrap(f, guard.Options{Journal: j}).Capabilities().Merge.Merge(t.Context(), request, nil)
	if backend.KindOf(err) != backend.KindLocal || !errors.Is(err, j.failBegin) ||
		!strings.Contains(err.Error(), "nothing was sent") || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("Merge = %v, want a local error that says why and that nothing was sent", err)
	}
	if called {
		t.Error("the call was made without an intent")
	}
}

func TestACallGivenUpBeforeIsNotMade(t *testing.T) {
	caps, j := wrap(&fake{change: func(context.Context, string, model.Ref) (backend.Change, error) {
		t.Error("the call was made")
		return backend.Change{}, nil
	}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := caps.Cancel.Cancel(ctx, request)
	if backend.KindOf(err) != backend.KindNetwork || !errors.Is(err, context.Canceled) {
		t.Errorf("Cancel = %v, want the context's end", err)
	}
	if got := j.all(); len(got) != 0 {
		t.Errorf("the journal holds %+v", got)
	}
}
