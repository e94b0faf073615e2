package command

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// Question is what is said before something is changed.
type Question struct {
	// Title says what is done to what and where: "Delete www (prod)".
	Title string
	// Lines say what is meant, what it does, and whether it can be undone.
	Lines []string
	// Typed is the name that has to be typed for what can't be undone; "" asks
	// for a yes.
	Typed string
}

// Confirm are the flags that stand in for a person's answer. Make it with
// [Confirm.Add] for what can be undone, with [Confirm.AddTyped] for the rest.
type Confirm struct {
	yes  bool
	name string
}

// Add adds --yes to a command.
func (c *Confirm) Add(cmd *cobra.Command) {
	cmd.Flags().BoolVarP(&c.yes, "yes", "y", false, "do it without asking")
}

// AddTyped adds --confirm to a command whose change can't be undone; after Add,
// where it has one that can, too.
func (c *Confirm) AddTyped(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.name, "confirm", "", "do it without asking: the `name` that would have to be typed")
	if cmd.Flags().Lookup("yes") != nil {
		return // what the command does beside it can be undone
	}
	// It does not stand in; whoever tries gets to know what does.
	cmd.Flags().BoolVarP(&c.yes, "yes", "y", false, "no answer here")
	_ = cmd.Flags().MarkHidden("yes") // the flag is there
}

// Ask says q on standard error and gets an answer: from the flags, or from the
// person where there is one. A no is [ErrDeclined]; nobody to ask, or another
// name than the one that has to be typed, an error of the command line.
func (c *Confirm) Ask(env *Env, q Question) error {
	env.Say(q.Title)
	width := env.Width()
	for _, line := range q.Lines {
		for _, l := range wrap("  "+line, width) {
			env.Say(l)
		}
	}
	if q.Typed != "" {
		return c.typed(env, q.Typed)
	}
	switch {
	case c.yes:
		return nil
	case !env.Asks:
		return Usage(errors.New("nothing was done: there is no terminal to ask at; --yes stands in for the answer"))
	}
	answer, err := prompt(env, "Do it? [y/N] ")
	if err != nil {
		return err
	}
	switch strings.ToLower(answer) {
	case "y", "yes":
		return nil
	}
	return ErrDeclined
}

// wrap breaks a line between words for a terminal of that width; what goes on is
// indented. Blanks within a line stay, since facts are aligned by them. 0 leaves
// the line whole.
func wrap(line string, width int) []string {
	const indent, least = "    ", 20
	line = strings.TrimRight(line, " ")
	var out []string
	for width >= least && utf8.RuneCountInString(line) > width {
		runes := []rune(line)
		at := strings.LastIndexByte(string(runes[:width+1]), ' ')
		if at <= len(indent) {
			break // one long word
		}
		out = append(out, strings.TrimRight(line[:at], " "))
		line = indent + strings.TrimLeft(line[at:], " ")
	}
	return append(out, line)
}

// typed wants the name of what is lost.
func (c *Confirm) typed(env *Env, name string) error {
	switch {
	case c.name == name:
		return nil
	case c.name != "":
		return Usage(fmt.Errorf("nothing was done: --confirm says %q, and this is %q", c.name, name))
	case !env.Asks:
		return Usage(fmt.Errorf("nothing was done: there is no terminal to ask at; --confirm %s stands in for the typed name, --yes does not", name))
	}
	answer, err := prompt(env, "Type "+name+" to confirm: ")
	if err != nil {
		return err
	}
	if answer != name {
		return ErrDeclined
	}
	return nil
}

// longestAnswer is far more than anybody types, in bytes.
const longestAnswer = 4096

// prompt asks for a line. The end of the input is an empty one.
func prompt(env *Env, question string) (string, error) {
	if _, err := io.WriteString(env.Stderr, question); err != nil {
		return "", fmt.Errorf("ask: %w", err)
	}
	var line []byte
	for char := make([]byte, 1); len(line) < longestAnswer; {
		// Byte by byte: what follows the line is not ours.
		n, err := env.Stdin.Read(char)
		if n > 0 && char[0] == '\n' {
			break
		}
		line = append(line, char[:n]...)
		if errors.Is(err, io.EOF) {
			env.Say("")
			break
		}
		if err != nil {
			return "", fmt.Errorf("read the answer: %w", err)
		}
	}
	return strings.TrimSpace(string(line)), nil
}
