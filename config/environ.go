package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The environment variables that Load reads.
const (
	// envConfig names the configuration file, as --config does.
	envConfig = "CERTTY_CONFIG"
	// envReadOnly is true or false, as --read-only is.
	envReadOnly = "CERTTY_READ_ONLY"
	// envLog is what the setting log is.
	envLog = "CERTTY_LOG"
	// envTarget holds names of targets, separated by commas, as --target does.
	envTarget = "CERTTY_TARGET"
)

// envVaults hold the address of one vault, for a machine where nothing is
// configured; the first that is set counts. Key Vault's samples use both.
var envVaults = []string{"AZURE_KEYVAULT_URL", "VAULT_URL"}

// environment is the environment of the process, or a test's.
type environment struct {
	lookup func(name string) (string, bool)
}

// apply puts the environment over the file. A variable that is set to nothing
// counts as not set.
func (e environment) apply(cfg *Config, d *decoder) {
	if raw, _ := e.lookup(envReadOnly); raw != "" {
		value, err := strconv.ParseBool(raw)
		if err != nil {
			d.problems = append(d.problems, Problem{
				Position: Position{Source: envReadOnly},
				Text:     quote(raw) + " is neither true nor false",
			})
			// Whoever set it wanted less to be possible, not more.
			value = true
		}
		cfg.ReadOnly = value
		d.at["read_only"] = Position{Source: envReadOnly}
	}
	if raw, _ := e.lookup(envLog); raw != "" {
		if choices := cfg.Log.choices(); slices.Contains(choices, raw) {
			cfg.Log = LogLevel(raw)
			d.at["log"] = Position{Source: envLog}
		} else {
			d.problems = append(d.problems, Problem{
				Position: Position{Source: envLog},
				Text:     fmt.Sprintf("%s is not known, allowed are %s%s", quote(raw), list(choices), meant(raw, choices)),
			})
		}
	}
	if len(cfg.Targets) > 0 || d.doubtful("targets") {
		return
	}
	for _, name := range envVaults {
		if raw, _ := e.lookup(name); raw != "" {
			cfg.Targets, cfg.Variable = []Target{vaultFromEnvironment(raw)}, name
			for _, path := range []string{"targets[0]", "targets[0].url", "targets[0].name"} {
				d.at[path] = Position{Source: name}
			}
			return
		}
	}
}

// vaultFromEnvironment is the target of an address alone. It is called by the
// vault's name, or "vault" where the host tells none.
func vaultFromEnvironment(raw string) Target {
	t := defaultTarget()
	t.Name, t.URL = "vault", raw
	if parsed, problem := parseVaultURL(raw, false); problem == "" && parsed.cloud != "" {
		t.Name = asName(parsed.name)
	}
	return t
}

// narrow keeps the targets that were asked for, in the order of the file.
func narrow(cfg *Config, flags Flags, env environment) Problems {
	source, names := "--target", flags.Targets
	if flags.Sandbox {
		cfg.Sandbox, cfg.Targets, cfg.Variable = true, nil, ""
		if names == nil {
			return nil
		}
		return Problems{{
			Position: Position{Source: source},
			Text:     "--sandbox and --target exclude each other: the sandbox stands in place of the targets",
		}}
	}
	if names == nil {
		if raw, _ := env.lookup(envTarget); raw != "" {
			source, names = envTarget, strings.Split(raw, ",")
		}
	}
	if names == nil {
		return nil
	}
	if len(names) == 0 {
		// --target "$T" with nothing in T is no choice of nothing: the screen would
		// start the sandbox.
		return Problems{{Position: Position{Source: source}, Text: "no target is named"}}
	}
	var problems Problems
	var known []string
	for _, t := range cfg.Targets {
		known = append(known, t.Name)
	}
	wanted := map[string]bool{}
	for _, name := range names {
		name = strings.TrimSpace(name)
		wanted[name] = true
		if !slices.Contains(known, name) {
			problems = append(problems, Problem{Position: Position{Source: source}, Text: unknownTarget(name, known)})
		}
	}
	cfg.Targets = slices.DeleteFunc(cfg.Targets, func(t Target) bool { return !wanted[t.Name] })
	return problems
}

func unknownTarget(name string, known []string) string {
	if len(known) == 0 {
		return fmt.Sprintf("no target is called %s, none is configured", quote(name))
	}
	return fmt.Sprintf("no target is called %s, there are %s%s", quote(name), list(known), meant(name, known))
}
