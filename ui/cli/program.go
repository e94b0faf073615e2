package cli

import (
	"cmp"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"certty/ui/cli/command"
	"certty/ui/cli/jsontext"
	"certty/ui/cli/schema"
)

// program is what the build recorded of itself.
func program() command.Program {
	p := command.Program{Version: "unknown", Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH, Modules: []command.Module{}}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return p
	}
	p.Version = info.Main.Version
	if p.Version == "" || p.Version == "(devel)" {
		p.Version = "devel"
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			p.Commit = s.Value
		case "vcs.time":
			p.CommitTime = s.Value
		case "vcs.modified":
			p.Modified = s.Value == "true"
		}
	}
	for _, m := range info.Deps {
		version := m.Version
		if m.Replace != nil {
			version = cmp.Or(m.Replace.Version, "replaced by "+m.Replace.Path)
		}
		p.Modules = append(p.Modules, command.Module{Path: m.Path, Version: version})
	}
	return p
}

// buildVersion is the version of the form of build.
const buildVersion = 1

// build is which program this is, as JSON.
type build struct {
	// SchemaVersion is the version of this form.
	SchemaVersion int `json:"schema_version"`
	command.Program
}

func (a *App) version() *cobra.Command {
	var format command.Format
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version and what it was built with",
		Long: `Prints the version; with -o json also commit, Go's version, platform and the
libraries that are built in.`,
		Example: `  certty version
  certty version -o json`,
		Args: command.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			asJSON, err := format.JSON()
			if err != nil {
				return err
			}
			if asJSON {
				return jsontext.Print(a.Stdout, build{buildVersion, a.Program})
			}
			_, err = a.Stdout.Write([]byte("certty " + a.Program.Version + "\n"))
			return err
		},
	}
	format.Add(cmd)
	schema.Publish(cmd, "version")
	return cmd
}
