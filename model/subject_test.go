package model_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"certty/model"
)

func TestParseSubject(t *testing.T) {
	tests := []struct {
		name, in string
		// want is RFC 4514 text as pkix prints it, from the sequence that was read.
		want string
	}{
		{"one attribute", "CN=www.example.com", "CN=www.example.com"},
		{"text order is kept", "CN=www.example.com, OU=Web, O=Contoso, L=Redmond, ST=WA, C=US", "CN=www.example.com,OU=Web,O=Contoso,L=Redmond,ST=WA,C=US"},
		{"Windows spelling of state", "S=Some-State", "ST=Some-State"},
		{"lower case keyword", "cn=MyCert", "CN=MyCert"},
		{"quoted comma", `CN=a, O="Contoso, Inc.", C=US`, `CN=a,O=Contoso\, Inc.,C=US`},
		{"doubled quote", `O="The ""Best"" Ltd"`, `O=The \"Best\" Ltd`},
		{"escaped quote in quotes", `O="The \"Best\" Ltd"`, `O=The \"Best\" Ltd`},
		{"escaped comma", `O=Contoso\, Inc.`, `O=Contoso\, Inc.`},
		{"hexadecimal escapes are UTF-8 bytes", `O=M\C3\BCller`, "O=Müller"},
		{"UTF-8 as it is", "O=Müller", "O=Müller"},
		{"semicolons", "CN=a; O=b", "CN=a,O=b"},
		{"multi-valued", "CN=a+OU=b, C=US", "CN=a+OU=b,C=US"},
		{"spaces around everything", "  CN = a b  ,  O = c  ", "CN=a b,O=c"},
		{"escaped spaces stay", `CN=\ a\ `, `CN=\ a\ `},
		{"an escaped space before plain ones", `CN=a\   `, `CN=a\ `},
		{"dotted identifier", "2.5.4.3=a", "CN=a"},
		{"dotted identifier with OID.", "oid.2.5.4.10=a", "O=a"},
		{"serial number, street, postal code", "SERIALNUMBER=1, STREET=Main St. 1, postalCode=98052", "SERIALNUMBER=1,STREET=Main St. 1,POSTALCODE=98052"},
		{"e-mail is IA5String", "E=a@example.com", "1.2.840.113549.1.9.1=#160d61406578616d706c652e636f6d"},
		{"domain components are IA5String", "DC=example, DC=com", "0.9.2342.19200300.100.1.25=#16076578616d706c65,0.9.2342.19200300.100.1.25=#1603636f6d"},
		{"a whole DER value", "1.2.3.4=#0c0161", "1.2.3.4=#0c0161"},
		{"empty", "", ""},
		{"spaces only", "   ", ""},
		{"unquoted inner hash", "CN=a#b", "CN=a#b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			seq, err := model.ParseSubject(tt.in)
			if err != nil {
				t.Fatalf("ParseSubject(%q): %v", tt.in, err)
			}
			if got := seq.String(); got != tt.want {
				t.Errorf("ParseSubject(%q) = %s, want %s", tt.in, got, tt.want)
			}
		})
	}
}

func TestParseSubjectErrors(t *testing.T) {
	tests := []struct {
		in   string
		pos  int
		says string
	}{
		{"Self", 1, "is no attribute"},
		{"CN=Contoso, Inc., C=US", 13, "quotes"},
		{"CN=", 4, "no value"},
		{"CN=, O=a", 4, "no value"},
		{`CN=""`, 4, "no value"},
		{"CN=a,", 6, "must follow"},
		{"CN=a,,O=b", 6, "must stand here"},
		{"=a", 1, "must stand here"},
		{`CN=a, O="Contoso`, 9, "not closed"},
		{`O="a" b`, 7, "comma must follow"},
		{`CN=ü, O=a"b`, 10, "quotes"},
		{"XY=a", 1, "not an attribute"},
		{"3.1=a", 1, "not an attribute"},
		{"1.40=a", 1, "not an attribute"},
		{`CN=a\`, 5, "nothing follows"},
		{`CN=a\x`, 5, "after a backslash"},
		{`CN=\FF`, 4, "UTF-8"},
		{`CN=\00`, 4, "control"},
		{"CN=a\nO=b", 7, "quotes"},
		{"CN=a\nb", 4, "control"},
		{"CN=#zz", 4, "hexadecimal"},
		{"CN=#", 4, "hexadecimal"},
		{"CN=#0c05", 4, "DER"},
		{"E=ü@example.com", 3, "ASCII"},
		{"/CN=a/O=b", 1, "openssl"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			_, err := model.ParseSubject(tt.in)
			var subject *model.SubjectError
			if !errors.As(err, &subject) {
				t.Fatalf("ParseSubject(%q) = %v, want a SubjectError", tt.in, err)
			}
			if subject.Pos != tt.pos || !strings.Contains(subject.Text, tt.says) {
				t.Errorf("ParseSubject(%q) = %v, want position %d and %q", tt.in, err, tt.pos, tt.says)
			}
		})
	}
}

// TestSubjectAsRecorded builds a CSR from the subject of a recorded policy and
// has openssl print it: it must print what it printed for the recorded CSR.
func TestSubjectAsRecorded(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	seq, err := model.ParseSubject("C=US, ST=WA, L=Redmond, O=TestO, OU=TestOU, CN=www.mytestdomain.com")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := asn1.Marshal(seq)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{RawSubject: raw}, key)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), openssl, "req", "-inform", "DER", "-noout", "-subject", "-nameopt", "oneline,show_type")
	cmd.Stdin = bytes.NewReader(csr)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("openssl: %v", err)
	}
	got := strings.Join(strings.Fields(string(out)), " ")
	const want = "CN = PRINTABLESTRING:www.mytestdomain.com, OU = PRINTABLESTRING:TestOU, O = PRINTABLESTRING:TestO, L = PRINTABLESTRING:Redmond, ST = PRINTABLESTRING:WA, C = PRINTABLESTRING:US"
	if !strings.HasSuffix(got, want) {
		t.Errorf("openssl prints %s, want %s", got, want)
	}
}

func FuzzParseSubject(f *testing.F) {
	for _, s := range []string{
		"CN=www.example.com", `CN=a, O="Contoso, Inc.", C=US`, `O=M\C3\BCller+OU="x ""y"""`,
		"DC=example; DC=com", "1.2.3.4=#0c0161", `CN=\ a\ `, "E=a@example.com", "CN=a\\", "/CN=a",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		seq, err := model.ParseSubject(s)
		if err != nil {
			var subject *model.SubjectError
			if !errors.As(err, &subject) || subject.Pos < 1 || subject.Pos > utf8.RuneCountInString(s)+1 {
				t.Fatalf("ParseSubject(%q): %v points outside the text", s, err)
			}
			return
		}
		der, err := asn1.Marshal(seq)
		if err != nil {
			t.Fatalf("ParseSubject(%q) can't be encoded: %v", s, err)
		}
		var back pkix.RDNSequence
		if rest, err := asn1.Unmarshal(der, &back); err != nil || len(rest) > 0 {
			// A # value may hold a type that pkix does not decode.
			if strings.Contains(s, "#") {
				return
			}
			t.Fatalf("ParseSubject(%q) can't be decoded again: %v", s, err)
		}
		if len(back) != len(seq) {
			t.Fatalf("ParseSubject(%q): %d parts became %d", s, len(seq), len(back))
		}
	})
}
