package scmserver

import "regexp"

// The bodies that are read, as Sectigo's OpenAPI document "Admin Operations"
// describes them, by its names for them.
var (
	enrollSchema = schema{required: []string{"orgId"}, fields: map[string]schema{
		"orgId": atLeast(1), "subjAltNames": {kind: text}, "certType": {kind: integer}, "term": atLeast(1),
		"comments": {kind: text, most: 1024}, "externalRequester": {kind: text, most: 512}, "customFields": customFieldsSchema,
		"dcvMode": {kind: text, enum: dcvModes}, "dcvEmail": {kind: text}, "csr": csrSchema,
	}}
	renewSchema = schema{fields: map[string]schema{
		"csr": csrSchema, "dcvMode": {kind: text, enum: dcvModes}, "dcvEmail": {kind: text},
	}}
	renewManualSchema = schema{fields: map[string]schema{
		"id": {kind: integer}, "orderNumber": {kind: text}, "dcvMode": {kind: text, enum: dcvModes}, "dcvEmail": {kind: text},
	}}
	replaceSchema = schema{fields: map[string]schema{
		"csr": csrSchema, "reason": {kind: text, least: 1, most: 512}, "commonName": {kind: text}, "subjectAlternativeNames": textsSchema,
		"dcvMode": {kind: text, enum: dcvModes}, "dcvEmail": {kind: text},
	}}
	revokeSchema = schema{fields: map[string]schema{
		"reasonCode": {kind: code, enum: revocationReasons}, "reason": {kind: text, least: 1, most: 512},
	}}
	markRevokedSchema = schema{fields: map[string]schema{
		"certId": {kind: integer}, "serialNumber": {kind: text}, "issuer": {kind: text}, "revokeDate": {kind: text},
		"reasonCode": {kind: code, enum: revocationReasons},
	}}
	messageSchema = schema{fields: map[string]schema{"message": {kind: text, least: 1, most: 512}}}
	updateSchema  = schema{required: []string{"sslId"}, fields: map[string]schema{
		"customFields": customFieldsSchema, "comments": {kind: text, most: 1024}, "sslId": atLeast(1), "term": atLeast(1),
		"certTypeId": atLeast(1), "orgId": atLeast(1), "requester": {kind: text}, "requesterAdminId": atLeast(1),
		"approverAdminId": atLeast(-1), "commonName": {kind: text}, "csr": csrSchema, "serverSoftware": {kind: text},
		"externalRequester": {kind: text}, "subjectAlternativeNames": textsSchema, "suspendNotifications": {kind: boolean},
		"autoRenewDetails": {fields: map[string]schema{
			"state": {kind: text, enum: renewalStates}, "daysBeforeExpiration": atLeast(1),
		}},
	}}
	locationSchema = schema{fields: map[string]schema{"details": {kind: free, least: 1}}}
	passwordSchema = schema{fields: map[string]schema{"newPassword": {kind: text}}}
	reportSchema   = schema{fields: map[string]schema{
		"from": {kind: text}, "to": {kind: text}, "organizationIds": {kind: array, items: &schema{kind: anything}},
		"commonName": {kind: text, most: 256, pattern: regexp.MustCompile(`^[^><\\]*$`)}, "externalRequester": {kind: text, most: 512},
		"certificateStatus":        {kind: code, enum: []string{"0", "1", "2", "3", "4"}},
		"certificateDateAttribute": {kind: code, enum: dateAttributes},
		"certificateRequestSource": {kind: code, enum: []string{"0", "1", "2", "3", "4", "5", "7", "9", "10", "11", "12"}},
		"serialNumberFormat":       {kind: text}, "includeIpAddresses": {kind: boolean},
	}}
	domainSchema = schema{fields: map[string]schema{
		"domain": {kind: text, least: 3, most: 255}, "domains": {kind: array, items: &schema{kind: text, least: 3, most: 255}},
		"email": {kind: text}, "dnsAgentUUID": {kind: text}, "dnsProviderName": {kind: text},
	}}
)

var (
	// The pattern of a CSR is checked where it is read: it has a code of its own.
	csrSchema          = schema{kind: text, least: 1, most: 32767}
	textsSchema        = schema{kind: array, items: &schema{kind: text}}
	customFieldsSchema = schema{kind: array, items: &schema{required: []string{"name", "value"}, fields: map[string]schema{
		"name": {kind: text, least: 1, most: 256}, "value": {kind: text, most: 256},
	}}}
	dcvModes          = []string{"EMAIL", "CNAME", "HTTP", "HTTPS", "AUTO", "TXT"}
	revocationReasons = []string{"0", "1", "3", "4", "5"}
	renewalStates     = []string{"Not scheduled", "Scheduled", "Started", "Successful", "Failed"}
	// dateAttributes: the OpenAPI document has 2 to 5, an example of the older
	// one sends 1.
	dateAttributes = []string{"1", "2", "3", "4", "5"}
)

func atLeast(n int) schema { return schema{kind: integer, min: &n} }
