package keystores_test

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"os"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/keystore"
	"certty/backend/repository"
	"certty/model"
	"certty/ui/view/keystores"
	"certty/ui/view/viewtest"
)

const password = "correct horse 7"

// stage has a collected certificate whose key was made here.
func stage(t *testing.T) (*viewtest.Stage, *viewtest.Account) {
	t.Helper()
	t.Chdir(t.TempDir())
	s := viewtest.New(t)
	a := s.Account()
	key, authority := viewtest.Key(t), viewtest.NewAuthority(t)
	locked, err := (keystore.Maker{Iterations: 1000}).Lock(key, []byte(password))
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	id := sha256.Sum256(public)
	it := viewtest.OrderItem("17", "*.example.com", nil)
	a.Held(it, backend.Holding{
		Record: model.Record{Step: model.StepCollected, KeyHeld: true, ChainSerial: it.Certificate.Serial, KeystoreType: "jks", Keystore: model.KeystoreWaits},
		Keys:   []backend.HeldKey{{PublicKey: hex.EncodeToString(id[:]), Locked: locked}},
		Chain:  [][]byte{authority.Issue(key, "www.example.com"), authority.Intermediate},
	})
	s.Put(it)
	s.Open(keystores.New(s.Session, s.Row(viewtest.AccountName, "17")))
	return s, a
}

// TestKeystore: the wanted type is chosen, a wrong password and a file that is
// there are said and change nothing, and nobody else can read what is written.
func TestKeystore(t *testing.T) {
	s, a := stage(t)
	s.Sees("Keystore of *.example.com (sectigo, order 17)", "( ) PKCS#12 (*) JKS ( ) PEM", "_.example.com.jks", "JKS protects the key weakly")
	s.Press("short", "ctrl+s")
	s.Sees("8 characters or more")
	s.Press("er password", "ctrl+s")
	s.Sees("Wrong password", "Nothing was written")
	if files, err := os.ReadDir("."); err != nil || len(files) != 0 {
		t.Fatalf("there are %v, %v", files, err)
	}
	s.Press(strings.Fields(strings.Repeat("backspace ", len("shorter password")))...)
	s.Press(password)
	if strings.Contains(s.Frame(), password) {
		t.Fatal("the password is shown")
	}
	if err := os.WriteFile("_.example.com.jks", []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Press("ctrl+s")
	s.Sees("There is a file already, and it is kept")
	s.Press("backspace", "backspace", "backspace", "2", "ctrl+s")
	s.Said("keystore saved: ")
	info, err := os.Stat("_.example.com.2")
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() == 0 {
		t.Errorf("%v, %v", info, err)
	}
	if kept, err := os.ReadFile("_.example.com.jks"); err != nil || string(kept) != "other" {
		t.Errorf("the other file holds %q, %v", kept, err)
	}
	if a.Shelf.Holdings["17"].Record.Keystore != model.KeystoreMade || s.Top() != nil {
		t.Errorf("the record says %q", a.Shelf.Holdings["17"].Record.Keystore)
	}
}

// A keystore goes beside the other files of its order, where they go to a folder,
// and the files are written with it.
func TestKeystoreOfDeployedOrder(t *testing.T) {
	s, a := stage(t)
	s.Press("esc")
	var got []repository.Delivery
	a.Manager = repository.New(repository.Options{
		Target: viewtest.AccountName, Capabilities: a.Capabilities(), Shelf: a.Shelf, Now: func() time.Time { return viewtest.Noon },
		Keys: keystore.Maker{Iterations: 1000}, Deploy: func(_ context.Context, d repository.Delivery) error { got = append(got, d); return nil },
	})
	targets := s.Session.Desk.Targets()
	for i := range targets {
		if targets[i].Info.Name == viewtest.AccountName {
			targets[i].Repository = a.Manager
		}
	}
	s.Session.Desk.Equip(targets, nil)
	h := a.Shelf.Holdings["17"]
	h.Deploy, h.Record.Files = &model.Deployment{Dir: "/srv/tls"}, model.FilesWritten
	a.Shelf.Holdings["17"] = h
	s.Open(keystores.New(s.Session, s.Row(viewtest.AccountName, "17")))
	s.Sees("/srv/tls/", "then on_issued runs")
	s.Press("shorter password", "ctrl+s")
	s.Sees("Wrong password", "Nothing was written")
	s.Press(strings.Fields(strings.Repeat("backspace ", len("shorter password")))...)
	s.Press(password, "ctrl+s")
	if len(got) != 1 || len(got[0].Keystore) == 0 || got[0].Extension != ".jks" || s.Top() != nil {
		t.Errorf("%d deliveries\n%s", len(got), s.Frame())
	}
	if files, err := os.ReadDir("."); err != nil || len(files) != 0 {
		t.Errorf("here lie %v, %v", files, err)
	}
	// Another place is that, and no other file is touched.
	s.Open(keystores.New(s.Session, s.Row(viewtest.AccountName, "17")))
	s.Press("tab")
	s.Press(strings.Fields(strings.Repeat("backspace ", len("/srv/tls/")))...)
	s.Press("other.jks", "tab", "tab", "tab", "tab")
	s.Press(password, "ctrl+s")
	if _, err := os.Stat("other.jks"); err != nil || len(got) != 1 {
		t.Errorf("%v, %d deliveries\n%s", err, len(got), s.Frame())
	}
}
