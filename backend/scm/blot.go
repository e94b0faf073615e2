package scm

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
)

// hidden stands where a secret stood.
const hidden = "[hidden]"

// shortest is how long a secret is at least that is looked for: to look for a
// shorter one would spoil every text.
const shortest = 4

// blot takes secrets out of what the service answered, in every spelling that
// JSON, HTML and URLs give them: an error page may repeat the headers that it
// got.
func blot(body []byte, secrets []string) []byte {
	out, changed := string(body), false
	for _, secret := range secrets {
		for _, form := range spellings(secret) {
			if strings.Contains(out, form) {
				out, changed = strings.ReplaceAll(out, form, hidden), true
			}
		}
	}
	if !changed {
		return body
	}
	return []byte(out)
}

// spellings are the ways to write a secret.
func spellings(secret string) []string {
	if len(secret) < shortest {
		return nil
	}
	list := []string{secret, html.EscapeString(secret), url.QueryEscape(secret), url.PathEscape(secret)}
	if quoted, err := json.Marshal(secret); err == nil {
		list = append(list, strings.Trim(string(quoted), `"`))
	}
	quoted := strings.ReplaceAll(strings.ReplaceAll(secret, `\`, `\\`), `"`, `\"`)
	list = append(list, quoted, strings.ReplaceAll(quoted, "/", `\/`))
	// What else JSON may write as \u: what HTML could take for its own, every
	// sign, or everything.
	for _, plain := range []string{letters + "!#$%()*+,-./:;?@[]^_`{|}~ ", letters, ""} {
		for _, digits := range []string{`\u%04x`, `\u%04X`} {
			list = append(list, escaped(secret, plain, digits))
		}
	}
	return list
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// escaped writes a secret with \u for what is not plain. Secrets are ASCII:
// headers take nothing else.
func escaped(secret, plain, digits string) string {
	var out strings.Builder
	for _, c := range secret {
		if strings.ContainsRune(plain, c) {
			out.WriteRune(c)
			continue
		}
		fmt.Fprintf(&out, digits, c)
	}
	return out.String()
}
