package command

import (
	"github.com/spf13/cobra"

	"certty/config"
)

// Flags choose what is configured, in every command that has targets.
type Flags struct {
	flags    config.Flags
	file     string
	readOnly bool
}

// Add adds the flags to a command.
func (f *Flags) Add(cmd *cobra.Command) {
	set := cmd.Flags()
	set.StringVar(&f.file, "config", "", "configuration `file`")
	set.StringSliceVar(&f.flags.Targets, "target", nil, "only the target of this `name` (repeatable)")
	set.BoolVar(&f.readOnly, "read-only", false, "let nothing but reads leave this machine")
	set.BoolVar(&f.flags.Sandbox, "sandbox", false, "use the embedded sandbox, whatever is configured")
}

// Given is what was given of them.
func (f *Flags) Given(cmd *cobra.Command) config.Flags {
	given := f.flags
	if cmd.Flags().Changed("config") {
		given.Config = &f.file
	}
	if cmd.Flags().Changed("read-only") {
		given.ReadOnly = &f.readOnly
	}
	return given
}

// Load loads the configuration that the flags choose. Without any target it is
// ErrNoTargets: a command never starts the sandbox by itself.
func (f *Flags) Load(cmd *cobra.Command) (*config.Config, error) {
	cfg, err := config.Load(config.Options{Flags: f.Given(cmd)})
	if err != nil {
		return nil, err
	}
	if !cfg.Sandbox && len(cfg.Targets) == 0 {
		return nil, ErrNoTargets
	}
	return cfg, nil
}
