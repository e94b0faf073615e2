package vault

import (
	"encoding/json"
	"net/http"
	"strings"

	"certty/backend/text"
	"certty/backend/wire"
)

// fault is an error answer: Key Vault's {"error":{"code","message",
// "innererror"}}, or whatever a proxy or a portal sent in its place.
type fault struct {
	// json is true when the answer is an error in Key Vault's form.
	json bool
	// codes go from the outermost to the innermost.
	codes   []string
	message string
	// note says what the answer is when it is not Key Vault's.
	note string
	// between is true when something on the way to the vault gave the answer.
	between bool
}

// code is the most telling one: outer codes are as general as "Forbidden".
func (f fault) code() string {
	if len(f.codes) == 0 {
		return ""
	}
	return f.codes[len(f.codes)-1]
}

// hasCode reports whether one of the codes begins with want, in lower case.
func (f fault) hasCode(want string) bool {
	for _, c := range f.codes {
		if strings.HasPrefix(strings.ToLower(c), want) {
			return true
		}
	}
	return false
}

// errorInfo is Key Vault's error object; inner ones may nest. It is decoded
// field by field, so that one of a foreign type does not cost the others.
type errorInfo struct {
	Code    json.RawMessage `json:"code"`
	Message json.RawMessage `json:"message"`
	Inner   json.RawMessage `json:"innererror"`
}

// maxNesting bounds how deep inner errors are followed.
const maxNesting = 8

// decodeFault reads the body of an error answer. It always says something.
func decodeFault(h http.Header, body []byte) fault {
	var envelope struct {
		Error json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil || isNull(envelope.Error) {
		return foreignFault(h, body)
	}
	var info errorInfo
	if err := json.Unmarshal(envelope.Error, &info); err != nil {
		return foreignFault(h, body)
	}
	f := fault{json: true, message: text.Flat(jsonText(info.Message))}
	for range maxNesting {
		if code := text.Clean(jsonText(info.Code)); code != "" {
			f.codes = append(f.codes, code)
		}
		if f.message == "" {
			f.message = text.Flat(jsonText(info.Message))
		}
		inner := info.Inner
		info = errorInfo{}
		if isNull(inner) || json.Unmarshal(inner, &info) != nil {
			break
		}
	}
	return f
}

// foreignFault describes an answer that somebody else gave.
func foreignFault(h http.Header, body []byte) fault {
	if len(body) == 0 {
		return fault{note: "the answer is empty"}
	}
	return fault{
		note: "the answer is not Key Vault's (" + wire.ContentType(h) + ")", message: wire.Excerpt(body),
		between: wire.IsPage(h, body) && !ours(h),
	}
}

// ours reports whether an answer comes from Key Vault or from the servers it runs
// on. Every recorded answer of the service has headers of its own; the web server
// of its machines (HTTP.sys) answers with a page and its name where the service
// does not run.
func ours(h http.Header) bool {
	if strings.HasPrefix(h.Get("Server"), "Microsoft-HTTPAPI/") {
		return true
	}
	for name := range h {
		if name == "X-Ms-Request-Id" || strings.HasPrefix(name, "X-Ms-Keyvault-") {
			return true
		}
	}
	return false
}

// jsonText is a JSON value as text: a string's content, anything else as it is
// written; "" for null and for nothing.
func jsonText(raw json.RawMessage) string {
	if isNull(raw) {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }
