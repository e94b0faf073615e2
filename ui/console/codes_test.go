package console

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certty/backend"
)

// updateCodes rewrites the document: go test ./ui/console -run TestCodesPage -codes.
var updateCodes = flag.Bool("codes", false, "rewrite docs/codes.md")

// TestCodesPage holds docs/codes.md to the catalogue.
func TestCodesPage(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "codes.md")
	want := codesPage(Codes())
	if *updateCodes {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Error("docs/codes.md is stale: go test ./ui/console -run TestCodesPage -codes")
	}
}

// TestAdviceLeavesWhatIsKept: what of a form is still there the form alone can say; a
// password often is not, and a command has no form.
func TestAdviceLeavesWhatIsKept(t *testing.T) {
	for _, c := range Codes() {
		if strings.Contains(c.Next, "typed") {
			t.Errorf("%s: %s", c.Code, c.Next)
		}
	}
}

func codesPage(all []backend.Code) []byte {
	var b bytes.Buffer
	b.WriteString(`<!-- Generated from the catalogue of codes by TestCodesPage in ui/console; do not edit. -->
# Codes

What the codes mean that errors show, what to do about them, and who has to:
the same as ` + "`certty explain CODE`" + ` says, and what the screen advises. Services
give one code to several errors; then the calls tell them apart.
`)
	service := backend.Service("")
	for _, c := range all {
		if c.Service != service {
			service = c.Service
			fmt.Fprintf(&b, "\n## %s\n\n| code | at | means | cause and way out | who |\n|-|-|-|-|-|\n", map[backend.Service]string{
				backend.ServiceVault: "Azure Key Vault", backend.ServiceEntra: "Microsoft Entra ID (sign-in to a vault)",
				backend.ServiceSCM: "Sectigo Certificate Manager", backend.ServiceHTTP: "HTTP statuses, where an answer has no code",
				backend.ServiceCertty: "certty's own words",
			}[service])
		}
		who := string(c.Who)
		if who == "" {
			who = "nobody"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s %s | %s |\n", c.Code, strings.Join(c.At, ", "), c.Means, c.Cause, c.Next, who)
	}
	return b.Bytes()
}
