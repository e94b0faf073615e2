package vaultserver

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestCommonHeaders(t *testing.T) {
	b := newBench(t)
	for _, path := range []string{"/certificates", "/certificates/none"} {
		res := b.request(http.MethodGet, path+version74, "", "x-ms-client-request-id", "mine")
		for _, name := range []string{"x-ms-request-id", "x-ms-keyvault-service-version", "x-ms-keyvault-region", "x-ms-keyvault-network-info"} {
			if res.header.Get(name) == "" {
				t.Errorf("%s: no %s", path, name)
			}
		}
		if res.header.Get("x-ms-client-request-id") != "mine" || res.header.Get("Cache-Control") != "no-cache" ||
			res.header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%s: %v", path, res.header)
		}
	}
}

func TestAPIVersionIsMandatory(t *testing.T) {
	b := newBench(t)
	b.request(http.MethodGet, "/certificates", "").wantError(http.StatusBadRequest, "BadParameter", "api-version must be specified")
	b.request(http.MethodGet, "/certificates?api-version=latest", "").wantError(http.StatusBadRequest, "BadParameter",
		"The specified version (latest) is not recognized. Consider using the latest supported version (2025-07-01).")
	for _, version := range []string{"2016-10-01", "7.0", "7.3-preview", "7.4-preview.1", "7.6", "2025-07-01", "2026-04-01"} {
		b.request(http.MethodGet, "/certificates?api-version="+version, "").want(http.StatusOK)
	}
}

func TestVerbOverride(t *testing.T) {
	for _, header := range []string{"X-HTTP-METHOD", "X-HTTP-REQUEST"} {
		b := newBench(t)
		b.create("shop", "Unknown")
		got := b.request(http.MethodPost, "/certificates/shop/pending"+version74, cancel, header, "PATCH").want(http.StatusOK)
		if got.at("cancellation_requested") != true {
			t.Errorf("%s: %s", header, got.text)
		}
		b.request(http.MethodPost, "/certificates/shop/pending"+version74, "{}", header, "DELETE").want(http.StatusBadRequest)
		b.request(http.MethodPost, "/certificates/shop/pending"+version74, "", header, "DELETE").want(http.StatusOK)
		b.get("/certificates/shop/pending").want(http.StatusNotFound)
		b.request(http.MethodPost, "/certificates/shop/pending"+version74, "", header, "TRACE").want(http.StatusBadRequest)
		if n := b.Calls()[Call{http.MethodPost, "DeleteCertificateOperation", http.StatusOK}]; n != 1 {
			t.Errorf("%s: counted %v", header, b.Calls())
		}
	}
	// On another verb the header means nothing.
	b := newBench(t)
	b.create("shop", "Unknown")
	b.request(http.MethodGet, "/certificates/shop/pending"+version74, "", "X-HTTP-METHOD", "DELETE").want(http.StatusOK)
	b.get("/certificates/shop/pending").want(http.StatusOK)
}

func TestRoutes(t *testing.T) {
	b := newBench(t)
	b.create("shop", "Self")
	b.create("pending", "Self") // a word of the protocol can be a name
	b.clock.advance(time.Minute)
	tests := []struct {
		method, path string
		status       int
		code         string
	}{
		{http.MethodGet, "/certificates/SHOP", 200, ""},
		{http.MethodGet, "/certificates/pending", 200, ""},
		{http.MethodGet, "/certificates/pending/pending", 200, ""},
		{http.MethodGet, "/certificates/shop/0123", 404, "CertificateNotFound"},
		{http.MethodGet, "/certificates/none/policy", 404, "CertificateNotFound"},
		{http.MethodGet, "/certificates/a_b", 400, "BadParameter"},
		{http.MethodGet, "/certificates/" + strings.Repeat("x", 128), 400, "BadParameter"},
		{http.MethodGet, "/certificates/a%2Fb", 400, "BadParameter"},
		{http.MethodGet, "/secrets/shop", 404, "ResourceNotFound"},
		{http.MethodGet, "/", 404, "ResourceNotFound"},
		{http.MethodGet, "/certificates/shop/pending/merge/x", 404, "ResourceNotFound"},
		{http.MethodPut, "/certificates/shop/pending", 405, "MethodNotAllowed"},
		{http.MethodGet, "/certificates/shop/create", 405, "MethodNotAllowed"},
		{http.MethodGet, "/certificates/issuers/" + IssuerSlow, 200, ""},
		{http.MethodGet, "/certificates/issuers/none", 404, "CertificateIssuerNotFound"},
		{http.MethodGet, "/certificates/contacts", 404, "ContactsNotFound"},
		{http.MethodPost, "/certificates/restore", 501, "NotImplemented"},
		{http.MethodPost, "/certificates/shop/backup", 501, "NotImplemented"},
	}
	for _, tt := range tests {
		got := b.send(tt.method, tt.path, "")
		if code, _ := got.at("error", "code").(string); got.status != tt.status || code != tt.code {
			t.Errorf("%s %s: %d %s", tt.method, tt.path, got.status, got.text)
		}
	}
	b.get("/certificates/none").wantError(http.StatusNotFound, "CertificateNotFound",
		"A certificate with (name/id) none was not found in this key vault. If you recently deleted this certificate you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182")
	b.send(http.MethodPost, "/certificates/shop/create", strings.Repeat(" ", maxBody+1)).want(http.StatusRequestEntityTooLarge)
}

func TestIssuersAreListed(t *testing.T) {
	b := newBench(t)
	got := b.get("/certificates/issuers").want(http.StatusOK)
	for i, want := range []struct{ name, provider string }{
		{IssuerBroken, "GlobalSign"}, {IssuerContoso, "Test"}, {IssuerDigiCert, "DigiCert"}, {IssuerSlow, "GlobalSign"}, {IssuerStrict, "DigiCert"},
	} {
		if got.at("value", i, "id") != "https://"+host+"/certificates/issuers/"+want.name || got.at("value", i, "provider") != want.provider {
			t.Errorf("item %d: %v", i, got.at("value", i))
		}
	}
	if strings.Contains(b.get("/certificates/issuers/"+IssuerContoso).want(http.StatusOK).text, "pwd") {
		t.Error("an issuer's password is answered")
	}
}

func TestCalls(t *testing.T) {
	b := newBench(t)
	b.get("/certificates")
	b.get("/certificates/none/pending")
	b.tokenRequest(b.identity.TenantID, nil)
	for call, n := range b.Calls() {
		if call.Changes() || n != 1 {
			t.Errorf("%+v: %d", call, n)
		}
	}
	b.create("shop", "Unknown")
	if call := (Call{http.MethodPost, "CreateCertificate", http.StatusAccepted}); !call.Changes() || b.Calls()[call] != 1 {
		t.Errorf("counted %v", b.Calls())
	}
}
