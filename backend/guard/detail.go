package guard

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"certty/backend/text"
	"certty/model"
	"certty/model/bundle"
)

// importDetail is what the journal says of an imported bundle: its form and
// size. Its content holds a private key, and even a hash of it would let
// somebody who guesses the password prove the guess.
func importDetail(spec model.ImportSpec) string {
	return fmt.Sprintf("%s, %s, %s", spec.Format, model.Count(len(spec.Data), "byte", "bytes"), model.Count(len(spec.Tags), "tag", "tags"))
}

// importTrace names the certificate of a bundle, which is public. A bundle that
// can't be looked into here names none.
func importTrace(spec model.ImportSpec) Trace {
	return leafTrace(bundle.Read(spec.Name, spec.Data, text.Clean).Open(spec.Password).Leaf)
}

// UpdateDetail is what the journal says of changed attributes. Tags are named by a
// hash, by which they are known again, and so are those that the person saw.
func UpdateDetail(u model.Update) string {
	var parts []string
	if u.Enabled != nil {
		parts = append(parts, map[bool]string{true: "enable", false: "disable"}[*u.Enabled])
	}
	var t Trace
	if u.Tags != nil {
		parts = append(parts, model.Count(len(*u.Tags), "tag", "tags")+" "+TagsState(*u.Tags))
		if u.TagsWere != nil {
			t.Was = TagsState(*u.TagsWere)
		}
	}
	return t.with(strings.Join(parts, ", "))
}

// enough is how many bytes of a hash tell apart what a few people type.
const enough = 8

// TagsState is the same for the same tags: the beginning of the SHA-256 of all of
// them, sorted.
func TagsState(tags map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		fmt.Fprintf(&b, "%q=%q\n", name, tags[name])
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:enough])
}

// policyParts are the parts of a policy that are changed and compared as a whole.
var policyParts = []struct {
	name string
	of   func(*model.Policy) any
}{
	{"subject", func(p *model.Policy) any { return p.Subject }},
	{"SANs", func(p *model.Policy) any { return p.SANs }},
	{"issuer", func(p *model.Policy) any { return p.Issuer }},
	{"key", func(p *model.Policy) any { return p.Key }},
	{"content type", func(p *model.Policy) any { return p.ContentType }},
	{"EKUs", func(p *model.Policy) any { return p.EKUs }},
	{"key usage", func(p *model.Policy) any { return p.KeyUsage }},
	{"validity", func(p *model.Policy) any { return p.ValidityMonths }},
	{"lifetime actions", func(p *model.Policy) any { return p.LifetimeActions }},
}

// policyDetail names the parts of a policy that are to change, with what they were
// and are to be as hashes.
func policyDetail(was, want model.Policy) string {
	var parts []string
	for _, part := range policyParts {
		if !reflect.DeepEqual(part.of(&was), part.of(&want)) {
			parts = append(parts, part.name)
		}
	}
	detail := strings.Join(parts, ", ")
	return Trace{Was: PolicyState(detail, was), Want: PolicyState(detail, want)}.with(detail)
}

// PolicyState is the same for policies whose parts are the same that the detail of
// an [OpUpdatePolicy] names: the beginning of the SHA-256 of them. Lists without
// anything in them are the same as none.
func PolicyState(detail string, p model.Policy) string {
	named := strings.Split(detail, ", ")
	var all []byte
	for _, part := range policyParts {
		if !slices.Contains(named, part.name) {
			continue
		}
		value, err := json.Marshal(part.of(&p))
		if err != nil {
			return "" // texts, numbers and lists of them always encode
		}
		all = append(all, strings.ReplaceAll(string(value), "[]", "null")+"\n"...)
	}
	sum := sha256.Sum256(all)
	return hex.EncodeToString(sum[:enough])
}
