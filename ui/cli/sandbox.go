package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"certty/backend/sandbox"
	"certty/config"
)

// SandboxDir is where the sandbox of the screen keeps its state, below the
// state directory.
func SandboxDir(stateDir string) string { return filepath.Join(stateDir, "sandbox") }

func (a *App) sandbox() *cobra.Command {
	var addr, dir, format string
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve the sandbox alone, for other clients",
		Long: `Serves the embedded Key Vault on loopback until it is interrupted, so that
other clients (the vendor's libraries, az, a second certty) can be pointed at
it. What a client needs is printed as one line of JSON.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != "json" && format != "" {
				return usageError{fmt.Errorf("--print %s: only json is known", format)}
			}
			return a.serveSandbox(cmd.Context(), addr, dir, format)
		},
	}
	cmd.Flags().StringVar(&addr, "vault", "127.0.0.1:0", "serve the vault at this loopback `address`")
	cmd.PersistentFlags().StringVar(&dir, "state", SandboxDir(config.DefaultPaths().StateDir), "keep its state in this `folder`")
	cmd.Flags().StringVar(&format, "print", "json", "print the access as `json`")
	cmd.AddCommand(a.sign(&dir))
	return cmd
}

func (a *App) serveSandbox(ctx context.Context, addr, dir, format string) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	box, err := sandbox.Start(ctx, sandbox.Options{Dir: dir, VaultAddr: addr})
	if err != nil {
		return err
	}
	err = box.Seed(ctx)
	if err == nil && format == "json" {
		err = json.NewEncoder(a.Stdout).Encode(box.Access())
	}
	if err == nil {
		<-ctx.Done()
	}
	return errors.Join(err, box.Close())
}

// signLimit is far more than any CSR.
const signLimit = 1 << 20

func (a *App) sign(dir *string) *cobra.Command {
	return &cobra.Command{
		Use:   "sign FILE",
		Short: "Have the sandbox's CA sign a CSR, and print the chain",
		Long: `Signs the certificate request in FILE (PEM; - for standard input) with the CA
of the sandbox, and prints leaf, intermediate and root as PEM. The sandbox may
run meanwhile or not.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if err := cobra.ExactArgs(1)(cmd, args); err != nil {
				return usageError{err}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			csr, err := readInput(cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			chain, err := sandbox.Sign(*dir, csr)
			if err != nil {
				return fmt.Errorf("sign %s: %w", args[0], err)
			}
			_, err = a.Stdout.Write(chain)
			return err
		},
	}
}

func readInput(stdin io.Reader, name string) ([]byte, error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close() //nolint:errcheck // it was only read
		stdin = f
	}
	data, err := io.ReadAll(io.LimitReader(stdin, signLimit+1))
	if err == nil && len(data) > signLimit {
		err = fmt.Errorf("%s is larger than %d KiB; a CSR never is", name, signLimit>>10)
	}
	return data, err
}
