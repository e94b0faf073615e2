package scm

import (
	"net/http"
	"strconv"
	"strings"

	"certty/backend/wire"
)

// fault is an error answer: SCM's {"code","description"}, or whatever a gateway
// or a sign-in page sent in its place.
type fault struct {
	// json is true when the answer is an error in SCM's form; code is then its
	// number. Codes are not unique, see rules.
	json    bool
	code    int
	message string
	// note says what the answer is when it is not SCM's.
	note string
}

// codeText is the code as it is shown; "" where there is none.
func (f fault) codeText() string {
	if !f.json {
		return ""
	}
	return strconv.Itoa(f.code)
}

// text is what the answer says, for people.
func (f fault) text() string {
	switch {
	case f.note == "":
		return f.message
	case f.message == "":
		return f.note
	default:
		return f.note + ": " + f.message
	}
}

// decodeFault reads the body of an error answer (SCM REST API, "Errors"). It
// always says something.
func decodeFault(h http.Header, body []byte) fault {
	var info struct {
		Code        *num `json:"code"`
		Description str  `json:"description"`
		Details     str  `json:"details"`
	}
	if unmarshal(body, &info) != nil || info.Code == nil && info.Description == "" {
		return foreignFault(h, body)
	}
	f := fault{json: true, message: wire.Brief(string(info.Description))}
	if info.Code != nil {
		f.code = int(*info.Code)
	}
	if info.Details != "" {
		f.message = wire.Brief(f.message + " (" + string(info.Details) + ")")
	}
	if f.message == "" {
		f.message = "no reason was given"
	}
	return f
}

// foreignFault describes an answer that somebody else gave.
func foreignFault(h http.Header, body []byte) fault {
	if len(strings.TrimSpace(string(body))) == 0 {
		return fault{note: "the answer is empty"}
	}
	return fault{note: "the answer is not SCM's (" + wire.ContentType(h) + ")", message: wire.Excerpt(body)}
}
