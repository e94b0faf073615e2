package completion

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"certty/backend/store"
	"certty/config"
	"certty/model"
	"certty/ui/cli/command"
)

// most is how many names are offered: a shell asks before it lists as many, and
// nobody reads more.
const most = 1000

// Add gives every command below root its completions: by the words in its use
// line (NAME, ORDER, TARGET and FILE) and by its flags. What a command completes
// itself is left alone.
func Add(root *cobra.Command) {
	extendBash(root)
	addAll(root)
}

func addAll(cmd *cobra.Command) {
	for _, c := range cmd.Commands() {
		addAll(c)
	}
	if cmd.ValidArgsFunction == nil && len(cmd.ValidArgs) == 0 {
		cmd.ValidArgsFunction = arguments(cmd)
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if complete := values(f); complete != nil {
			// It fails only where one is registered.
			_ = cmd.RegisterFlagCompletionFunc(f.Name, complete)
		}
	})
}

// arguments completes what the use line names, each in its place.
func arguments(cmd *cobra.Command) cobra.CompletionFunc {
	words, repeated := places(cmd.Use)
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		i := len(args)
		if i >= len(words) && repeated {
			i = len(words) - 1
		}
		if i >= len(words) {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		if complete := named(words[i]); complete != nil {
			return complete(cmd, args, typed)
		}
		switch words[i] {
		case "FILE", "DIR":
			return nil, cobra.ShellCompDirectiveDefault // the shell's own
		}
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
}

// places are the words of a use line for arguments, in their order and of
// alternatives the first; repeated says that the last may be given again.
func places(use string) (words []string, repeated bool) {
	fields := strings.Fields(use)
	for i := 1; i < len(fields); i++ {
		word := strings.Trim(fields[i], "[]().")
		switch {
		case word == "|" && strings.HasPrefix(fields[i+1], "--"): // with a value behind it
			i += 2
		case word == "|":
			i++
			repeated = repeated || strings.Contains(fields[i], "...")
		case strings.HasPrefix(word, "--"):
			if word == strings.TrimLeft(fields[i], "[(") {
				i++ // its value
			}
		default:
			words = append(words, word)
			repeated = strings.Contains(fields[i], "...")
		}
	}
	return words, repeated
}

// named completes what a word stands for, in a use line or as the value of a
// flag; nil for what nothing is known of.
func named(word string) cobra.CompletionFunc {
	switch word {
	case "NAME":
		return names("")
	case "ORDER":
		return names(config.KindSCM)
	case "TARGET/NAME":
		return names(config.KindVault)
	case "TARGET":
		return targets(config.KindVault)
	}
	return nil
}

// values completes the value of a flag: a target, a name, or one of those that
// its usage lists behind a colon, "one of these: ok, warning or critical".
func values(f *pflag.Flag) cobra.CompletionFunc {
	word, usage := pflag.UnquoteUsage(f)
	switch {
	case f.Name == "target":
		return targets("")
	case f.Name == "account" && word == "target":
		return targets(config.KindSCM)
	case named(word) != nil:
		return named(word)
	}
	_, listed, ok := strings.Cut(usage, ": ")
	if !ok {
		return nil
	}
	known := strings.Split(strings.ReplaceAll(listed, " or ", ", "), ", ")
	for _, value := range known {
		if strings.ContainsAny(value, " ;:()") {
			return nil
		}
	}
	return cobra.FixedCompletions(known, cobra.ShellCompDirectiveNoFileComp)
}

// load loads the configuration that the command line chooses so far.
func load(cmd *cobra.Command) (*config.Config, bool) {
	var flags config.Flags
	if f := cmd.Flags().Lookup("config"); f != nil && f.Changed {
		file := f.Value.String()
		flags.Config = &file
	}
	if f := cmd.Flags().Lookup("sandbox"); f != nil && f.Changed {
		flags.Sandbox = true
	}
	cfg, err := config.Load(config.Options{Flags: flags})
	return cfg, err == nil
}

// targets completes targets of the configuration; with a kind only those of it.
func targets(kind config.TargetKind) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		cfg, ok := load(cmd)
		if !ok {
			return nil, cobra.ShellCompDirectiveError
		}
		var out []cobra.Completion
		for _, t := range command.Configured(cfg) {
			if (kind == "" || t.Kind == kind) && strings.HasPrefix(t.Name, typed) {
				out = append(out, cobra.CompletionWithDesc(t.Name, string(t.Kind)))
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}

// names completes certificates and orders of the stored rows; with a kind only
// those of targets of that kind. Nothing is called, and no file is made or
// mended for it.
func names(kind config.TargetKind) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		cfg, ok := load(cmd)
		if !ok {
			return nil, cobra.ShellCompDirectiveError
		}
		_, cache := command.Dirs(cfg)
		stored, err := store.OpenRows(cmd.Context(), cache)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		defer stored.Close()                              //nolint:errcheck // it was only read
		chosen, _ := cmd.Flags().GetStringSlice("target") // absent is none
		all := command.Configured(cfg)
		o := offer{typed: typed, several: len(all) > 1, given: args}
		o.find = func(target, prefix string, limit int) (*model.Snapshot, error) {
			return stored.Find(cmd.Context(), target, prefix, limit)
		}
		for _, t := range all {
			if kind != "" && t.Kind != kind || len(chosen) > 0 && !slices.Contains(chosen, t.Name) {
				continue
			}
			o.target(t)
		}
		return o.out, cobra.ShellCompDirectiveNoFileComp
	}
}

// offer gathers the names that begin with what was typed.
type offer struct {
	find    func(target, prefix string, limit int) (*model.Snapshot, error)
	typed   string
	several bool     // the description tells whose row it is
	given   []string // not offered again
	out     []cobra.Completion
}

// target offers the names of a target's rows, and those behind its own name where
// somebody began with that.
func (o *offer) target(t config.Target) {
	own := t.Name + "/"
	o.rows(t, "", o.typed)
	switch rest, ok := strings.CutPrefix(o.typed, own); {
	case ok:
		o.rows(t, own, rest)
	case o.typed != "" && strings.HasPrefix(own, o.typed):
		o.rows(t, own, "")
	}
}

// rows offers the rows of a target whose keys begin with prefix, each with before
// in front of it. What can't be read is not offered, and the rest is.
func (o *offer) rows(t config.Target, before, prefix string) {
	if len(o.out) == most {
		return
	}
	found, err := o.find(t.Name, prefix, most+len(o.given))
	if err != nil {
		return
	}
	for _, it := range found.Items() {
		name := before + it.Ref.Key
		switch {
		case len(o.out) == most:
			return
		case !plain(name), it.Hidden(), slices.Contains(o.given, name):
			continue
		case before != "" && strings.HasPrefix(it.Ref.Key, o.typed): // offered by its key alone
			continue
		}
		o.out = append(o.out, cobra.CompletionWithDesc(name, o.about(t, it, found.SweptAt())))
	}
}

// about describes a row.
func (o *offer) about(t config.Target, it *model.Item, swept time.Time) string {
	about := string(it.Status(swept).State)
	if t.Kind == config.KindSCM {
		about = it.Name() + ", " + about
	}
	if o.several {
		about = t.Name + ": " + about
	}
	return about
}

// plain reports whether a name means itself in every shell, and is no flag. What
// several names begin with is put on the command line without quotes, and cobra's
// scripts evaluate what stands there: a service that names something $(…) must not
// get that far. The names that Key Vault and SCM give are all plain.
func plain(name string) bool {
	return name != "" && name[0] != '-' && strings.IndexFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-._:/@+", r)
	}) < 0
}
