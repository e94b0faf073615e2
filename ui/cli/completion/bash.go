package completion

import (
	"io"

	"github.com/spf13/cobra"

	"certty/ui/cli/command"
)

// alone makes cobra's script for bash work without the package bash-completion,
// which small machines lack: words are then taken as bash splits them.
const alone = `
__certty_init_completion()
{
    COMPREPLY=()
    if declare -F _get_comp_words_by_ref >/dev/null 2>&1; then
        _get_comp_words_by_ref "$@" cur prev words cword
        return
    fi
    cword=$COMP_CWORD
    words=("${COMP_WORDS[@]}")
    cur=${words[cword]}
    prev=${words[cword-1]}
}
`

// extendBash appends alone to what the command "completion bash" prints, and lets
// no shell be asked for that there is no script for.
func extendBash(root *cobra.Command) {
	for _, completion := range root.Commands() {
		if completion.Name() != "completion" {
			continue
		}
		// Another shell is a mistake, and not a help in its script's place.
		completion.Args = command.NoArgs
		completion.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		for _, shell := range completion.Commands() {
			if script := shell.RunE; shell.Name() == "bash" && script != nil {
				shell.RunE = func(cmd *cobra.Command, args []string) error {
					if err := script(cmd, args); err != nil {
						return err
					}
					_, err := io.WriteString(cmd.OutOrStdout(), alone)
					return err
				}
			}
		}
	}
}
