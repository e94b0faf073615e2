package scm

import (
	"certty/backend"
	"certty/model"
)

// What a person can do about what SCM answers, where the advice of the error's
// kind is not enough.
var (
	adviceSignIn = &backend.Advice{
		Cause: "SCM does not let this login in. It gives one answer for all of these: unknown login, wrong or expired password, wrong customer URI, blocked account.",
		Next:  "Check login, password and customer URI at SCM's own sign-in page, then retry. Nothing is called until then, because repeated tries lock accounts.",
		Who:   model.ActorYou,
	}
	adviceToken = &backend.Advice{
		Cause: "The token service does not accept the id and secret of the API key.",
		Next:  "Check client id, client secret and token URL with the API key in SCM, then retry. Nothing is called until then.",
		Who:   model.ActorYou,
	}
	adviceTokenEnded = &backend.Advice{
		Cause: "SCM did not accept the token of this call: it ended before its time. Nothing was done.",
		Next:  "Do it again; it is then sent with a new token. It is not repeated by itself, because it changes something.",
		Who:   model.ActorYou,
	}
	advicePrivilege = &backend.Advice{
		Cause: "The sign-in works, but this administrator has no privilege for it, or it belongs to an organization of somebody else.",
		Next:  "Ask an administrator of the account (MRAO, or RAO of the organization) for the privilege, or for the role in that organization.",
		Who:   model.ActorYou,
	}
	adviceNotIssued = &backend.Advice{
		Cause: "The certificate is not issued yet.",
		Next:  "Wait; it is collected when it is there. Organization and extended validation may take days.",
		Who:   model.ActorCA,
	}
	adviceRevoked = &backend.Advice{
		Cause: "The certificate was revoked, so SCM does not hand it out any more.",
		Next:  "Order a new one where one is needed.",
		Who:   model.ActorYou,
	}
	adviceNotToBeHad = &backend.Advice{
		Cause: "SCM holds the order but can't work with its certificate.",
		Next:  "Ask an administrator of the account, or Sectigo's support, with the code below.",
		Who:   model.ActorYou,
	}
	adviceTooLate = &backend.Advice{
		Cause: "Too late: the order does not wait for approval any more. Somebody else decided, or it went on by itself.",
		Next:  "Nothing was changed. The row is being read again.",
		Who:   model.ActorNobody,
	}
	adviceOwnRequest = &backend.Advice{
		Cause: "An extended validation certificate can't be approved by whoever ordered it.",
		Next:  "Another administrator of the account has to approve it.",
		Who:   model.ActorApprover,
	}
	adviceAlreadyRevoked = &backend.Advice{
		Cause: "The certificate is revoked already.",
		Next:  "Nothing is left to do. The row is being read again.",
		Who:   model.ActorNobody,
	}
	adviceOnlyIssued = &backend.Advice{
		Cause: "SCM does that with issued certificates only, and this one is not, or not any more.",
		Next:  "Look at the row, it shows what stands there now.",
		Who:   model.ActorYou,
	}
	adviceAutoInstalled = &backend.Advice{
		Cause: "SCM installs this certificate on servers by itself and does not let it be replaced from outside.",
		Next:  "Renew it, or switch the automatic installation off in SCM.",
		Who:   model.ActorYou,
	}
	adviceNoRenewal = &backend.Advice{
		Cause: "The order's profile does not allow renewals.",
		Next:  "Order a new certificate with the same names instead.",
		Who:   model.ActorYou,
	}
	adviceOnlyImported = &backend.Advice{
		Cause: "SCM deletes only certificates that were imported or discovered, none that were ordered.",
		Next:  "Hide the order here instead; the account keeps it.",
		Who:   model.ActorYou,
	}
	adviceNotValidated = &backend.Advice{
		Cause: "Control of a domain in the order is not validated, or its validation ended.",
		Next:  "Validate the domain in SCM (the domain list shows how), then order again.",
		Who:   model.ActorDNS,
	}
	adviceNotDelegated = &backend.Advice{
		Cause: "A domain in the order is not delegated to the organization, or is switched off.",
		Next:  "Ask an administrator of the account to delegate the domain for SSL, or choose another organization.",
		Who:   model.ActorYou,
	}
	adviceOrganization = &backend.Advice{
		Cause: "The CA has not validated the organization for this kind of certificate, or its validation ended.",
		Next:  "Ask an administrator of the account to have the organization validated, or choose a profile with domain validation only.",
		Who:   model.ActorCA,
	}
	adviceNoOrganization = &backend.Advice{
		Cause: "SCM does not know the organization, or it may not order over the interface.",
		Next:  "Sync the account and choose another organization. An administrator can switch on \"Web API\" for the organization's SSL certificates.",
		Who:   model.ActorYou,
	}
	adviceRestricted = &backend.Advice{
		Cause: "Sectigo has restricted the customer's orders.",
		Next:  "Ask Sectigo's support, or whoever holds the contract.",
		Who:   model.ActorCA,
	}
	adviceTerm = &backend.Advice{
		Cause: "The profile does not offer this lifetime. Public certificates last 199 days at most since March 2026.",
		Next:  "Sync the account and choose one of the profile's lifetimes.",
		Who:   model.ActorYou,
	}
	adviceProfile = &backend.Advice{
		Cause: "The profile is not there any more, or not for this organization.",
		Next:  "Sync the account and choose another profile.",
		Who:   model.ActorYou,
	}
	adviceMandatory = &backend.Advice{
		Cause: "A custom field that the account wants filled in is missing.",
		Next:  "Sync the account, fill in the fields that are marked, and order again.",
		Who:   model.ActorYou,
	}
	adviceDCVMode = &backend.Advice{
		Cause: "The account does not validate its domains beforehand: each order has to say how its names are validated.",
		Next:  "Order again and choose a way under \"Domain validation\": CNAME, TXT, HTTP, HTTPS or e-mail.",
		Who:   model.ActorYou,
	}
	adviceCSR = &backend.Advice{
		Cause: "SCM does not take the certificate request (CSR): its key or its form.",
		Next:  "Make another key, of a kind the profile offers; the code below says what is wrong with this one.",
		Who:   model.ActorYou,
	}
	adviceTrouble = &backend.Advice{
		Cause: "The service has trouble of its own.",
		Next:  "Wait; reading goes on by itself.",
		Who:   model.ActorAccount,
	}
	// SCM's headers do not tell its own gateway from a proxy on the way.
	adviceGateway = &backend.Advice{
		Cause: "The answer is not SCM's: the gateway before it, or a proxy on the way, is in trouble or lets nothing through.",
		Next:  "Wait; reading goes on by itself. If it stays so, what the answer says tells whose it is; a proxy has to let calls to the target's address through (network administrator).",
		Who:   model.ActorAccount,
	}
	adviceDoubt = &backend.Advice{
		Cause: "The service, or a gateway before it, had trouble and does not tell whether the change was made. It may have happened.",
		Next:  "Do not repeat it; the row is being read again to find out.",
		Who:   model.ActorYou,
	}
	adviceForeign = &backend.Advice{
		Cause: "The answer is not SCM's: the address may be another one's, or a proxy or portal answered.",
		Next:  "Check the target's URL; it ends with /api unless Sectigo said otherwise.",
		Who:   model.ActorYou,
	}
	adviceBusy = &backend.Advice{
		Cause: "SCM, or the CA behind it, can't do that at the moment.",
		Next:  "Wait. Reading goes on by itself; a change is not repeated by the program, so ask for it again later.",
		Who:   model.ActorAccount,
	}
	adviceRenewalLost = &backend.Advice{
		Cause: "SCM failed while it renewed, and does not tell whether a new order came of it.",
		Next:  "Do not repeat it; the row is being read again to find out.",
		Who:   model.ActorYou,
	}
	adviceFormat = &backend.Advice{
		Cause: "SCM does not hand the certificate out in the format that it was asked for.",
		Next:  "Take it from SCM's own pages. It is a fault of this program or a change of the service: report it with what certty support prints.",
		Who:   model.ActorYou,
	}
	adviceNoOrder = &backend.Advice{
		Cause: "SCM has no such certificate, or this login does not see its organization.",
		Next:  "The next sweep shows what is left. If others see it, ask an administrator of the account for the role in its organization.",
		Who:   model.ActorYou,
	}
	adviceChanged = &backend.Advice{
		Cause: "Another administrator changed or deleted the same thing meanwhile. Nothing of yours was written.",
		Next:  "Look at its new state, then decide again.",
		Who:   model.ActorYou,
	}
	adviceNoDCV = &backend.Advice{
		Cause: "SCM does not validate domains for this customer.",
		Next:  "Ask Sectigo's support, or whoever holds the contract, to have domain validation switched on.",
		Who:   model.ActorCA,
	}
)
