package command

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"certty/backend/guard"
)

// shownHeaders are the headers of a call that are worth showing and hold no
// secret, in lower case, besides those that override the verb.
var shownHeaders = []string{"content-type", "customeruri", "login"}

// secretHeaders are the headers that prove who calls, in lower case, and what
// stands for their values.
var secretHeaders = map[string]string{
	"authorization": "Bearer $ACCESS_TOKEN",
	"password":      "$SCM_PASSWORD",
}

// WriteCalls writes calls that were not sent: method and address, headers, and
// the body as it would be sent, indented. Secrets are variables: $ACCESS_TOKEN,
// $SCM_PASSWORD, $PFX_PASSWORD, $PFX_BASE64, $PEM_BUNDLE, $PRIVATE_KEY. A header
// that is not known to be harmless is left out, and so is a body that is no JSON.
func WriteCalls(w io.Writer, calls []guard.RehearsedCall) error {
	var b bytes.Buffer
	for i, c := range calls {
		if i > 0 {
			b.WriteString("\n###\n\n") // what separates calls in files of the form .http
		}
		writeCall(&b, c)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func writeCall(b *bytes.Buffer, c guard.RehearsedCall) {
	fmt.Fprintf(b, "%s %s\n", printable(c.Method), address(c.URL))
	var lines []string
	for name, values := range c.Header {
		// As it is on the wire, or as whoever filters headers wants it spelt.
		if line := header(name, values); line != "" {
			lines = append(lines, line)
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) })
	for _, line := range lines {
		b.WriteString(line + "\n")
	}
	if len(c.Body) == 0 {
		return
	}
	b.WriteByte('\n')
	if text, ok := maskJSON(c.Body); ok {
		b.WriteString(text + "\n")
		return
	}
	fmt.Fprintf(b, "(%d bytes of %s, not shown)\n", len(c.Body), kindOf(c.Header))
}

// header is the line of a header; "" for one that is not shown.
func header(name string, values []string) string {
	lower := strings.ToLower(name)
	if hidden, ok := secretHeaders[lower]; ok {
		return name + ": " + hidden
	}
	if !slices.Contains(shownHeaders, lower) && !guard.Overrides(name) {
		return ""
	}
	return name + ": " + printable(strings.Join(values, ", "))
}

// kindOf is what a body is said to be, without parameters, which could be long.
func kindOf(h http.Header) string {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return "no known type"
	}
	return printable(kind)
}

// address is the address of a call. A password in it does not show.
func address(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "(an address that can't be read)"
	}
	return printable(u.Redacted())
}

// printable keeps a text on its line: it goes to a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}
