package vault

import (
	"certty/backend"
	"certty/model"
)

// What a person can do about what Key Vault answers, where the advice of the
// error's kind is not enough.
var (
	adviceTenant = &backend.Advice{
		Cause: "The token is of another tenant than the vault's.",
		Next:  "Set the credential's tenant to the vault's, or leave it out: the vault names its own. A guest needs an invitation into that tenant.",
		Who:   model.ActorYou,
	}
	adviceAudience = &backend.Advice{
		Cause: "The token was made for another service or another cloud.",
		Next:  "Check the target's address and cloud; where az gives the token, az has to be set to the same cloud.",
		Who:   model.ActorYou,
	}
	adviceElsewhere = &backend.Advice{
		Cause: "The answer leads to another host. It is not followed: the token would go there.",
		Next:  "Check the target's address. If it is right, something between here and the vault changes its answers: ask whoever runs the network. Reading is tried again by itself.",
		Who:   model.ActorYou,
	}
	adviceBrokenOff = &backend.Advice{
		Cause: "The answer breaks off before its end.",
		Next:  "Wait; reading is tried again by itself. If it stays so, something between here and the vault cuts its answers short: ask whoever runs the network.",
		Who:   model.ActorNobody,
	}
	adviceClock = &backend.Advice{
		Cause: "The vault takes the token for expired. Either it is, or this machine's clock is wrong.",
		Next:  "Set the clock (NTP), then retry. Nothing is called until then.",
		Who:   model.ActorYou,
	}
	adviceRollover = &backend.Advice{
		Cause: "The vault did not find the key that the token is signed with, as happens while Microsoft changes these keys.",
		Next:  "Wait; it passes by itself, and reading goes on.",
		Who:   model.ActorVault,
	}
	adviceFirewall = &backend.Advice{
		Cause: "The vault's firewall does not let this machine's public address in.",
		Next:  "Ask whoever manages the vault to add the address that its message names to the vault's networking rules, or work from a network that is let in.",
		Who:   model.ActorYou,
	}
	advicePrivateLink = &backend.Advice{
		Cause: "The vault takes no calls from the public network, only over its private endpoint.",
		Next:  "Work from a network with that endpoint, and let the vault's name resolve to its private address there.",
		Who:   model.ActorYou,
	}
	advicePurgeProtection = &backend.Advice{
		Cause: "The vault is protected against purging, which nobody can lift.",
		Next:  "Wait for the end of the retention, or recover the certificate. Until then take another name.",
		Who:   model.ActorNobody,
	}
	adviceRole = &backend.Advice{
		Cause: "The vault works with roles, and none that this credential has allows it.",
		Next:  "Ask an owner of the vault for the role Key Vault Certificates Officer (Key Vault Reader is enough to look). A new assignment takes some minutes to count.",
		Who:   model.ActorYou,
	}
	adviceAccessPolicy = &backend.Advice{
		Cause: "The vault's access policy does not give this credential the permission.",
		Next:  "Ask whoever manages the vault for the certificate permission that its message names, such as list, get, create or update.",
		Who:   model.ActorYou,
	}
	adviceBeingDeleted = &backend.Advice{
		Cause: "The vault is still deleting a certificate of this name.",
		Next:  "Wait a minute, then recover it, purge it, or take another name.",
		Who:   model.ActorVault,
	}
	adviceBeingRecovered = &backend.Advice{
		Cause: "The vault is still recovering a certificate of this name.",
		Next:  "Wait a minute; it then stands on the board again.",
		Who:   model.ActorVault,
	}
	adviceIssuer = &backend.Advice{
		Cause: "The vault has no issuer of this name; an issuer has to be set up before certificates are requested from it.",
		Next:  "Choose one of the vault's own issuers, or ask whoever manages the vault to add this one.",
		Who:   model.ActorYou,
	}
	adviceDeletedLater = &backend.Advice{
		Cause: "The vault does not have it among its deleted certificates; that list lags behind a deletion.",
		Next:  "Wait a minute and ask again. If it stays away, it was purged or recovered.",
		Who:   model.ActorYou,
	}
	adviceParameter = &backend.Advice{
		Cause: "Key Vault does not take a value of what was sent: a name, a subject, a policy, or a certificate that does not belong to the request's key.",
		Next:  "Change what its message names and send again.",
		Who:   model.ActorYou,
	}
	adviceForbiddenState = &backend.Advice{
		Cause: "The state of the certificate, its key or its request does not allow the change: neither a permission nor the network is missing.",
		Next:  "Look at the row, it shows what stands there now.",
		Who:   model.ActorYou,
	}
	adviceContacts = &backend.Advice{
		Cause: "The vault has no certificate contacts. That is no fault.",
		Next:  "Nothing has to be done, unless somebody is to be written to before certificates expire.",
		Who:   model.ActorNobody,
	}
)
