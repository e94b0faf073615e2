package backendtest

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"certty/backend"
	"certty/model"
)

const bundlePassword = "a password of the suite"

// bundle makes a self-signed certificate with its key, to be imported.
func (h Harness) bundle(t *testing.T, name string, format model.ImportFormat) model.ImportSpec {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Truncate(time.Second)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: name + ".example.com"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	spec := model.ImportSpec{Name: name, Format: format}
	if format == model.ImportPEM {
		pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		spec.Data = append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}),
			pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
		return spec
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	spec.Password = bundlePassword
	if spec.Data, err = pkcs12.Modern2023.Encode(key, cert, nil, spec.Password); err != nil {
		t.Fatal(err)
	}
	return spec
}

// imports brings in both forms, and a second version.
func imports(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Import != nil, c.Read != nil)
	for _, format := range []model.ImportFormat{model.ImportPEM, model.ImportPFX} {
		spec := h.bundle(t, "imported", format)
		spec.Tags = map[string]string{"from": "file"}
		change, err := c.Import.Import(t.Context(), spec)
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		got := onlyItem(t, change.Page)
		if got.Ref != h.certificate("imported") || !got.Certificate.Issued || got.Certificate.Version == "" || got.Certificate.Tags["from"] != "file" {
			t.Errorf("%s: imported as %+v", format, got)
		}
		read := h.read(t, got.Ref)
		if !bytes.Equal(read.Certificate.DER, got.Certificate.DER) || read.Policy == nil || read.Policy.ContentType != string(format) {
			t.Errorf("%s: reads as %+v with %+v", format, read.Certificate, read.Policy)
		}
	}
}

// refusesBadBundle imports what can't be read; the error tells no secret.
func refusesBadBundle(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Import != nil)
	good := h.bundle(t, "refused", model.ImportPFX)
	wrong := good
	wrong.Password = "not the password"
	cut := good
	cut.Data = cut.Data[:len(cut.Data)/2]
	keyless := h.bundle(t, "refused", model.ImportPEM)
	keyless.Data = keyless.Data[bytes.Index(keyless.Data, []byte("-----BEGIN CERTIFICATE")):]
	for name, spec := range map[string]model.ImportSpec{"wrong password": wrong, "cut off": cut, "no key": keyless} {
		_, err := c.Import.Import(t.Context(), spec)
		e := wantError(t, err, backend.KindInvalid, h.certificate("refused"))
		if spec.Password != "" && strings.Contains(e.Error(), spec.Password) {
			t.Errorf("%s: the error tells the password: %v", name, e)
		}
	}
	empty := good
	empty.Data = nil
	before := h.Changes()
	_, err := c.Import.Import(t.Context(), empty)
	wantError(t, err, backend.KindInvalid, h.certificate("refused"))
	if h.Changes() != before {
		t.Error("nothing was sent to be imported")
	}
}
