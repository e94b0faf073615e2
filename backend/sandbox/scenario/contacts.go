package scenario

import "certty/backend/sandbox/vaultserver"

// Contacts are who a fresh vault would write to.
func Contacts() []vaultserver.Contact {
	return []vaultserver.Contact{
		{Email: "pki@example.com", Name: "PKI team", Phone: "+1 555 0100"},
		{Email: "on-call@example.com"},
	}
}
