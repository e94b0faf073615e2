package sandbox

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azcertificates"
)

func start(t *testing.T, o Options) *Sandbox {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// httpClient trusts the sandbox and nobody else.
func httpClient(t *testing.T, s *Sandbox) *http.Client {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.CAPool(), MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// sdk is Microsoft's client with Microsoft's credential, as certty uses them.
func sdk(t *testing.T, s *Sandbox, secret string) *azcertificates.Client {
	t.Helper()
	access := s.Access()
	if secret == "" {
		secret = access.ClientSecret
	}
	options := azcore.ClientOptions{Transport: httpClient(t, s), Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: access.Authority}}
	options.Retry.MaxRetries = -1
	cred, err := azidentity.NewClientSecretCredential(access.TenantID, access.ClientID, secret,
		&azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	if err != nil {
		t.Fatal(err)
	}
	client, err := azcertificates.NewClient(access.VaultURL, cred,
		&azcertificates.ClientOptions{ClientOptions: options, DisableChallengeResourceVerification: true})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func names(t *testing.T, client *azcertificates.Client, pending bool) []string {
	t.Helper()
	var found []string
	pager := client.NewListCertificatePropertiesPager(&azcertificates.ListCertificatePropertiesOptions{IncludePending: &pending})
	for pager.More() {
		page, err := pager.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Value {
			found = append(found, c.ID.Name())
		}
	}
	return found
}

func TestWalkWithMicrosoftsClient(t *testing.T) {
	s := start(t, Options{})
	client := sdk(t, s, "")
	ctx := t.Context()
	unknown, subject, ecType, curve := "Unknown", "CN=shop.example.com, O=Example", azcertificates.KeyTypeEC, azcertificates.CurveNameP256
	created, err := client.CreateCertificate(ctx, "shop", azcertificates.CreateCertificateParameters{CertificatePolicy: &azcertificates.CertificatePolicy{
		IssuerParameters: &azcertificates.IssuerParameters{Name: &unknown},
		KeyProperties:    &azcertificates.KeyProperties{KeyType: &ecType, Curve: &curve},
		X509CertificateProperties: &azcertificates.X509CertificateProperties{Subject: &subject,
			SubjectAlternativeNames: &azcertificates.SubjectAlternativeNames{DNSNames: []*string{new("shop.example.com")}}},
	}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if *created.Status != "inProgress" {
		t.Errorf("status %q", *created.Status)
	}
	pending, err := client.GetCertificateOperation(ctx, "shop", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, client, false); len(got) != 0 {
		t.Errorf("a pending certificate is listed without being asked for: %v", got)
	}
	if got := names(t, client, true); !slices.Equal(got, []string{"shop"}) {
		t.Errorf("listed %v", got)
	}

	csr := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: pending.CSR})
	chain, err := Sign(s.dir, csr)
	if err != nil {
		t.Fatal(err)
	}
	merged, err := client.MergeCertificate(ctx, "shop", azcertificates.MergeCertificateParameters{X509Certificates: ders(chain)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(merged.CER)
	if err != nil {
		t.Fatal(err)
	}
	if err := leaf.VerifyHostname("shop.example.com"); err != nil {
		t.Error(err)
	}
	got, err := client.GetCertificate(ctx, "shop", "", nil)
	if err != nil || got.ID.Version() != merged.ID.Version() {
		t.Errorf("read back %v, %v; merged %v", got.ID, err, *merged.ID)
	}
	if op, err := client.GetCertificateOperation(ctx, "shop", nil); err != nil || *op.Status != "completed" {
		t.Errorf("after the merge: %v, %v", op.Status, err)
	}

	// A new version from the stored policy, cancelled and deleted.
	if _, err := client.CreateCertificate(ctx, "shop", azcertificates.CreateCertificateParameters{}, nil); err != nil {
		t.Fatal(err)
	}
	op, err := client.UpdateCertificateOperation(ctx, "shop", azcertificates.UpdateCertificateOperationParameter{CancellationRequested: new(true)}, nil)
	if err != nil || !*op.CancellationRequested || *op.Status != "inProgress" {
		t.Errorf("after asking for cancellation: %v, %v", op.Status, err)
	}
	if _, err := client.DeleteCertificateOperation(ctx, "shop", nil); err != nil {
		t.Error(err)
	}
	var failed *azcore.ResponseError
	if _, err := client.GetCertificateOperation(ctx, "shop", nil); !errors.As(err, &failed) || failed.ErrorCode != "PendingCertificateNotFound" {
		t.Errorf("after deleting the request: %v", err)
	}
}

func TestWrongSecretIsRefused(t *testing.T) {
	s := start(t, Options{})
	_, err := sdk(t, s, "not the secret").GetCertificate(t.Context(), "shop", "", nil)
	var failed *azidentity.AuthenticationFailedError
	if !errors.As(err, &failed) || !strings.Contains(err.Error(), "AADSTS7000215") {
		t.Errorf("got %v, want AADSTS7000215", err)
	}
	if strings.Contains(err.Error(), "not the secret") {
		t.Error("the error repeats the secret")
	}
}

func ders(chain []byte) [][]byte {
	var out [][]byte
	for block, rest := pem.Decode(chain); block != nil; block, rest = pem.Decode(rest) {
		out = append(out, block.Bytes)
	}
	return out
}

func TestSeedFillsTheBoard(t *testing.T) {
	s := start(t, Options{})
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	client := sdk(t, s, "")
	if got := names(t, client, true); len(got) < 12 {
		t.Errorf("only %v", got)
	}
	for name, want := range map[string]string{"shop-example-com": "inProgress", "legacy-mail": "inProgress", "api-eu": "failed", "summer-sale": "cancelled", "www": "completed"} {
		op, err := client.GetCertificateOperation(t.Context(), name, nil)
		if err != nil || *op.Status != want {
			t.Errorf("%s is %v, %v; want %s", name, op.Status, err, want)
		}
	}
}
