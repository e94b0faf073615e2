package vault

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

// sentTo records the body of a call.
func sentTo(s *service, pattern string, answer http.HandlerFunc) *string {
	var sent string
	s.on(exactly(pattern), func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = string(body)
		answer(w, r)
	})
	return &sent
}

func sameJSON(t *testing.T, got, want string) {
	t.Helper()
	var g, w any
	if json.Unmarshal([]byte(got), &g) != nil || json.Unmarshal([]byte(want), &w) != nil || !reflect.DeepEqual(g, w) {
		t.Errorf("sent %s\nwant %s", got, want)
	}
}

func TestUpdate(t *testing.T) {
	body := string(bundleBody(t, map[string]any{"x5t": "AA", "tags": map[string]any{"a": "b"}}))
	for name, tc := range map[string]struct {
		update model.Update
		want   string
	}{
		"disable":     {model.Update{Enabled: new(false)}, `{"attributes":{"enabled":false}}`},
		"enable":      {model.Update{Enabled: new(true)}, `{"attributes":{"enabled":true}}`},
		"tags":        {model.Update{Tags: &map[string]string{"a": "b", "c": ""}}, `{"tags":{"a":"b","c":""}}`},
		"no tags":     {model.Update{Tags: &map[string]string{}}, `{"tags":{}}`},
		"nil of tags": {model.Update{Tags: new(map[string]string)}, `{"tags":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			sent := sentTo(s, "PATCH /certificates/web/", answering(200, body))
			change, err := s.vault(t).Update(t.Context(), webCertificate(), tc.update)
			if err != nil {
				t.Fatal(err)
			}
			sameJSON(t, *sent, tc.want)
			it := change.Page.Items[0]
			if it.Ref != webCertificate() || it.Certificate.Tags["a"] != "b" || change.ServiceRequestID != "id-of-the-call" {
				t.Errorf("change %+v", change)
			}
		})
	}
	t.Run("nothing", func(t *testing.T) {
		s := newService(t)
		_, err := s.vault(t).Update(t.Context(), webCertificate(), model.Update{})
		fails(t, err, backend.KindInvalid)
		if calls := s.seen(); len(calls) != 0 {
			t.Errorf("calls %v", calls)
		}
	})
}

// TestTagsOfAnotherClient: tags are replaced as a whole, so they are not sent
// over what another client set since the person looked.
func TestTagsOfAnotherClient(t *testing.T) {
	const version = "00000000000000000000000000000001"
	ref := webCertificate()
	ref.Revision = version
	stored := string(bundleBody(t, map[string]any{"x5t": "AA", "tags": map[string]any{"a": "b", "theirs": "1"}}))
	for name, tc := range map[string]struct {
		were map[string]string
		ok   bool
	}{
		"as they were": {map[string]string{"theirs": "1", "a": "b"}, true},
		"one more":     {map[string]string{"a": "b"}, false},
		"one less":     {map[string]string{"a": "b", "theirs": "1", "gone": ""}, false},
		"another word": {map[string]string{"a": "b", "theirs": "2"}, false},
		"none":         {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.on("GET /certificates/web/", answering(200, stored))
			sent := sentTo(s, "PATCH /certificates/web/"+version, answering(200, stored))
			_, err := s.vault(t).Update(t.Context(), ref, model.Update{Tags: &map[string]string{"mine": "1"}, TagsWere: &tc.were})
			if !tc.ok {
				fails(t, err, backend.KindConflict)
				if *sent != "" {
					t.Errorf("sent %s", *sent)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			sameJSON(t, *sent, `{"tags":{"mine":"1"}}`)
		})
	}
}

// TestUpdateOfAnOldVersion must not show it as the current one.
// TestTagsThatAreShownOtherwise: what nobody changed is sent back as the service
// wrote it, not as it is fit to be shown.
func TestTagsThatAreShownOtherwise(t *testing.T) {
	stored := string(bundleBody(t, map[string]any{"x5t": "AA", "tags": map[string]any{"note": "a\nb", "bad\tname": "c", "env": "x\ty"}}))
	s := newService(t)
	s.on("GET /certificates/web/", answering(200, stored))
	sent := sentTo(s, "PATCH /certificates/web/", answering(200, stored))
	were := map[string]string{"note": `a\nb`, `bad\tname`: "c", "env": `x\ty`}
	want := map[string]string{"note": `a\nb`, `bad\tname`: "c", "env": "prod"}
	if _, err := s.vault(t).Update(t.Context(), webCertificate(), model.Update{Tags: &want, TagsWere: &were}); err != nil {
		t.Fatal(err)
	}
	sameJSON(t, *sent, `{"tags":{"note":"a\nb","bad\tname":"c","env":"prod"}}`)
}

func TestUpdateOfAnOldVersion(t *testing.T) {
	const old = "00000000000000000000000000000001"
	ref := webCertificate()
	ref.Revision = old
	for name, current := range map[string]http.HandlerFunc{
		"read back":  answering(200, string(bundleBody(t, map[string]any{"x5t": "AA"}))),
		"not to see": answering(403, kvError("Forbidden", "x", "AccessDenied")),
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.on("PATCH /certificates/web/"+old, answering(200, string(bundleBody(t, map[string]any{"id": "https://kv/certificates/web/" + old}))))
			s.on("GET /certificates/web/{$}", current)
			change, err := s.vault(t).Update(t.Context(), ref, model.Update{Enabled: new(false)})
			if err != nil {
				t.Fatal(err)
			}
			for _, it := range change.Page.Items {
				if it.Certificate.Version == old || it.Ref.Revision != "" {
					t.Errorf("the row becomes %+v", it)
				}
			}
			if want := map[string]int{"read back": 1}[name]; len(change.Page.Items) != want {
				t.Errorf("%d items", len(change.Page.Items))
			}
		})
	}
}

// deletedBundle is what Key Vault answers to a deletion.
func deletedBundle(t *testing.T, changes map[string]any) string {
	t.Helper()
	all := map[string]any{
		"x5t": "AA", "recoveryId": "https://kv.vault.azure.net/deletedcertificates/web", "deletedDate": 1777636800, "scheduledPurgeDate": 1785412800,
	}
	maps.Copy(all, changes)
	return string(bundleBody(t, all))
}

func TestDelete(t *testing.T) {
	s := newService(t)
	s.on("DELETE /certificates/web", answering(200, deletedBundle(t, nil)))
	v := s.vault(t)
	change, err := v.Delete(t.Context(), webCertificate())
	if err != nil {
		t.Fatal(err)
	}
	want := model.Deletion{At: time.Unix(1777636800, 0).UTC(), PurgeAt: time.Unix(1785412800, 0).UTC(), SeenAt: v.now()}
	it := change.Page.Items[0]
	if change.Page.Fields != model.FieldDeleted || it.Ref != webCertificate() || it.Deletion == nil || *it.Deletion != want || !it.Certificate.Issued {
		t.Errorf("change %+v, deletion %+v; want %+v", change, it.Deletion, want)
	}
	// Reads lag behind a deletion, so none is made.
	if calls := s.seen(); len(calls) != 1 {
		t.Errorf("calls %v", calls)
	}
}

func TestDeleteWithoutSoftDeletion(t *testing.T) {
	s := newService(t)
	s.on("DELETE /certificates/web", answering(200, deletedBundle(t, map[string]any{"recoveryId": nil, "deletedDate": nil, "scheduledPurgeDate": nil})))
	change, err := s.vault(t).Delete(t.Context(), webCertificate())
	if err != nil || !change.Page.Items[0].Deletion.Purged {
		t.Errorf("change %+v, %v; want the certificate gone for good", change, err)
	}
}

// TestRecoverReadsNothingBack has every read say 404, as it does for a while.
func TestRecoverReadsNothingBack(t *testing.T) {
	s := newService(t)
	s.on("POST /deletedcertificates/web/recover", answering(200, string(bundleBody(t, map[string]any{"x5t": "AA"}))))
	s.on("/", answering(404, kvError("CertificateNotFound", "A certificate with (name/id) web was not found in this key vault.", "")))
	change, err := s.vault(t).Recover(t.Context(), webCertificate())
	if err != nil {
		t.Fatal(err)
	}
	it := change.Page.Items[0]
	if change.Page.Fields&model.FieldDeleted == 0 || it.Deletion != nil || change.Page.Fields&model.FieldCertificate == 0 || it.Certificate.Version == "" {
		t.Errorf("change %+v, want the certificate, not deleted", change)
	}
}

func TestPurge(t *testing.T) {
	s := newService(t)
	s.on("DELETE /deletedcertificates/web", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	change, err := s.vault(t).Purge(t.Context(), webCertificate())
	if err != nil {
		t.Fatal(err)
	}
	it := change.Page.Items[0]
	if change.Page.Fields != model.FieldDeleted || it.Deletion == nil || !it.Deletion.Purged || change.ServiceRequestID != "id-of-the-call" {
		t.Errorf("change %+v", change)
	}
}

func TestLifecycleRefusals(t *testing.T) {
	tests := map[string]struct {
		change  string
		answer  http.HandlerFunc
		kind    backend.ErrorKind
		message string
	}{
		"delete, gone":       {"delete", answering(404, kvError("CertificateNotFound", "A certificate with (name/id) web was not found in this key vault.", "")), backend.KindNotFound, "not found"},
		"recover, not there": {"recover", answering(404, kvError("CertificateNotFound", "Deleted Certificate not found: web", "")), backend.KindNotFound, "can take a minute"},
		"purge, not there":   {"purge", answering(404, kvError("CertificateNotFound", "Deleted Certificate not found: web", "")), backend.KindNotFound, "can take a minute"},
		"purge, protected":   {"purge", answering(403, kvError("Forbidden", "Operation 'purge' is not allowed because purge protection is enabled for this vault.", "ForbiddenByPolicy")), backend.KindState, "by itself"},
		"purge, no role":     {"purge", answering(403, kvError("Forbidden", "Caller is not authorized to perform action on resource.", "ForbiddenByRbac")), backend.KindPermission, "not authorized"},
		"being deleted":      {"recover", answering(409, kvError("Conflict", "x", "ObjectIsBeingDeleted")), backend.KindConflict, "being deleted"},
		"update, gone":       {"update", answering(404, kvError("CertificateNotFound", "x", "")), backend.KindNotFound, "x"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			ch := changes[tc.change]
			ch.on(s, tc.answer)
			e := fails(t, ch.call(t.Context(), s.vault(t)), tc.kind)
			if !strings.Contains(e.Message, tc.message) || e.Op != tc.change {
				t.Errorf("error %+v, want %q", e, tc.message)
			}
		})
	}
}
