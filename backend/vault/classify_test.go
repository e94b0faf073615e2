package vault

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/wire"
)

// fault bodies as Key Vault sends them; the wording is from recorded traffic,
// the service's documents and public reports.
func kvError(code, message, inner string) string {
	body := `{"error":{"code":"` + code + `","message":"` + message + `"`
	if inner != "" {
		body += `,"innererror":{"code":"` + inner + `"}`
	}
	return body + "}}"
}

func TestClassify(t *testing.T) {
	const html = "<!DOCTYPE html><html><head><title>Access\r\nblocked</title></head><body>no</body></html>"
	tests := map[string]struct {
		op     string
		reads  bool
		status int
		body   string
		kind   backend.ErrorKind
		state  backend.StateError
		code   string
		note   string
	}{
		"no token":               {opList, true, 401, kvError("Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.", ""), backend.KindAuth, 0, "Unauthorized", ""},
		"expired token":          {opList, true, 401, kvError("Unauthorized", "[TokenExpired] Error validating token: 'S2S12086'.", ""), backend.KindAuth, 0, "Unauthorized", "clock"},
		"wrong audience":         {opList, true, 401, kvError("Unauthorized", "AKV10022: Invalid audience.", ""), backend.KindAuth, 0, "Unauthorized", "wrong audience"},
		"wrong tenant":           {opList, true, 401, kvError("Unauthorized", "AKV10032: Invalid issuer. Expected one of https://sts.windows.net/a/, found b.", ""), backend.KindAuth, 0, "Unauthorized", "wrong tenant"},
		"signing key passes":     {opList, true, 401, kvError("Unauthorized", "AKV10046: Unable to resolve the key used for signature validation.", ""), backend.KindUnavailable, 0, "Unauthorized", ""},
		"401 of a portal":        {opList, true, 401, html, backend.KindOther, 0, "", "not Key Vault's"},
		"access policy":          {opList, true, 403, kvError("Forbidden", "The user, group or application 'appid=1' does not have certificates list permission on key vault 'x;location=y'.", "AccessDenied"), backend.KindPermission, 0, "AccessDenied", ""},
		"by policy":              {opList, true, 403, kvError("Forbidden", "x", "ForbiddenByPolicy"), backend.KindPermission, 0, "ForbiddenByPolicy", ""},
		"access policy, no code": {opCancel, false, 403, kvError("Forbidden", "The user does not have certificates update permission on key vault 'x'.", ""), backend.KindPermission, 0, "Forbidden", ""},
		"RBAC":                   {opMerge, false, 403, kvError("Forbidden", `Caller is not authorized to perform action on resource.\r\nCaller: x`, "ForbiddenByRbac"), backend.KindPermission, 0, "ForbiddenByRbac", ""},
		"RBAC, no inner code":    {opCancel, false, 403, kvError("Forbidden", "Caller is not authorized to perform action on resource.", ""), backend.KindPermission, 0, "Forbidden", ""},
		"firewall":               {opList, true, 403, kvError("Forbidden", "Client address is not authorized and caller is not a trusted service.", "ForbiddenByFirewall"), backend.KindNetwork, 0, "ForbiddenByFirewall", "firewall"},
		"firewall, no code":      {opCancel, false, 403, kvError("Forbidden", "Client address is not authorized and caller is not a trusted service.", ""), backend.KindNetwork, 0, "Forbidden", "firewall"},
		"private link":           {opList, true, 403, kvError("Forbidden", "Public network access is disabled and request is not from a trusted service nor via an approved private link.", "ForbiddenByConnection"), backend.KindNetwork, 0, "ForbiddenByConnection", "private link"},
		"merge forbidden":        {opMerge, false, 403, kvError("Forbidden", "Merge is forbidden on pending object created with issuer : digicert while it is in progess.", ""), backend.KindState, backend.StateMergeForbidden, "Forbidden", ""},
		"cancel late, service":   {opCancel, false, 403, kvError("Forbidden", "Pending status must be in progress to allow update.", ""), backend.KindState, backend.StateTooLate, "Forbidden", ""},
		"cancel late, documents": {opCancel, false, 400, kvError("BadParameter", "The request is not in progress.", ""), backend.KindState, backend.StateTooLate, "BadParameter", ""},
		"merge late":             {opMerge, false, 403, kvError("Forbidden", "Pending status must be in progress to allow update.", ""), backend.KindState, backend.StateTooLate, "Forbidden", ""},
		"403 of a state":         {opDeleteRequest, false, 403, kvError("Forbidden", "Operation is not allowed on a disabled secret.", ""), backend.KindState, backend.StateOther, "Forbidden", ""},
		"403 reading, unknown":   {opList, true, 403, kvError("Forbidden", "No.", ""), backend.KindPermission, 0, "Forbidden", ""},
		"403 of a proxy":         {opCancel, false, 403, html, backend.KindOther, 0, "", "not Key Vault's (text/html)"},
		"pending in the way":     {opCreate, false, 409, kvError("Forbidden", "A new key vault certificate can not be created or imported while a pending key vault certificate's status is inProgress.", ""), backend.KindState, backend.StatePending, "Forbidden", ""},
		"soft-deleted":           {opCreate, false, 409, kvError("Conflict", "Certificate X is currently in a deleted but recoverable state, and its name cannot be reused.", "ObjectIsDeletedButRecoverable"), backend.KindState, backend.StateDeleted, "ObjectIsDeletedButRecoverable", ""},
		"soft-deleted, no code":  {opCreate, false, 409, kvError("Conflict", "Certificate X is currently in a deleted but recoverable state.", ""), backend.KindState, backend.StateDeleted, "Conflict", ""},
		"being deleted":          {opCreate, false, 409, kvError("Conflict", "x", "ObjectIsBeingDeleted"), backend.KindConflict, 0, "ObjectIsBeingDeleted", "being deleted"},
		"race":                   {opCancel, false, 409, kvError("Conflict", "There was a conflict while updating pending certificate 'https://x'. This can happen when multiple operations are performed in parallel.", ""), backend.KindConflict, 0, "Conflict", ""},
		"no pending":             {opCancel, false, 404, kvError("PendingCertificateNotFound", "Pending certificate not found: web", ""), backend.KindGone, 0, "PendingCertificateNotFound", ""},
		"merge, no certificate":  {opMerge, false, 404, kvError("CertificateNotFound", "A certificate with (name/id) web was not found in this key vault.", ""), backend.KindGone, 0, "CertificateNotFound", ""},
		"no certificate":         {opRead, true, 404, kvError("CertificateNotFound", "A certificate with (name/id) web was not found in this key vault.", ""), backend.KindNotFound, 0, "CertificateNotFound", ""},
		"unknown issuer":         {opCreate, false, 404, kvError("CertificateIssuerNotFound", "Issuer not found", ""), backend.KindNotFound, 0, "CertificateIssuerNotFound", ""},
		"404 of a proxy":         {opCancel, false, 404, html, backend.KindOther, 0, "", "not Key Vault's"},
		"404, empty":             {opMerge, false, 404, "", backend.KindOther, 0, "", "empty"},
		"other key":              {opMerge, false, 400, kvError("BadParameter", "The public key of the end-entity certificate in the specified X.509 certificate content does not match the public part of the specified private key.", ""), backend.KindInvalid, 0, "BadParameter", ""},
		"code with blanks":       {opCreate, false, 400, kvError("Malformed backup blob", "x", ""), backend.KindInvalid, 0, "Malformed backup blob", ""},
		"throttled":              {opList, true, 429, kvError("Throttled", "Request was not processed because too many requests were received.", ""), backend.KindThrottled, 0, "Throttled", ""},
		"throttled, change":      {opCreate, false, 429, "", backend.KindThrottled, 0, "", "empty"},
		"proxy's password":       {opList, true, 407, html, backend.KindNetwork, 0, "", "proxy"},
		"reading, 500":           {opList, true, 500, kvError("InternalServerError", "x", ""), backend.KindUnavailable, 0, "InternalServerError", ""},
		"change, 500":            {opCreate, false, 500, kvError("InternalServerError", "x", ""), backend.KindUncertain, 0, "InternalServerError", ""},
		"change, 502 of a proxy": {opMerge, false, 502, html, backend.KindUncertain, 0, "", "not Key Vault's"},
		"change, 504":            {opMerge, false, 504, "", backend.KindUncertain, 0, "", "empty"},
		"change, 503":            {opMerge, false, 503, kvError("ServiceUnavailable", "x", ""), backend.KindUnavailable, 0, "ServiceUnavailable", ""},
		"change, other success":  {opCreate, false, 200, "{}", backend.KindUncertain, 0, "", ""},
		"reading, other success": {opList, true, 204, "", backend.KindOther, 0, "", ""},
		"not implemented":        {opListDeleted, true, 501, kvError("NotImplemented", "x", ""), backend.KindUnsupported, 0, "NotImplemented", ""},
		"501 of a proxy":         {opList, true, 501, html, backend.KindNetwork, 0, "", "not Key Vault's"},
		"not known":              {opCreate, false, 418, kvError("Teapot", "x", ""), backend.KindOther, 0, "Teapot", ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			h := http.Header{"Content-Type": {"application/json"}}
			if strings.HasPrefix(tc.body, "<") {
				h.Set("Content-Type", "text/html; charset=utf-8")
			}
			f := decodeFault(h, []byte(tc.body))
			m := classify(call{op: tc.op, changes: !tc.reads}, tc.status, f)
			if m.kind != tc.kind || m.state != tc.state {
				t.Errorf("kind %q, state %d; want %q, %d", m.kind, m.state, tc.kind, tc.state)
			}
			if f.code() != tc.code {
				t.Errorf("code %q, want %q", f.code(), tc.code)
			}
			if !strings.Contains(m.note, tc.note) {
				t.Errorf("note %q, want %q in it", m.note, tc.note)
			}
		})
	}
}

// TestAnswerFromBetween: a page without the service's own headers is of something on
// the way, and the service is not blamed for it.
func TestAnswerFromBetween(t *testing.T) {
	const page = "<html><head><title>Access blocked</title></head></html>"
	for name, tc := range map[string]struct {
		header  http.Header
		changes bool
		status  int
		body    string
		kind    backend.ErrorKind
		advice  *backend.Advice
	}{
		"a read":                   {http.Header{"Content-Type": {"text/html"}}, false, 502, page, backend.KindNetwork, &wire.AdviceBetween},
		"a page by its look":       {http.Header{}, false, 503, "\r\n<!DOCTYPE HTML><title>x</title>", backend.KindNetwork, &wire.AdviceBetween},
		"a change":                 {http.Header{"Content-Type": {"text/html; charset=utf-8"}}, true, 502, page, backend.KindUncertain, &wire.AdviceBetweenChange},
		"a change, unavailable":    {http.Header{"Content-Type": {"text/html"}}, true, 503, page, backend.KindUncertain, &wire.AdviceBetweenChange},
		"forbidden":                {http.Header{"Content-Type": {"text/html"}}, true, 403, page, backend.KindOther, &wire.AdviceBetween},
		"the service's request id": {http.Header{"Content-Type": {"text/html"}, "X-Ms-Request-Id": {"1"}}, false, 502, page, backend.KindUnavailable, nil},
		"the service's version":    {http.Header{"Content-Type": {"text/html"}, "X-Ms-Keyvault-Service-Version": {"1"}}, false, 502, page, backend.KindUnavailable, nil},
		"the service's machine":    {http.Header{"Content-Type": {"text/html"}, "Server": {"Microsoft-HTTPAPI/2.0"}}, false, 503, page, backend.KindUnavailable, nil},
		"no page":                  {http.Header{"Content-Type": {"text/plain"}}, false, 502, "upstream", backend.KindUnavailable, nil},
	} {
		t.Run(name, func(t *testing.T) {
			m := classify(call{op: opList, changes: tc.changes}, tc.status, decodeFault(tc.header, []byte(tc.body)))
			if m.kind != tc.kind || m.advice != tc.advice {
				t.Errorf("%v with %+v, want %v with %+v", m.kind, m.advice, tc.kind, tc.advice)
			}
		})
	}
}

func TestDecodeFault(t *testing.T) {
	tests := map[string]struct {
		contentType, body string
		json              bool
		code, message     string
	}{
		"plain":              {"application/json", `{"error":{"code":"BadParameter","message":"x\r\ny"}}`, true, "BadParameter", "x y"},
		"nested inner":       {"application/json", `{"error":{"code":"A","message":"m","innererror":{"code":"B","innererror":{"code":"C"}}}}`, true, "C", "m"},
		"inner message only": {"application/json", `{"error":{"code":"A","innererror":{"message":"deep"}}}`, true, "A", "deep"},
		"inner is null":      {"application/json", `{"error":{"code":"A","message":"m","innererror":null}}`, true, "A", "m"},
		"numeric code":       {"application/json", `{"error":{"code":12,"message":"m"}}`, true, "12", "m"},
		"escape sequences":   {"application/json", `{"error":{"code":"\u001b[2J","message":"\u009b6n"}}`, true, `\x1b[2J`, `\u009b6n`},
		"other JSON":         {"application/json", `{"message":"no route"}`, false, "", `{"message":"no route"}`},
		"error is text":      {"application/json", `{"error":"invalid_request"}`, false, "", `{"error":"invalid_request"}`},
		"truncated":          {"application/json", `{"error":{"code":"Bad`, false, "", `{"error":{"code":"Bad`},
		"array":              {"application/json", `[]`, false, "", `[]`},
		"page":               {"text/html", "<html><TITLE lang=en>Blocked</TITLE></html>", false, "", "Blocked"},
		"page without title": {"text/html", "<html>x</html>", false, "", ""},
		"empty":              {"", "", false, "", ""},
		"very deep":          {"application/json", `{"error":` + strings.Repeat(`{"code":"x","innererror":`, 50) + `{}` + strings.Repeat("}", 50) + `}`, true, "x", ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := decodeFault(http.Header{"Content-Type": {tc.contentType}}, []byte(tc.body))
			if f.json != tc.json || f.code() != tc.code || f.message != tc.message {
				t.Errorf("got %+v, want json %v, code %q, message %q", f, tc.json, tc.code, tc.message)
			}
			if len(f.codes) > maxNesting {
				t.Errorf("%d codes", len(f.codes))
			}
			if !f.json && f.note == "" {
				t.Error("an answer that is not Key Vault's has no note")
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		header, value string
		want          time.Duration
	}{
		"seconds":      {"Retry-After", "10", 10 * time.Second},
		"date":         {"Retry-After", "Fri, 01 May 2026 12:01:30 GMT", 90 * time.Second},
		"milliseconds": {"x-ms-retry-after-ms", "1500", 1500 * time.Millisecond},
		"Azure's own":  {"retry-after-ms", "20", 20 * time.Millisecond},
		"very long":    {"retry-after-ms", "2147483647", 24 * time.Hour},
		"nonsense":     {"retry-after-ms", "soon", 0},
		"absent":       {"X-Other", "1", 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			h := http.Header{}
			h.Set(tc.header, tc.value)
			if got := retryAfter(h, now); got != tc.want {
				t.Errorf("%v, want %v", got, tc.want)
			}
		})
	}
}
