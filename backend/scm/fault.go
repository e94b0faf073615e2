package scm

import (
	"net/http"
	"strconv"
	"strings"

	"certty/backend/text"
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
	f := fault{json: true, message: brief(string(info.Description))}
	if info.Code != nil {
		f.code = int(*info.Code)
	}
	if info.Details != "" {
		f.message = brief(f.message + " (" + string(info.Details) + ")")
	}
	if f.message == "" {
		f.message = "no reason was given"
	}
	return f
}

// foreignFault describes an answer that somebody else gave.
func foreignFault(h http.Header, body []byte) fault {
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	if kind = text.Clean(strings.TrimSpace(kind)); kind == "" {
		kind = "without a content type"
	}
	if len(strings.TrimSpace(string(body))) == 0 {
		return fault{note: "the answer is empty"}
	}
	f := fault{note: "the answer is not SCM's (" + kind + ")"}
	if title := htmlTitle(body); title != "" {
		f.message = brief(title)
		return f
	}
	const most = 4 << 10
	f.message = brief(string(body[:min(len(body), most)]))
	if strings.HasPrefix(f.message, "<") {
		f.message = ""
	}
	return f
}

// htmlTitle is what a page calls itself; "" when body is none.
func htmlTitle(body []byte) string {
	const most = 64 << 10
	page := string(body[:min(len(body), most)])
	lower := strings.ToLower(page)
	if len(lower) != len(page) { // some letters change their length
		lower = page
	}
	_, rest, ok := strings.Cut(lower, "<title")
	if !ok {
		return ""
	}
	start := len(lower) - len(rest)
	open := strings.IndexByte(lower[start:], '>')
	end := strings.Index(lower[start:], "</title")
	if open < 0 || end < open {
		return ""
	}
	return page[start+open+1 : start+end]
}
