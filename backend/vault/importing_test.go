package vault

import (
	"net/http"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
)

// importing is a service that holds no request and answers imports.
func importing(t *testing.T, answer http.HandlerFunc) (*service, *string) {
	t.Helper()
	s := newService(t)
	for pattern, read := range noPending {
		s.on(pattern, read)
	}
	return s, sentTo(s, "POST /certificates/web/import", answer)
}

func TestImport(t *testing.T) {
	const pemText = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"
	for name, tc := range map[string]struct {
		spec model.ImportSpec
		want string
	}{
		"PFX": {
			model.ImportSpec{Data: []byte{0xfb, 0xff}, Format: model.ImportPFX, Password: "pw"},
			`{"value":"+/8=","pwd":"pw","policy":{"secret_props":{"contentType":"application/x-pkcs12"}}}`,
		},
		"PEM": {
			model.ImportSpec{Data: []byte(pemText), Format: model.ImportPEM},
			`{"value":"` + strings.ReplaceAll(pemText, "\n", `\n`) + `","policy":{"secret_props":{"contentType":"application/x-pem-file"}}}`,
		},
		"everything": {
			model.ImportSpec{
				Data: []byte{1}, Format: model.ImportPFX, Tags: map[string]string{"a": "b"},
				Enabled: new(false), Exportable: new(false), PreserveCertOrder: new(true),
			},
			`{"value":"AQ==","attributes":{"enabled":false},"tags":{"a":"b"},"preserveCertOrder":true,
				"policy":{"secret_props":{"contentType":"application/x-pkcs12"},"key_props":{"exportable":false}}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, sent := importing(t, answering(200, string(bundleBody(t, map[string]any{"x5t": "AA"}))))
			tc.spec.Name = "web"
			change, err := s.vault(t).Import(t.Context(), tc.spec)
			if err != nil {
				t.Fatal(err)
			}
			sameJSON(t, *sent, tc.want)
			it := change.Page.Items[0]
			if change.Page.Fields&model.FieldCertificate == 0 || it.Ref != webCertificate() || it.Certificate.Version == "" || change.ServiceRequestID != "id-of-the-call" {
				t.Errorf("change %+v", change)
			}
		})
	}
}

func TestImportChecksBeforeSending(t *testing.T) {
	for name, tc := range map[string]struct {
		version string
		change  func(*model.ImportSpec)
	}{
		"bad name":      {"2025-07-01", func(s *model.ImportSpec) { s.Name = "a/b" }},
		"no data":       {"2025-07-01", func(s *model.ImportSpec) { s.Data = nil }},
		"no form":       {"2025-07-01", func(s *model.ImportSpec) { s.Format = "" }},
		"long password": {"2025-07-01", func(s *model.ImportSpec) { s.Password = strings.Repeat("p", 201) }},
		"order, old":    {"7.5", func(s *model.ImportSpec) { s.PreserveCertOrder = new(false) }},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			spec := webImport()
			tc.change(&spec)
			_, err := s.vault(t, func(o *Options) { o.APIVersion = tc.version }).Import(t.Context(), spec)
			fails(t, err, backend.KindInvalid)
			if calls := s.seen(); len(calls) != 0 {
				t.Errorf("calls %v", calls)
			}
		})
	}
}

// TestImportTellsNoSecret has the service repeat what it was sent; fails looks
// for password and data in every error.
func TestImportTellsNoSecret(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"password in the message": answering(400, kvError("BadParameter", "The password '"+importPassword+"' is wrong.", "")),
		"password in the code":    answering(400, kvError(importPassword, "x", "")),
		"key in the message":      answering(400, kvError("BadParameter", "can't read -----BEGIN PRIVATE KEY----- "+string(webImport().Data), "")),
		"page that repeats it":    answering(502, "<title>"+importPassword+"</title>"),
		"success that repeats it": answering(200, `{"error":{"message":"`+importPassword+`"}}`),
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := importing(t, answer)
			_, err := s.vault(t).Import(t.Context(), webImport())
			fails(t, err, backend.KindOf(err))
			if !strings.Contains(err.Error(), "repeats what was imported") {
				t.Errorf("error %v", err)
			}
		})
	}
	t.Run("a good reason is shown", func(t *testing.T) {
		s, _ := importing(t, answering(400, kvError("BadParameter", "The specified PKCS#12 X.509 certificate content can not be read.", "")))
		_, err := s.vault(t).Import(t.Context(), webImport())
		if e := fails(t, err, backend.KindInvalid); !strings.Contains(e.Message, "can not be read") {
			t.Errorf("message %q", e.Message)
		}
	})
}

// TestPendingIsFoundBeforeSending looks for a request in progress before the
// calls that it is in the way of.
func TestPendingIsFoundBeforeSending(t *testing.T) {
	for _, name := range []string{"create", "new version", "import"} {
		ch := changes[name]
		for answer, tc := range map[string]struct {
			pending http.HandlerFunc
			kind    backend.ErrorKind
			sent    int
		}{
			"in progress":     {answering(200, operation(nil)), backend.KindState, 0},
			"completed":       {answering(200, operation(map[string]any{"status": "completed"})), backend.KindInvalid, 1},
			"cancelled":       {answering(200, operation(map[string]any{"status": "cancelled"})), backend.KindInvalid, 1},
			"unknown status":  {answering(200, operation(map[string]any{"status": "resting"})), backend.KindInvalid, 1},
			"none":            {noPending["GET /certificates/web/pending"], backend.KindInvalid, 1},
			"no such name":    {answering(404, kvError("CertificateNotFound", "x", "")), backend.KindInvalid, 1},
			"may not be read": {answering(403, kvError("Forbidden", "Caller is not authorized to perform action on resource.", "ForbiddenByRbac")), backend.KindInvalid, 1},
			"throttled":       {answering(429, kvError("Throttled", "x", "")), backend.KindThrottled, 0},
			"token refused":   {answering(401, kvError("Unauthorized", "AKV10032: Invalid issuer.", "")), backend.KindAuth, 0},
			"no answer":       {drop, backend.KindNetwork, 0},
		} {
			t.Run(name+", "+answer, func(t *testing.T) {
				s := newService(t)
				s.on("GET /certificates/web/pending", tc.pending)
				s.on(exactly(ch.pattern), answering(400, kvError("BadParameter", "x", "")))
				err := ch.call(t.Context(), s.vault(t))
				fails(t, err, tc.kind)
				if tc.kind == backend.KindState && !backend.IsState(err, backend.StatePending) {
					t.Errorf("error %v", err)
				}
				if n := ch.sent(s); n != tc.sent {
					t.Errorf("sent %d times, want %d", n, tc.sent)
				}
			})
		}
	}
}

// TestNewVersionSendsNoPolicy because one that is sent replaces the stored one.
func TestNewVersionSendsNoPolicy(t *testing.T) {
	s := newService(t)
	for pattern, read := range noPending {
		s.on(pattern, read)
	}
	sent := sentTo(s, "POST /certificates/web/create", answering(202, operation(nil)))
	change, err := s.vault(t).NewVersion(t.Context(), webCertificate())
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, *sent, "{}")
	if it := change.Page.Items[0]; it.Request == nil || it.Request.ID != requestID {
		t.Errorf("change %+v", change)
	}
}
