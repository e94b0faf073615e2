package scenario

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"strings"
	"time"

	"certty/backend/sandbox/vaultserver"
)

// What a terminal must never get to see: colours, an erased screen, a new
// window title, a text for the clipboard (OSC 52), text that runs backwards, a
// null, a line that overwrites itself.
const (
	escapes   = "\x1b[31mred\x1b[2J\x1b]0;owned\a\x1b]52;c;b3duZWQ=\a\u009b1m"
	backwards = "\u202egnp.exe\u202c\u2066"
	overwrite = "all is well\r\nnothing here\x00\b\b"
)

// wide is a character that takes two columns.
const wide = "証"

// hostile are entries that nobody means well with, or that are as large as the
// service lets them be. Names can hold little: Key Vault takes letters, digits
// and hyphens. Subjects of certificates come from CAs, texts of errors too, and
// tags from whoever may write them.
func (m moment) hostile() []vaultserver.Entry {
	return []vaultserver.Entry{
		{
			Name: "hostile-escapes", Imported: name(escapes + " " + overwrite),
			Tags:   map[string]string{"owner": escapes, backwards: overwrite, "note\x1b[8m": backwards},
			Policy: tls("", manual, ec(), "escapes.example.com", "\x1b[7mreverse.example.com"),
			Issued: []vaultserver.Issue{m.left(0.9)},
		},
		{
			Name:   "hostile-backwards",
			Policy: tls("CN=moc.elpmaxe."+backwards+", O=Example", manual, ec(), "backwards.example.com"),
			Issued: []vaultserver.Issue{m.left(0.8)}, Tags: owner(backwards),
		},
		{
			Name: "hostile-error", Tags: owner("api"),
			Policy: tls("CN=error.example.com", vaultserver.IssuerStrict, ec(), "error.example.com"),
			Asked: &vaultserver.Asked{At: m.ago(35 * time.Minute), Outcome: vaultserver.Failed,
				Message: "The call to DigiCert failed with Error code access_denied|" + escapes + " and Message " + overwrite + backwards + " " + strings.Repeat("see https://example.com/help ", 20)},
		},
		{
			// Two hundred characters, the most that a subject may have.
			Name:   "hostile-width",
			Policy: tls("CN="+strings.Repeat(wide, 64)+", O="+strings.Repeat(wide, 64)+", OU="+strings.Repeat(wide, 60), manual, ec(), "wide.example.com"),
			Asked:  &vaultserver.Asked{At: m.ago(7 * time.Hour)},
			Tags:   map[string]string{strings.Repeat(wide, 200): strings.Repeat(wide, 200)},
		},
		{
			Name:   "long-" + strings.Repeat("x", 127-len("long-")),
			Policy: tls("CN="+strings.Repeat("long.", 10)+"example.com", manual, ec(), strings.Repeat("long.", 40)+"example.com"),
			Issued: []vaultserver.Issue{m.left(0.7)},
		},
		{
			// A name that a command line takes for an option.
			Name:   "--help",
			Policy: tls("CN=help.example.com", manual, ec(), "help.example.com"),
			Issued: []vaultserver.Issue{m.left(0.6)},
		},
	}
}

// name is a subject with a common name alone, whatever it holds.
func name(common string) pkix.RDNSequence {
	return pkix.RDNSequence{{{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: common}}}
}
