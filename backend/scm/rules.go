package scm

import "certty/backend"

// orders are the calls that make certificates.
var orders = []string{opOrder, opRenew, opReplace}

// approvals are the calls that decide on an order.
var approvals = []string{opApprove, opDecline, opCancel}

// rules are what this program may meet. They are asked in their order; the first
// that fits counts. The codes are those of SCM REST API, "Errors", and of
// observed answers.
var rules = []rule{
	// One answer for an unknown login, a wrong or expired password, a wrong
	// customer URI and a blocked account.
	{codes: map[int]string{
		-16: "the login is not known", -970: "login or password is wrong", -410: "the customer URI is not known",
	}, meaning: meaning{kind: backend.KindAuth, advice: adviceSignIn}},

	{ops: []string{opCollect}, codes: map[int]string{
		0: "the CA still works on it", -23: "the order is not approved yet", -103: "the certificate is not collected from the CA yet",
		-109: "the certificate is not there yet", -183: "the certificate can't be collected yet",
		-1400: "the CA still works on it", -1113: "the order has not gone to the CA yet",
	}, meaning: meaning{kind: backend.KindState, state: backend.StateNotIssued, advice: adviceNotIssued}},
	{ops: []string{opCollect}, codes: map[int]string{
		-110: "the certificate was revoked", -192: "the client certificate was revoked",
	}, meaning: meaning{kind: backend.KindState, advice: adviceRevoked}},
	{ops: []string{opCollect}, codes: map[int]string{
		-169: "the certificate is not to be had", -1144: "the certificate has to be discovered again, since SCM moved its data",
	}, meaning: meaning{kind: backend.KindState, advice: adviceNotToBeHad}},
	{ops: []string{opCollect}, codes: map[int]string{
		-126: "the file format is not known", -1450: "the file format is not offered",
	}, meaning: meaning{kind: backend.KindUnsupported, advice: adviceFormat}},

	{ops: approvals, codes: map[int]string{
		-1112: "an order in this state can't be approved", -1113: "an order in this state can't go to the CA",
	}, meaning: meaning{kind: backend.KindState, state: backend.StateTooLate, advice: adviceTooLate}},
	{ops: approvals, codes: map[int]string{
		-1140: "who ordered an extended validation certificate can't approve it",
	}, meaning: meaning{kind: backend.KindPermission, advice: adviceOwnRequest}},

	{ops: []string{opRevoke}, codes: map[int]string{
		-159: "the certificate is revoked already",
	}, meaning: meaning{kind: backend.KindState, state: backend.StateTooLate, advice: adviceAlreadyRevoked}},
	{ops: []string{opRevoke}, codes: map[int]string{
		-102: "only an issued certificate can be revoked", -130: "the certificate is not in the state Issued",
	}, meaning: meaning{kind: backend.KindState, advice: adviceOnlyIssued}},
	{ops: []string{opRevoke, opReplace, opRenew}, codes: map[int]string{
		-110: "the certificate was revoked", -169: "the certificate is not to be had",
		-1144: "the certificate has to be discovered again, since SCM moved its data",
	}, meaning: meaning{kind: backend.KindState, advice: adviceNotToBeHad}},
	{ops: []string{opReplace}, codes: map[int]string{
		-130: "the certificate is not in the state Issued", -102: "only an issued certificate can be replaced",
		-1113: "an order in this state can't go to the CA",
	}, meaning: meaning{kind: backend.KindState, advice: adviceOnlyIssued}},
	{ops: []string{opReplace}, codes: map[int]string{
		-1148: "SCM installs the certificate by itself",
	}, meaning: meaning{kind: backend.KindState, advice: adviceAutoInstalled}},
	{ops: []string{opRenew}, codes: map[int]string{
		-180: "the profile allows no renewals",
	}, meaning: meaning{kind: backend.KindState, advice: adviceNoRenewal}},
	{ops: []string{opRenew}, codes: map[int]string{
		-105: "the renewal failed on its way to the CA",
	}, meaning: meaning{kind: backend.KindUncertain, advice: adviceRenewalLost}},
	{ops: []string{opRenew}, codes: map[int]string{
		-123: "there is no certificate to renew",
	}, meaning: meaning{kind: backend.KindNotFound}},
	{ops: []string{opDelete, opCancel}, codes: map[int]string{
		-130: "the state does not allow a deletion", -102: "the state does not allow a deletion",
	}, meaning: meaning{kind: backend.KindState, advice: adviceOnlyImported}},

	{ops: orders, codes: map[int]string{
		-737: "domains are not validated", -1137: "domains were not validated", -107: "a validation is missing or ended",
	}, meaning: meaning{kind: backend.KindInvalid, advice: adviceNotValidated}},
	{ops: orders, codes: map[int]string{
		-1010: "the domain is not allowed here", -727: "SCM does not know the domain", -715: "the domain is switched off",
		-741: "the domain's delegation was asked for and is not approved",
	}, meaning: meaning{kind: backend.KindInvalid, advice: adviceNotDelegated}},
	{ops: orders, codes: map[int]string{
		-843: "the organization's validation does not allow this kind of certificate",
	}, meaning: meaning{kind: backend.KindInvalid, advice: adviceOrganization}},
	{ops: orders, codes: map[int]string{
		-993: "the customer's orders are restricted",
	}, meaning: meaning{kind: backend.KindPermission, advice: adviceRestricted}},
	{ops: orders, codes: map[int]string{
		-36: "the profile does not offer this lifetime", -164: "internal names and private addresses get no such lifetime",
	}, meaning: meaning{kind: backend.KindInvalid, advice: adviceTerm}},
	{ops: orders, codes: map[int]string{
		-39: "the profile's id is not valid", -111: "there is no profile with this id",
	}, meaning: meaning{kind: backend.KindInvalid, advice: adviceProfile}},
	{ops: orders, codes: map[int]string{
		-62: "a mandatory custom field is missing",
	}, meaning: meaning{kind: backend.KindInvalid, advice: adviceMandatory}},
	{ops: orders, codes: map[int]string{
		-7: "the way of domain validation is missing", -1001: "the way of domain validation is missing",
	}, says: "dcvMode", meaning: meaning{kind: backend.KindInvalid, advice: adviceDCVMode}},
	{ops: orders, codes: map[int]string{
		-9: "the CSR is not base64", -10: "the CSR can't be decoded", -11: "the CSR has an algorithm that is not taken",
		-13: "the CSR's key has a size that is not taken", -78: "the public key is not valid or not taken",
		-138: "the CSR is not valid", -141: "the CSR's key is too small", -170: "the account takes no keys on elliptic curves",
		-194: "the CSR's key has a size that is not taken", -1138: "the size of the CSR's key could not be told",
	}, meaning: meaning{kind: backend.KindInvalid, advice: adviceCSR}},
	{ops: orders, codes: map[int]string{
		-639: "the organization's id is not valid", -1021: "the organization may not do this", -1023: "there is no such organization",
	}, meaning: meaning{kind: backend.KindInvalid, advice: adviceNoOrganization}},

	{codes: map[int]string{
		-3: "no privilege for this", -25: "no privilege for this call", -37: "access is denied",
		-226: "no privilege for this organization", -738: "no privilege for this domain",
	}, meaning: meaning{kind: backend.KindPermission, advice: advicePrivilege}},
	{codes: map[int]string{
		-124: "there is no certificate with this id", -5101: "there is no such certificate", -1117: "there is no certificate behind the id",
		-123: "there is no certificate with this renewal id",
	}, meaning: meaning{kind: backend.KindNotFound, advice: adviceNoOrder}},
	{codes: map[int]string{
		-3114: "somebody else changed or deleted it", -3115: "somebody else changed or deleted it; what was sent rests on old data",
	}, meaning: meaning{kind: backend.KindConflict, advice: adviceChanged}},
	{codes: map[int]string{
		-1144: "the certificate has to be discovered again, since SCM moved its data",
	}, meaning: meaning{kind: backend.KindState, advice: adviceNotToBeHad}},
	{codes: map[int]string{
		-1608: "domain validation is not switched on for this customer",
	}, meaning: meaning{kind: backend.KindUnsupported, advice: adviceNoDCV}},
	{codes: map[int]string{
		-140: "CSRs can't be decoded at the moment", -195: "the CA is not available", -196: "the list of validation addresses could not be fetched",
		-618: "a network discovery is running",
	}, meaning: meaning{kind: backend.KindUnavailable, advice: adviceBusy}},
	{codes: map[int]string{
		-1: "an unknown error", -2: "an internal error", -14: "an unknown error", -65: "an internal error",
		-129: "the connection to the CA broke while the order was handed on",
	}, meaning: meaning{vague: true}},
}
