package vault

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"certty/model"
)

// clean checks that a text can be shown.
func clean(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		t.Errorf("%q reached the model", s)
	}
}

func cleanEach(t *testing.T, list ...[]string) {
	t.Helper()
	for _, l := range list {
		for _, s := range l {
			clean(t, s)
		}
	}
}

func FuzzDecodeOperation(f *testing.F) {
	f.Add("10", "https://x?request_id=a", operation(nil))
	f.Add("", "%zz", `{"status":"failed","error":{"code":1,"innererror":{"message":"\u001b"}}}`)
	f.Add("-1", "", `{"status":"\ud800","csr":"a=b","issuer":{"name":"\u009b"}}`)
	f.Fuzz(func(t *testing.T, retry, location, body string) {
		h := http.Header{"Retry-After": {retry}, "Location": {location}}
		r, err := decodeOperation(h, []byte(body), time.Unix(0, 0))
		if err != nil {
			clean(t, err.Error())
			return
		}
		cleanEach(t, []string{r.ID, r.Status, r.Details, r.ErrorCode, r.ErrorMessage, r.Target, r.Issuer.Name, r.Issuer.CertificateType})
		if r.RetryAfter < 0 || r.RetryAfter > 24*time.Hour {
			t.Errorf("wait %v", r.RetryAfter)
		}
	})
}

func FuzzDecodeBundle(f *testing.F) {
	f.Add(bundleBody(f, map[string]any{"cer": base64.StdEncoding.EncodeToString(issue(f))}), []byte(nil))
	f.Add(bundleBody(f, map[string]any{"x5t": "a", "tags": map[string]any{"a": nil}, "policy": map[string]any{"x509_props": 1}}), []byte{})
	f.Add([]byte(`{"id":"https://kv/certificates/a"}`), issue(f))
	f.Fuzz(func(t *testing.T, body, der []byte) {
		b, err := decodeBundle(body)
		if err != nil {
			clean(t, err.Error())
		}
		checkCertificate(t, b.certificate)
		if p := b.policy; p != nil {
			cleanEach(t, []string{p.Subject, p.ContentType, p.Issuer.Name, p.Key.Type, p.Key.Curve}, p.SANs.All(), p.EKUs, p.KeyUsage)
		}
		c := model.Certificate{DER: der}
		readDER(&c)
		checkCertificate(t, c)
	})
}

func checkCertificate(t *testing.T, c model.Certificate) {
	t.Helper()
	cleanEach(t, []string{c.Version, c.Subject, c.Issuer, c.Serial, c.KeyType, c.Thumbprint, c.RecoveryLevel}, c.SANs.All())
	for key, value := range c.Tags {
		cleanEach(t, []string{key, value})
	}
	for _, at := range []time.Time{c.NotBefore, c.NotAfter, c.Created, c.Updated} {
		if _, err := at.MarshalJSON(); err != nil {
			t.Errorf("%v can't be stored: %v", at, err)
		}
	}
}

func FuzzDecodeList(f *testing.F) {
	f.Add([]byte(`{"value":[` + listItem("a", `,"x5t":"AA","tags":{"k":"v"}`) + `],"nextLink":"https://x"}`))
	f.Add([]byte(`{"value":[1,null,{"id":"https://x/certificates/a%0a"}]}`))
	f.Add([]byte(`{"value":[` + listItem("a", `,"recoveryId":"https://x","deletedDate":1e300,"scheduledPurgeDate":"soon"`) + `]}`))
	f.Add([]byte(`{"value":[{"id":"https://x/certificates/issuers/a","provider":"\u001b","org_details":{"admin_details":[{"email":"\u009b"}]}}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		items, _, err := decodeList(body)
		if err != nil {
			clean(t, err.Error())
		}
		for _, raw := range items {
			checkItem(t, raw)
			checkIssuer(t, raw)
		}
		checkIssuer(t, body)
		checkContacts(t, body)
	})
}

func checkItem(t *testing.T, raw []byte) {
	t.Helper()
	it, err := decodeDeleted("kv", raw, time.Unix(1, 0))
	if err != nil {
		clean(t, err.Error())
		return
	}
	if it.Ref.Key == "" {
		t.Error("an item without a name")
	}
	clean(t, it.Ref.Key)
	checkCertificate(t, it.Certificate)
	for _, at := range []time.Time{it.Deletion.At, it.Deletion.PurgeAt} {
		if _, err := at.MarshalJSON(); err != nil {
			t.Errorf("%v can't be stored: %v", at, err)
		}
	}
}

func checkIssuer(t *testing.T, raw []byte) {
	t.Helper()
	issuer, err := decodeIssuer(raw)
	if err != nil {
		clean(t, err.Error())
		return
	}
	cleanEach(t, []string{issuer.Name, issuer.Provider, issuer.AccountID, issuer.OrganizationID})
	checkPeople(t, issuer.Admins)
}

func checkContacts(t *testing.T, raw []byte) {
	t.Helper()
	contacts, err := decodeContacts(raw)
	if err != nil {
		clean(t, err.Error())
	}
	checkPeople(t, contacts)
}

func checkPeople(t *testing.T, people []model.Contact) {
	t.Helper()
	for _, p := range people {
		cleanEach(t, []string{p.Name, p.Email, p.Phone})
	}
}

func FuzzDecodeFault(f *testing.F) {
	f.Add("application/json", []byte(kvError("Forbidden", "x", "ForbiddenByRbac")), 403)
	f.Add("text/html", []byte("<title>İ\x1b</title>"), 404)
	f.Add("\x1b", []byte(`{"error":{"innererror":{"innererror":{}}}}`), 200)
	f.Fuzz(func(t *testing.T, contentType string, body []byte, status int) {
		fault := decodeFault(http.Header{"Content-Type": {contentType}}, body)
		cleanEach(t, fault.codes, []string{fault.message, fault.note})
		for _, changes := range []bool{false, true} {
			clean(t, classify(call{op: opCancel, changes: changes}, status, fault).note)
		}
	})
}
