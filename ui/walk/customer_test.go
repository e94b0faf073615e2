package walk

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azcertificates"

	"certty/backend/sandbox"
	"certty/ui/ptytest"
)

// customer is a program of somebody else: Microsoft's client as it comes, at
// the vault that a process of `certty sandbox` serves.
type customer struct {
	*azcertificates.Client
	t      *testing.T
	access sandbox.Access
	state  string
	http   *http.Client
}

func newCustomer(t *testing.T) *customer {
	t.Helper()
	c := &customer{t: t, state: filepath.Join(t.TempDir(), "state")}
	term := ptytest.Start(t, ptytest.Options{Path: ptytest.Build(t, "certty"), Args: []string{"sandbox", "--state", c.state}, Cols: 4000, Rows: 5})
	line := term.WaitFor("one line of JSON", func(s ptytest.Screen) bool { return strings.HasSuffix(s.Lines[0], "}") }).Lines[0]
	if err := json.Unmarshal([]byte(line), &c.access); err != nil {
		t.Fatalf("%v in %q", err, line)
	}
	root, err := os.ReadFile(c.access.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(root)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	c.http = &http.Client{Transport: transport}
	options := azcore.ClientOptions{Transport: c.http, Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: c.access.Authority}}
	credential, err := azidentity.NewClientSecretCredential(c.access.TenantID, c.access.ClientID, c.access.ClientSecret,
		&azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	if err != nil {
		t.Fatal(err)
	}
	c.Client, err = azcertificates.NewClient(c.access.VaultURL, credential,
		&azcertificates.ClientOptions{ClientOptions: options, DisableChallengeResourceVerification: true})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// advance moves the sandbox's clock on.
func (c *customer) advance(by time.Duration) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPut, c.access.VaultURL+"/sandbox/clock", strings.NewReader(fmt.Sprintf(`{"advance":%q}`, by)))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.access.AccessToken)
	resp, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		body, err := io.ReadAll(resp.Body)
		c.t.Fatalf("moving the clock: %d %s %v", resp.StatusCode, body, err)
	}
}

// ask makes a request of a manual certificate or of an issuer.
func (c *customer) ask(name, issuer string) (azcertificates.CreateCertificateResponse, error) {
	return c.CreateCertificate(c.t.Context(), name, azcertificates.CreateCertificateParameters{CertificatePolicy: &azcertificates.CertificatePolicy{
		IssuerParameters: &azcertificates.IssuerParameters{Name: &issuer},
		KeyProperties:    &azcertificates.KeyProperties{KeyType: new(azcertificates.KeyTypeEC), Curve: new(azcertificates.CurveNameP256)},
		X509CertificateProperties: &azcertificates.X509CertificateProperties{
			Subject: new("CN=" + name + ".example.com"), SubjectAlternativeNames: &azcertificates.SubjectAlternativeNames{DNSNames: []*string{new(name + ".example.com")}},
		},
	}}, nil)
}

// cancel asks for the cancellation of a request.
func (c *customer) cancel(name string) error {
	op, err := c.UpdateCertificateOperation(c.t.Context(), name, azcertificates.UpdateCertificateOperationParameter{CancellationRequested: new(true)}, nil)
	if err == nil && (*op.Status != "inProgress" || !*op.CancellationRequested) {
		c.t.Errorf("%s, right after its cancellation was asked for, is %s", name, *op.Status)
	}
	return err
}

// is wants a request to have come to a status.
func (c *customer) is(name, status string) azcertificates.CertificateOperation {
	c.t.Helper()
	op, err := c.GetCertificateOperation(c.t.Context(), name, nil)
	if err != nil || *op.Status != status {
		c.t.Fatalf("the request of %s is %v, %v; want %s", name, op.Status, err, status)
	}
	return op.CertificateOperation
}

// refused wants an error of the service.
func (c *customer) refused(err error, status int, code string) {
	c.t.Helper()
	var failed *azcore.ResponseError
	if !errors.As(err, &failed) || failed.StatusCode != status || failed.ErrorCode != code {
		c.t.Errorf("got %v, want %d %s", err, status, code)
	}
}

// chain has a CSR signed by the command for that, beside the running sandbox.
func (c *customer) chain(csr []byte) [][]byte {
	c.t.Helper()
	cmd := exec.CommandContext(c.t.Context(), ptytest.Build(c.t, "certty"), "sandbox", "sign", "-", "--state", c.state)
	cmd.Stdin = bytes.NewReader(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: csr}))
	out, err := cmd.Output()
	if err != nil {
		c.t.Fatalf("certty sandbox sign: %v", err)
	}
	var ders [][]byte
	for block, rest := pem.Decode(out); block != nil; block, rest = pem.Decode(rest) {
		ders = append(ders, block.Bytes)
	}
	return ders
}

// all reads a list to its end.
func all[T any](c *customer, pager *runtime.Pager[T], more func(T)) {
	c.t.Helper()
	for pager.More() {
		page, err := pager.NextPage(c.t.Context())
		if err != nil {
			c.t.Fatal(err)
		}
		more(page)
	}
}
