package support

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"certty/ui/cli/jsontext"
)

// hider puts numbers in the place of names. Its zero value is ready.
type hider struct {
	places map[string]string // by what is hidden
	counts map[string]int    // by kind
}

// add hides a word as one of its kind.
func (h *hider) add(kind, word string) string {
	if word == "" {
		return ""
	}
	if h.places == nil {
		h.places, h.counts = map[string]string{}, map[string]int{}
	}
	place, known := h.places[word]
	if !known {
		h.counts[kind]++
		place = fmt.Sprintf("%s-%d", kind, h.counts[kind])
		h.places[word] = place
	}
	return place
}

func (h *hider) name(name string)     { h.add("name", name) }
func (h *hider) person(person string) { h.add("person", person) }

// hiddenSettings are the settings that name somebody or something, by the end of
// their path, and the kind that they are hidden as.
var hiddenSettings = map[string]string{
	"name": "target", "customer_uri": "customer", "login": "person", "tenant": "tenant", "client_id": "client", "owner": "person",
}

// setting takes note of what a setting names.
func (h *hider) setting(path string, value any) {
	text, ok := value.(string)
	if !ok {
		return
	}
	last := path[strings.LastIndexByte(path, '.')+1:]
	if kind, ok := hiddenSettings[last]; ok {
		h.add(kind, text)
	}
	if u, err := url.Parse(text); err == nil && u.Hostname() != "" {
		h.add("host", u.Hostname())
	}
}

var (
	// outside is what names somebody in any text: a person's address, an IPv4
	// address, a host.
	outside = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+|\b\d{1,3}(?:\.\d{1,3}){3}\b|(?:\*\.)?\b(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]+\b`)
	// files look like hosts.
	ownFiles = regexp.MustCompile(`\.(?:db|log|yaml|yml|pem|pfx|password|secret|sock)$`)
	// token is a bearer's token, which stands nowhere, or should not.
	token = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+){1,2}`)
)

// report hides the names in everything that was gathered, but for what tells of
// the program and of the terminal.
func (h *hider) report(r *report) {
	if home, err := os.UserHomeDir(); err == nil && len(home) > 1 {
		h.add("home", home)
	}
	words := make([]string, 0, len(h.places))
	for w := range h.places {
		words = append(words, w)
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	for i, w := range words {
		words[i] = regexp.QuoteMeta(w)
	}
	known := regexp.MustCompile(strings.Join(words, "|"))
	hide := func(text string) string {
		if len(words) > 0 {
			text = replaceWords(known, text, h.places)
		}
		return outside.ReplaceAllStringFunc(text, func(found string) string {
			if ownFiles.MatchString(found) {
				return found
			}
			return h.add("host", found)
		})
	}
	for _, part := range []any{&r.Configuration, &r.State, &r.Targets, &r.Unfinished, &r.Errors} {
		each(reflect.ValueOf(part).Elem(), hide)
	}
}

// replaceWords replaces what stands as a word of its own.
func replaceWords(known *regexp.Regexp, text string, places map[string]string) string {
	var b strings.Builder
	last := 0
	for _, at := range known.FindAllStringIndex(text, -1) {
		if at[0] > 0 && isWord(text[at[0]-1]) || at[1] < len(text) && isWord(text[at[1]]) {
			continue
		}
		b.WriteString(text[last:at[0]] + places[text[at[0]:at[1]]])
		last = at[1]
	}
	return b.String() + text[last:]
}

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// each changes every text within a value.
func each(v reflect.Value, change func(string) string) {
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() {
			v.SetString(change(v.String()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i).Name
			// The name of a setting looks like a host; support asks for the request id.
			if field == "RequestID" || field == "Name" && v.Type() == reflect.TypeFor[setting]() {
				continue
			}
			if v.Field(i).CanSet() {
				each(v.Field(i), change)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			each(v.Index(i), change)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			each(v.Elem(), change)
		}
	case reflect.Interface:
		switch value := v.Interface().(type) {
		case string:
			v.Set(reflect.ValueOf(change(value)))
		case []string:
			list := slices.Clone(value)
			for i := range list {
				list[i] = change(list[i])
			}
			v.Set(reflect.ValueOf(list))
		}
	}
}

// blot puts stars in the place of every secret that the environment holds, in
// any form in which the finished text may have it.
func (g *gatherer) blot(finished []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	for _, secret := range g.secret {
		quoted, err := json.Marshal(secret)
		if err != nil {
			return nil, err
		}
		for _, form := range []string{secret, strings.Trim(string(quoted), `"`), url.QueryEscape(secret), url.PathEscape(secret)} {
			finished = bytes.ReplaceAll(finished, []byte(form), []byte("***"))
		}
	}
	return token.ReplaceAll(finished, []byte("***")), nil
}

// print makes the text, or the JSON document.
func (g *gatherer) print(asJSON bool) ([]byte, error) {
	var b bytes.Buffer
	if asJSON {
		err := jsontext.Print(&b, &g.out)
		return b.Bytes(), err
	}
	g.out.write(&b)
	return b.Bytes(), nil
}
