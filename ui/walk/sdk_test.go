package walk

import (
	"context"
	"crypto/x509"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azcertificates"
)

// TestMicrosoftsClient walks every documented scenario with Microsoft's client
// at the finished program (Key Vault, "Create and merge a certificate",
// "Monitor and manage certificate creation", "Certificate creation methods",
// "Import a certificate", "Soft-delete").
func TestMicrosoftsClient(t *testing.T) {
	t.Parallel()
	c := newCustomer(t)
	for _, scenario := range []struct {
		name string
		walk func(*customer, context.Context)
	}{
		{"a request that is merged", (*customer).merges},
		{"a request that an issuer completes", (*customer).completes},
		{"requests that end without", (*customer).endsWithout},
		{"import", (*customer).imports},
		{"a life", (*customer).lives},
		{"issuers", (*customer).setsIssuers},
		{"contacts", (*customer).setsContacts},
		{"backup", (*customer).backsUp},
	} {
		t.Run(scenario.name, func(t *testing.T) {
			here := *c
			here.t = t
			scenario.walk(&here, t.Context())
		})
	}
}

func (c *customer) merges(ctx context.Context) {
	if _, err := c.ask("sdk-manual", "Unknown"); err != nil {
		c.t.Fatal(err)
	}
	_, err := c.ask("sdk-manual", "Unknown")
	c.refused(err, http.StatusConflict, "Forbidden")
	op := c.is("sdk-manual", "inProgress")
	_, err = c.MergeCertificate(ctx, "sdk-manual", azcertificates.MergeCertificateParameters{X509Certificates: c.chain(c.other())}, nil)
	c.refused(err, http.StatusBadRequest, "BadParameter")
	merged, err := c.MergeCertificate(ctx, "sdk-manual", azcertificates.MergeCertificateParameters{X509Certificates: c.chain(op.CSR)}, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if leaf, err := x509.ParseCertificate(merged.CER); err != nil || leaf.VerifyHostname("sdk-manual.example.com") != nil {
		c.t.Errorf("merged %v, %v", leaf, err)
	}
	c.is("sdk-manual", "completed")

	// Merged, so it can be neither merged nor cancelled any more.
	_, err = c.MergeCertificate(ctx, "sdk-manual", azcertificates.MergeCertificateParameters{X509Certificates: c.chain(op.CSR)}, nil)
	if err == nil {
		c.t.Error("merged twice")
	}
	c.refused(c.cancel("sdk-manual"), http.StatusForbidden, "Forbidden")
}

// other is the CSR of another request.
func (c *customer) other() []byte {
	if _, err := c.ask("sdk-other", "Unknown"); err != nil {
		c.t.Fatal(err)
	}
	return c.is("sdk-other", "inProgress").CSR
}

func (c *customer) completes(ctx context.Context) {
	_, err := c.ask("sdk-ca", "nobody-ca")
	c.refused(err, http.StatusBadRequest, "BadParameter")
	if _, err := c.ask("sdk-ca", "contoso-ca"); err != nil {
		c.t.Fatal(err)
	}
	op := c.is("sdk-ca", "inProgress")
	_, err = c.MergeCertificate(ctx, "sdk-ca", azcertificates.MergeCertificateParameters{X509Certificates: c.chain(op.CSR)}, nil)
	c.refused(err, http.StatusForbidden, "Forbidden")
	c.advance(time.Minute)
	if op := c.is("sdk-ca", "completed"); op.Target == nil || !strings.HasSuffix(*op.Target, "/certificates/sdk-ca") {
		c.t.Errorf("the target is %v", op.Target)
	}
	got, err := c.GetCertificate(ctx, "sdk-ca", "", nil)
	if err != nil || got.ID.Version() == "" {
		c.t.Errorf("%v, %v", err, got.ID)
	}
	// The documents' example that the service signs itself.
	if _, err := c.ask("sdk-self", "Self"); err != nil {
		c.t.Fatal(err)
	}
	c.advance(time.Minute)
	c.is("sdk-self", "completed")
}

func (c *customer) endsWithout(ctx context.Context) {
	for name, issuer := range map[string]string{"sdk-rejected": "strict-ca", "sdk-broken": "broken-ca", "sdk-cancelled": "slow-ca", "sdk-deleted": "slow-ca"} {
		if _, err := c.ask(name, issuer); err != nil {
			c.t.Fatal(err)
		}
	}
	if err := c.cancel("sdk-cancelled"); err != nil {
		c.t.Error(err)
	}
	c.advance(time.Hour)
	for name, code := range map[string]string{"sdk-rejected": "Request rejected", "sdk-broken": "Certificate issuer error"} {
		op := c.is(name, "failed")
		if op.Error == nil || op.Error.Code != code {
			c.t.Errorf("%s failed with %v, want %s", name, op.Error, code)
		}
		// Possible after a failure, as for a manual request.
		if _, err := c.MergeCertificate(ctx, name, azcertificates.MergeCertificateParameters{X509Certificates: c.chain(op.CSR)}, nil); err != nil {
			c.t.Errorf("merge into %s: %v", name, err)
		}
	}
	c.is("sdk-cancelled", "cancelled")
	c.refused(c.cancel("sdk-cancelled"), http.StatusForbidden, "Forbidden")

	// The request goes, the certificate and its name stay.
	if _, err := c.DeleteCertificateOperation(ctx, "sdk-deleted", nil); err != nil {
		c.t.Error(err)
	}
	_, err := c.GetCertificateOperation(ctx, "sdk-deleted", nil)
	c.refused(err, http.StatusNotFound, "PendingCertificateNotFound")
	_, err = c.DeleteCertificateOperation(ctx, "sdk-deleted", nil)
	c.refused(err, http.StatusNotFound, "PendingCertificateNotFound")
	if got, err := c.GetCertificate(ctx, "sdk-deleted", "", nil); err != nil || got.X509Thumbprint != nil {
		c.t.Errorf("%v; what remains has the thumbprint %x", err, got.X509Thumbprint)
	}
	if _, err := c.ask("sdk-deleted", "contoso-ca"); err != nil {
		c.t.Errorf("the name can't be used again: %v", err)
	}
}

func (c *customer) imports(ctx context.Context) {
	bundle := newBundle(c.t, "sdk-import.example.com")
	got, err := c.ImportCertificate(ctx, "sdk-import", azcertificates.ImportCertificateParameters{Base64EncodedCertificate: &bundle,
		CertificatePolicy: &azcertificates.CertificatePolicy{SecretProperties: &azcertificates.SecretProperties{ContentType: new("application/x-pem-file")}}}, nil)
	if err != nil || *got.Policy.SecretProperties.ContentType != "application/x-pem-file" {
		c.t.Fatalf("%v, %+v", err, got.Policy)
	}
	_, err = c.GetCertificateOperation(ctx, "sdk-import", nil)
	c.refused(err, http.StatusNotFound, "PendingCertificateNotFound")
	_, err = c.ImportCertificate(ctx, "sdk-import", azcertificates.ImportCertificateParameters{Base64EncodedCertificate: new("AAAA"), Password: new("x")}, nil)
	c.refused(err, http.StatusBadRequest, "BadParameter")
	// Over a request in progress.
	_, err = c.ImportCertificate(ctx, "sdk-other", azcertificates.ImportCertificateParameters{Base64EncodedCertificate: &bundle}, nil)
	c.refused(err, http.StatusConflict, "Forbidden")
}

func (c *customer) lives(ctx context.Context) {
	const name = "sdk-ca"
	first, err := c.GetCertificate(ctx, name, "", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	changed, err := c.UpdateCertificate(ctx, name, first.ID.Version(), azcertificates.UpdateCertificateParameters{
		CertificateAttributes: &azcertificates.CertificateAttributes{Enabled: new(false)}, Tags: map[string]*string{"owner": new("web")}}, nil)
	if err != nil || *changed.Attributes.Enabled || *changed.Tags["owner"] != "web" {
		c.t.Errorf("%v, %+v %v", err, changed.Attributes, changed.Tags)
	}
	if _, err := c.UpdateCertificatePolicy(ctx, name, azcertificates.CertificatePolicy{
		X509CertificateProperties: &azcertificates.X509CertificateProperties{ValidityInMonths: new(int32(3))}}, nil); err != nil {
		c.t.Error(err)
	}
	policy, err := c.GetCertificatePolicy(ctx, name, nil)
	if err != nil || *policy.X509CertificateProperties.ValidityInMonths != 3 || *policy.X509CertificateProperties.Subject != "CN=sdk-ca.example.com" {
		c.t.Errorf("%v, %+v", err, policy.X509CertificateProperties)
	}
	if _, err := c.CreateCertificate(ctx, name, azcertificates.CreateCertificateParameters{}, nil); err != nil {
		c.t.Fatal(err)
	}
	c.advance(time.Minute)
	var versions []string
	all(c, c.NewListCertificatePropertiesVersionsPager(name, nil), func(page azcertificates.ListCertificatePropertiesVersionsResponse) {
		for _, v := range page.Value {
			versions = append(versions, v.ID.Version())
		}
	})
	if len(versions) != 2 || !slices.Contains(versions, first.ID.Version()) {
		c.t.Errorf("versions %v, the first one was %s", versions, first.ID.Version())
	}

	gone, err := c.DeleteCertificate(ctx, name, nil)
	if err != nil || gone.ScheduledPurgeDate == nil || gone.RecoveryID == nil {
		c.t.Fatalf("%v, %+v", err, gone)
	}
	c.advance(time.Minute)
	_, err = c.ask(name, "contoso-ca")
	c.refused(err, http.StatusConflict, "Conflict")
	if _, err := c.RecoverDeletedCertificate(ctx, name, nil); err != nil {
		c.t.Error(err)
	}
	c.advance(time.Minute)
	if _, err := c.GetCertificate(ctx, name, first.ID.Version(), nil); err != nil {
		c.t.Errorf("recovered, but its first version is not there: %v", err)
	}
	if _, err := c.DeleteCertificate(ctx, name, nil); err != nil {
		c.t.Error(err)
	}
	c.advance(time.Minute)
	listed := false
	all(c, c.NewListDeletedCertificatePropertiesPager(nil), func(page azcertificates.ListDeletedCertificatePropertiesResponse) {
		for _, d := range page.Value {
			listed = listed || d.ID.Name() == name
		}
	})
	if !listed {
		c.t.Error("it is not among the deleted")
	}
	if _, err := c.PurgeDeletedCertificate(ctx, name, nil); err != nil {
		c.t.Error(err)
	}
	c.advance(time.Minute)
	_, err = c.GetDeletedCertificate(ctx, name, nil)
	c.refused(err, http.StatusNotFound, "CertificateNotFound")
	if _, err := c.ask(name, "contoso-ca"); err != nil {
		c.t.Errorf("the name is not free: %v", err)
	}
}

func (c *customer) setsIssuers(ctx context.Context) {
	const name = "sdk-issuer"
	set, err := c.SetIssuer(ctx, name, azcertificates.SetIssuerParameters{Provider: new("GlobalSign"),
		Credentials: &azcertificates.IssuerCredentials{AccountID: new("4711"), Password: new("hunter2")}}, nil)
	if err != nil || set.Credentials.Password != nil {
		c.t.Fatalf("%v, %+v", err, set.Credentials)
	}
	if _, err := c.UpdateIssuer(ctx, name, azcertificates.UpdateIssuerParameters{Attributes: &azcertificates.IssuerAttributes{Enabled: new(false)}}, nil); err != nil {
		c.t.Error(err)
	}
	if got, err := c.GetIssuer(ctx, name, nil); err != nil || *got.Provider != "GlobalSign" || *got.Attributes.Enabled {
		c.t.Errorf("%v, %+v", err, got)
	}
	listed := false
	all(c, c.NewListIssuerPropertiesPager(nil), func(page azcertificates.ListIssuerPropertiesResponse) {
		for _, i := range page.Value {
			listed = listed || strings.HasSuffix(*i.ID, "/"+name)
		}
	})
	if !listed {
		c.t.Error("it is not among the issuers")
	}
	if _, err := c.DeleteIssuer(ctx, name, nil); err != nil {
		c.t.Error(err)
	}
	_, err = c.GetIssuer(ctx, name, nil)
	c.refused(err, http.StatusNotFound, "CertificateIssuerNotFound")
}

func (c *customer) setsContacts(ctx context.Context) {
	if _, err := c.SetContacts(ctx, azcertificates.Contacts{ContactList: []*azcertificates.Contact{{Email: new("one@localhost"), Name: new("One")}}}, nil); err != nil {
		c.t.Error(err)
	}
	if got, err := c.GetContacts(ctx, nil); err != nil || len(got.ContactList) != 1 || *got.ContactList[0].Email != "one@localhost" {
		c.t.Errorf("%v, %+v", err, got)
	}
	if _, err := c.DeleteContacts(ctx, nil); err != nil {
		c.t.Error(err)
	}
	_, err := c.GetContacts(ctx, nil)
	c.refused(err, http.StatusNotFound, "ContactsNotFound")
}

// backsUp: a backup can't be had here, and the answer says so rather than
// giving one that no vault would restore.
func (c *customer) backsUp(ctx context.Context) {
	_, err := c.BackupCertificate(ctx, "sdk-other", nil)
	c.refused(err, http.StatusNotImplemented, "NotImplemented")
	_, err = c.RestoreCertificate(ctx, azcertificates.RestoreCertificateParameters{CertificateBackup: []byte("x")}, nil)
	c.refused(err, http.StatusNotImplemented, "NotImplemented")
}
