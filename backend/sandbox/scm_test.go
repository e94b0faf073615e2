package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/backend/sandbox/scmserver"
)

// ask sends a request to the SCM account with its password headers.
func ask(t *testing.T, s *Sandbox, method, path, body string) (*http.Response, []byte) {
	t.Helper()
	a := s.Access().SCM
	req, err := http.NewRequestWithContext(t.Context(), method, a.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("login", a.Login)
	req.Header.Set("password", a.Password)
	req.Header.Set("customerUri", a.CustomerURI)
	res, err := httpClient(t, s).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, data
}

// statuses counts the account's orders by status.
func statuses(t *testing.T, s *Sandbox) map[scmserver.Status]int {
	t.Helper()
	orders, err := s.SCM().Orders()
	if err != nil {
		t.Fatal(err)
	}
	n := map[scmserver.Status]int{}
	for _, o := range orders {
		n[o.Status]++
	}
	return n
}

func TestSeedFillsTheSCMAccount(t *testing.T) {
	dir := t.TempDir()
	base := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s := start(t, Options{Dir: dir, Now: func() time.Time { return base }})
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := statuses(t, s)
	for _, status := range []scmserver.Status{
		scmserver.StatusInit, scmserver.StatusRequested, scmserver.StatusSAApproved, scmserver.StatusApproved, scmserver.StatusApplied, scmserver.StatusIssued,
		scmserver.StatusDeclined, scmserver.StatusRejected, scmserver.StatusInvalid, scmserver.StatusRevoked, scmserver.StatusExpired, scmserver.StatusReplaced,
	} {
		if n[status] == 0 {
			t.Errorf("no order is %s", status)
		}
	}
	res, body := ask(t, s, http.MethodGet, "/ssl/v1?size=200", "")
	var rows []map[string]any
	if err := json.Unmarshal(body, &rows); err != nil || res.StatusCode != http.StatusOK || len(rows) < 25 {
		t.Fatalf("%d, %d rows, %v", res.StatusCode, len(rows), err)
	}
	before := s.Access().SCM
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := start(t, Options{Dir: dir, Now: func() time.Time { return base }})
	if err := again.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := again.Access().SCM; after.Password != before.Password || after.ClientSecret != before.ClientSecret {
		t.Error("the account's secrets are others now")
	}
	if _, same := ask(t, again, http.MethodGet, "/ssl/v1?size=200", ""); !bytes.Equal(same, body) {
		t.Error("the account holds something else now")
	}
}

func TestSCMStateIsPrivate(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(filepath.Join(dir, "scm"), func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %s", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTokenFromTheSCMAccount(t *testing.T) {
	s := start(t, Options{})
	a := s.Access().SCM
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {a.ClientID}, "client_secret": {a.ClientSecret}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := httpClient(t, s).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&token); err != nil || token.AccessToken == "" {
		t.Fatalf("%d %v", res.StatusCode, err)
	}
	req, err = http.NewRequestWithContext(t.Context(), http.MethodGet, a.URL+"/admin/v1/password", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token.AccessToken)
	res, err = httpClient(t, s).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Error(res.Status)
	}
}

// TestSCMSwitchesOverHTTP drives the account as the finished program's tests
// do: everything over the sandbox's own paths.
func TestSCMSwitchesOverHTTP(t *testing.T) {
	base := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s := start(t, Options{Now: func() time.Time { return base }})
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if status, answer := admin(t, s, http.MethodPost, scmPath+"/faults", `{"kind":"refuse","status":429,"retry_after":"5","operation":"ListCertificates","times":1}`); status != http.StatusOK {
		t.Fatal(status, answer)
	}
	if res, _ := ask(t, s, http.MethodGet, "/ssl/v1", ""); res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "5" {
		t.Errorf("%s %v", res.Status, res.Header)
	}
	if res, _ := ask(t, s, http.MethodGet, "/ssl/v1", ""); res.StatusCode != http.StatusOK {
		t.Error(res.Status)
	}
	if _, answer := admin(t, s, http.MethodGet, scmPath+"/calls", ""); len(answer["calls"].([]any)) != 2 {
		t.Errorf("%v", answer)
	}
	if _, answer := admin(t, s, http.MethodGet, callsPath, ""); len(answer["calls"].([]any)) != 0 {
		t.Errorf("the vault counts what SCM was asked: %v", answer)
	}
	if status, answer := admin(t, s, http.MethodPut, scmPath+"/settings", `{"listing_delay":"10m","denied":["sslApprove"]}`); status != http.StatusOK || answer["listing_delay"] != "10m0s" {
		t.Errorf("%d %v", status, answer)
	}
	for _, bad := range []string{`{"listing_delay":"-1m"}`, `{"listing":"1m"}`, `[]`} {
		if status, _ := admin(t, s, http.MethodPut, scmPath+"/settings", bad); status != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, status)
		}
	}
	if got := s.SCM().Settings(); got.ListingDelay != 10*time.Minute || len(got.Denied) != 1 {
		t.Errorf("%+v", got)
	}
	_, answer := admin(t, s, http.MethodGet, scmPath+"/orders?reference=certty:none", "")
	if n := answer["enrolled"].(map[string]any)["certty:none"]; n != 0.0 {
		t.Errorf("%v", n)
	}
	var waiting string
	for _, o := range answer["orders"].([]any) {
		if o := o.(map[string]any); o["common_name"] == "checkout.example.com" {
			waiting = strings.TrimSuffix(strings.TrimSpace(jsonOf(t, o["id"])), ".0")
		}
	}
	if status, _ := admin(t, s, http.MethodPost, scmPath+"/orders/"+waiting+"/approve", ""); status != http.StatusOK {
		t.Errorf("approve %s: %d", waiting, status)
	}
	for _, path := range []string{"/orders/" + waiting + "/approve", "/orders/x/decline", "/orders/1/decline", "/publish/nobody.example"} {
		if status, _ := admin(t, s, http.MethodPost, scmPath+path, ""); status != http.StatusBadRequest {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status, _ := admin(t, s, http.MethodPost, scmPath+"/publish/landing.example.net", ""); status != http.StatusOK {
		t.Errorf("publish: %d", status)
	}
	if status, _ := admin(t, s, http.MethodPut, clockPath, `{"advance":"2h"}`); status != http.StatusOK {
		t.Error(status)
	}
	for _, o := range must(s.SCM().Orders()) {
		if o.CommonName == "checkout.example.com" || o.CommonName == "landing.example.net" {
			if o.Status != scmserver.StatusIssued {
				t.Errorf("%s is %s", o.CommonName, o.Status)
			}
		}
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func must(orders []scmserver.Order, err error) []scmserver.Order {
	if err != nil {
		panic(err)
	}
	return orders
}
