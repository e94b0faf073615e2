package vault

import (
	"bytes"
	"encoding/base64"
	"testing"

	"certty/model"
)

// TestBase64OfEveryFlavour reads what the service writes in one of four ways:
// csr, cer and x5c in the standard alphabet, x5t in the URL's and without
// padding.
func TestBase64OfEveryFlavour(t *testing.T) {
	want := []byte{0xfb, 0xff, 0xfe, 0x01}
	wrapped := base64.StdEncoding.EncodeToString(want)
	for name, s := range map[string]string{
		"standard":             wrapped,
		"standard, no padding": base64.RawStdEncoding.EncodeToString(want),
		"URL":                  base64.URLEncoding.EncodeToString(want),
		"URL, no padding":      base64.RawURLEncoding.EncodeToString(want),
		"over lines":           wrapped[:4] + "\r\n" + wrapped[4:] + "\n",
	} {
		if got, err := decodeBase64(s); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %x, %v", name, got, err)
		}
	}
	for _, bad := range []string{"%", "A", "AA=A"} {
		if got, err := decodeBase64(bad); err == nil {
			t.Errorf("%q reads as %x", bad, got)
		}
	}
}

// TestPendingLinkIsNoRequest has a certificate name its pending object, which
// it does for ever: that there is a request, or that it is in progress, does
// not follow.
func TestPendingLinkIsNoRequest(t *testing.T) {
	s := newService(t)
	s.on("GET /certificates/web/{$}", answering(200, string(bundleBody(t, map[string]any{
		"x5t": "AA", "pending": map[string]any{"id": "https://kv.vault.azure.net/certificates/web/pending"},
	}))))
	page, err := s.vault(t).Read(t.Context(), webCertificate())
	if err != nil {
		t.Fatal(err)
	}
	if it := page.Items[0]; it.Request != nil || page.Fields&model.FieldRequest != 0 {
		t.Errorf("the certificate brings request %+v", it.Request)
	}
}
