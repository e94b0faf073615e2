package copymenu_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"certty/model"
	"certty/ui/view/copymenu"
	"certty/ui/view/viewtest"
)

func TestCopies(t *testing.T) {
	key := viewtest.Key(t)
	csr := viewtest.Request(t, key, "shop.example.com")
	der := viewtest.NewAuthority(t).Issue(key, "shop.example.com")
	for _, tt := range []struct{ key, said, want string }{
		{"n", "shop: name", "shop"},
		{"t", "shop: thumbprint", viewtest.Thumbprint(der)},
		{"s", "shop: serial", "0a0b"},
		{"r", "shop: CSR (PEM)", "-----BEGIN CERTIFICATE REQUEST-----\n"},
		{"c", "shop: certificate (PEM)", "-----BEGIN CERTIFICATE-----\n"},
		{"i", "shop: vault id", "https://prod.vault.azure.net/certificates/shop/v1"},
	} {
		t.Run(tt.said, func(t *testing.T) {
			s := viewtest.New(t, viewtest.Item("prod", "shop", func(it *model.Item) {
				it.Certificate.DER, it.Certificate.Thumbprint, it.Certificate.Serial, it.Certificate.Version = der, viewtest.Thumbprint(der), "0a0b", "v1"
				viewtest.Pending(it, model.Request{ID: "1", CSR: csr})
			}))
			s.Open(copymenu.New(s.Session, s.Row("prod", "shop").Item.Ref))
			s.Press(tt.key)
			s.Said(tt.said)
			if s.Top() != nil {
				t.Error("the menu stays open")
			}
			payload, ok := strings.CutPrefix(strings.TrimSuffix(s.Copied.String(), "\a"), "\x1b]52;c;")
			text, err := base64.StdEncoding.DecodeString(payload)
			if !ok || err != nil || !strings.HasPrefix(string(text), tt.want) {
				t.Errorf("copied %q (%v), want %q", text, err, tt.want)
			}
		})
	}
}

// What is not known is not offered, and comes as soon as it is read.
func TestUnknownIsNotCopied(t *testing.T) {
	s := viewtest.New(t, viewtest.Item("prod", "shop", viewtest.Unissued))
	s.Open(copymenu.New(s.Session, s.Row("prod", "shop").Item.Ref))
	if len(s.Vault.Looked) != 1 {
		t.Error("the row is not read")
	}
	for key, why := range map[string]string{"t": "nothing was issued", "c": "nothing was issued", "r": "no request here"} {
		s.Press(key)
		s.Said(why)
	}
	if s.Copied.Len() != 0 {
		t.Errorf("copied %q", s.Copied.String())
	}
	s.Put(viewtest.Item("prod", "shop", nil))
	s.Press("t")
	s.Said("thumbprint sent")
}
