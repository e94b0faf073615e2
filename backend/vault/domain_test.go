package vault

import (
	"net/http"
	"strings"
	"testing"

	"certty/backend"
)

// at serves the vault under a name of the public cloud: calls for the vault go
// to the test's server whatever their host.
func (s *service) at(t *testing.T, address string) *Vault {
	t.Helper()
	return s.vault(t, func(o *Options) {
		o.URL = address
		o.Wrap = func(next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(r *http.Request) (*http.Response, error) {
				r = r.Clone(r.Context())
				r.URL.Host = strings.TrimPrefix(s.URL, "https://")
				return next.RoundTrip(r)
			})
		}
	})
}

func TestChallengeOfAnotherDomainIsRefused(t *testing.T) {
	s := newService(t)
	s.on("/", answering(200, operation(nil)))
	_, err := s.at(t, "https://vault.example.com").Read(t.Context(), webRequest())
	if e := fails(t, err, backend.KindAuth); !strings.Contains(e.Message, "doesn't match") {
		t.Errorf("message %q", e.Message)
	}
	if s.tokens != 0 || len(s.seen()) != 0 {
		t.Errorf("%d tokens were asked for and sent in %v", s.tokens, s.seen())
	}
}

// TestLinkWithDefaultPort follows the link as the service writes it, with :443
// and without includePending.
func TestLinkWithDefaultPort(t *testing.T) {
	s := newService(t)
	const link = "https://KV-test.vault.azure.net:443/certificates?api-version=7.4&$skiptoken=eyJOZXh0%2BA==&maxresults=25"
	var second string
	s.on("GET /certificates", func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.RawQuery, "skiptoken") {
			writeJSON(w, 200, `{"value":[],"nextLink":"`+link+`"}`)
			return
		}
		second = r.Host + " " + r.URL.RawQuery
		writeJSON(w, 200, `{"value":[`+listItem("a", "")+`]}`)
	})
	items, _, err := collect(t, s.at(t, "https://kv-test.vault.azure.net/"))
	if err != nil || len(items) != 1 {
		t.Fatalf("%d items, error %v", len(items), err)
	}
	_, query, _ := strings.Cut(link, "?")
	if want := "kv-test.vault.azure.net " + query; second != want {
		t.Errorf("the second call was %q, want %q", second, want)
	}
}

func TestAuthorityFollowsTheCloud(t *testing.T) {
	tests := map[string]struct {
		url, authority, want string
		trusted              bool
	}{
		// Left open for AZURE_AUTHORITY_HOST.
		"public":            {"https://kv-test.vault.azure.net", "", "", false},
		"unknown domain":    {"https://kv.example.com", "", "", false},
		"China":             {"https://kv-test.vault.azure.cn", "", "https://login.chinacloudapi.cn/", false},
		"US government":     {"https://kv-test.vault.usgovcloudapi.net", "", "https://login.microsoftonline.us/", false},
		"set":               {"https://kv-test.vault.azure.cn", "https://login.microsoftonline.com", "https://login.microsoftonline.com/", false},
		"set, of one's own": {"https://kv-test.vault.azure.net", "https://127.0.0.1:18443/", "https://127.0.0.1:18443/", true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			addr, err := parseAddress(tc.url)
			if err != nil {
				t.Fatal(err)
			}
			c, err := newCredential(Options{Credential: Credential{Authority: tc.authority}}, addr)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.options.Cloud.ActiveDirectoryAuthorityHost; got != tc.want || c.trusted != tc.trusted {
				t.Errorf("authority %q, trusted %v; want %q, %v", got, c.trusted, tc.want, tc.trusted)
			}
		})
	}
}
