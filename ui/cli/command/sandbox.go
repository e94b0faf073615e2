package command

import (
	"path/filepath"

	"certty/config"
)

// SandboxVault and SandboxAccount are the names of the embedded vault and the
// embedded CA account among the targets.
const (
	SandboxVault   = "sandbox"
	SandboxAccount = "sectigo"
)

// SandboxDir is where the sandbox keeps its state, below the state directory.
func SandboxDir(stateDir string) string { return filepath.Join(stateDir, "sandbox") }

// Dirs are the folders of the local state and of the cache, of the sandbox where
// the configuration says so.
func Dirs(cfg *config.Config) (state, cache string) {
	if cfg.Sandbox {
		return SandboxDir(cfg.StateDir), SandboxDir(cfg.CacheDir)
	}
	return cfg.StateDir, cfg.CacheDir
}

// LogFile is the file that consoles and commands on a state log to; stateDir is
// that of [Dirs].
func LogFile(stateDir string) string { return filepath.Join(stateDir, "certty.log") }

// Configured lists the targets of a configuration, those of the sandbox where it
// says so.
func Configured(cfg *config.Config) []config.Target {
	if cfg.Sandbox {
		return []config.Target{{Name: SandboxVault, Kind: config.KindVault}, {Name: SandboxAccount, Kind: config.KindSCM}}
	}
	return cfg.Targets
}
