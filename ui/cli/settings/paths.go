package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"certty/config"
	"certty/ui/cli/command"
	"certty/ui/cli/jsontext"
	"certty/ui/cli/schema"
)

// placesDocument is the list of places, as JSON.
type placesDocument struct {
	// SchemaVersion is the version of this form.
	SchemaVersion int `json:"schema_version"`
	// Paths are the files and folders.
	Paths []place `json:"paths"`
}

// place is a file or a folder that the program uses.
type place struct {
	// What it is for.
	What string `json:"what"`
	// Path is where it is.
	Path string `json:"path"`
	// Exists is false where it is not there yet, or can't be looked at; Why says
	// which.
	Exists bool `json:"exists"`
	// Why it can't be looked at.
	Why string `json:"why,omitempty"`
	// Read is true of the configuration file that counts.
	Read bool `json:"read,omitempty"`
}

func newPaths(env *command.Env) *cobra.Command {
	var flags command.Flags
	var format command.Format
	cmd := &cobra.Command{
		Use:   "paths",
		Short: "List the files and folders that are used",
		Long: `Lists where the configuration is looked for and which file is read, and where
state, cache and log are, each with whether it exists. Nothing is made. Where the
configuration can't be used the defaults are listed, and what is wrong is said.

Exit codes: 0 done, 2 wrong usage or configuration.`,
		Example: `  certty config paths
  certty config paths -o json`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			asJSON, err := format.JSON()
			if err != nil {
				return err
			}
			cfg, bad := config.Load(options(env, flags.Given(cmd)))
			list := places(cfg)
			if asJSON {
				err = jsontext.Print(env.Stdout, placesDocument{schemaVersion, list})
			} else {
				err = printPlaces(env, list)
			}
			return errors.Join(err, bad)
		},
	}
	flags.Add(cmd)
	format.Add(cmd)
	schema.Publish(cmd, "config-paths")
	return cmd
}

// places lists what a configuration uses; nil is one that can't be read.
func places(cfg *config.Config) []place {
	defaults := config.DefaultPaths()
	if cfg == nil {
		cfg = &config.Config{StateDir: defaults.StateDir, CacheDir: defaults.CacheDir}
	}
	files := defaults.Files
	if cfg.File != "" && !slices.Contains(files, cfg.File) {
		files = append([]string{cfg.File}, files...)
	}
	var out []place
	for _, file := range files {
		p := look("configuration", file)
		p.Read = file == cfg.File
		out = append(out, p)
	}
	state, cache := command.Dirs(cfg)
	return append(out,
		look("state", state),
		look("journal", filepath.Join(state, "certty.db")),
		look("log", command.LogFile(state)),
		look("cache", cache),
		look("snapshots", filepath.Join(cache, "cache.db")),
	)
}

func look(what, path string) place {
	p := place{What: what, Path: path}
	_, err := os.Stat(path)
	switch {
	case err == nil:
		p.Exists = true
	case !errors.Is(err, fs.ErrNotExist):
		p.Why = strings.TrimPrefix(err.Error(), "stat "+path+": ")
	}
	return p
}

func printPlaces(env *command.Env, list []place) error {
	table := tabwriter.NewWriter(env.Stdout, 0, 0, 2, ' ', 0)
	for _, p := range list {
		state := "missing"
		switch {
		case p.Read:
			state = "read"
		case p.Exists && p.What == "configuration":
			state = "not read"
		case p.Exists:
			state = "exists"
		case p.Why != "":
			state = p.Why
		}
		if _, err := fmt.Fprintf(table, "%s\t%s\t%s\n", p.What, state, p.Path); err != nil {
			return err
		}
	}
	return table.Flush()
}
