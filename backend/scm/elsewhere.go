package scm

import (
	"certty/backend"
	"certty/model"
)

// rulesElsewhere are the codes of what SCM does beside ordering, and the codes
// whose other text is a rule of a call above. This program makes none of those
// calls; where such an answer comes nevertheless its status decides, and the
// advice is this.
var rulesElsewhere = []rule{
	{codes: map[int]string{
		-7: "a value that is needed is missing", -64: "an optional value is not valid", -951: "one of several values has to be given",
		-1001: "a value is missing", -1002: "what was sent can't be read", -1601: "a value is not valid",
	}, meaning: meaning{advice: adviceValue}},
	{codes: map[int]string{
		-39: "what the text says", -35: "the kind of server is not known", -62: "the IP address is not valid", -1104: "the order number is not valid",
	}, meaning: meaning{advice: adviceValue}},
	{area: "orders", codes: map[int]string{
		-11: "the CSR has an algorithm that is not taken", -10: "the CSR can't be decoded", -13: "the CSR's key has a size that is not taken",
		-138: "the CSR is not valid", -141: "the CSR's key is too small", -78: "the public key is not valid or not taken",
		-170: "the account takes no keys on elliptic curves", -194: "the CSR's key has a size that is not taken",
		-1138: "the size of the CSR's key could not be told",
	}, meaning: meaning{advice: adviceCSR}},
	{area: "orders", codes: map[int]string{
		-76: "the account may not use this template of key usages", -181: "the anchor certificate does not fit the order",
	}, meaning: meaning{advice: adviceSetting}},
	{area: "the account's set-up", codes: map[int]string{
		-429: "the customer has no login at the CA", -43: "SCM could not decrypt what it keeps", -44: "SCM could not make a key pair",
	}, meaning: meaning{advice: adviceSetting}},
	{area: "reports and notifications", codes: map[int]string{
		-9: "the kind of notification is not known",
	}, meaning: meaning{advice: adviceValue}},
	{area: "custom fields", codes: map[int]string{
		-131: "the customer has as many custom fields as it may", -159: "the customer has as many custom fields as it may",
		-134: "the name of a custom field is taken", -160: "two custom fields have one name", -135: "there is no such custom field",
	}, meaning: meaning{advice: adviceCustomFields}},
	{area: "domains", codes: map[int]string{
		-700: "the domain is there already", -705: "the delegation is not in the state Requested",
		-707: "the request for delegation was deleted", -709: "a domain has to be delegated to an organization",
		-711: "the organization was deleted", -712: "the domain's name is too short", -713: "the domain's name is too long",
		-714: "the domain's name has too few parts", -728: "somebody else changed the delegations", -731: "no privilege to rename the domain",
		-732: "the domain's name is not valid", -740: "certificates were ordered for the domain",
		-715: "the domain is switched off", -727: "SCM does not know the domain", -741: "the delegation is not approved",
		-1010: "the domain is not allowed here",
	}, meaning: meaning{advice: adviceDomain}},
	{area: "domain validation", codes: map[int]string{
		-723: "only a registered domain can be validated, not a name below one", -724: "the domain's validation is not in a state for this",
		-1603: "the domain could not be validated", -737: "domains are not validated", -1137: "domains were not validated",
		-107: "a validation is missing or ended",
	}, meaning: meaning{advice: adviceValidation}},
	{area: "client certificates", codes: map[int]string{
		-172: "the client certificate profile is not valid", -176: "the list of client certificate profiles was changed",
		-184: "no client certificate profile is delegated", -185: "the client certificate profile has no lifetimes",
		-188: "the person has as many certificates as allowed", -192: "the client certificate was revoked",
		-834: "departments would be left without a client certificate profile", -840: "organizations below would be left without a client certificate profile",
		-1108: "there is no valid client certificate", -183: "the client certificate can't be collected yet",
		-166: "what was typed fits no valid certificate",
	}, meaning: meaning{advice: adviceClientCertificates}},
	{area: "device certificates", codes: map[int]string{
		-5109: "there is no such device certificate profile",
	}, meaning: meaning{advice: adviceClientCertificates}},
	{area: "persons", codes: map[int]string{
		-105: "there is no such person", -500: "a person needs a name", -507: "key escrow forbids another organization",
		-508: "a new person needs a name", -518: "the e-mail address is not known", -524: "no privilege to change the e-mail address",
	}, meaning: meaning{advice: advicePersons}},
	{area: "administrators", codes: map[int]string{
		-219: "the only administrator of a role keeps it", -221: "each role needs an organization or department",
		-222: "the roles are of different levels", -223: "each role takes one organization or department only",
		-233: "no privilege to make this administrator", -234: "no privilege to change this administrator's privileges",
		-237: "the administrator's e-mail address is not valid", -249: "the administrator was deleted",
		-253: "no privilege to change this administrator's role", -255: "only SSL administrators may validate domains",
		-256: "no privilege to give the right to validate domains",
	}, meaning: meaning{advice: adviceAdministrators}},
	{area: "the password", codes: map[int]string{
		-213: "the old password is wrong", -220: "the new password is the old one", -976: "the new password is too short or too long",
		-977: "the new password needs 32 characters", -982: "the new password holds the login", -7306: "the new password does not follow the account's rules",
	}, meaning: meaning{advice: advicePassword}},
	{area: "network discovery", codes: map[int]string{
		-303: "the range to scan is too wide", -304: "the range is not in CIDR notation",
		-305: "the range of addresses and ports is too wide", -306: "the domain's name is too long",
		-607: "no agent may scan these private addresses", -615: "no range to scan is given", -637: "no agent may scan these public addresses",
		-3301: "the range to scan is not valid", -5001: "no access to the organization of an assignment rule",
		-5002: "assignment rules are missing", -5003: "the assignment rule is in use",
	}, meaning: meaning{advice: adviceDiscovery}},
	{area: "certificates", codes: map[int]string{
		-102: "only an issued certificate can be revoked", -103: "the certificate is not collected from the CA yet",
		-109: "the certificate is not there yet", -130: "the certificate is not in the state Issued", -169: "the certificate is not to be had",
		-110: "the certificate was revoked",
	}, meaning: meaning{advice: adviceOnlyIssued}},
}

// What a person can do about what this program has no part in.
var (
	adviceValue = &backend.Advice{
		Cause: "SCM misses a value, or does not take one. Its message names it.",
		Next:  "Change what the message names and send it again. If the program left a person no choice there, report it with what certty support prints.",
		Who:   model.ActorYou,
	}
	adviceSetting = &backend.Advice{
		Cause: "The customer's account does not allow that, or is not set up for it.",
		Next:  "Ask an administrator of the account (MRAO), who can ask Sectigo's support with this code.",
		Who:   model.ActorYou,
	}
	adviceCustomFields = &backend.Advice{
		Cause: "SCM refuses a change of the account's custom fields.",
		Next:  "Change the fields on SCM's own pages, as administrator (MRAO); then sync the account here.",
		Who:   model.ActorYou,
	}
	adviceDomain = &backend.Advice{
		Cause: "SCM refuses the domain, or a change of its delegation.",
		Next:  "Look at the domain and its delegations on SCM's own pages; an administrator of the account can correct them there.",
		Who:   model.ActorYou,
	}
	adviceValidation = &backend.Advice{
		Cause: "The domain can't be validated as it was asked for, or is not validated.",
		Next:  "Validate the registered domain itself (example.com, not www.example.com): publish the record that the domain list shows, then check again.",
		Who:   model.ActorDNS,
	}
	adviceClientCertificates = &backend.Advice{
		Cause: "It is about certificates for persons or devices, which this program neither orders nor manages.",
		Next:  "Look at their profile, or at the certificate, on SCM's own pages.",
		Who:   model.ActorYou,
	}
	advicePersons = &backend.Advice{
		Cause: "It is about the persons that SCM keeps, which this program neither reads nor changes.",
		Next:  "Correct the person's entry on SCM's own pages.",
		Who:   model.ActorYou,
	}
	adviceAdministrators = &backend.Advice{
		Cause: "SCM refuses a change of an administrator, of a role or of a privilege.",
		Next:  "Change it on SCM's own pages, or ask an administrator of a higher level to do that.",
		Who:   model.ActorYou,
	}
	advicePassword = &backend.Advice{
		Cause: "SCM does not take the change of an administrator's password.",
		Next:  "Choose another one on SCM's own pages, as its message asks, and store it where this program takes it from. Retry the target then.",
		Who:   model.ActorYou,
	}
	adviceDiscovery = &backend.Advice{
		Cause: "It is about SCM's search for certificates in networks, which this program has no part in.",
		Next:  "Correct ranges, agents or assignment rules on SCM's own pages.",
		Who:   model.ActorYou,
	}
)
