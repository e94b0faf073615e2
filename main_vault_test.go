package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"certty/backend/keystore"
	"certty/backend/sandbox/calls"
)

// changes FILE writes down which changing calls the vault and the account answered
// so far, so that a script can compare: nothing was sent.
func (s *stage) changes(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: changes FILE")
	}
	var lines []string
	answered := map[calls.Call]int{}
	maps.Copy(answered, s.box(ts).SCM().Calls())
	for call, n := range s.box(ts).Vault().Calls() {
		answered[calls.Call(call)] += n
	}
	for call, n := range answered {
		if call.Method != http.MethodGet && call.Operation != "Token" && call.Operation != "ReportCertificates" {
			lines = append(lines, fmt.Sprintf("%s %s %d: %d\n", call.Method, call.Operation, call.Status, n))
		}
	}
	slices.Sort(lines)
	var text []byte
	for _, line := range lines {
		text = append(text, line...)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o600))
}

// bundle NAME PASSWORD makes NAME.pem and NAME.pfx: a certificate of that name with
// its key, the PFX under the password.
func (s *stage) bundle(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: bundle NAME PASSWORD")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	now := s.box(ts).Clock().Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: args[0] + ".example.com"}, DNSNames: []string{args[0] + ".example.com"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(90 * 24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	ts.Check(err)
	cert, err := x509.ParseCertificate(der)
	ts.Check(err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	text := slices.Concat(
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
	)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".pem"), text, 0o600))
	pfx, err := keystore.Maker{Iterations: 1000}.Encode(keystore.PKCS12, key, []*x509.Certificate{cert}, []byte(args[1]), now)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".pfx"), pfx, 0o600))
}

// second configures the script's vault once more, as "twin".
func (s *stage) second(ts *testscript.TestScript, _ bool, _ []string) {
	file := ts.Getenv("CONFIG")
	text := ts.ReadFile(file)
	vault, account, found := strings.Cut(text, "  - name: sectigo\n")
	if !found {
		ts.Fatalf("no account is configured")
	}
	twin := strings.Replace(strings.TrimPrefix(vault, "targets:\n"), "name: prod", "name: twin", 1)
	ts.Check(os.WriteFile(file, []byte(vault+twin+"  - name: sectigo\n"+account), 0o600))
}
