package vaultserver

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestChallenge(t *testing.T) {
	b := newBench(t)
	want := `Bearer authorization="https://` + host + "/" + b.identity.TenantID + `", resource="https://vault.azure.net"`
	good := b.Token(time.Hour)
	body, signature := good[:strings.LastIndexByte(good, '.')], good[strings.LastIndexByte(good, '.'):]
	unsigned := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + body[strings.IndexByte(body, '.'):] + "."
	tests := []struct{ name, header, message string }{
		{"none", "", "AKV10000: Request is missing a Bearer or PoP token."},
		{"other scheme", "Basic dTpw", "AKV10000: Request is missing a Bearer or PoP token."},
		{"empty", "Bearer ", "AKV10000: Request is missing a Bearer or PoP token."},
		{"expired", "Bearer " + b.Token(-time.Second), "[TokenExpired] Error validating token: 'S2S12086'."},
		{"garbage", "Bearer abc", "AKV10046: Unable to resolve the key used for signature validation."},
		{"tampered", "Bearer " + body + "x" + signature, "AKV10046: Unable to resolve the key used for signature validation."},
		{"unsigned", "Bearer " + unsigned, "AKV10046: Unable to resolve the key used for signature validation."},
		{"audience", "Bearer " + b.identity.sign(claims{Audience: "https://graph.microsoft.com", Issuer: tokenIssuer(b.identity.TenantID), Expires: noon.Add(time.Hour).Unix()}),
			"AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://graph.microsoft.com."},
		{"tenant", "Bearer " + b.identity.sign(claims{Audience: resource, Issuer: tokenIssuer("other"), Expires: noon.Add(time.Hour).Unix()}),
			"AKV10032: Invalid issuer. Expected one of https://sts.windows.net/" + b.identity.TenantID + "/, found https://sts.windows.net/other/."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res := b.request(http.MethodPost, "/certificates/shop/create"+version74, "", "Authorization", tt.header)
			res.wantError(http.StatusUnauthorized, "Unauthorized", tt.message)
			if got := res.header.Get("WWW-Authenticate"); got != want {
				t.Errorf("challenge %s\nwant      %s", got, want)
			}
		})
	}
	for call := range b.Calls() {
		if call.Changes() {
			t.Errorf("%+v counts as a change", call)
		}
	}
}

func (b *bench) tokenRequest(tenant string, change func(url.Values)) *response {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {b.identity.ClientID},
		"client_secret": {b.identity.ClientSecret}, "scope": {"https://vault.azure.net/.default openid offline_access profile"}}
	if change != nil {
		change(form)
	}
	return b.request(http.MethodPost, "/"+tenant+"/oauth2/v2.0/token", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Authorization", "")
}

func TestTokenLivesAnHour(t *testing.T) {
	b := newBench(t)
	res := b.tokenRequest(b.identity.TenantID, nil).want(http.StatusOK)
	if res.at("token_type") != "Bearer" || res.at("expires_in") != 3599.0 {
		t.Errorf("answer %s", res.text)
	}
	read := func() *response {
		return b.request(http.MethodGet, "/certificates"+version74, "", "Authorization", "Bearer "+res.string("access_token"))
	}
	read().want(http.StatusOK)
	b.clock.advance(time.Hour)
	read().want(http.StatusUnauthorized)
}

func TestTokenErrors(t *testing.T) {
	b := newBench(t)
	tests := []struct {
		name   string
		tenant string
		change func(url.Values)
		status int
		error  string
		code   string
	}{
		{"wrong secret", "", func(v url.Values) { v.Set("client_secret", "guess") }, 401, "invalid_client", "AADSTS7000215:"},
		{"no secret", "", func(v url.Values) { v.Del("client_secret") }, 401, "invalid_client", "AADSTS7000216:"},
		{"other client", "", func(v url.Values) { v.Set("client_id", "other") }, 400, "unauthorized_client", "AADSTS700016:"},
		{"other tenant", "contoso", nil, 400, "invalid_request", "AADSTS90002:"},
		{"other grant", "", func(v url.Values) { v.Set("grant_type", "password") }, 400, "unsupported_grant_type", "AADSTS70003:"},
		{"other scope", "", func(v url.Values) { v.Set("scope", "https://graph.microsoft.com/.default") }, 400, "invalid_scope", "AADSTS1002012:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tenant := tt.tenant
			if tenant == "" {
				tenant = b.identity.TenantID
			}
			res := b.tokenRequest(tenant, tt.change).want(tt.status)
			if res.at("error") != tt.error || !strings.HasPrefix(res.string("error_description"), tt.code) {
				t.Errorf("answer %s", res.text)
			}
			if strings.Contains(res.text, b.identity.ClientSecret) {
				t.Error("the answer holds the secret")
			}
		})
	}
}

func TestDiscovery(t *testing.T) {
	b := newBench(t)
	res := b.request(http.MethodGet, "/"+b.identity.TenantID+"/v2.0/.well-known/openid-configuration", "", "Authorization", "").want(http.StatusOK)
	if got, want := res.string("token_endpoint"), "https://"+host+"/"+b.identity.TenantID+"/oauth2/v2.0/token"; got != want {
		t.Errorf("token endpoint %s, want %s", got, want)
	}
	b.request(http.MethodGet, "/other/v2.0/.well-known/openid-configuration", "").want(http.StatusBadRequest)
	b.request(http.MethodGet, "/"+b.identity.TenantID+"/oauth2/v2.0/token", "").want(http.StatusMethodNotAllowed)
}
