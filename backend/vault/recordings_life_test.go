package vault

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
)

// noRoomInBundle is what the model has no room for, and nobody is shown.
var noRoomInBundle = []string{
	"id", "kid", "sid", "contentType", "pending.id", "issuer", "serialnumber", "sans",
	"policy.id", "policy.attributes", "policy.x509_props.basic_constraints", "preserveCertOrder", "recoveryId",
}

// life replays the exchanges on certificates that exist, and on what stands
// beside them. It reports whether op is one of them.
func (r replay) life(t *testing.T, op string) bool {
	t.Helper()
	ref := model.Ref{Target: "kv", Kind: model.KindCertificate, Key: r.name, Revision: r.version}
	ctx := t.Context()
	switch op {
	case "GET versions":
		r.versions(t, ref)
	case "GET deleted list":
		r.list(t, r.vault.SweepDeleted)
	case "PATCH certificate":
		change, err := r.vault.Update(ctx, ref, model.Update{Enabled: new(true)})
		r.certificate(t, flatten(t, r.e.bytes()), change.Page, err)
	case "POST import":
		change, err := r.vault.Import(ctx, model.ImportSpec{Name: r.name, Data: []byte{1}, Format: model.ImportPFX})
		r.certificate(t, flatten(t, r.e.bytes()), change.Page, err)
	case "POST recover":
		change, err := r.vault.Recover(ctx, ref)
		r.certificate(t, flatten(t, r.e.bytes()), change.Page, err)
	case "DELETE certificate":
		change, err := r.vault.Delete(ctx, ref)
		r.deleted(t, change.Page, err)
	case "DELETE deleted":
		if _, err := r.vault.Purge(ctx, ref); err != nil {
			t.Error(err)
		}
	case "GET policy", "PATCH policy":
		r.policy(t, ref)
	default:
		return r.beside(t, op)
	}
	return true
}

// challenge has the recorded challenge name the tenant. Its token is refused,
// because the credential is set to another one, so the challenge was read.
func (r replay) challenge(t *testing.T) {
	t.Helper()
	challenge := r.e.Headers["WWW-Authenticate"]
	_, rest, _ := strings.Cut(challenge, "https://login.windows.net/")
	wanted, _, _ := strings.Cut(rest, `"`)
	s := newService(t)
	s.challenge = challenge
	_, err := s.vault(t).Read(t.Context(), webRequest())
	if e := fails(t, err, backend.KindAuth); wanted == "" || !strings.Contains(e.Message, wanted) {
		t.Errorf("message %q, recorded %q", e.Message, challenge)
	}
	if len(r.e.Body) == 0 || string(r.e.Body) == "null" || len(r.e.bytes()) == 0 {
		return
	}
	f := decodeFault(http.Header{}, r.e.bytes())
	if m := classify(call{op: opRead}, r.e.Status, f); !f.json || m.kind != backend.KindAuth {
		t.Errorf("refusal %+v of kind %s", f, m.kind)
	}
}

// rawCSR is an answer to who asks for application/pkcs10; the vault asks for
// JSON and must not take this for it.
func (r replay) rawCSR(t *testing.T) {
	t.Helper()
	if der, err := base64.StdEncoding.DecodeString(string(r.e.bytes())); err != nil || len(der) == 0 {
		t.Errorf("%q is not a CSR: %v", r.e.bytes(), err)
	}
	_, err := r.vault.Read(t.Context(), model.Ref{Target: "kv", Kind: model.KindRequest, Key: r.name})
	fails(t, err, backend.KindOther)
}

func (r replay) deleted(t *testing.T, page model.Page, err error) {
	t.Helper()
	raw := flatten(t, r.e.bytes())
	if r.refused(t, raw, err) {
		return
	}
	it := page.Items[0]
	r.deletedFields(t, raw, it.Certificate, nil, it.Deletion)
}

func (r replay) deletedFields(t *testing.T, raw map[string]any, c model.Certificate, p *model.Policy, d *model.Deletion) {
	t.Helper()
	got := certificateFields(c)
	got["cer"] = base64.StdEncoding.EncodeToString(c.DER)
	got["deletedDate"], got["scheduledPurgeDate"] = seconds(d.At), seconds(d.PurgeAt)
	noRoom := noRoomInBundle
	if p != nil {
		policyFields(got, "policy.", p)
	} else {
		noRoom = append([]string{"policy"}, noRoom...)
	}
	compare(t, raw, got, noRoom...)
}

func (r replay) policy(t *testing.T, ref model.Ref) {
	t.Helper()
	stored, err := decodePolicy(r.e.bytes())
	if err != nil {
		t.Fatal(err)
	}
	want := *stored
	want.ValidityMonths++
	change, err := r.vault.UpdatePolicy(t.Context(), ref, *stored, want)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	policyFields(got, "", change.Page.Items[0].Policy)
	compare(t, flatten(t, r.e.bytes()), got, "id", "attributes", "x509_props.basic_constraints")
}

func (r replay) versions(t *testing.T, ref model.Ref) {
	t.Helper()
	values := r.values(t, "/certificates/"+r.name+"/versions")
	list, err := r.vault.Versions(t.Context(), ref)
	if err != nil || len(list) != len(values) {
		t.Fatalf("%d versions, error %v; recorded %d", len(list), err, len(values))
	}
	for _, value := range values {
		raw := flatten(t, value)
		found := false
		for _, c := range list {
			if strings.HasSuffix(fmt.Sprint(raw["id"]), "/"+c.Version) {
				found = true
				compare(t, raw, certificateFields(c), "id")
			}
		}
		if !found {
			t.Errorf("%v is not among the versions", raw["id"])
		}
	}
}

// values serves the recorded page of a list, whose link leads to an empty last
// page here instead of into the recorded vault.
func (r replay) values(t *testing.T, path string) []json.RawMessage {
	t.Helper()
	var list struct {
		Value    []json.RawMessage `json:"value"`
		NextLink string            `json:"nextLink"`
	}
	if err := json.Unmarshal(r.e.bytes(), &list); err != nil {
		t.Fatal(err)
	}
	body := r.e.bytes()
	if link, err := url.Parse(list.NextLink); err == nil && list.NextLink != "" {
		body = bytes.Replace(body, []byte("https://"+link.Host+"/"), []byte(r.service.URL+"/"), -1)
	}
	calls := 0
	r.service.mux = http.NewServeMux()
	r.service.on(path, func(w http.ResponseWriter, _ *http.Request) {
		if calls++; calls > 1 {
			body = []byte(`{"value":[],"nextLink":null}`)
		}
		writeJSON(w, 200, string(body))
	})
	t.Cleanup(func() {
		if want := map[bool]int{false: 1, true: 2}[list.NextLink != ""]; calls != want {
			t.Errorf("%d calls, want %d", calls, want)
		}
	})
	return list.Value
}

func (r replay) list(t *testing.T, sweep func(context.Context) iter.Seq2[model.Page, error]) {
	t.Helper()
	path, _, _ := strings.Cut(r.e.Path, "?")
	values := r.values(t, path)
	var items []model.Item
	for page, err := range sweep(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, page.Items...)
	}
	if len(items) != len(values) {
		t.Fatalf("%d items, recorded %d", len(items), len(values))
	}
	for i, it := range items {
		raw := flatten(t, values[i])
		if it.Certificate.Issued != (raw["x5t"] != nil) || !strings.HasSuffix(fmt.Sprint(raw["id"]), "/certificates/"+it.Ref.Key) {
			t.Errorf("listed as %+v, recorded %v", it, raw)
		}
		got := certificateFields(it.Certificate)
		if it.Deletion != nil {
			got["deletedDate"], got["scheduledPurgeDate"] = seconds(it.Deletion.At), seconds(it.Deletion.PurgeAt)
		}
		if reflect.ValueOf(it.Deletion).IsNil() != (raw["deletedDate"] == nil) {
			t.Errorf("deletion %+v, recorded %v", it.Deletion, raw["deletedDate"])
		}
		compare(t, raw, got, "id", "recoveryId")
	}
}
