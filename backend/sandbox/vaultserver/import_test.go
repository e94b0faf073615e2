package vaultserver

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io/fs"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	bundles "certty/model/bundle"
)

// selfSigned is a certificate of noon for five years, with its key.
func selfSignedPair(t testing.TB, change func(*x509.Certificate)) (*x509.Certificate, crypto.Signer) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{Country: []string{"AU"}, Province: []string{"Some-State"}, Organization: []string{"Internet Widgits Pty Ltd"}},
		NotBefore: noon.Add(-time.Hour), NotAfter: noon.AddDate(5, 0, 0),
	}
	if change != nil {
		change(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func pemOf(t testing.TB, key crypto.Signer, certs ...*x509.Certificate) string {
	t.Helper()
	var b bytes.Buffer
	der, err := marshalKey(key)
	if err != nil {
		t.Fatal(err)
	}
	b.Write(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	for _, cert := range certs {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}))
	}
	return b.String()
}

func selfSignedPEM(t testing.TB) string {
	t.Helper()
	cert, key := selfSignedPair(t, nil)
	return pemOf(t, key, cert)
}

// importOf is the body that imports a value.
func importOf(t testing.TB, value string) string {
	t.Helper()
	data, err := json.Marshal(map[string]any{"value": value})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func pfxOf(t testing.TB, password string, key crypto.Signer, leaf *x509.Certificate, others ...*x509.Certificate) string {
	t.Helper()
	der, err := pkcs12.Modern2023.Encode(key, leaf, others, password)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

func encoded(t testing.TB, e *pkcs12.Encoder, key crypto.Signer, leaf *x509.Certificate) []byte {
	t.Helper()
	der, err := e.Encode(key, leaf, nil, "secret")
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// dear is a bundle that says that it takes so many iterations. They are written
// into it afterwards: to make it honestly takes seconds.
func dear(t testing.TB, iterations int, key crypto.Signer, leaf *x509.Certificate) []byte {
	t.Helper()
	const honest = 70_000 // has as many digits
	der := encoded(t, pkcs12.Modern2023.WithIterations(honest), key, leaf)
	written := func(n int) []byte {
		out, err := asn1.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if !bytes.Contains(der, written(honest)) {
		t.Fatal("the bundle does not tell its iterations")
	}
	return bytes.ReplaceAll(der, written(honest), written(iterations))
}

func TestCostly(t *testing.T) {
	leaf, key := selfSignedPair(t, nil)
	for n, want := range map[int]bool{bundles.MaxIterations: false, bundles.MaxIterations + 1: true} {
		if got := bundles.Costly(dear(t, n, key, leaf)); got != want {
			t.Errorf("%d iterations: %t", n, got)
		}
	}
}

func TestImportForms(t *testing.T) {
	leaf, key := selfSignedPair(t, nil)
	other, otherKey := selfSignedPair(t, nil)
	pkcs1 := strings.Replace(pemOf(t, key, leaf), "PRIVATE KEY", "EC PRIVATE KEY", 2)
	tests := []struct {
		name, value, password, contentType string
		want                               *failure
	}{
		{"PEM", pemOf(t, key, leaf), "", "application/x-pem-file", nil},
		{"PEM, unsaid", pemOf(t, key, leaf), "", "", nil},
		{"PEM in base64", base64.StdEncoding.EncodeToString([]byte(pemOf(t, key, leaf))), "", "application/x-pem-file", nil},
		{"PEM with a chain", pemOf(t, key, leaf, other), "", "", nil},
		{"PEM, leaf last", pemOf(t, key, other, leaf), "", "", nil},
		{"PEM with CRLF", strings.ReplaceAll(pemOf(t, key, leaf), "\n", "\r\n"), "", "", nil},
		{"PFX", pfxOf(t, "secret", key, leaf), "secret", "application/x-pkcs12", nil},
		{"PFX of today", base64.StdEncoding.EncodeToString(encoded(t, pkcs12.Modern2023, key, leaf)), "secret", "", nil},
		{"PFX as they were", base64.StdEncoding.EncodeToString(encoded(t, pkcs12.LegacyRC2, key, leaf)), "secret", "", nil},
		{"PFX that costs too much", base64.StdEncoding.EncodeToString(dear(t, bundles.MaxIterations+1, key, leaf)), "secret", "", badPKCS12()},
		{"PFX, unsaid", pfxOf(t, "", key, leaf), "", "", nil},
		{"PFX with a chain", pfxOf(t, "secret", key, leaf, other), "secret", "", nil},
		{"wrong password", pfxOf(t, "secret", key, leaf), "hunter2", "", badPKCS12()},
		{"no password", pfxOf(t, "secret", key, leaf), "", "", badPKCS12()},
		{"no base64", "§", "", "application/x-pkcs12", badPKCS12()},
		{"nothing", "", "", "", badPKCS12()},
		{"PEM that is said to be a PFX", pemOf(t, key, leaf), "", "application/x-pkcs12", badPKCS12()},
		{"PFX that is said to be PEM", pfxOf(t, "", key, leaf), "", "application/x-pem-file", badPEM()},
		{"key alone", pemOf(t, key), "", "", badPEM()},
		{"two keys", pemOf(t, otherKey) + pemOf(t, key, leaf), "", "", badPEM()},
		{"key that is no PKCS#8", pkcs1, "", "", badPEM()},
		{"another key", pemOf(t, otherKey, leaf), "", "", publicKeyMismatch()},
		{"unknown form", pemOf(t, key, leaf), "", "text/plain", invalidProperty("policy.secret_props.contentType", "It is none of application/x-pkcs12, application/x-pem-file")},
		{"long password", pfxOf(t, "", key, leaf), strings.Repeat("x", 201), "", invalidProperty("pwd", "It is too long")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			body := map[string]any{"value": tt.value, "pwd": tt.password, "tags": map[string]string{"owner": "shop"}, "attributes": map[string]any{"enabled": false}}
			if tt.contentType != "" {
				body["policy"] = map[string]any{"secret_props": map[string]string{"contentType": tt.contentType}}
			}
			data, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			got := b.send(http.MethodPost, "/certificates/shop/import", string(data))
			if tt.want != nil {
				got.wantError(tt.want.status, tt.want.code, tt.want.message)
				b.get("/certificates/shop").want(http.StatusNotFound)
				return
			}
			got.want(http.StatusOK)
			if got.string("cer") != base64.StdEncoding.EncodeToString(leaf.Raw) {
				t.Error("it is another certificate")
			}
			if got.at("tags", "owner") != "shop" || got.at("attributes", "enabled") != false || got.at("pending") != nil {
				t.Errorf("answer %s", got.text)
			}
			b.get("/certificates/shop/pending").want(http.StatusNotFound)
			wantType := "application/x-pkcs12"
			if strings.HasPrefix(tt.name, "PEM") {
				wantType = "application/x-pem-file"
			}
			if got.at("policy", "secret_props", "contentType") != wantType {
				t.Errorf("content type %v", got.at("policy", "secret_props"))
			}
		})
	}
}

// TestImportedPolicy: what the service was recorded to make of a certificate,
// the order of its subject and its months included.
func TestImportedPolicy(t *testing.T) {
	b := newBench(t)
	leaf, key := selfSignedPair(t, nil)
	got := b.send(http.MethodPost, "/certificates/plain/import", importOf(t, pemOf(t, key, leaf))).want(http.StatusOK)
	want := `{"id":"https://` + host + `/certificates/plain/policy","key_props":{"exportable":true,"kty":"EC","key_size":256,"crv":"P-256","reuse_key":false},` +
		`"secret_props":{"contentType":"application/x-pem-file"},"x509_props":{"subject":"O=Internet Widgits Pty Ltd, S=Some-State, C=AU","ekus":[],"key_usage":[],` +
		`"validity_months":61,"basic_constraints":{"ca":false}},"lifetime_actions":[{"trigger":{"lifetime_percentage":80},"action":{"action_type":"EmailContacts"}}],` +
		`"issuer":{"name":"Unknown"},"attributes":{"enabled":true,"created":1795262400,"updated":1795262400}}`
	if policy := b.get("/certificates/plain/policy").text; !sameJSON(t, policy, want) {
		t.Errorf("policy %s\nwant   %s", policy, want)
	}
	if got.at("attributes", "enabled") != true {
		t.Errorf("attributes %v", got.at("attributes"))
	}

	full, key := selfSignedPair(t, func(c *x509.Certificate) {
		c.Subject = pkix.Name{CommonName: `a "quoted", name`, ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{1, 2, 3}, Value: " x"}}}
		c.IsCA, c.BasicConstraintsValid = true, true
		c.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageServerAuth}
		sans := AlternativeNames{DNSNames: []string{"a.example.com"}, Emails: []string{"a@example.com"}, UPNs: []string{"ü@example.com"}, URIs: []string{"urn:a"}, IPAddresses: []string{"::1", "192.0.2.1"}}
		names, err := sans.generalNames()
		if err != nil {
			t.Fatal(err)
		}
		der, err := asn1.Marshal(names)
		if err != nil {
			t.Fatal(err)
		}
		c.ExtraExtensions = []pkix.Extension{{Id: oidSAN, Value: der}}
	})
	b.send(http.MethodPost, "/certificates/full/import", importOf(t, pemOf(t, key, full))).want(http.StatusOK)
	wantX509 := `{"subject":"OID.1.2.3=\" x\", CN=\"a \"\"quoted\"\", name\"","sans":{"dns_names":["a.example.com"],"emails":["a@example.com"],"upns":["ü@example.com"],"uris":["urn:a"],"ipAddresses":["::1","192.0.2.1"]},` +
		`"ekus":["1.3.6.1.5.5.7.3.4","1.3.6.1.5.5.7.3.1"],"key_usage":["digitalSignature","keyCertSign","nonRepudiation"],"validity_months":61,"basic_constraints":{"ca":true}}`
	policy := b.get("/certificates/full/policy")
	x509Props, err := json.Marshal(policy.at("x509_props"))
	if err != nil {
		t.Fatal(err)
	}
	if !sameJSON(t, string(x509Props), wantX509) {
		t.Errorf("x509_props %s\nwant       %s", x509Props, wantX509)
	}
	// The policy is good for the next version.
	b.send(http.MethodPost, "/certificates/full/create", `{}`).want(http.StatusAccepted)
}

func TestImportKeepsWhatTheRequestSays(t *testing.T) {
	b := newBench(t)
	value, err := json.Marshal(selfSignedPEM(t))
	if err != nil {
		t.Fatal(err)
	}
	got := b.send(http.MethodPost, "/certificates/shop/import", `{"value":`+string(value)+`,"preserveCertOrder":true,"policy":{"key_props":{"exportable":false,"reuse_key":true,"kty":"RSA"},`+
		`"x509_props":{"subject":"CN=other"},"issuer":{"name":"Self"},"lifetime_actions":[{"trigger":{"days_before_expiry":3},"action":{"action_type":"AutoRenew"}}]}}`).want(http.StatusOK)
	for want, path := range map[any][]any{
		false: {"policy", "key_props", "exportable"}, true: {"preserveCertOrder"}, "EC": {"policy", "key_props", "kty"}, "Self": {"policy", "issuer", "name"},
		3.0: {"policy", "lifetime_actions", 0, "trigger", "days_before_expiry"}, "O=Internet Widgits Pty Ltd, S=Some-State, C=AU": {"policy", "x509_props", "subject"},
	} {
		if got.at(path...) != want {
			t.Errorf("%v is %v, want %v", path, got.at(path...), want)
		}
	}
}

func TestImportAsNewVersion(t *testing.T) {
	b := newBench(t)
	b.create("shop", "Unknown")
	body := importOf(t, selfSignedPEM(t))
	b.send(http.MethodPost, "/certificates/shop/import", body).wantError(http.StatusConflict, "Forbidden", pendingInTheWay().message)
	b.send(http.MethodDelete, "/certificates/shop/pending", "").want(http.StatusOK)
	one := versionID(b.send(http.MethodPost, "/certificates/shop/import", body).want(http.StatusOK))
	b.clock.advance(time.Second)
	two := versionID(b.send(http.MethodPost, "/certificates/Shop/import", body).want(http.StatusOK))
	if one == two || versionID(b.get("/certificates/shop")) != two {
		t.Errorf("versions %s and %s; current %s", one, two, b.get("/certificates/shop").text)
	}
	if got := b.get("/certificates/shop/versions"); len(got.at("value").([]any)) != 2 {
		t.Errorf("versions %s", got.text)
	}
}

// The password opens the bundle and is needed no more.
func TestImportPasswordIsKeptNowhere(t *testing.T) {
	b := newBench(t)
	leaf, key := selfSignedPair(t, nil)
	const password = "correct-horse-battery"
	data, err := json.Marshal(map[string]any{"value": pfxOf(t, password, key, leaf), "pwd": password})
	if err != nil {
		t.Fatal(err)
	}
	got := b.send(http.MethodPost, "/certificates/shop/import", string(data)).want(http.StatusOK)
	wrong := b.send(http.MethodPost, "/certificates/shop/import", strings.Replace(string(data), `"pwd":"`, `"pwd":"x`, 1)).want(http.StatusBadRequest)
	if strings.Contains(got.text+wrong.text, password) {
		t.Error("an answer repeats the password")
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b.wantNowhere(password)
}

// wantNowhere looks through everything that was kept.
func (b *bench) wantNowhere(secret string) {
	b.t.Helper()
	files := 0
	err := filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), secret) {
			b.t.Errorf("%s holds the secret", path)
		}
		return err
	})
	if err != nil || files == 0 {
		b.t.Errorf("%d files: %v", files, err)
	}
}

// A certificate from elsewhere may have names that no request can be made with.
func TestRenewalOfAHostileImport(t *testing.T) {
	b := newBench(t)
	leaf, key := selfSignedPair(t, func(c *x509.Certificate) { c.Subject = pkix.Name{CommonName: "\x1b[2J"} })
	got := b.send(http.MethodPost, "/certificates/shop/import", importOf(t, pemOf(t, key, leaf))).want(http.StatusOK)
	if subject := got.string("policy", "x509_props", "subject"); subject != "CN=\x1b[2J" {
		t.Errorf("subject %q", subject)
	}
	b.send(http.MethodPost, "/certificates/shop/create", `{}`).wantError(http.StatusBadRequest, "BadParameter", "Property policy.x509_props has invalid value. Invalid X.500 distinguished name\r\n")
}

func TestMonthsBetween(t *testing.T) {
	day := func(y int, m time.Month, d, h int) time.Time { return time.Date(y, m, d, h, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		from, until time.Time
		want        int
	}{
		{time.Unix(1590390551, 0), time.Unix(1748157551, 0), 61},   // recorded
		{time.Unix(1571119269, 0), time.Unix(1886479269, 0), 120},  // recorded
		{time.Unix(1628270437, 0), time.Unix(4781870437, 0), 1200}, // recorded
		{time.Unix(1430344421, 0), time.Unix(2208988799, 0), 297},  // recorded
		{day(2026, 1, 1, 0), day(2027, 1, 1, 0), 12},
		{day(2026, 1, 31, 0), day(2026, 2, 1, 0), 1},
		{day(2026, 1, 31, 0), day(2026, 1, 31, 0), 1},
		{day(2026, 1, 31, 0), day(2025, 1, 31, 0), 1},
	} {
		if got := monthsBetween(tt.from, tt.until); got != tt.want {
			t.Errorf("from %s until %s are %d months, want %d", tt.from, tt.until, got, tt.want)
		}
	}
}

// FuzzImport: whatever is imported, it is refused in the service's words, or it
// is a certificate with its own key, whose policy can be kept and judged.
func FuzzImport(f *testing.F) {
	leaf, key := selfSignedPair(f, nil)
	noKey := "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"
	for _, seed := range []struct{ value, password, contentType string }{
		{pemOf(f, key, leaf), "", "application/x-pem-file"}, {pfxOf(f, "secret", key, leaf), "secret", "application/x-pkcs12"}, {pfxOf(f, "", key, leaf, leaf), "", ""},
		{pemOf(f, key, leaf, leaf), "", ""}, {noKey, "", ""}, {"", "", ""}, {"AAAA", "", ""}, {"-----BEGIN ", "", ""},
	} {
		f.Add(seed.value, seed.password, seed.contentType)
	}
	f.Fuzz(func(t *testing.T, value, password, contentType string) {
		b, contentType, refused := readBundle(value, password, contentType)
		if refused != nil {
			if refused.status != http.StatusBadRequest {
				t.Fatal(refused)
			}
			return
		}
		if !samePublicKey(b.leaf.PublicKey, b.key.Public()) {
			t.Fatal("the certificate is not the key's")
		}
		policy, refused := importedPolicy(b, contentType, nil)
		if refused != nil {
			return // a key that the service does not know
		}
		data, err := json.Marshal(policy)
		if err != nil {
			t.Fatal(err)
		}
		var kept Policy
		if err := json.Unmarshal(data, &kept); err != nil {
			t.Fatal(err)
		}
		if next, refused := complete(&kept); refused == nil && canMake(next.Key) == nil {
			if _, err := newRequest(&next, b.key); err != nil {
				t.Fatalf("a good policy makes no request: %v", err)
			}
		}
	})
}
