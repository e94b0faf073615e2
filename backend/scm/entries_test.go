package scm

import (
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// scmEntry is a certificate that was imported.
func scmEntry(name string) scmserver.Entry {
	return scmserver.Entry{
		CommonName: name, Names: []string{name}, Organization: orgAcme, Profile: quick, Term: 199,
		Requested: noon.AddDate(0, -1, 0), Status: scmserver.StatusIssued, Via: scmserver.ViaImport,
	}
}

func renewal() model.RenewSpec { return model.RenewSpec{} }
