package scmserver

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestStateOutlivesTheServer(t *testing.T) {
	dir := t.TempDir()
	in := func(o *Options) { o.Dir = dir }
	first := start(t, in)
	id := first.issued()
	first.expect(204, 0, http.MethodPost, "/api/ssl/v1/replace/"+itoa(id), members{"csr": csrFor(t, newKey(t), "www.example.com"), "reason": "x"})
	waiting := first.order(set("certType", perOrder), set("dcvMode", "TXT"))
	first.SetSettings(Settings{ListingDelay: time.Second, Denied: []Privilege{SSLRevoke}})
	first.expect(204, 0, http.MethodPost, "/api/admin/v1/changepassword", members{"newPassword": "Another-1"})
	paths := []string{"/api/ssl/v1/" + itoa(id), "/api/ssl/v1/" + itoa(waiting), "/api/ssl/v1/" + itoa(waiting) + "/dcv", "/api/ssl/v1", "/api/organization/v1/10", "/api/dcv/v2/validation"}
	var before [][]byte
	for _, path := range paths {
		before = append(before, first.expect(200, 0, http.MethodGet, path, nil).body)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	account, err := OpenAccount(dir, noon)
	if err != nil || account.Password != "Another-1" || account.ClientSecret != first.Account().ClientSecret {
		t.Fatalf("%v %v", account.Password == "Another-1", err)
	}
	second := start(t, in, func(o *Options) { o.Account = account })
	second.advance(time.Minute) // as far as the first had come
	for i, path := range paths {
		if got := second.expect(200, 0, http.MethodGet, path, nil).body; !bytes.Equal(got, before[i]) {
			t.Errorf("%s\n%s\n%s", path, got, before[i])
		}
	}
	if s := second.Settings(); s.ListingDelay != time.Second || len(s.Denied) != 1 {
		t.Errorf("%+v", s)
	}
	if next := second.order(); next <= waiting {
		t.Errorf("the id %d came again", next)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
}

func TestBrokenState(t *testing.T) {
	root, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"orders/1.json": "{", "orders/2.json": `{"ID":3,"Status":"Issued"}`, "orders/3.json": `{"ID":3}`, "orders/4.json": `{"ID":4,"Status":"Issued","Chain":["YQ=="]}`, "book.json": `{"Next":0}`,
	} {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, ordersFolder), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s := New(Options{Dir: dir, CA: root, Account: NewAccount(noon), Now: func() time.Time { return noon }})
		if err := s.Load(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := s.Fill(t.Context(), Scenario{}); err == nil {
			t.Errorf("%s: a broken account was filled", name)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	dir := t.TempDir()
	for _, content := range []string{"{", `{"login":"x"}`} {
		if err := os.WriteFile(filepath.Join(dir, accountFile), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenAccount(dir, noon); err == nil {
			t.Errorf("%s was taken for an account", content)
		}
	}
	if _, err := OpenAccount(filepath.Join(dir, "none"), noon); err == nil {
		t.Error("an account was kept in a folder that there is not")
	}
}

func TestFillOnce(t *testing.T) {
	b := start(t)
	if filled, err := b.Fill(t.Context(), smallScenario()); filled || err != nil {
		t.Errorf("%v %v", filled, err)
	}
	root, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	empty := New(Options{CA: root, Account: NewAccount(noon), Now: func() time.Time { return noon }})
	bad := smallScenario()
	bad.Orders = []Entry{{CommonName: "www.example.com", Status: StatusRequested, Requested: noon}, {Status: StatusRequested}}
	if _, err := empty.Fill(t.Context(), bad); err == nil || !strings.Contains(err.Error(), "common name") {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := empty.Fill(ended, bad); err == nil {
		t.Error("it went on")
	}
	if filled, err := empty.Fill(t.Context(), smallScenario()); !filled || err != nil {
		t.Errorf("half of another scenario was in the way: %v %v", filled, err)
	}
	if err := empty.Close(); err != nil {
		t.Error(err)
	}
}

func TestPagesOfMany(t *testing.T) {
	b := start(t)
	const n = 450
	for range n {
		if _, err := b.Add(Entry{CommonName: "www.example.com", Organization: orgAcme, Profile: quick, Term: 199, Requested: noon, Status: StatusRequested}); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[int]bool{}
	for position := 0; position < n; position += 200 {
		for _, id := range b.ids("size=200&position=" + itoa(position)) {
			if seen[id] {
				t.Errorf("%d came twice", id)
			}
			seen[id] = true
		}
	}
	if len(seen) != n {
		t.Errorf("%d of %d", len(seen), n)
	}
}
