package order

import (
	"strings"

	"certty/model"
	"certty/ui/cli/command"
)

// wayOn names what is to be done about an order that was made before.
func wayOn(t *command.Target, r *model.Record) string {
	name := t.Name() + "/" + r.Key
	switch r.Step {
	case model.StepPrepared:
		return "\n  certty place-order " + name + " sends it, " + forgetting(t, r) + " forgets it"
	case model.StepSending:
		return "\n  certty find-order " + name + " looks for it"
	case model.StepUndecided, model.StepDoubled:
		return "\n  certty decide " + name + " takes your word"
	case model.StepPlaced, model.StepCollected:
		if r.Renews == "" {
			return "\n  --order-twice orders once more; it costs another certificate"
		}
	case model.StepRefused, model.StepUnreadable:
	}
	return ""
}

// forgetting is the command that forgets an order that was never placed. A key that
// was made for it goes with it, which wants the name.
func forgetting(t *command.Target, r *model.Record) string {
	line := "certty delete-here " + t.Name() + "/" + r.Key
	if r.KeyHeld {
		line += " --destroy-key --confirm " + shellWord(r.CommonName)
	}
	return line
}

// shellWord is a word as a shell (POSIX.1-2017, Shell Command Language, 2.2.2) takes
// it: quoted where a sign in it, such as a wildcard's, may mean something there.
func shellWord(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-/:@", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
