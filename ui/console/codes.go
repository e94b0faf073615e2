package console

import (
	"slices"

	"certty/backend"
	"certty/backend/scm"
	"certty/backend/vault"
	"certty/backend/wire"
)

// Codes is the catalogue of every code that is explained, of every adapter.
func Codes() []backend.Code {
	return slices.Concat(vault.Codes(), scm.Codes(), wire.Codes(), backend.Codes())
}
