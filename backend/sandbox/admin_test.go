package sandbox

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"certty/backend/sandbox/vaultserver"
)

// admin sends a request with the token of [Access].
func admin(t *testing.T, s *Sandbox, method, path, body string) (int, map[string]any) {
	t.Helper()
	res, text := do(t, s, method, path, []byte(body), "Authorization", "Bearer "+s.Access().AccessToken)
	var answer map[string]any
	if res.StatusCode == http.StatusOK {
		if err := json.Unmarshal([]byte(text), &answer); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return res.StatusCode, answer
}

func TestAdminWantsAToken(t *testing.T) {
	s := start(t, Options{})
	for _, request := range [][2]string{{"GET", clockPath}, {"PUT", clockPath}, {"GET", faultsPath}, {"POST", faultsPath}, {"DELETE", faultsPath}, {"GET", callsPath}} {
		for _, token := range []string{"", "Bearer x", "Basic " + s.Access().AccessToken} {
			if res, body := do(t, s, request[0], request[1], []byte(`{"offset":"1h"}`), "Authorization", token); res.StatusCode != http.StatusUnauthorized {
				t.Errorf("%v with %q: %d %s", request, token, res.StatusCode, body)
			}
		}
	}
	if s.Clock().Offset() != 0 {
		t.Error("somebody without a token moved the clock")
	}
}

// What is switched before the stored state is loaded would be undone by it.
func TestAdminWaitsForTheStoredState(t *testing.T) {
	s := start(t, Options{})
	<-s.loaded
	loaded := s.loaded
	s.loaded = make(chan struct{})
	defer func() { s.loaded = loaded }()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(gone, http.MethodPut, "https://127.0.0.1"+scmPath+"/settings", strings.NewReader(`{"listing_delay":"10m"}`))
	r.Header.Set("Authorization", "Bearer "+s.Access().AccessToken)
	s.handler(s.scm).ServeHTTP(httptest.NewRecorder(), r)
	if got := s.SCM().Settings().ListingDelay; got != 0 {
		t.Errorf("the listing delay is %s", got)
	}
}

func TestMoveClock(t *testing.T) {
	base := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s := start(t, Options{Now: func() time.Time { return base }})
	for _, step := range []struct {
		body   string
		status int
		now    time.Time
	}{
		{`{"offset":"72h"}`, 200, base.Add(72 * time.Hour)},
		{`{"advance":"1h30m"}`, 200, base.Add(73*time.Hour + 30*time.Minute)},
		{`{"now":"2027-01-01T00:00:00+01:00"}`, 200, time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC)},
		{`{"advance":"-1h"}`, 200, time.Date(2026, 12, 31, 22, 0, 0, 0, time.UTC)},
		{`{}`, 400, time.Time{}}, {`{"offset":"1h","advance":"1h"}`, 400, time.Time{}}, {`{"ofset":"1h"}`, 400, time.Time{}}, {`{"offset":5}`, 400, time.Time{}},
		{`{"offset":"soon"}`, 400, time.Time{}}, {`{"offset":"1h"} {}`, 400, time.Time{}}, {`{"offset":"2000000h"}`, 400, time.Time{}}, {``, 400, time.Time{}},
		{`{"offset":"0s"}`, 200, base},
	} {
		status, answer := admin(t, s, http.MethodPut, clockPath, step.body)
		if status != step.status || status == 200 && answer["now"] != step.now.Format(time.RFC3339) {
			t.Errorf("%s: %d %v", step.body, status, answer)
		}
		if _, answer := admin(t, s, http.MethodGet, clockPath, ""); status == 200 && answer["now"] != step.now.Format(time.RFC3339) {
			t.Errorf("%s: it is then %v", step.body, answer)
		}
	}
}

// A moved clock moves requests and dates, and neither tokens nor TLS.
func TestClockMovesTheVaultAlone(t *testing.T) {
	s := start(t, Options{})
	client := sdk(t, s, "")
	if _, err := client.CreateCertificate(t.Context(), "shop", parameters(vaultserver.IssuerSlow, "CN=a"), nil); err != nil {
		t.Fatal(err)
	}
	if status, _ := admin(t, s, http.MethodPut, clockPath, `{"advance":"8760h"}`); status != http.StatusOK {
		t.Fatal(status)
	}
	op, err := client.GetCertificateOperation(t.Context(), "shop", nil)
	if err != nil || *op.Status != "completed" {
		t.Errorf("a year later: %v, %v", op.Status, err)
	}
	if status, _ := admin(t, s, http.MethodPut, clockPath, `{"offset":"-8760h"}`); status != http.StatusOK {
		t.Errorf("the token did not outlive the year: %d", status)
	}
	if _, err := sdk(t, s, "").GetCertificate(t.Context(), "shop", "", nil); err != nil {
		t.Errorf("a new token of a year ago: %v", err)
	}
}

func TestFaultsOverHTTP(t *testing.T) {
	s := start(t, Options{})
	const fault = `{"kind":"refuse","operation":"GetCertificates","times":2,"status":429,"retry_after":"3","latency":"1ms"}`
	status, answer := admin(t, s, http.MethodPost, faultsPath, fault)
	if status != http.StatusOK || len(answer["faults"].([]any)) != 1 {
		t.Fatalf("%d %v", status, answer)
	}
	list := func() (int, string) {
		res, body := do(t, s, http.MethodGet, "/certificates?api-version=7.5", nil, "Authorization", "Bearer "+s.Access().AccessToken)
		return res.StatusCode, res.Header.Get("Retry-After") + body
	}
	if status, text := list(); status != http.StatusTooManyRequests || !strings.HasPrefix(text, "3{") {
		t.Errorf("%d %s", status, text)
	}
	_, answer = admin(t, s, http.MethodGet, faultsPath, "")
	left := answer["faults"].([]any)[0].(map[string]any)
	if left["times"] != 1.0 || left["latency"] != "1ms" || left["kind"] != "refuse" {
		t.Errorf("left: %v", left)
	}
	if status, answer := admin(t, s, http.MethodDelete, faultsPath, ""); status != http.StatusOK || len(answer["faults"].([]any)) != 0 {
		t.Errorf("%d %v", status, answer)
	}
	if status, text := list(); status != http.StatusOK {
		t.Errorf("%d %s", status, text)
	}
	for _, body := range []string{`{}`, `{"kind":"flood"}`, `{"kind":"slow","operation":"Nothing"}`, `{"kind":"slow","latncy":"1s"}`, `{"kind":"slow","latency":1}`, `{"kind":"refuse","status":99}`} {
		if status, _ := admin(t, s, http.MethodPost, faultsPath, body); status != http.StatusBadRequest {
			t.Errorf("%s: %d", body, status)
		}
	}
	_, answer = admin(t, s, http.MethodGet, callsPath, "")
	calls, err := json.Marshal(answer["calls"])
	if err != nil || !strings.Contains(string(calls), `{"method":"GET","operation":"GetCertificates","status":429,"times":1}`) {
		t.Errorf("calls %s, %v", calls, err)
	}
}

// TestEveryFaultOnTheWire: each kind, as Microsoft's client meets it over TLS.
func TestEveryFaultOnTheWire(t *testing.T) {
	s := start(t, Options{})
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	client := sdk(t, s, "")
	for _, kind := range []vaultserver.FaultKind{vaultserver.ResetBefore, vaultserver.ResetAfter, vaultserver.Refuse, vaultserver.HTML, vaultserver.TruncatedJSON, vaultserver.Unauthorized} {
		if err := s.Vault().Inject(vaultserver.Fault{Kind: kind, Operation: "GetCertificateOperation"}); err != nil {
			t.Fatal(err)
		}
		if _, err := client.GetCertificateOperation(t.Context(), "mail-relay", nil); err == nil {
			t.Errorf("%s: the client saw nothing", kind)
		}
		s.Vault().ClearFaults()
		if _, err := client.GetCertificateOperation(t.Context(), "mail-relay", nil); err != nil {
			t.Errorf("after %s: %v", kind, err)
		}
	}
}
