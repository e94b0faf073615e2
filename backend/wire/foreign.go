package wire

import (
	"bytes"
	"net/http"
	"strings"

	"certty/backend"
	"certty/backend/text"
	"certty/model"
)

// ContentType is what an answer says it is, cleaned, brief and without
// parameters; it always says something.
func ContentType(h http.Header) string {
	const most = 80 // characters; registered media types are shorter
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	if kind = text.Clean(strings.TrimSpace(kind)); kind == "" {
		return "without a content type"
	}
	if cut := []rune(kind); len(cut) > most {
		return string(cut[:most-1]) + "…"
	}
	return kind
}

// IsPage reports whether an answer is a page for a browser (HTML), by what it says
// it is or by how it begins.
func IsPage(h http.Header, body []byte) bool {
	if kind := strings.ToLower(ContentType(h)); kind == "text/html" || kind == "application/xhtml+xml" {
		return true
	}
	const most = 64
	start := strings.ToLower(string(bytes.TrimSpace(body[:min(len(body), most)])))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// AdviceBetween is what a person can do about an answer that something between
// here and the service gave.
var AdviceBetween = backend.Advice{
	Cause: "It was not the service that answered, but something on the way to it: a proxy, a firewall or a gateway.",
	Next: "Have it let calls to the target's address through (network administrator; the title of its page tells which one it is), " +
		"or name another proxy in the target's settings. Reading is tried again by itself.",
	Who: model.ActorYou,
}

// AdviceBetweenChange is AdviceBetween where a change was to be made, which may
// have gone on to the service before.
var AdviceBetweenChange = backend.Advice{
	Cause: AdviceBetween.Cause + " Whether the change reached the service before that is not known.",
	Next:  "Do not repeat it; the row is being read again to find out. Have calls to the target's address let through (network administrator; the title of the page tells whose it is).",
	Who:   model.ActorYou,
}

// Excerpt is what is worth showing of an answer that somebody else than the
// service gave, brief and clean: the title of a page, and of anything else how
// it begins. "" for a page without a title.
func Excerpt(body []byte) string {
	if title := htmlTitle(body); title != "" {
		return Brief(title)
	}
	const most = 4 << 10
	start := Brief(string(body[:min(len(body), most)]))
	if strings.HasPrefix(start, "<") {
		return ""
	}
	return start
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
