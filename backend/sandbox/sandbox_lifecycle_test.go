package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"math/big"
	"net/http"
	"path"
	"slices"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azcertificates"
	"software.sslmate.com/src/go-pkcs12"

	"certty/backend/sandbox/vaultserver"
)

// later is longer than anything in the vault takes that is not for hours.
const later = time.Minute

// wantCode asks for an error of the service.
func wantCode(t *testing.T, err error, status int, code string) {
	t.Helper()
	var failed *azcore.ResponseError
	if !errors.As(err, &failed) || failed.StatusCode != status || failed.ErrorCode != code {
		t.Errorf("got %v, want %d %s", err, status, code)
	}
}

func parameters(issuer, subject string) azcertificates.CreateCertificateParameters {
	ec := azcertificates.KeyTypeEC
	return azcertificates.CreateCertificateParameters{CertificatePolicy: &azcertificates.CertificatePolicy{
		IssuerParameters:          &azcertificates.IssuerParameters{Name: &issuer},
		KeyProperties:             &azcertificates.KeyProperties{KeyType: &ec},
		X509CertificateProperties: &azcertificates.X509CertificateProperties{Subject: &subject},
	}}
}

// TestIssuerScenariosWithMicrosoftsClient: a request with an issuer is completed,
// cancelled, refused by its CA (Key Vault, "Create and merge a certificate";
// "Monitor and manage certificate creation").
func TestIssuerScenariosWithMicrosoftsClient(t *testing.T) {
	s := start(t, Options{})
	client, ctx := sdk(t, s, ""), t.Context()
	status := func(name string) string {
		t.Helper()
		op, err := client.GetCertificateOperation(ctx, name, nil)
		if err != nil {
			t.Fatal(err)
		}
		return *op.Status
	}
	// The issuer has to be there first.
	_, err := client.CreateCertificate(ctx, "shop", parameters("digicert", "CN=shop.example.com"), nil)
	wantCode(t, err, http.StatusBadRequest, "BadParameter")
	set, err := client.SetIssuer(ctx, "digicert", azcertificates.SetIssuerParameters{Provider: new("DigiCert"),
		Credentials:         &azcertificates.IssuerCredentials{AccountID: new("slow"), Password: new("hunter2")},
		OrganizationDetails: &azcertificates.OrganizationDetails{ID: new("4711"), AdminContacts: []*azcertificates.AdministratorContact{{Email: new("pki@example.com")}}},
	}, nil)
	if err != nil || *set.Credentials.AccountID != "slow" || set.Credentials.Password != nil {
		t.Fatalf("%v, %+v", err, set.Credentials)
	}
	if _, err := client.CreateCertificate(ctx, "shop", parameters("digicert", "CN=shop.example.com"), nil); err != nil {
		t.Fatal(err)
	}
	_, err = client.CreateCertificate(ctx, "shop", azcertificates.CreateCertificateParameters{}, nil)
	wantCode(t, err, http.StatusConflict, "Forbidden")
	_, err = client.MergeCertificate(ctx, "shop", azcertificates.MergeCertificateParameters{X509Certificates: [][]byte{{0}}}, nil)
	wantCode(t, err, http.StatusForbidden, "Forbidden")
	if _, err := client.UpdateCertificateOperation(ctx, "shop", azcertificates.UpdateCertificateOperationParameter{CancellationRequested: new(true)}, nil); err != nil {
		t.Fatal(err)
	}
	if got := status("shop"); got != "inProgress" {
		t.Errorf("right after the cancellation was asked for: %s", got)
	}
	s.Clock().Advance(time.Hour)
	if got := status("shop"); got != "cancelled" {
		t.Errorf("an hour later: %s", got)
	}
	_, err = client.UpdateCertificateOperation(ctx, "shop", azcertificates.UpdateCertificateOperationParameter{CancellationRequested: new(true)}, nil)
	wantCode(t, err, http.StatusForbidden, "Forbidden")

	// The same account, quick now.
	if _, err := client.UpdateIssuer(ctx, "digicert", azcertificates.UpdateIssuerParameters{Credentials: &azcertificates.IssuerCredentials{AccountID: new("any")}}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreateCertificate(ctx, "shop", azcertificates.CreateCertificateParameters{}, nil); err != nil {
		t.Fatal(err)
	}
	s.Clock().Advance(later)
	if got := status("shop"); got != "completed" {
		t.Errorf("with a quick issuer: %s", got)
	}
	if got, err := client.GetIssuer(ctx, "digicert", nil); err != nil || *got.Provider != "DigiCert" || *got.OrganizationDetails.ID != "4711" {
		t.Errorf("%v, %+v", err, got)
	}

	// Refused, and merged by hand after all.
	if _, err := client.CreateCertificate(ctx, "refused", parameters(vaultserver.IssuerStrict, "CN=refused.example.com"), nil); err != nil {
		t.Fatal(err)
	}
	s.Clock().Advance(later)
	op, err := client.GetCertificateOperation(ctx, "refused", nil)
	if err != nil || *op.Status != "failed" || op.Error == nil || op.Error.Code != "Request rejected" {
		t.Fatalf("%v, %+v", err, op)
	}
	chain, err := Sign(s.dir, op.CSR)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.MergeCertificate(ctx, "refused", azcertificates.MergeCertificateParameters{X509Certificates: ders(chain)}, nil); err != nil {
		t.Errorf("merge after a refusal: %v", err)
	}
	if _, err := client.DeleteIssuer(ctx, "digicert", nil); err != nil {
		t.Error(err)
	}
	_, err = client.GetIssuer(ctx, "digicert", nil)
	wantCode(t, err, http.StatusNotFound, "CertificateIssuerNotFound")
	var issuers []string
	for pager := client.NewListIssuerPropertiesPager(nil); pager.More(); {
		page, err := pager.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, is := range page.Value {
			issuers = append(issuers, path.Base(*is.ID))
		}
	}
	if !slices.Contains(issuers, vaultserver.IssuerContoso) || slices.Contains(issuers, "digicert") {
		t.Errorf("issuers %v", issuers)
	}
}

func pfx(t *testing.T, password string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "imported.example.com"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	data, err := pkcs12.Modern2023.Encode(key, cert, nil, password)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestLifeWithMicrosoftsClient: import, change, renew, delete, recover, purge,
// and the contacts.
func TestLifeWithMicrosoftsClient(t *testing.T) {
	s := start(t, Options{})
	client, ctx := sdk(t, s, ""), t.Context()
	importParameters := azcertificates.ImportCertificateParameters{Base64EncodedCertificate: new(base64.StdEncoding.EncodeToString(pfx(t, "secret"))), Password: new("secret"),
		Tags: map[string]*string{"owner": new("shop")}}
	imported, err := client.ImportCertificate(ctx, "shop", importParameters, nil)
	if err != nil || *imported.Policy.KeyProperties.Curve != azcertificates.CurveNameP384 || *imported.Policy.X509CertificateProperties.Subject != "CN=imported.example.com" {
		t.Fatalf("%v, %+v", err, imported)
	}
	_, err = client.GetCertificateOperation(ctx, "shop", nil)
	wantCode(t, err, http.StatusNotFound, "PendingCertificateNotFound")

	changed, err := client.UpdateCertificate(ctx, "shop", imported.ID.Version(), azcertificates.UpdateCertificateParameters{
		CertificateAttributes: &azcertificates.CertificateAttributes{Enabled: new(false)}, Tags: map[string]*string{"owner": new("web")}}, nil)
	if err != nil || *changed.Attributes.Enabled || *changed.Tags["owner"] != "web" {
		t.Errorf("%v, %+v", err, changed.Attributes)
	}
	policy, err := client.UpdateCertificatePolicy(ctx, "shop", azcertificates.CertificatePolicy{IssuerParameters: &azcertificates.IssuerParameters{Name: new("Self")},
		X509CertificateProperties: &azcertificates.X509CertificateProperties{ValidityInMonths: new(int32(3))}}, nil)
	if err != nil || *policy.IssuerParameters.Name != "Self" || *policy.X509CertificateProperties.ValidityInMonths != 3 || *policy.KeyProperties.KeyType != azcertificates.KeyTypeEC {
		t.Errorf("%v, %+v", err, policy)
	}
	if _, err := client.CreateCertificate(ctx, "shop", azcertificates.CreateCertificateParameters{}, nil); err != nil {
		t.Fatal(err)
	}
	s.Clock().Advance(later)
	var versions []string
	for pager := client.NewListCertificatePropertiesVersionsPager("shop", nil); pager.More(); {
		page, err := pager.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page.Value {
			versions = append(versions, v.ID.Version())
		}
	}
	current, err := client.GetCertificate(ctx, "shop", "", nil)
	if err != nil || len(versions) != 2 || !slices.Contains(versions, current.ID.Version()) || current.ID.Version() == imported.ID.Version() {
		t.Errorf("%v: versions %v, current %s", err, versions, *current.ID)
	}

	gone, err := client.DeleteCertificate(ctx, "shop", nil)
	if err != nil || gone.ScheduledPurgeDate == nil || gone.ScheduledPurgeDate.Sub(*gone.DeletedDate) != 90*24*time.Hour {
		t.Fatalf("%v, %+v", err, gone)
	}
	_, err = client.GetDeletedCertificate(ctx, "shop", nil)
	wantCode(t, err, http.StatusNotFound, "CertificateNotFound")
	s.Clock().Advance(later)
	_, err = client.ImportCertificate(ctx, "shop", importParameters, nil)
	wantCode(t, err, http.StatusConflict, "Conflict")
	if _, err := client.RecoverDeletedCertificate(ctx, "shop", nil); err != nil {
		t.Fatal(err)
	}
	_, err = client.GetCertificate(ctx, "shop", "", nil)
	wantCode(t, err, http.StatusNotFound, "CertificateNotFound")
	s.Clock().Advance(later)
	if got, err := client.GetCertificate(ctx, "shop", "", nil); err != nil || *got.ID != *current.ID {
		t.Errorf("%v: recovered %v", err, got.ID)
	}

	if _, err := client.DeleteCertificate(ctx, "shop", nil); err != nil {
		t.Fatal(err)
	}
	s.Clock().Advance(later)
	var deleted []string
	for pager := client.NewListDeletedCertificatePropertiesPager(nil); pager.More(); {
		page, err := pager.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Value {
			deleted = append(deleted, c.ID.Name())
		}
	}
	if !slices.Equal(deleted, []string{"shop"}) {
		t.Errorf("deleted %v", deleted)
	}
	if _, err := client.PurgeDeletedCertificate(ctx, "shop", nil); err != nil {
		t.Fatal(err)
	}
	s.Clock().Advance(later)
	if _, err := client.ImportCertificate(ctx, "shop", importParameters, nil); err != nil {
		t.Errorf("the name is not free: %v", err)
	}
}

func TestContactsWithMicrosoftsClient(t *testing.T) {
	s := start(t, Options{})
	client, ctx := sdk(t, s, ""), t.Context()
	_, err := client.GetContacts(ctx, nil)
	wantCode(t, err, http.StatusNotFound, "ContactsNotFound")
	contacts := azcertificates.Contacts{ContactList: []*azcertificates.Contact{{Email: new("one@localhost"), Name: new("One")}, {Email: new("two@localhost")}}}
	if _, err := client.SetContacts(ctx, contacts, nil); err != nil {
		t.Fatal(err)
	}
	got, err := client.GetContacts(ctx, nil)
	if err != nil || len(got.ContactList) != 2 || *got.ContactList[0].Name != "One" {
		t.Errorf("%v, %+v", err, got)
	}
	if _, err := client.DeleteContacts(ctx, nil); err != nil {
		t.Error(err)
	}
}

func TestPurgeProtectedVault(t *testing.T) {
	s := start(t, Options{PurgeProtected: true, RetentionDays: 7})
	client, ctx := sdk(t, s, ""), t.Context()
	if _, err := client.CreateCertificate(ctx, "shop", parameters("Unknown", "CN=a"), nil); err != nil {
		t.Fatal(err)
	}
	gone, err := client.DeleteCertificate(ctx, "shop", nil)
	if err != nil || *gone.Attributes.RecoveryLevel != "CustomizedRecoverable" || *gone.Attributes.RecoverableDays != 7 {
		t.Fatalf("%v, %+v", err, gone.Attributes)
	}
	s.Clock().Advance(later)
	_, err = client.PurgeDeletedCertificate(ctx, "shop", nil)
	wantCode(t, err, http.StatusForbidden, "Forbidden")
	s.Clock().Advance(7 * 24 * time.Hour)
	_, err = client.GetDeletedCertificate(ctx, "shop", nil)
	wantCode(t, err, http.StatusNotFound, "CertificateNotFound")

	for _, days := range []int{-1, 1, 6, 91} {
		if _, err := Start(ctx, Options{Dir: t.TempDir(), RetentionDays: days}); err == nil {
			t.Errorf("a vault that keeps what was deleted for %d days", days)
		}
	}
}
