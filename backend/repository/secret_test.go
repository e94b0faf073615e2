package repository_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/backend/keystore"
	"certty/backend/repository"
	"certty/backend/sandbox/scmserver"
	"certty/backend/scm"
	"certty/model"
)

// parrot stands before the account and answers some calls with what it was sent:
// headers and body, in a page, in SCM's own form with every letter escaped, or
// in an address to go to.
type parrot struct {
	next http.Handler
	mu   sync.Mutex
	n    int
}

func (p *parrot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.n++
	turn := p.n % 5
	p.mu.Unlock()
	if r.URL.Path == scmserver.TokenPath && turn < 3 {
		turn = 3
	}
	var said strings.Builder
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	for name, values := range r.Header {
		fmt.Fprintf(&said, "%s: %s ", name, strings.Join(values, ","))
	}
	said.Write(body)
	switch turn {
	case 0:
		w.WriteHeader(http.StatusBadGateway)
		_, _ = fmt.Fprintf(w, "<html><title>%s</title>%s", said.String(), said.String())
	case 1:
		var escaped strings.Builder
		for _, c := range []byte(said.String()) {
			fmt.Fprintf(&escaped, `\u%04x`, c)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"code":-1,"description":"%s"}`, escaped.String())
	case 2:
		w.Header().Set("Location", "https://elsewhere.example/"+r.Header.Get("Password")+"?"+r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusTemporaryRedirect)
	default:
		p.next.ServeHTTP(w, r)
	}
}

// TestSecretsAreNowhere orders, renews, replaces and collects at an account that
// repeats what it is sent, by password and by API key, at the highest verbosity.
// No secret reaches the log, an error, what is published, or a file.
func TestSecretsAreNowhere(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	w.http.Config.Handler = &parrot{next: w.http.Config.Handler}
	account := w.server.Account()
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	var said bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))
	tell := func(v ...any) {
		for _, x := range v {
			fmt.Fprintf(&said, "%v %+v %#v\n", x, x, x)
			if e, ok := x.(*backend.Error); ok {
				fmt.Fprintf(&said, "%+v\n", backend.AdviceFor(e))
			}
		}
	}
	const keystorePassword = "canary of the keystore 7"
	var stored []backend.HeldKey
	for _, credential := range []scm.Credential{
		{Kind: scm.CredentialPassword, Login: account.Login, Secret: func(context.Context) (string, error) { return account.Password, nil }},
		{Kind: scm.CredentialClient, ClientID: account.ClientID, TokenURL: w.http.URL + scmserver.TokenPath,
			Secret: func(context.Context) (string, error) { return account.ClientSecret, nil }},
	} {
		c := w.start(0, func(o *repository.Options) {
			roots := x509.NewCertPool()
			roots.AddCert(w.http.Certificate())
			b, err := scm.New(scm.Options{Name: "sectigo", URL: w.http.URL + "/api", CustomerURI: account.CustomerURI, RootCAs: roots, Now: w.clock, Log: log, Credential: credential})
			if err != nil {
				t.Fatal(err)
			}
			o.Capabilities = guard.Wrap(b, guard.Options{Actor: "ops@ada", Journal: o.Shelf.(*killable), Now: w.clock, Log: log, OnJournalTrouble: func(err error) { tell(err) }}).Capabilities()
			o.Log, o.Publish = log, func(p model.Page) { tell(p) }
			o.Password = func(context.Context) ([]byte, error) { return []byte(keystorePassword), nil }
			o.Deploy = func(_ context.Context, d repository.Delivery) error { tell(d.Record); return fmt.Errorf("no room") }
		})
		f := c.Follower()
		for i := range 5 {
			wanted := wish(fmt.Sprintf("shop%d.example.com", i), quick)
			wanted.Password, wanted.Deploy = []byte(keystorePassword), &model.Deployment{Dir: "/srv"}
			record, err := c.Prepare(t.Context(), wanted)
			tell(record, err)
			record, err = c.Place(t.Context(), record.Key)
			tell(record, err)
			w.advance(11 * time.Minute)
			known, err := c.Check(t.Context())
			tell(err)
			_, err = f.Follow(t.Context(), known)
			tell(err, f.Failed())
			s := successor()
			s.Password = []byte(keystorePassword)
			_, err = c.Renew(t.Context(), record.Key, s)
			tell(err)
			_, err = c.Replace(t.Context(), model.Ref{Target: "sectigo", Key: record.Key, Revision: record.ChainSerial}, s)
			tell(err)
			_, err = c.Keystore(t.Context(), record.Key, keystore.PKCS12, []byte(keystorePassword+"x"))
			tell(err)
			_, err = c.Sync(t.Context(), nil)
			tell(err)
		}
		records, err := c.store.Records(t.Context(), "sectigo")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			h, err := c.store.Holding(t.Context(), "sectigo", r.Key)
			if err != nil {
				t.Fatal(err)
			}
			stored = append(stored, h.Keys...)
		}
	}
	secrets := map[string][]byte{
		"the account's password": []byte(account.Password), "the client's secret": []byte(account.ClientSecret), "the keystore's password": []byte(keystorePassword),
	}
	for i, k := range stored {
		requirePBES2(t, k.Locked)
		key, err := keystore.Unlock(k.Locked, []byte(keystorePassword))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		// The last bytes are the public key's, which is no secret.
		secrets[fmt.Sprint("private key ", i)] = plain[36:68]
	}
	if len(stored) < 10 {
		t.Errorf("%d keys: the test proves little", len(stored))
	}
	for name, secret := range secrets {
		lookFor(t, name, secret, "what was said", said.Bytes())
		for _, dir := range []string{w.dir, temporary} {
			for path, content := range filesBelow(t, dir) {
				lookFor(t, name, secret, path, content)
			}
		}
	}
	if !strings.Contains(said.String(), "called SCM") || !strings.Contains(said.String(), "[hidden]") {
		t.Error("nothing was logged or blotted out: the test proves nothing")
	}
	if strings.Contains(said.String(), "Bearer ey") {
		t.Error("a token was said")
	}
}

// lookFor looks for a secret in the spellings that it may have.
func lookFor(t *testing.T, name string, secret []byte, where string, content []byte) {
	t.Helper()
	quoted, _ := json.Marshal(string(secret))
	for _, form := range [][]byte{
		secret, bytes.Trim(quoted, `"`), []byte(hex.EncodeToString(secret)), []byte(base64.StdEncoding.EncodeToString(secret[:len(secret)-len(secret)%3])),
		[]byte(strings.Trim(fmt.Sprint(secret), "[]")),
	} {
		if at := bytes.Index(content, form); at >= 0 {
			t.Errorf("%s stands in %s: …%q…", name, where, content[max(0, at-120):min(len(content), at+60)])
			return
		}
	}
}

func filesBelow(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	if err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %v", path, info.Mode())
		}
		all[path], err = os.ReadFile(path)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// requirePBES2 checks that a key is encrypted as RFC 8018 §6.2 has it.
func requirePBES2(t *testing.T, locked []byte) {
	t.Helper()
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}
	if rest, err := asn1.Unmarshal(locked, &info); err != nil || len(rest) > 0 {
		t.Fatalf("a stored key is no EncryptedPrivateKeyInfo: %v", err)
	}
	if pbes2 := (asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}); !info.Algorithm.Algorithm.Equal(pbes2) {
		t.Errorf("a stored key is encrypted by %v, want PBES2", info.Algorithm.Algorithm)
	}
}

// A challenge password that a person's CSR carries (RFC 2985 §5.4.1) is sent with
// it, and said nowhere.
func TestChallengeIsSaidNowhere(t *testing.T) {
	const challenge = "canary-challenge-4711"
	key, err := keystore.NewKey(keystore.KeyKind{Algorithm: "EC", Size: "P-256"})
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: pkix.Name{CommonName: "shop.example.com"}, DNSNames: []string{"shop.example.com"},
		Attributes: []pkix.AttributeTypeAndValueSET{{ //nolint:staticcheck // there is no other way to write one
			Type:  asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 7},
			Value: [][]pkix.AttributeTypeAndValue{{{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 7}, Value: challenge}}},
		}},
	}, key)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(csr, []byte(challenge)) {
		t.Fatal("the CSR carries none")
	}
	w := newWorld(t, scmserver.Settings{})
	w.http.Config.Handler = &parrot{next: w.http.Config.Handler}
	var said bytes.Buffer
	c := w.start(0, func(o *repository.Options) {
		o.Log = slog.New(slog.NewJSONHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))
		o.Publish = func(p model.Page) { fmt.Fprintf(&said, "%+v\n", p) }
	})
	brought := wish("shop.example.com", quick)
	brought.Spec.CSR = csr
	record, err := c.Prepare(t.Context(), brought)
	fmt.Fprintf(&said, "%+v %v\n", record, err)
	for range 6 {
		record, err = c.Place(t.Context(), record.Key)
		fmt.Fprintf(&said, "%+v %v\n", record, err)
	}
	lookFor(t, "the challenge", []byte(challenge), "what was said", said.Bytes())
	for path, content := range filesBelow(t, w.dir) {
		lookFor(t, "the challenge", []byte(challenge), path, content)
	}
}
