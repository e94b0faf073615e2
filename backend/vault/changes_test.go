package vault

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"certty/model"
)

// change is a changing call.
type change struct {
	// pattern is what it is on the wire, want the status of its success.
	pattern string
	want    int
	// first are the reads that it makes before, and what they have to say.
	first map[string]http.HandlerFunc
	call  func(ctx context.Context, v *Vault) error
}

const storedPolicy = `{"id":"https://kv.vault.azure.net/certificates/web/policy","x509_props":{"subject":"CN=web"},"issuer":{"name":"Unknown"}}`

// webPolicy is the stored policy, decoded.
func webPolicy() model.Policy {
	return model.Policy{Subject: "CN=web", Issuer: model.Issuer{Name: "Unknown"}}
}

func webCertificate() model.Ref {
	return model.Ref{Target: "kv", Kind: model.KindCertificate, Key: "web"}
}

func webImport() model.ImportSpec {
	return model.ImportSpec{Name: "web", Data: []byte("a private key's bytes"), Format: model.ImportPFX, Password: importPassword}
}

const importPassword = "hunter2-must-not-leak"

var (
	inProgress = map[string]http.HandlerFunc{"GET /certificates/web/pending": answering(200, operation(nil))}
	noPending  = map[string]http.HandlerFunc{
		"GET /certificates/web/pending": answering(404, kvError("PendingCertificateNotFound", "Pending certificate not found: web", "")),
	}
	policyStored = map[string]http.HandlerFunc{"GET /certificates/web/policy": answering(200, storedPolicy)}
)

// changes are the changing calls.
var changes = map[string]change{
	"create": {"POST /certificates/web/create", 202, noPending, func(ctx context.Context, v *Vault) error {
		_, err := v.Create(ctx, model.CreateSpec{Name: "web", Policy: model.Policy{Subject: "CN=web"}})
		return err
	}},
	"new version": {"POST /certificates/web/create", 202, noPending, func(ctx context.Context, v *Vault) error {
		_, err := v.NewVersion(ctx, webCertificate())
		return err
	}},
	"import": {"POST /certificates/web/import", 200, noPending, func(ctx context.Context, v *Vault) error {
		_, err := v.Import(ctx, webImport())
		return err
	}},
	"cancel": {"PATCH /certificates/web/pending", 200, inProgress, func(ctx context.Context, v *Vault) error {
		_, err := v.Cancel(ctx, webRequest())
		return err
	}},
	"merge": {"POST /certificates/web/pending/merge", 201, inProgress, func(ctx context.Context, v *Vault) error {
		_, err := v.Merge(ctx, webRequest(), [][]byte{{1}})
		return err
	}},
	"delete request": {"DELETE /certificates/web/pending", 200, inProgress, func(ctx context.Context, v *Vault) error {
		_, err := v.DeleteRequest(ctx, webRequest())
		return err
	}},
	"update": {"PATCH /certificates/web/", 200, nil, func(ctx context.Context, v *Vault) error {
		_, err := v.Update(ctx, webCertificate(), model.Update{Enabled: new(false)})
		return err
	}},
	"update policy": {"PATCH /certificates/web/policy", 200, policyStored, func(ctx context.Context, v *Vault) error {
		want := webPolicy()
		want.ValidityMonths = 3
		_, err := v.UpdatePolicy(ctx, webCertificate(), webPolicy(), want)
		return err
	}},
	"delete": {"DELETE /certificates/web", 200, nil, func(ctx context.Context, v *Vault) error {
		_, err := v.Delete(ctx, webCertificate())
		return err
	}},
	"recover": {"POST /deletedcertificates/web/recover", 200, nil, func(ctx context.Context, v *Vault) error {
		_, err := v.Recover(ctx, webCertificate())
		return err
	}},
	"purge": {"DELETE /deletedcertificates/web", 204, nil, func(ctx context.Context, v *Vault) error {
		_, err := v.Purge(ctx, webCertificate())
		return err
	}},
}

// sent counts the calls that were sent as the change.
func (ch change) sent(s *service) int {
	n := 0
	for _, c := range s.seen() {
		if c == ch.pattern {
			n++
		}
	}
	return n
}

// on has the service answer the change, and before it what it reads first.
func (ch change) on(s *service, answer http.HandlerFunc) {
	for pattern, read := range ch.first {
		s.on(pattern, read)
	}
	s.on(exactly(ch.pattern), answer)
}

// eachChange runs a test for each of the changing calls.
func eachChange(t *testing.T, answer func(change) http.HandlerFunc, check func(t *testing.T, s *service, ch change, err error)) {
	t.Helper()
	for name, ch := range changes {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			ch.on(s, answer(ch))
			check(t, s, ch, ch.call(t.Context(), s.vault(t)))
		})
	}
}

// always answers every change alike.
func always(h http.HandlerFunc) func(change) http.HandlerFunc {
	return func(change) http.HandlerFunc { return h }
}

// exactly keeps a pattern of http.ServeMux from fitting what is below it.
func exactly(pattern string) string {
	if strings.HasSuffix(pattern, "/") {
		return pattern + "{$}"
	}
	return pattern
}
