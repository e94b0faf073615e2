package catalog_test

import (
	"errors"
	"testing"

	"certty/model"
	"certty/ui/view/catalog"
	"certty/ui/view/viewtest"
)

func TestCatalog(t *testing.T) {
	s := viewtest.New(t)
	s.Vault.IssuerList = []model.IssuerInfo{
		{Name: "digicert-ov", Provider: "DigiCert", Enabled: true, AccountID: "acc", OrganizationID: "4711", Updated: viewtest.Noon,
			Admins: []model.Contact{{Name: "Ada", Email: "ada@example.com"}}},
		{Name: "off", Provider: "GlobalSign", Created: viewtest.Noon},
		{Name: "listed-only", Provider: "Test"},
	}
	s.Vault.ContactList = []model.Contact{{Email: "ops@example.com", Phone: "+1 555"}}
	s.Open(catalog.New(s.Session, "prod"))
	s.Sees("digicert-ov DigiCert account acc organization 4711", "admin Ada ada@example.com", "disabled off", "● listed-only", "ops@example.com +1 555", "changed 2026-11-21 14:05 UTC")
}

func TestEmptyCatalogSaysWhatItMeans(t *testing.T) {
	s := viewtest.New(t)
	s.Open(catalog.New(s.Session, "prod"))
	s.Sees("An issuer must be set up in the vault before a request can name it", "writes to nobody")
}

func TestUnreadCatalog(t *testing.T) {
	s := viewtest.New(t)
	s.Vault.ReadErr = errors.New("no route")
	s.Open(catalog.New(s.Session, "prod"))
	s.Sees("Not read", "no route")
	s.Vault.ReadErr = nil
	s.Press("r")
	s.Sees("None is set up")
}
