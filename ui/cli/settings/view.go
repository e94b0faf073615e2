package settings

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"certty/config"
	"certty/ui/cli/command"
	"certty/ui/cli/jsontext"
	"certty/ui/cli/schema"
)

// effective is what counts, as JSON.
type effective struct {
	// SchemaVersion is the version of this form.
	SchemaVersion int `json:"schema_version"`
	// File is the file that was read; empty where there is none.
	File string `json:"file"`
	// Settings are those that count.
	Settings []counted `json:"settings"`
}

// counted is a setting that counts.
type counted struct {
	// Path is where it stands in the file.
	Path string `json:"path"`
	// Value is what it is set to: a text, a number, true or false, or a list; of a
	// secret, where it is taken from.
	Value any `json:"value"`
	// Origin says where the value comes from.
	Origin origin `json:"origin"`
}

// origin says where a value comes from.
type origin struct {
	// Kind is default, file, environment or flag.
	Kind string `json:"kind"`
	// Source is the file, the variable or the flag.
	Source string `json:"source,omitempty"`
	// Line is that of the file, from 1.
	Line int `json:"line,omitempty"`
	// Column is the column there, from 1.
	Column int `json:"column,omitempty"`
}

func originOf(at config.Position) origin {
	o := origin{Kind: "environment", Source: at.Source, Line: at.Line, Column: at.Column}
	switch {
	case at.Source == "":
		o.Kind = "default"
	case at.Line > 0:
		o.Kind = "file"
	case strings.HasPrefix(at.Source, "-"):
		o.Kind = "flag"
	}
	return o
}

// String is the origin as a comment.
func (o origin) String() string {
	switch o.Kind {
	case "default":
		return "default"
	case "file":
		return fmt.Sprintf("%s:%d:%d", o.Source, o.Line, o.Column)
	}
	return o.Source
}

func newView(env *command.Env) *cobra.Command {
	var flags command.Flags
	var format command.Format
	var origins bool
	cmd := &cobra.Command{
		Use:   "view",
		Short: "Show the settings that count, and where they come from",
		Long: `Prints the settings that count, with the defaults filled in: a flag counts over
the environment, the environment over the file, the file over the defaults. With
--origin each line says where its value comes from.

Of a secret it is shown where it is taken from, never the secret; of a command
that prints one, the program without its arguments.

Exit codes: 0 done, 2 wrong usage or configuration.`,
		Example: `  certty config view --origin
  certty config view --target prod
  certty config view -o json`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			asJSON, err := format.JSON()
			if err != nil {
				return err
			}
			cfg, err := config.Load(options(env, flags.Given(cmd)))
			if err != nil {
				return err
			}
			if !asJSON {
				return printSettings(env.Stdout, cfg, origins)
			}
			doc := effective{SchemaVersion: schemaVersion, File: cfg.File, Settings: []counted{}}
			for _, s := range cfg.Settings() {
				doc.Settings = append(doc.Settings, counted{Path: s.Path, Value: s.Value, Origin: originOf(s.Origin)})
			}
			return jsontext.Print(env.Stdout, doc)
		},
	}
	flags.Add(cmd)
	format.Add(cmd)
	schema.Publish(cmd, "config-view")
	cmd.Flags().BoolVar(&origins, "origin", false, "say where each value comes from")
	return cmd
}

// printSettings prints the settings as YAML.
func printSettings(w io.Writer, cfg *config.Config, origins bool) error {
	var b strings.Builder
	switch {
	case cfg.Sandbox:
		b.WriteString("# the sandbox stands in place of the targets\n")
	case len(cfg.Targets) == 0:
		b.WriteString("# no target is configured\n")
	}
	var open []string // the groups that the last line stands in
	for _, s := range cfg.Settings() {
		parts := strings.Split(strings.ReplaceAll(s.Path, "[", ".["), ".")
		groups, name := parts[:len(parts)-1], parts[len(parts)-1]
		shared := 0
		for shared < len(open) && shared < len(groups) && open[shared] == groups[shared] {
			shared++
		}
		entry := false // the line begins an entry of a list
		for i := shared; i < len(groups); i++ {
			if strings.HasPrefix(groups[i], "[") {
				entry = true
				continue
			}
			b.WriteString(indent(i, entry) + groups[i] + ":\n")
			entry = false
		}
		b.WriteString(indent(len(groups), entry) + name + ": " + s.YAML())
		if origins {
			b.WriteString("  # " + originOf(s.Origin).String())
		}
		b.WriteByte('\n')
		open = groups
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// indent is what stands before a setting within depth groups.
func indent(depth int, entry bool) string {
	if entry {
		return strings.Repeat("  ", depth-1) + "- "
	}
	return strings.Repeat("  ", depth)
}
