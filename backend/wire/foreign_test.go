package wire

import (
	"net/http"
	"strings"
	"testing"

	"certty/backend/text"
)

func TestContentType(t *testing.T) {
	for in, want := range map[string]string{
		"application/json":         "application/json",
		"text/html; charset=utf-8": "text/html",
		" text/plain ;x":           "text/plain",
		"text/\x1b[2J":             `text/\x1b[2J`,
		strings.Repeat("é", 80):    strings.Repeat("é", 80),
		strings.Repeat("é", 81):    strings.Repeat("é", 79) + "…",
		"":                         "without a content type",
		"; charset=utf-8":          "without a content type",
	} {
		if got := ContentType(http.Header{"Content-Type": {in}}); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	if got := ContentType(nil); got != "without a content type" {
		t.Errorf("no header is %q", got)
	}
}

// TestIsPage: a page is never taken for the service's own answer, whatever it
// says that it is, and no answer of a service is taken for a page.
func TestIsPage(t *testing.T) {
	for name, tt := range map[string]struct {
		kind, body string
		want       bool
	}{
		"by its type":         {"text/html", "", true},
		"type, upper case":    {"Text/HTML; charset=utf-8", "denied", true},
		"XHTML":               {"application/xhtml+xml", "<?xml", true},
		"by its doctype":      {"application/json", "\n <!DOCTYPE HTML><p>denied", true},
		"by its first tag":    {"", "<HTML lang=en>", true},
		"JSON":                {"application/json", `{"error":"<html>"}`, false},
		"JSON of no type":     {"", `{"code":-16}`, false},
		"text":                {"text/plain", "denied", false},
		"XML":                 {"text/xml", "<error/>", false},
		"nothing":             {"", "", false},
		"tag far behind":      {"", strings.Repeat(" ", 80) + "<html>", false},
		"type in its own row": {"application/json, text/html", "{}", false},
	} {
		if got := IsPage(http.Header{"Content-Type": {tt.kind}}, []byte(tt.body)); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for name, tt := range map[string]struct{ body, want string }{
		"nothing":            {"", ""},
		"JSON":               {`{"message":"no route"}`, `{"message":"no route"}`},
		"JSON that ends":     {`{"error":{"code":"Bad`, `{"error":{"code":"Bad`},
		"text":               {"upstream\nfailed", "upstream failed"},
		"binary":             {"\x00\x9b", `\x00\x9b`},
		"long":               {long, long[:499] + "…"},
		"page":               {"<html><TITLE lang=en>Blocked</TITLE></html>", "Blocked"},
		"title of lines":     {"<title>\n Sign\n in </title>", "Sign in"},
		"hostile title":      {"<title>\x1b]0;x\a</title>", `\x1b]0;x\x07`},
		"letters that grow":  {"İ<title>Sign in</title>", "Sign in"},
		"upper, and growing": {"İ<TITLE>Sign in</TITLE>", "İ<TITLE>Sign in</TITLE>"},
		"empty title":        {"<title></title>", ""},
		"page without title": {" <html>x</html>", ""},
		"title not ended":    {"<html><title>x", ""},
		"title not opened":   {"<html><title</title>", ""},
		"title far below":    {"<html>" + strings.Repeat(" ", 64<<10) + "<title>x</title>", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Excerpt([]byte(tt.body)); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// FuzzForeign: whoever answers, what is shown of it is brief and clean.
func FuzzForeign(f *testing.F) {
	f.Add("text/html", []byte("<title>İ\x1b</title>"))
	f.Add("\x1b", []byte("<title </title>"))
	f.Add("", []byte("\x00\x9b\u202e"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		kind := ContentType(http.Header{"Content-Type": {contentType}})
		if kind == "" || text.Clean(kind) != kind {
			t.Errorf("the type is %q", kind)
		}
		excerpt := Excerpt(body)
		if text.Clean(excerpt) != excerpt || len([]rune(excerpt)) > 500 {
			t.Errorf("the excerpt is %q", excerpt)
		}
	})
}
