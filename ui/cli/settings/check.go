package settings

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"certty/config"
	"certty/ui/cli/command"
	"certty/ui/cli/jsontext"
	"certty/ui/cli/schema"
)

// schemaVersion is that of the JSON documents of this package.
const schemaVersion = 1

// verdict is what was found in the files, as JSON.
type verdict struct {
	// SchemaVersion is the version of this form.
	SchemaVersion int `json:"schema_version"`
	// Files are those that nothing is wrong with.
	Files []string `json:"files"`
	// Problems are what is wrong; empty when nothing is.
	Problems []problem `json:"problems"`
}

// problem is one thing that is wrong.
type problem struct {
	// Source is the file, the variable or the flag.
	Source string `json:"source"`
	// Line is that of the file, from 1.
	Line int `json:"line,omitempty"`
	// Column is the column there, from 1.
	Column int `json:"column,omitempty"`
	// Setting is the path of the setting.
	Setting string `json:"setting,omitempty"`
	// Text says what is wrong, and what is allowed.
	Text string `json:"text"`
}

func newCheck(env *command.Env) *cobra.Command {
	var flags command.Flags
	var format command.Format
	cmd := &cobra.Command{
		Use:   "check [FILE...]",
		Short: "Find everything that is wrong with a configuration",
		Long: `Reads the configuration as a console would, or the named files each alone,
without environment and flags. Prints each problem on a line of its own, as
file:line:column: setting: what is wrong and what is allowed. No service is
called, no secret is read.

Exit codes: 0 nothing is wrong, 2 something is, 3 there is no configuration.`,
		Example: `  certty config check
  certty config check /etc/xdg/certty/config.yaml
  certty config check -o json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, files []string) error {
			asJSON, err := format.JSON()
			if err != nil {
				return err
			}
			v := verdict{SchemaVersion: schemaVersion, Files: []string{}, Problems: []problem{}}
			if len(files) == 0 {
				err = v.add(options(env, flags.Given(cmd)))
			}
			for _, file := range files {
				alone := config.Options{Flags: config.Flags{Config: &file}, Environ: func(string) (string, bool) { return "", false }}
				err = errors.Join(err, v.add(alone))
			}
			if err != nil {
				return err
			}
			return v.print(env, asJSON)
		},
	}
	flags.Add(cmd)
	format.Add(cmd)
	schema.Publish(cmd, "config-check")
	return cmd
}

// add looks at one configuration.
func (v *verdict) add(o config.Options) error {
	cfg, err := config.Load(o)
	var problems config.Problems
	switch {
	case errors.As(err, &problems):
		for _, p := range problems {
			v.Problems = append(v.Problems, problem{Source: p.Source, Line: p.Line, Column: p.Column, Setting: p.Path, Text: p.Text})
		}
		return nil
	case err != nil:
		return err
	case cfg.File != "":
		v.Files = append(v.Files, cfg.File)
	case len(cfg.Targets) == 0 && !cfg.Sandbox:
		return &command.Ended{Code: command.ExitNotFound, Err: fmt.Errorf(
			"there is no configuration; it is looked for in %s. certty config init writes a first one", strings.Join(config.DefaultPaths().Files, ", "))}
	}
	return nil
}

func (v *verdict) print(env *command.Env, asJSON bool) error {
	var err error
	if asJSON {
		err = jsontext.Print(env.Stdout, v)
	} else {
		for _, p := range v.Problems {
			line := config.Problem{Position: config.Position{Source: p.Source, Line: p.Line, Column: p.Column}, Path: p.Setting, Text: p.Text}
			if _, err = fmt.Fprintln(env.Stdout, line); err != nil {
				break
			}
		}
	}
	switch {
	case err != nil:
		return err
	case len(v.Problems) > 0:
		return &command.Ended{Code: command.ExitUsage}
	case !asJSON:
		for _, file := range v.Files {
			env.Say("nothing is wrong with " + file)
		}
	}
	return nil
}
