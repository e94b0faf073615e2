package view_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/download"
	"certty/ui/view/forms"
	"certty/ui/view/merge"
	"certty/ui/view/palette"
	"certty/ui/view/tags"
	"certty/ui/view/viewtest"
)

// boxes are the places that take a paste into a field: how one is opened, and
// what stands in it after "kept" was typed.
var boxes = map[string]struct {
	open func(*viewtest.Stage)
	kept string
}{
	"create":       {func(s *viewtest.Stage) { s.Open(forms.NewCreate(s.Session, none)); s.Press("tab", "kept") }, "kept"},
	"import, file": {func(s *viewtest.Stage) { s.Open(forms.NewImport(s.Session, none)); s.Press("tab", "kept") }, "kept"},
	"import, password": {func(s *viewtest.Stage) {
		s.Open(forms.NewImport(s.Session, none))
		s.Press("tab", "kept", "tab", "kept")
	}, "****"},
	"policy":          {func(s *viewtest.Stage) { s.Open(forms.NewPolicy(s.Session, s.Row("prod", "shop"))); s.Press("kept") }, "shopkept"},
	"CSR":             {func(s *viewtest.Stage) { s.Open(forms.NewSaveCSR(s.Session, s.Row("prod", "shop"))); s.Press("kept") }, "kept"},
	"tags":            {func(s *viewtest.Stage) { s.Open(tags.New(s.Session, s.Row("prod", "shop"))); s.Press("kept") }, "kept"},
	"merge, file":     {func(s *viewtest.Stage) { s.Open(merge.New(s.Session, s.Row("prod", "shop"))); s.Press("f", "kept") }, "kept"},
	"download, file":  {openDownload("ctrl+o"), "kept"},
	"download":        {openDownload(), "kept"},
	"command palette": {func(s *viewtest.Stage) { s.Open(palette.New(s.Session, noActions)); s.Press("kept") }, "kept"},
}

func none(view.Row) []keys.Action { return nil }

func noActions() []keys.Action { return nil }

func openDownload(first ...string) func(*viewtest.Stage) {
	return func(s *viewtest.Stage) {
		row := s.Row("prod", "shop")
		s.Open(download.New(s.Session, row.ID(), row.Item.Certificate))
		if len(first) == 0 {
			first = []string{"down", "down"} // the file's name is the last field
		}
		s.Press(first...)
		s.Press("kept")
	}
}

// TestPasteBoxes: what no field may hold is refused in every box, is not shown,
// and what was typed stays.
func TestPasteBoxes(t *testing.T) {
	der, err := x509.MarshalPKCS8PrivateKey(viewtest.Key(t))
	if err != nil {
		t.Fatal(err)
	}
	secret := base64.StdEncoding.EncodeToString(der)
	for paste, msg := range map[string]input.PasteMsg{
		"PEM key":    {Text: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))},
		"bare key":   {Text: secret},
		"over limit": {TooLong: true},
	} {
		for box, tt := range boxes {
			t.Run(paste+", "+box, func(t *testing.T) {
				csr := viewtest.Request(t, viewtest.Key(t), "shop.example.com")
				s := viewtest.New(t, viewtest.Item("prod", "shop", func(it *model.Item) {
					it.Certificate.DER = viewtest.NewAuthority(t).Issue(viewtest.Key(t), "shop.example.com")
					it.Policy = &model.Policy{Subject: "CN=shop"}
					viewtest.Pending(it, model.Request{ID: "1", Phase: model.PhaseInProgress, CSR: csr})
				}))
				tt.open(s)
				s.Sees(tt.kept)
				s.Tell(msg)
				s.Sees(tt.kept)
				said := strings.Join(s.Toasts, " ") + s.Frame()
				if want := map[bool]string{true: "too long", false: "private key"}[msg.TooLong]; !strings.Contains(said, want) {
					t.Errorf("nothing says %q:\n%s", want, said)
				}
				if strings.Contains(said, secret[20:40]) || len(s.Vault.Calls) != 0 {
					t.Errorf("the key is shown or sent:\n%s", said)
				}
			})
		}
	}
}
