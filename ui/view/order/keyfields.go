package order

import (
	"slices"
	"strings"

	"certty/backend/keystore"
	"certty/model"
	"certty/ui/view"
	"certty/ui/widget/form"
)

// The fields about the key.
const (
	fieldSource    = "source"
	fieldAlgorithm = "algorithm"
	fieldSize      = "size"
	fieldCSR       = "csr"
	fieldFile      = "file"
	fieldRequest   = "request"
	fieldKeystore  = "keystore"
	fieldPassword  = "password"
	fieldRepeat    = "repeat"
)

// Where a key can come from.
const (
	fromHere  = "made here"
	fromOld   = "the old key"
	fromPaste = "pasted CSR"
	fromFile  = "CSR file"
	fromVault = "vault request"
)

// nothing is the only choice of a field that has none.
const nothing = "(none)"

// fields are the questions about the key.
func (k *keySource) fields() []form.Field {
	sources := []string{fromHere, fromPaste, fromFile, fromVault}
	if k.renews {
		sources = append([]string{fromOld}, sources...)
	}
	is := func(source string) func(func(string) string) bool {
		return func(value func(string) string) bool { return value(fieldSource) == source }
	}
	told := func(func(string) string) string { return k.told() }
	careful := func(func(string) string) string { return k.careful() }
	stores := []string{}
	for _, kind := range keystore.Types() {
		stores = append(stores, kind.Name())
	}
	return []form.Field{
		{ID: fieldSource, Label: "Key", Options: sources, Hint: "left and right choose where the key comes from", Note: k.noteSource},
		{ID: fieldAlgorithm, Label: "Key algorithm", Options: []string{nothing}, Hint: "what the profile takes and certty can make", Show: is(fromHere)},
		{ID: fieldSize, Label: "Key size", Options: []string{nothing}, Show: is(fromHere)},
		{ID: fieldCSR, Label: "CSR", Hint: "paste the whole text, with its BEGIN and END lines; never a private key", Show: is(fromPaste), Note: told, Warn: careful},
		{ID: fieldFile, Label: "CSR file", Hint: "a PEM or DER file; never a private key", Show: is(fromFile), Note: told, Warn: careful},
		{ID: fieldRequest, Label: "Vault request", Options: []string{nothing}, Hint: "left and right choose among the requests that wait for a merge", Show: is(fromVault), Note: told, Warn: careful},
		{ID: fieldKeystore, Label: "Keystore", Options: append(stores, nothing), Hint: "made here when the certificate arrives", Show: is(fromHere)},
		{ID: fieldPassword, Label: "Password", Kind: form.Secret, Hint: "protects the key on the disk, and the keystore; it is kept nowhere and can't be found again", Show: is(fromHere)},
		{ID: fieldRepeat, Label: "Password again", Kind: form.Secret, Show: is(fromHere)},
	}
}

func (k *keySource) noteSource(value func(string) string) string {
	switch value(fieldSource) {
	case fromHere:
		return "It lies here encrypted, and leaves this machine only in the keystore."
	case fromOld:
		return "The new certificate is for the key that the old one has. Who has that key has it for another term."
	case fromVault:
		return "The key stays in the vault, where the certificate is merged."
	}
	return "The key stays where the CSR was made."
}

// offer brings what can be chosen in line with the profile. keep leaves a choice
// that is not there any more, so that it is judged and not changed unseen.
func (k *keySource) offer(p *model.Profile, keep bool) {
	byAlgorithm := makes(p)
	algorithms := slices.Sorted(func(yield func(string) bool) {
		for a := range byAlgorithm {
			if !yield(a) {
				return
			}
		}
	})
	slices.Reverse(algorithms) // RSA first
	setOptions(k.form, fieldAlgorithm, algorithms, keep)
	setOptions(k.form, fieldSize, byAlgorithm[k.form.Value(fieldAlgorithm)], keep)
}

// makes lists the sizes by algorithm that a profile takes and that can be made
// here. A profile that tells none takes all.
func makes(p *model.Profile) map[string][]string {
	kinds, out := map[string][]string{}, map[string][]string{}
	for _, kind := range keystore.Kinds() {
		kinds[kind.Algorithm] = append(kinds[kind.Algorithm], kind.Size)
	}
	if p != nil && len(p.KeyTypes) > 0 {
		kinds = p.KeyTypes
	}
	for algorithm, sizes := range kinds {
		for _, size := range sizes {
			if (keystore.KeyKind{Algorithm: algorithm, Size: size}).Makes() {
				out[algorithm] = append(out[algorithm], size)
			}
		}
		slices.Sort(out[algorithm])
	}
	return out
}

// setOptions offers options, or that there are none. keep leaves a value that is
// not among them as one more.
func setOptions(f *form.Form, id string, options []string, keep bool) {
	options = slices.Clone(options)
	if value := f.Value(id); keep && value != nothing && value != "" && !slices.Contains(options, value) {
		options = append(options, value)
	}
	if len(options) == 0 {
		options = []string{nothing}
	}
	f.SetOptions(id, options)
}

// waiting lists the requests of vaults that wait for a merge, by what they are
// called in the form.
func waiting(s *view.Session) (labels []string, rows map[string]model.Ref) {
	rows = map[string]model.Ref{}
	for _, row := range s.Data.Rows() {
		it := row.Item
		if row.Status.State != model.StateWaitsMerge || it.Request == nil || len(it.Request.CSR) == 0 {
			continue
		}
		label := strings.TrimSpace(it.Ref.Key + " (" + it.Ref.Target + ")")
		labels = append(labels, label)
		rows[label] = it.Ref
	}
	return labels, rows
}
