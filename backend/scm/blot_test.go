package scm

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
)

// TestBlot: a secret goes in every spelling that an answer gives it.
func TestBlot(t *testing.T) {
	const secret = `p4ss/w<o>r&d'"\+=`
	quoted, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	var all, signs strings.Builder
	for _, c := range secret {
		fmt.Fprintf(&all, `\u%04x`, c)
		if strings.ContainsRune(letters, c) {
			signs.WriteRune(c)
		} else {
			fmt.Fprintf(&signs, `\u%04X`, c)
		}
	}
	for name, form := range map[string]string{
		"plain": secret, "Go's JSON": strings.Trim(string(quoted), `"`), "HTML": html.EscapeString(secret), "a query": url.QueryEscape(secret), "a path": url.PathEscape(secret),
		"PHP's JSON": `p4ss\/w<o>r&d'\"\\+=`, "Gson's": `p4ss/w\u003co\u003er\u0026d\u0027\u0022\u005c+\u003d`, "signs escaped": signs.String(), "all escaped": all.String(),
	} {
		if got := string(blot([]byte("it was "+form+"."), []string{secret})); got != "it was "+hidden+"." {
			t.Errorf("%s: %s", name, got)
		}
	}
	if body := []byte("nothing here"); string(blot(body, []string{secret, "abc"})) != string(body) {
		t.Error("a text without it was changed")
	}
}
