package scm

import (
	"encoding/json"
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
	return append(list, strings.ReplaceAll(strings.ReplaceAll(secret, `\`, `\\`), `"`, `\"`))
}
