package vault

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"certty/backend"
)

// issuing gives tokens and keeps what the last one was asked with.
func (s *service) issuing(t *testing.T) *url.Values {
	t.Helper()
	form := &url.Values{}
	s.token = func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		*form = r.PostForm
		writeJSON(w, 200, `{"token_type":"Bearer","expires_in":3600,"access_token":"`+bearer+`"}`)
	}
	return form
}

// keyFiles are a certificate with its key in the forms that people have.
func keyFiles(t *testing.T, password string) map[string][]byte {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	files["PEM, PKCS#8"] = append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), block...)
	files["PEM, PKCS#1"] = append(bytes.Clone(block), pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})...)
	for name, encoder := range map[string]*pkcs12.Encoder{"PKCS#12, old": pkcs12.LegacyDES, "PKCS#12, OpenSSL 3": pkcs12.Modern2023} {
		if files[name], err = encoder.Encode(key, cert, nil, password); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestClientCertificate(t *testing.T) {
	const password = "the file's password"
	for name, file := range keyFiles(t, password) {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.on("GET /certificates/web/pending", answering(200, operation(nil)))
			form := s.issuing(t)
			v := s.vault(t, func(o *Options) {
				o.Credential.Kind = CredentialClientCertificate
				o.Credential.Certificate = func(context.Context) ([]byte, string, error) { return file, password, nil }
			})
			if _, err := v.Read(t.Context(), webRequest()); err != nil {
				t.Fatal(err)
			}
			if form.Get("client_assertion") == "" || form.Get("client_id") == "" {
				t.Errorf("asked with %v", *form)
			}
		})
	}
}

func TestClientCertificateThatCantBeRead(t *testing.T) {
	const password = "the file's password"
	files := keyFiles(t, password)
	give := func(file []byte, err error) func(context.Context) ([]byte, string, error) {
		return func(context.Context) ([]byte, string, error) { return file, "wrong " + password, err }
	}
	for name, tc := range map[string]struct {
		certificate func(context.Context) ([]byte, string, error)
		message     string
	}{
		"wrong password": {give(files["PKCS#12, OpenSSL 3"], nil), "password"},
		"no such file":   {give(nil, errors.New("no such file")), "no such file"},
		"garbage":        {give([]byte{1, 2, 3}, nil), "could not be read"},
		"encrypted PEM":  {give([]byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n"), nil), "PKCS#12"},
		"no key":         {give([]byte("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"), nil), "could not be read"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			v := s.vault(t, func(o *Options) {
				o.Credential.Kind, o.Credential.Certificate = CredentialClientCertificate, tc.certificate
			})
			_, err := v.Read(t.Context(), webRequest())
			e := fails(t, err, backend.KindLocal)
			if !strings.Contains(e.Message, tc.message) || strings.Contains(e.Message, "wrong "+password) {
				t.Errorf("message %q, want %q", e.Message, tc.message)
			}
			if s.tokens != 0 {
				t.Error("a token was asked for")
			}
		})
	}
}

func TestWorkloadIdentity(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("a service account's token"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AZURE_FEDERATED_TOKEN_FILE", file)
	t.Setenv("AZURE_CLIENT_ID", "of-the-environment")
	t.Setenv("AZURE_TENANT_ID", tenant)
	for name, tc := range map[string]struct{ tenant, client, want string }{
		"of the environment": {"", "", "of-the-environment"},
		"set":                {tenant, "set-here", "set-here"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.on("GET /certificates/web/pending", answering(200, operation(nil)))
			form := s.issuing(t)
			v := s.vault(t, func(o *Options) {
				o.Credential = Credential{Kind: CredentialWorkloadIdentity, TenantID: tc.tenant, ClientID: tc.client, Authority: s.URL}
			})
			if _, err := v.Read(t.Context(), webRequest()); err != nil {
				t.Fatal(err)
			}
			if form.Get("client_assertion") != "a service account's token" || form.Get("client_id") != tc.want {
				t.Errorf("asked with %v", *form)
			}
		})
	}
}

func TestWorkloadIdentityOutsideOfAPod(t *testing.T) {
	t.Setenv("AZURE_FEDERATED_TOKEN_FILE", "")
	if err := os.Unsetenv("AZURE_FEDERATED_TOKEN_FILE"); err != nil {
		t.Fatal(err)
	}
	s := newService(t)
	v := s.vault(t, func(o *Options) {
		o.Credential = Credential{Kind: CredentialWorkloadIdentity, TenantID: tenant, ClientID: "c", Authority: s.URL}
	})
	_, err := v.Read(t.Context(), webRequest())
	if e := fails(t, err, backend.KindLocal); !strings.Contains(e.Message, "AZURE_FEDERATED_TOKEN_FILE is not set") {
		t.Errorf("message %q", e.Message)
	}
	t.Setenv("AZURE_CLIENT_ID", "")
	v = s.vault(t, func(o *Options) { o.Credential = Credential{Kind: CredentialWorkloadIdentity, Authority: s.URL} })
	_, err = v.Read(t.Context(), webRequest())
	if e := fails(t, err, backend.KindLocal); !strings.Contains(e.Message, "neither the setting client_id nor AZURE_CLIENT_ID is set") {
		t.Errorf("message %q", e.Message)
	}
}

// TestManagedIdentity plays App Service, whose identity endpoint stands in the
// environment. A proxy is not asked.
func TestManagedIdentity(t *testing.T) {
	var query url.Values
	machine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query = r.URL.Query()
		if r.Header.Get("X-IDENTITY-HEADER") != "of-the-machine" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		writeJSON(w, 200, `{"access_token":"`+bearer+`","expires_on":"4102444800","resource":"https://vault.azure.net","token_type":"Bearer"}`)
	}))
	defer machine.Close()
	t.Setenv("IDENTITY_ENDPOINT", machine.URL)
	t.Setenv("IDENTITY_HEADER", "of-the-machine")
	s := newService(t)
	s.on("GET /certificates/web/pending", answering(200, operation(nil)))
	// The library keeps tokens of machines for the whole process.
	identity := rand.Text()
	v := s.vault(t, func(o *Options) {
		o.Credential = Credential{Kind: CredentialManagedIdentity, ClientID: identity}
		o.Proxy = func(r *http.Request) (*url.URL, error) {
			if r.URL.Scheme == "http" {
				return nil, errors.New("the machine was asked through the proxy")
			}
			return nil, nil
		}
	})
	if _, err := v.Read(t.Context(), webRequest()); err != nil {
		t.Fatal(err)
	}
	if query.Get("client_id") != identity || query.Get("resource") != "https://vault.azure.net" {
		t.Errorf("asked with %v", query)
	}
}

func TestManagedIdentityIsNotThere(t *testing.T) {
	machine := httptest.NewServer(http.NotFoundHandler())
	t.Setenv("IDENTITY_ENDPOINT", machine.URL)
	t.Setenv("IDENTITY_HEADER", "of-the-machine")
	machine.Close()
	s := newService(t)
	v := s.vault(t, func(o *Options) { o.Credential = Credential{Kind: CredentialManagedIdentity, ClientID: "nobody"} })
	_, err := v.Read(t.Context(), webRequest())
	// A machine that is just starting must not latch the target.
	if e := fails(t, err, backend.KindNetwork); !strings.Contains(e.Message, "not reached") || e.Advice != adviceIdentity {
		t.Errorf("message %q, advice %+v", e.Message, e.Advice)
	}
}

// TestManagedIdentityRefused: a machine without an identity is told as that, and
// in the default chain which of its ways has failed.
func TestManagedIdentityRefused(t *testing.T) {
	machine := httptest.NewServer(answering(http.StatusForbidden, `{"error":"nobody"}`))
	defer machine.Close()
	t.Setenv("IDENTITY_ENDPOINT", machine.URL)
	t.Setenv("IDENTITY_HEADER", "of-the-machine")
	s := newService(t)
	v := s.vault(t, func(o *Options) { o.Credential = Credential{Kind: CredentialManagedIdentity, ClientID: "refused"} })
	_, err := v.Read(t.Context(), webRequest())
	if e := fails(t, err, backend.KindAuth); !strings.Contains(e.Message, "this machine's identity service answered 403: nobody") || e.Advice != adviceIdentity {
		t.Errorf("message %q, advice %+v", e.Message, e.Advice)
	}
	t.Setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
	v = s.vault(t, func(o *Options) { o.Credential = Credential{Kind: CredentialDefault} })
	_, err = v.Read(t.Context(), webRequest())
	if e := fails(t, err, backend.KindAuth); !strings.HasPrefix(e.Message, "this machine's identity service") || e.Advice != adviceIdentity {
		t.Errorf("message %q, advice %+v", e.Message, e.Advice)
	}
}
