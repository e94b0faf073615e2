package vault

import (
	"context"
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	tests := map[string]struct {
		url, base, wrong string
		loopback         bool
		authority        string
	}{
		"public":             {url: "https://kv-prod.vault.azure.net", base: "https://kv-prod.vault.azure.net", authority: "login.microsoftonline.com"},
		"slash and case":     {url: "https://KV-Prod.Vault.Azure.Net/", base: "https://kv-prod.vault.azure.net", authority: "login.microsoftonline.com"},
		"default port":       {url: "https://kv-prod.vault.azure.net:443/", base: "https://kv-prod.vault.azure.net", authority: "login.microsoftonline.com"},
		"China":              {url: "https://kv-prod.vault.azure.cn", base: "https://kv-prod.vault.azure.cn", authority: "login.chinacloudapi.cn"},
		"US government":      {url: "https://kv-prod.vault.usgovcloudapi.net", base: "https://kv-prod.vault.usgovcloudapi.net", authority: "login.microsoftonline.us"},
		"loopback":           {url: "https://127.0.0.1:8443", base: "https://127.0.0.1:8443", loopback: true},
		"loopback IPv6":      {url: "https://[::1]:8443", base: "https://[::1]:8443", loopback: true},
		"localhost":          {url: "https://localhost:8443", base: "https://localhost:8443", loopback: true},
		"not loopback":       {url: "https://127.0.0.1.example.com", base: "https://127.0.0.1.example.com"},
		"nor this":           {url: "https://localhost.example.com", base: "https://localhost.example.com"},
		"Managed HSM":        {url: "https://hsm1.managedhsm.azure.net", wrong: "Managed HSM"},
		"Managed HSM, China": {url: "https://HSM1.ManagedHSM.azure.cn/", wrong: "Managed HSM"},
		"http":               {url: "http://kv-prod.vault.azure.net", wrong: "https://"},
		"no scheme":          {url: "kv-prod.vault.azure.net", wrong: "https://"},
		"path":               {url: "https://kv-prod.vault.azure.net/certificates", wrong: "must end after the host"},
		"query":              {url: "https://kv-prod.vault.azure.net?x=1", wrong: "must end after the host"},
		"fragment":           {url: "https://kv-prod.vault.azure.net#x", wrong: "must end after the host"},
		"password":           {url: "https://me:hunter2@kv-prod.vault.azure.net", wrong: "user or a password"},
		"no host":            {url: "https://", wrong: "no host"},
		"port only":          {url: "https://:443", wrong: "no host"},
		"short name":         {url: "https://kv.vault.azure.net", wrong: "can't be a vault's name"},
		"two labels":         {url: "https://a.bcd.vault.azure.net", wrong: "can't be a vault's name"},
		"control character":  {url: "https://kv\x1b.vault.azure.net", wrong: "not a URL"},
		"empty":              {url: "", wrong: "https://"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			a, err := parseAddress(tc.url)
			if tc.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), tc.wrong) {
					t.Fatalf("error %v, want one with %q", err, tc.wrong)
				}
				if strings.Contains(err.Error(), "hunter2") {
					t.Errorf("the error tells the password: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if a.base != tc.base || a.loopback != tc.loopback {
				t.Errorf("got %+v, want base %s and loopback %v", a, tc.base, tc.loopback)
			}
			if !strings.Contains(a.cloud.ActiveDirectoryAuthorityHost, tc.authority) || (tc.authority == "") != (a.cloud.ActiveDirectoryAuthorityHost == "") {
				t.Errorf("authority %q, want %q", a.cloud.ActiveDirectoryAuthorityHost, tc.authority)
			}
		})
	}
}

func TestNewChecksOptions(t *testing.T) {
	secret := Credential{Kind: CredentialClientSecret, TenantID: tenant, ClientID: "c", Secret: noSecret}
	tests := map[string]struct {
		change func(*Options)
		wrong  string
	}{
		"fine":               {func(*Options) {}, ""},
		"no name":            {func(o *Options) { o.Name = "" }, "name"},
		"bad URL":            {func(o *Options) { o.URL = "http://x" }, "target kv: vault URL"},
		"unknown credential": {func(o *Options) { o.Credential.Kind = "password" }, `kind "password"`},
		"secret":             {func(o *Options) { o.Credential = secret }, ""},
		"secret, no tenant":  {func(o *Options) { o.Credential = secret; o.Credential.TenantID = "" }, "tenant"},
		"secret, no client":  {func(o *Options) { o.Credential = secret; o.Credential.ClientID = "" }, "client id"},
		"secret, no secret":  {func(o *Options) { o.Credential = secret; o.Credential.Secret = nil }, "needs a secret"},
		"certificate": {func(o *Options) {
			o.Credential = secret
			o.Credential.Kind, o.Credential.Certificate = CredentialClientCertificate, func(context.Context) ([]byte, string, error) { return nil, "", nil }
		}, ""},
		"no certificate":      {func(o *Options) { o.Credential = secret; o.Credential.Kind = CredentialClientCertificate }, "needs a certificate"},
		"certificate, no app": {func(o *Options) { o.Credential = Credential{Kind: CredentialClientCertificate, TenantID: tenant} }, "client id"},
		"nobody to prompt":    {func(o *Options) { o.Credential.Kind = CredentialDeviceCode }, "shown the code"},
		"managed identity":    {func(o *Options) { o.Credential.Kind = CredentialManagedIdentity }, ""},
		"workload identity":   {func(o *Options) { o.Credential.Kind = CredentialWorkloadIdentity }, ""},
		"verb override":       {func(o *Options) { o.VerbOverride = "X-HTTP-METHOD" }, ""},
		"two headers in one":  {func(o *Options) { o.VerbOverride = "X-HTTP-METHOD: GET\r\nX" }, "verb override"},
		"http authority":      {func(o *Options) { o.Credential.Authority = "http://login.example" }, "authority"},
		"authority's path":    {func(o *Options) { o.Credential.Authority = "https://login.example/tenant" }, "authority"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			o := Options{Name: "kv", URL: "https://kv-prod.vault.azure.net"}
			tc.change(&o)
			_, err := New(o)
			if (err == nil) != (tc.wrong == "") || err != nil && !strings.Contains(err.Error(), tc.wrong) {
				t.Errorf("error %v, want %q", err, tc.wrong)
			}
		})
	}
}
