package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"certty/backend/sandbox"
)

// farName is the name of the services behind the proxy, which nothing but the
// proxy resolves: RFC 6761 §6.4 keeps it out of the world's. A vault's name has to
// end in that of the resource its tokens are for, here farCloud.
const (
	farCloud = "cloud.invalid"
	farName  = "services." + farCloud
)

// far serves a sandbox under farName.
type far struct {
	box        *sandbox.Sandbox
	vault, scm *httptest.Server
	ca         string
}

func newFar(t *testing.T) *far {
	t.Helper()
	box, err := sandbox.Start(t.Context(), sandbox.Options{Dir: filepath.Join(t.TempDir(), "sandbox")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	certificate, authority := farCertificate(t)
	f := &far{box: box, ca: filepath.Join(t.TempDir(), "ca.pem")}
	if err := os.WriteFile(f.ca, authority, 0o600); err != nil {
		t.Fatal(err)
	}
	a := box.Access()
	f.vault, f.scm = front(t, a.VaultURL, a.CAFile, certificate), front(t, a.SCM.URL, a.CAFile, certificate)
	return f
}

// farCertificate is a certificate for farName, and the authority to trust.
func farCertificate(t *testing.T) (pair tls.Certificate, authority []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: farName}, DNSNames: []string{farName},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// front answers as a service of the sandbox does, with its own name in the
// addresses that the service tells.
func front(t *testing.T, service, caFile string, certificate tls.Certificate) *httptest.Server {
	t.Helper()
	behind, err := url.Parse(service)
	if err != nil {
		t.Fatal(err)
	}
	authority, err := os.ReadFile(caFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	srv := httptest.NewUnstartedServer(nil)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	own := farName + ":" + port(srv.Listener.Addr().String())
	const resource = "https://vault.azure.net"
	ownResource := "https://" + strings.TrimPrefix(own, "services.")
	asked := strings.NewReplacer(url.QueryEscape(ownResource), url.QueryEscape(resource))
	told := strings.NewReplacer(behind.Host, own, resource, ownResource)
	srv.Config.Handler = &httputil.ReverseProxy{
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}},
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = behind.Scheme, behind.Host, behind.Host
			r.Out.Header.Set("Accept-Encoding", "identity")
			if strings.HasSuffix(r.Out.URL.Path, "/token") {
				form, err := io.ReadAll(r.Out.Body)
				if err != nil {
					t.Error(err)
				}
				said := asked.Replace(string(form))
				r.Out.Body, r.Out.ContentLength = io.NopCloser(strings.NewReader(said)), int64(len(said))
			}
		},
		ModifyResponse: func(resp *http.Response) error {
			for _, values := range resp.Header {
				for i := range values {
					values[i] = told.Replace(values[i])
				}
			}
			body, err := io.ReadAll(resp.Body)
			if err := errors.Join(err, resp.Body.Close()); err != nil {
				return err
			}
			body = bytes.ReplaceAll(body, []byte(behind.Host), []byte(own))
			resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			resp.Header.Set("Content-Length", strconv.Itoa(len(body)))
			return nil
		},
	}
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv
}

func port(hostport string) string { return hostport[strings.LastIndex(hostport, ":")+1:] }

// configure writes the configuration of both targets into a home, with addition
// as a setting of each, and gives the program's environment.
func (f *far) configure(t *testing.T, host, addition string) []string {
	t.Helper()
	home, a := t.TempDir(), f.box.Access()
	file := filepath.Join(home, "certty", "config.yaml")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	vault, scm := "https://"+host+":"+port(f.vault.URL), "https://"+host+":"+port(f.scm.URL)
	base, err := url.Parse(a.SCM.URL)
	if err != nil {
		t.Fatal(err)
	}
	err = os.WriteFile(file, fmt.Appendf(nil, `targets:
  - name: prod
    kind: vault
    url: %s
    authority: %s
    ca_file: %s
    %s
    credential: {kind: client-secret, tenant: %s, client_id: %s, secret: {env: VAULT_SECRET}}
  - name: sectigo
    kind: scm
    url: %s
    customer_uri: %s
    ca_file: %s
    %s
    credential: {kind: password, login: %s, password: {env: SCM_PASSWORD}}
`, vault, vault, f.ca, addition, a.TenantID, a.ClientID, scm+base.Path, a.SCM.CustomerURI, f.ca, addition, a.SCM.Login), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		"XDG_CONFIG_HOME=" + home, "XDG_STATE_HOME=" + home, "XDG_CACHE_HOME=" + home, "PATH=" + os.Getenv("PATH"), "HOME=" + home,
		"VAULT_SECRET=" + a.ClientSecret, "SCM_PASSWORD=" + a.SCM.Password,
	}
}
