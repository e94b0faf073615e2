// Package keys is the one registry of what a person can do: each action's
// name, keys, words and danger. Dispatch, the hint line, the help, and
// docs/keys.md come from it, so they can't tell different stories.
//
// A view offers [Action]s: a registered [Def], the reason why it can't be done
// now (or none), and what runs. A disabled action keeps its key and answers
// with its reason.
package keys
