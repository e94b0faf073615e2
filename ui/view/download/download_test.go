package download_test

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"certty/model"
	"certty/model/x5c"
	"certty/ui/input"
	"certty/ui/view/download"
	"certty/ui/view/viewtest"
)

type scene struct {
	*viewtest.Stage
	authority *viewtest.Authority
	leaf      []byte
}

// open is the form for a certificate that was read, in an empty folder.
func open(t *testing.T) *scene {
	t.Helper()
	t.Chdir(t.TempDir())
	a := viewtest.NewAuthority(t)
	sc := &scene{authority: a, leaf: a.Issue(viewtest.Key(t), "shop.example.com")}
	sc.Stage = viewtest.New(t, viewtest.Item("prod", "shop", func(it *model.Item) { it.Certificate.DER = sc.leaf }))
	row := sc.Row("prod", "shop")
	sc.Open(download.New(sc.Session, row.Item.Ref, row.Item.Certificate))
	return sc
}

func (sc *scene) paste(chain ...[]byte) {
	sc.Tell(input.PasteMsg{Text: string(x5c.EncodeChain(chain))})
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestLeafAsPEM(t *testing.T) {
	sc := open(t)
	sc.Sees("✓ leaf shop.example.com, until 2027-06-07", "Not known: CN=Test Issuing CA", "only with the secret, which is never read")
	sc.Press("ctrl+s")
	sc.Said("1 certificate saved")
	block, rest := pem.Decode(read(t, "shop.pem"))
	if block == nil || len(rest) != 0 || string(block.Bytes) != string(sc.leaf) {
		t.Errorf("the file holds %q", read(t, "shop.pem"))
	}
	if err := os.WriteFile("public", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat("shop.pem")
	public, publicErr := os.Stat("public")
	if err := errors.Join(err, publicErr); err != nil {
		t.Fatal(err)
	}
	if got, want := info.Mode(), public.Mode(); got != want {
		t.Errorf("mode %v, want that of a file for everybody, %v", got, want)
	}
	if sc.Top() != nil {
		t.Error("the form stays open after it was done")
	}
}

// TestChainForms writes the chain in every form and reads it back.
func TestChainForms(t *testing.T) {
	for _, tt := range []struct {
		name  string
		keys  []string
		file  string
		certs int
	}{
		{"PEM", nil, "shop-chain.pem", 2},
		{"PEM with root", []string{"right"}, "shop-chain.pem", 3},
		{"PKCS#7", []string{"tab", "right", "right"}, "shop.p7b", 2},
		{"PKCS#7 DER with root", []string{"right", "tab", "right", "right", "right"}, "shop.p7b", 3},
		{"leaf as DER", []string{"left", "tab", "right"}, "shop.cer", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sc := open(t)
			sc.paste(sc.authority.Root, sc.authority.Intermediate)
			sc.Sees("✓ intermediate Test Issuing CA", "○ root Test Root", "(not in the file)")
			sc.Press(tt.keys...)
			sc.Press("ctrl+s")
			sc.Said("saved: ")
			data := read(t, tt.file)
			b, err := x5c.Read(data)
			if err != nil || len(b.Certificates) != tt.certs || string(b.Certificates[0].Raw) != string(sc.leaf) {
				t.Fatalf("read back %v, %v", b, err)
			}
			openssl(t, tt.file, data)
		})
	}
}

// openssl has another program read what was written, where it is there.
func openssl(t *testing.T, file string, data []byte) {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		t.Log("openssl is not here; its verdict is not asked")
		return
	}
	command := "x509"
	if filepath.Ext(file) == ".p7b" {
		command = "pkcs7"
	}
	form := "DER"
	if strings.HasPrefix(string(data), "-----BEGIN") {
		form = "PEM"
	}
	out, err := exec.CommandContext(t.Context(), path, command, "-inform", form, "-in", file, "-noout").CombinedOutput()
	if err != nil {
		t.Errorf("openssl refuses %s: %v\n%s", file, err, out)
	}
}

// What was chosen and is not known is not left out silently.
func TestUnknownChainIsNotLeftOut(t *testing.T) {
	sc := open(t)
	sc.Press("right", "ctrl+s")
	sc.Sees("Not saved: the chain is not known", `choose "certificate"`)
	sc.Press("right", "ctrl+s")
	sc.Sees("Not saved: the chain is not known")
	sc.paste(sc.authority.Intermediate)
	sc.Press("right", "ctrl+s")
	sc.Sees("Not saved: the root is not known", `choose "with its chain"`)
	if files, err := os.ReadDir("."); err != nil || len(files) > 0 {
		t.Errorf("written: %v, %v", files, err)
	}
	sc.Press("left", "ctrl+s")
	sc.Said("2 certificates saved")
}

func TestDERHoldsOneCertificate(t *testing.T) {
	sc := open(t)
	sc.paste(sc.authority.Intermediate)
	sc.Press("tab", "right", "ctrl+s")
	sc.Sees("a DER file holds one certificate, not 2")
	if files, _ := os.ReadDir("."); len(files) != 0 {
		t.Errorf("written: %v", files)
	}
}

// A chain that went into a merge from here is known without a paste.
func TestMergedChainIsKnown(t *testing.T) {
	sc := open(t)
	ca, err := x509.ParseCertificate(sc.authority.Intermediate)
	if err != nil {
		t.Fatal(err)
	}
	sc.Session.Desk.KeepAuthorities([]*x509.Certificate{ca})
	sc.Press("esc")
	row := sc.Row("prod", "shop")
	sc.Open(download.New(sc.Session, row.Item.Ref, row.Item.Certificate))
	sc.Sees("✓ intermediate Test Issuing CA", "shop-chain.pem", "the next one up")
}

func TestNothingIsOverwrittenUnasked(t *testing.T) {
	sc := open(t)
	if err := os.WriteFile("shop.pem", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	sc.Press("ctrl+s")
	sc.Sees("The file exists")
	sc.Press("enter")
	if string(read(t, "shop.pem")) != "mine" {
		t.Fatal("overwritten")
	}
	sc.Press("ctrl+s", "tab", "enter")
	if !strings.HasPrefix(string(read(t, "shop.pem")), "-----BEGIN CERTIFICATE-----") {
		t.Error("not replaced after it was confirmed")
	}
}

func TestBadChains(t *testing.T) {
	key := "-----BEGIN PRIVATE KEY-----\nMIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7AgEAAkEA\n-----END PRIVATE KEY-----\n"
	sc := open(t)
	sc.Tell(input.PasteMsg{Text: key})
	sc.Sees("there is a private key in it; nothing was taken")
	if strings.Contains(sc.Frame(), "MIIBVQ") {
		t.Error("the key is shown")
	}
	other := viewtest.NewAuthority(t)
	sc.paste(other.Intermediate)
	sc.Sees("Nothing in it belongs to this certificate's chain")
	sc.Tell(input.PasteMsg{TooLong: true})
	sc.Said("too long")
}

// A short paste without certificates is a file's name.
func TestPathCanBePasted(t *testing.T) {
	sc := open(t)
	sc.Press("tab", "tab")
	for range "shop.pem" {
		sc.Press("backspace")
	}
	sc.Tell(input.PasteMsg{Text: "other.pem"})
	sc.Press("ctrl+s")
	read(t, "other.pem")
}

func TestChainFromAFile(t *testing.T) {
	sc := open(t)
	if err := os.WriteFile("ca.crt", x5c.EncodeChain([][]byte{sc.authority.Intermediate}), 0o600); err != nil {
		t.Fatal(err)
	}
	sc.Press("ctrl+o", "nothing.crt", "enter")
	sc.Said("Not read")
	sc.Press("esc", "ctrl+o", "ca.crt", "enter")
	sc.Sees("✓ intermediate Test Issuing CA")
}

func TestUnreadCertificateIsRead(t *testing.T) {
	a := viewtest.NewAuthority(t)
	der := a.Issue(viewtest.Key(t), "shop.example.com")
	s := viewtest.New(t, viewtest.Item("prod", "shop", nil))
	s.Vault.List = []model.Certificate{{Version: "v1", Issued: true, DER: der}}
	row := s.Row("prod", "shop")
	s.Open(download.New(s.Session, row.Item.Ref, row.Item.Certificate))
	s.Sees("✓ leaf shop.example.com")

	s = viewtest.New(t, viewtest.Item("prod", "shop", nil))
	s.Vault.ReadErr = errors.New("no route")
	s.Open(download.New(s.Session, row.Item.Ref, row.Item.Certificate))
	s.Sees("could not be read", "no route")
	s.Press("esc")
	if s.Top() != nil {
		t.Error("esc does not leave")
	}
}
