package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestKindsHaveUses: a kind that is missing in the table would take nothing.
func TestKindsHaveUses(t *testing.T) {
	kinds := append(CredentialKinds(KindVault), CredentialKinds(KindSCM)...)
	for _, kind := range kinds {
		if _, ok := credentialUses[kind]; !ok {
			t.Errorf("%s is not in the table of what it uses", kind)
		}
	}
	if len(credentialUses) != len(kinds) {
		t.Errorf("%d kinds have uses, %d exist", len(credentialUses), len(kinds))
	}
	if used, needed := CredentialClientCertificate.Uses("certificate"); !used || !needed {
		t.Errorf("client-certificate and its certificate: used %t, needed %t", used, needed)
	}
	if used, needed := CredentialManagedIdentity.Uses("client_id"); !used || needed {
		t.Errorf("managed-identity and client_id: used %t, needed %t", used, needed)
	}
}

func TestReadCertificate(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "app.pfx")
	if err := os.WriteFile(file, []byte("\x30\x82binary\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("E_PASSWORD", "hunter2")
	c := Credential{Certificate: file, Password: Secret{Env: "E_PASSWORD"}}
	data, password, err := c.ReadCertificate(t.Context())
	if err != nil || string(data) != "\x30\x82binary\n" || password != "hunter2" {
		t.Errorf("read %q %q, %v", data, password, err)
	}
	c.Password = Secret{}
	if _, password, err = c.ReadCertificate(t.Context()); err != nil || password != "" {
		t.Errorf("without a password: %q, %v", password, err)
	}
	c.Password = Secret{Env: "E_NOT_SET"}
	if _, _, err = c.ReadCertificate(t.Context()); err == nil || !strings.Contains(err.Error(), "E_NOT_SET: it is not set") {
		t.Errorf("a password that is nowhere: %v", err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err = c.ReadCertificate(t.Context()); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a private key that others can read: %v", err)
	}
	if _, _, err = (Credential{}).ReadCertificate(t.Context()); err == nil {
		t.Error("no certificate was read")
	}
}
