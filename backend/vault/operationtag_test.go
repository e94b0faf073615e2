package vault

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
)

// What is made carries its operation's id where one is given, beside the tags that
// it has, and a new version those of the current one.
func TestOperationTag(t *testing.T) {
	full := map[string]string{}
	for i := range mostTags {
		full[fmt.Sprint("t", i)] = "x"
	}
	tagged := func(tags string) http.HandlerFunc {
		return answering(200, `{"id":"https://kv.vault.azure.net/certificates/web/v1","tags":`+tags+`}`)
	}
	create := func(tags map[string]string) func(context.Context, *Vault) error {
		return func(ctx context.Context, v *Vault) error {
			_, err := v.Create(ctx, model.CreateSpec{Name: "web", Policy: model.Policy{Subject: "CN=web"}, Tags: tags})
			return err
		}
	}
	newVersion := func(ctx context.Context, v *Vault) error {
		_, err := v.NewVersion(ctx, webCertificate())
		return err
	}
	const createCall, importCall = "POST /certificates/web/create", "POST /certificates/web/import"
	for name, tc := range map[string]struct {
		id      string
		pattern string
		// stored answers a read of the certificate; nil lets none pass.
		stored http.HandlerFunc
		call   func(context.Context, *Vault) error
		want   string
	}{
		"create":               {"OP1", createCall, nil, create(nil), `"tags":{"certty-op":"OP1"}`},
		"create with tags":     {"OP1", createCall, nil, create(map[string]string{"a": "b"}), `"tags":{"a":"b","certty-op":"OP1"}`},
		"create without an id": {"", createCall, nil, create(nil), ""},
		"an older id":          {"OP1", createCall, nil, create(map[string]string{"certty-op": "OP0"}), `"tags":{"certty-op":"OP1"}`},
		"no room":              {"OP1", createCall, nil, create(full), `"t9":"x"}`},
		"import":               {"OP1", importCall, nil, func(ctx context.Context, v *Vault) error { _, err := v.Import(ctx, webImport()); return err }, `"tags":{"certty-op":"OP1"}`},
		"new version":          {"OP1", createCall, tagged(`{"a":"b","certty-op":"OP0"}`), newVersion, `{"tags":{"a":"b","certty-op":"OP1"}}`},
		"new version, no tags": {"OP1", createCall, tagged(`{}`), newVersion, `{"tags":{"certty-op":"OP1"}}`},
		"new version, no id":   {"", createCall, nil, newVersion, "{}"},
		"tags out of the way":  {"OP1", createCall, tagged(`{"a":"b\nc"}`), newVersion, "{}"},
		"a tag without value":  {"OP1", createCall, tagged(`{"a":null}`), newVersion, "{}"},
		"tags can't be read":   {"OP1", createCall, answering(403, kvError("Forbidden", "x", "ForbiddenByRbac")), newVersion, "{}"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			for pattern, read := range noPending {
				s.on(pattern, read)
			}
			if tc.stored == nil {
				tc.stored = func(http.ResponseWriter, *http.Request) { t.Error("the certificate was read") }
			}
			s.on("GET /certificates/web/", tc.stored)
			// How it is answered is another test's.
			body := sentTo(s, tc.pattern, answering(500, "{}"))
			ctx := t.Context()
			if tc.id != "" {
				ctx = backend.WithOperation(ctx, tc.id)
			}
			if err := tc.call(ctx, s.vault(t)); err == nil {
				t.Error("there was no error")
			}
			if !strings.Contains(*body, tc.want) || tc.want == "" && strings.Contains(*body, "certty-op") || tc.want == "{}" && *body != "{}" {
				t.Errorf("sent %s, want %s in it", *body, tc.want)
			}
		})
	}
}
