package wire

import (
	"net/http"
	"strings"

	"certty/backend/text"
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
