package forms

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"certty/backend"
	"certty/model"
	"certty/model/bundle"
	"certty/ui/view"
)

// pair is a key with its certificate.
type pair struct {
	key  crypto.Signer
	cert []byte
}

func newPair(t testing.TB, name string) pair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: noon, NotAfter: noon.Add(90 * 24 * time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return pair{key, cert}
}

func (p pair) certPEM() string { return block("CERTIFICATE", p.cert) }

func (p pair) keyPEM(t testing.TB) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		t.Fatal(err)
	}
	return block("PRIVATE KEY", der)
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// pfx is the beginning of a PKCS#12 file, which is all that is recognised
// without its password (RFC 7292 §4).
var pfx = append([]byte{0x30, 0x82, 0x01, 0x00, 0x02, 0x01, 0x03, 0x30, 0x82, 0x00, 0xf0, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01}, make([]byte, 242)...)

func TestReadBundle(t *testing.T) {
	p, other := newPair(t, "shop.example.com"), newPair(t, "ca.example.com")
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(p.key.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	key, cert := p.keyPEM(t), p.certPEM()
	for _, tt := range []struct {
		name   string
		data   string
		format model.ImportFormat
		tells  string
		wrong  string
	}{
		{"PFX", string(pfx), model.ImportPFX, "264 bytes", ""},
		{"PFX in base64", base64.StdEncoding.EncodeToString(pfx) + "\r\n", model.ImportPFX, "as the vault gives it out", ""},
		{"PFX in BER", "\x30\x80\x02\x01\x03\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80", model.ImportPFX, "PFX", ""},
		{"PEM", key + cert, model.ImportPEM, "CN=shop.example.com", ""},
		{"certificate first", cert + key, model.ImportPEM, "EC P-256", ""},
		{"bag attributes, BOM and CRLF", "\xef\xbb\xbfBag Attributes\r\n" + strings.ReplaceAll(cert+"more\n"+key, "\n", "\r\n"), model.ImportPEM, "2026-11-21 to 2027-02-19", ""},
		{"lone CR", strings.ReplaceAll(cert+key, "\n", "\r"), model.ImportPEM, "DNS shop.example.com", ""},
		{"another certificate first", other.certPEM() + key + cert, model.ImportPEM, "sent first", ""},
		{"encrypted key", cert + block("ENCRYPTED PRIVATE KEY", []byte{1, 2}), "", "", "openssl pkcs12 -export -in shop.pem"},
		{"old encryption", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n" + cert, "", "", "is encrypted"},
		{"PKCS#1", block("RSA PRIVATE KEY", []byte{1}) + cert, "", "", "openssl pkcs8 -topk8 -nocrypt -in shop.pem"},
		{"SEC 1", block("EC PRIVATE KEY", sec1) + cert, "", "", "SEC 1"},
		{"OpenSSH", block("OPENSSH PRIVATE KEY", []byte{1}), "", "", "OpenSSH"},
		{"Ed25519", pair{ed, p.cert}.keyPEM(t) + cert, "", "", "RSA and EC keys"},
		{"no key", cert, "", "", "merge it"},
		{"no certificate", key, "", "", "no certificate"},
		{"two keys", key + other.keyPEM(t) + cert, "", "", "2 private keys"},
		{"a key of another", other.keyPEM(t) + cert, "", "", "None of its certificates"},
		{"broken key", block("PRIVATE KEY", []byte{1, 2, 3}) + cert, "", "", "can't be read"},
		{"broken certificate", key + block("CERTIFICATE", []byte{1, 2, 3}), "", "", "Certificate 1"},
		{"cut off", key[:60], "", "", "cut off"},
		{"DER certificate", string(p.cert), "", "", "without its private key"},
		{"Java", "\xfe\xed\xfe\xed\x00\x00", "", "", "keytool"},
		{"nothing", " \r\n", "", "", "empty"},
		{"a text", "hello", "", "", "neither"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := bundle.Read("/home/ada/shop.pem", []byte(tt.data), view.Clean)
			if got.Format != tt.format || !strings.Contains(strings.Join(got.Told, "\n"), tt.tells) || !strings.Contains(got.Wrong, tt.wrong) || (got.Wrong == "") != (tt.wrong == "") {
				t.Errorf("format %q, told %q, wrong %q", got.Format, got.Told, got.Wrong)
			}
			if (got.Wrong == "") != (len(got.Data) > 0) {
				t.Errorf("%d bytes to send with %q", len(got.Data), got.Wrong)
			}
			if got.Format == model.ImportPEM {
				rest := strings.TrimPrefix(string(got.Data), key)
				if !strings.HasPrefix(rest, cert) {
					t.Errorf("what is sent is not the key and then its certificate")
				}
			}
		})
	}
}

// FuzzReadBundle: whatever a file holds, nothing panics, and what goes on is
// complete.
func FuzzReadBundle(f *testing.F) {
	p := newPair(f, "shop.example.com")
	f.Add([]byte(p.keyPEM(f) + p.certPEM()))
	f.Add(pfx)
	f.Add([]byte("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b := bundle.Read("x.pem", data, view.Clean)
		if (b.Wrong == "") != (len(b.Data) > 0 && b.Format != "" && len(b.Told) > 0) {
			t.Errorf("wrong %q, format %q, %d bytes, told %q", b.Wrong, b.Format, len(b.Data), b.Told)
		}
	})
}

// TestImportShowsWhatThePFXHolds: a password that does not open the file is told and
// nothing is sent; the right one shows what is in it before the question.
func TestImportShowsWhatThePFXHolds(t *testing.T) {
	p := newPair(t, "shop.example.com")
	leaf, err := x509.ParseCertificate(p.cert)
	if err != nil {
		t.Fatal(err)
	}
	data, err := pkcs12.Modern2023.WithIterations(1).Encode(p.key, leaf, nil, password)
	if err != nil {
		t.Fatal(err)
	}
	path := file(t, "shop.pfx", data)
	bubble(t, func(t *testing.T) {
		s := importing(t)
		s.press(path, "tab")
		s.paste("another")
		s.press("ctrl+s")
		s.sees("the password does not open the file; nothing was sent")
		if s.formOf().Focused() != fieldPassword || len(s.stack) != 1 {
			t.Error("the password is not asked for again")
		}
		s.formOf().Set(fieldPassword, "")
		s.paste(password)
		s.press("ctrl+s")
		s.sees("PFX (PKCS#12): a private key (EC P-256) and its certificate", "CN=shop.example.com", "2026-11-21 to 2027-02-19", "> [ Back ]")
		if len(s.vault.imported) != 0 {
			t.Error("something was sent before the question")
		}
	})
}

// FuzzOpenBundle: whatever a PFX holds, nothing panics, and what is sent stays it.
func FuzzOpenBundle(f *testing.F) {
	f.Add(pfx, "x")
	f.Fuzz(func(t *testing.T, data []byte, password string) {
		was := bundle.Read("x.pfx", data, view.Clean)
		if got := was.Open(password); string(got.Data) != string(was.Data) || got.Format != was.Format {
			t.Error("what is sent changed")
		}
	})
}

func importing(t *testing.T, items ...*model.Item) *screen {
	t.Helper()
	s := newScreen(t, items...)
	s.open(NewImport(s.s, noWays))
	return s
}

func file(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const password = "s3cret  Pass"

// The password is in no frame and no toast; what is sent has it, and nothing
// keeps it afterwards.
func TestImportPFX(t *testing.T) {
	path := file(t, "shop-pfx.pfx", pfx)
	bubble(t, func(t *testing.T) {
		s := importing(t)
		var frames strings.Builder
		look := func() { frames.WriteString(s.frame()) }
		s.press(path, "tab")
		look()
		s.sees("264 bytes", "seen with its password only")
		s.paste(password + "\n")
		look()
		s.sees(strings.Repeat("*", len(password)))
		s.fill(fieldTags, "env=prod")
		s.pick(fieldExportable, "no")
		s.pick(fieldOrder, "yes")
		s.pick(fieldEnabled, "no")
		look()
		s.press("ctrl+s")
		look()
		s.sees("Import shop-pfx (prod)", "password typed; it goes to the vault", "tags env=prod", "exportable no", "preserve order yes", "POST /certificates/shop-pfx/import", "> [ Back ]")
		s.vault.err = &backend.Error{Kind: backend.KindInvalid, Op: "import", Ref: model.Ref{Target: "prod", Key: "shop-pfx"}, Message: "The specified PKCS#12 X.509 certificate can not be read."}
		form := s.stack[0].(*Import).Form
		s.answer("tab", "enter")
		look()
		s.sees("A wrong password is answered like this, too", "kept, but for the password")
		want := model.ImportSpec{Name: "shop-pfx", Data: pfx, Format: model.ImportPFX, Password: password, Tags: map[string]string{"env": "prod"}, Enabled: new(false), Exportable: new(false), PreserveCertOrder: new(true)}
		if len(s.vault.imported) != 1 || !reflect.DeepEqual(s.vault.imported[0], want) {
			t.Errorf("sent %d imports, not the one that was typed", len(s.vault.imported))
		}
		s.press("esc")
		look()
		if v := s.top().(*Import); v.bundle != nil || form.Value(fieldPassword) != "" {
			t.Error("the file or its password is kept after it was sent")
		}
		if s.formOf().Focused() != fieldPassword {
			t.Error("the password is not asked for again")
		}
		s.vault.err = nil
		s.paste("second")
		s.press("ctrl+s")
		look()
		s.answer("tab", "enter")
		if len(s.vault.imported) != 2 || s.vault.imported[1].Password != "second" || !bytes.Equal(s.vault.imported[1].Data, pfx) || len(s.stack) != 0 {
			t.Errorf("%d imports, %d views open", len(s.vault.imported), len(s.stack))
		}
		for _, secret := range []string{password, "s3cret", "second"} {
			if strings.Contains(frames.String(), secret) || strings.Contains(strings.Join(s.toasts, " "), secret) {
				t.Errorf("%q was shown", secret)
			}
		}
	})
}

// A PEM file needs no password: what is in it is said, and none is asked for.
func TestImportPEM(t *testing.T) {
	p := newPair(t, "shop.example.com")
	path := file(t, "bundle.pem", []byte(p.certPEM()+p.keyPEM(t)))
	bubble(t, func(t *testing.T) {
		s := importing(t, item("shop-example-com", nil))
		s.press(path, "tab")
		s.sees("a private key (EC P-256, open PKCS#8)", "CN=shop.example.com", "Name shop-example-com")
		s.seesNot("Password")
		s.press("ctrl+s")
		s.sees("2026-11-21 to 2027-02-19", "This becomes its current version at once")
		s.seesNot("PRIVATE KEY")
		s.vault.err = &backend.Error{Kind: backend.KindInvalid, Op: "import", Ref: model.Ref{Target: "prod", Key: "shop-example-com"}, Message: "No."}
		s.answer("tab", "enter")
		s.sees("What you typed is kept")
		s.seesNot("wrong password")
		if len(s.vault.imported) != 1 || s.vault.imported[0].Format != model.ImportPEM || !strings.HasPrefix(string(s.vault.imported[0].Data), p.keyPEM(t)) {
			t.Errorf("sent %d imports", len(s.vault.imported))
		}
	})
}

// What can't be imported is said at the file, and is read again when it was
// mended.
func TestImportUnusableFile(t *testing.T) {
	p := newPair(t, "shop.example.com")
	path := file(t, "shop.pem", []byte(p.certPEM()))
	bubble(t, func(t *testing.T) {
		s := importing(t)
		s.press("ctrl+s")
		s.sees("a file name is needed")
		s.press("/does/not/exist", "ctrl+s")
		s.sees("not read:")
		s.fill(fieldFile, path)
		s.press("tab")
		s.sees("There is no private key in it")
		s.press("ctrl+s")
		if _, still := s.top().(*Import); !still {
			t.Fatalf("the summary opened:\n%s", s.frame())
		}
		if err := os.WriteFile(path, []byte(p.certPEM()+p.keyPEM(t)), 0o600); err != nil {
			t.Fatal(err)
		}
		s.press("ctrl+s")
		s.sees("Import shop-example-com (prod)")
		if s.vault.sent() != 0 {
			t.Error("something was sent")
		}
	})
}

// An answer about a file that is not named any more changes nothing.
func TestImportLateFile(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := importing(t)
		s.press("/a.pfx")
		s.tell(bundleRead{gen: 0, bundle: bundle.Read("/b.pfx", pfx, view.Clean)})
		s.seesNot("PKCS#12)")
	})
}

func TestImportInTheWay(t *testing.T) {
	path := file(t, "shop.pfx", pfx)
	bubble(t, func(t *testing.T) {
		s := importing(t, item("shop", func(it *model.Item) { it.Request = open() }), item("kept", func(it *model.Item) { it.Deletion = &model.Deletion{At: noon} }))
		s.press(path, "ctrl+s")
		s.sees("shop already has a request in progress", "Nothing was sent")
		s.press("esc")
		s.fill(fieldName, "kept")
		s.press("ctrl+s")
		s.sees("a deleted certificate keeps this name")
	})
}
