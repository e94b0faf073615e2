package vault

import "certty/backend"

// rule recognises an answer. Codes and phrases are compared in lower case; an
// empty field fits everything.
type rule struct {
	status int
	op     string
	code   string
	phrase string
	// name is what a person looks the answer up by: a code as it is written, or
	// that of another rule with the same meaning.
	name string
	// means says it in a few words where the note does not.
	means string
	meaning
}

// rules tell apart what shares a status, by inner error code first and wording
// second; the first that fits counts. The documents name some of these answers
// otherwise than the service gives them (a pending request in the way is 409
// with the code Forbidden; cancelling too late is 400 in the documents and 403
// from the service), so neither status nor code is enough alone.
//
// Sources: Key Vault REST, "Create Certificate", "Merge Certificate", "Update
// Certificate Operation"; "Azure Key Vault REST API error codes"; "Common error
// codes for Azure Key Vault"; recorded traffic.
var rules = []rule{
	{status: 401, phrase: "akv10032", name: "AKV10032", meaning: meaning{kind: backend.KindAuth, advice: adviceTenant, note: "wrong tenant: the token was issued by another tenant than the vault's"}},
	{status: 401, phrase: "akv10022", name: "AKV10022", meaning: meaning{kind: backend.KindAuth, advice: adviceAudience, note: "wrong audience: the token is meant for another service or cloud"}},
	{status: 401, phrase: "tokenexpired", name: "TokenExpired", meaning: meaning{kind: backend.KindAuth, advice: adviceClock, note: "the token has expired (is this machine's clock right?)"}},
	// Passes by itself while keys are rolled over, so it must not latch.
	{status: 401, phrase: "akv10046", name: "AKV10046", means: "the vault could not find the key that signed the token", meaning: meaning{kind: backend.KindUnavailable, advice: adviceRollover}},

	{status: 403, code: "forbiddenbyfirewall", name: "ForbiddenByFirewall", meaning: meaning{kind: backend.KindNetwork, advice: adviceFirewall, note: "the vault's firewall does not let this address in"}},
	{status: 403, code: "forbiddenbyconnection", name: "ForbiddenByConnection", meaning: meaning{kind: backend.KindNetwork, advice: advicePrivateLink, note: "the vault can be reached through its private link only"}},
	{status: 403, phrase: "purge protection", name: "purge protection", meaning: meaning{kind: backend.KindState, advice: advicePurgeProtection, note: "the vault is protected against purging: it destroys the certificate by itself at the end of its retention"}},
	{status: 403, code: "forbiddenbyrbac", name: "ForbiddenByRbac", means: "no role assignment allows it", meaning: meaning{kind: backend.KindPermission, advice: adviceRole}},
	{status: 403, code: "forbiddenby", name: "ForbiddenByPolicy", means: "the access policy, or another rule, does not allow it", meaning: meaning{kind: backend.KindPermission, advice: adviceAccessPolicy}},
	{status: 403, code: "accessdenied", name: "AccessDenied", means: "the access policy does not allow it", meaning: meaning{kind: backend.KindPermission, advice: adviceAccessPolicy}},
	{status: 403, phrase: "client address is not authorized", name: "ForbiddenByFirewall", meaning: meaning{kind: backend.KindNetwork, advice: adviceFirewall, note: "the vault's firewall does not let this address in"}},
	{status: 403, phrase: "public network access is disabled", name: "ForbiddenByConnection", meaning: meaning{kind: backend.KindNetwork, advice: advicePrivateLink, note: "the vault can be reached through its private link only"}},
	{status: 403, phrase: "merge is forbidden", name: "Forbidden", meaning: meaning{kind: backend.KindState, state: backend.StateMergeForbidden}},
	{status: 403, phrase: "status must be in progress", name: "Forbidden", meaning: meaning{kind: backend.KindState, state: backend.StateTooLate}},
	{status: 403, phrase: "not authorized", name: "ForbiddenByRbac", means: "no role assignment allows it", meaning: meaning{kind: backend.KindPermission, advice: adviceRole}},
	{status: 403, phrase: "does not have", name: "AccessDenied", means: "the access policy does not allow it", meaning: meaning{kind: backend.KindPermission, advice: adviceAccessPolicy}},
	{status: 403, op: opCancel, name: "Forbidden", meaning: meaning{kind: backend.KindState, state: backend.StateTooLate}},
	{status: 400, op: opCancel, name: "BadParameter", meaning: meaning{kind: backend.KindState, state: backend.StateTooLate}},

	{status: 409, code: "objectisdeletedbutrecoverable", name: "ObjectIsDeletedButRecoverable", meaning: meaning{kind: backend.KindState, state: backend.StateDeleted}},
	{status: 409, phrase: "deleted but recoverable", name: "ObjectIsDeletedButRecoverable", meaning: meaning{kind: backend.KindState, state: backend.StateDeleted}},
	{status: 409, code: "objectisbeingdeleted", name: "ObjectIsBeingDeleted", meaning: meaning{kind: backend.KindConflict, advice: adviceBeingDeleted, note: "the certificate is just being deleted"}},
	{status: 409, phrase: "while a pending", name: "Forbidden", meaning: meaning{kind: backend.KindState, state: backend.StatePending}},
	{status: 409, phrase: "status is inprogress", name: "Forbidden", meaning: meaning{kind: backend.KindState, state: backend.StatePending}},

	{status: 404, code: "pendingcertificatenotfound", name: "PendingCertificateNotFound", means: "there is no request under this name, or not the one that was meant", meaning: meaning{kind: backend.KindGone}},
	{status: 404, op: opMerge, code: "certificatenotfound", name: "CertificateNotFound", means: "the certificate object is gone, and the request with it", meaning: meaning{kind: backend.KindGone}},
	{status: 404, op: opCancel, code: "certificatenotfound", name: "CertificateNotFound", means: "the certificate object is gone, and the request with it", meaning: meaning{kind: backend.KindGone}},
	{status: 404, code: "certificateissuernotfound", name: "CertificateIssuerNotFound", means: "the vault has no issuer of this name", meaning: meaning{kind: backend.KindNotFound, advice: adviceIssuer}},
	// The list of deleted certificates lags behind a deletion.
	{status: 404, op: opRecover, name: "CertificateNotFound", meaning: meaning{kind: backend.KindNotFound, advice: adviceDeletedLater, note: "the vault does not have it among the deleted; right after a deletion that can take a minute"}},
	{status: 404, op: opPurge, name: "CertificateNotFound", meaning: meaning{kind: backend.KindNotFound, advice: adviceDeletedLater, note: "the vault does not have it among the deleted; right after a deletion that can take a minute"}},
	{status: 404, op: opDeleteRequest, code: "certificatenotfound", name: "CertificateNotFound", means: "the certificate object is gone, and the request with it", meaning: meaning{kind: backend.KindGone}},
}
