package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"certty/backend/sandbox"
	"certty/config"
	"certty/ui/cli/command"
)

// sandboxFlags are what a person sets for "certty sandbox".
type sandboxFlags struct {
	vault, scm, dir, format string
	purgeProtected          bool
	retentionDays           int
}

// check says what is wrong with the flags.
func (f *sandboxFlags) check() error {
	switch {
	case f.format != "json" && f.format != "":
		return command.Usage(fmt.Errorf("--print %s: only json is known", f.format))
	case f.retentionDays < 7 || f.retentionDays > 90:
		return command.Usage(fmt.Errorf("--retention-days %d: a vault keeps what was deleted for 7 to 90 days", f.retentionDays))
	}
	return nil
}

func (a *App) sandbox() *cobra.Command {
	var f sandboxFlags
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve the sandbox alone, for other clients",
		Long: `Serves the embedded Key Vault and the embedded Sectigo Certificate Manager
account on loopback until it is interrupted, so that other clients (the vendors'
libraries, az, a second certty) can be pointed at them. What a client needs is
printed as one line of JSON.

While it runs its clock can be moved, so that requests end and certificates
expire; faults can be switched on; and it tells what it was asked:

  /sandbox/clock    GET, PUT {"advance":"72h"}, {"offset":"0s"} or {"now":"2027-01-01T00:00:00Z"}
  /sandbox/faults   GET, POST {"kind":…}, DELETE
  /sandbox/calls    GET

For the SCM account there are /sandbox/scm/faults and /sandbox/scm/calls, and:

  /sandbox/scm/settings          GET, PUT {"listing_delay":"10m","strict":true}
  /sandbox/scm/orders            GET, with ?reference= counted
  /sandbox/scm/orders/ID/approve POST, or decline, as another administrator
  /sandbox/scm/publish/NAME      POST: the DNS record that NAME waits for

A fault's kind is slow, hang, reset-before, reset-after, refuse, html,
truncated-json, unauthorized, redirect, foreign-next-link (vault) or empty
(SCM). It may have operation, name, times, latency, status, code, message, inner_code, retry_after
and host.`,
		Example: `  certty sandbox > access.json &
  VAULT=$(jq -r .vault_url access.json) CA=$(jq -r .ca_file access.json)
  TOKEN=$(jq -r .access_token access.json)
  ask() { curl --silent --cacert "$CA" --oauth2-bearer "$TOKEN" "$@"; }

  ask "$VAULT/certificates?api-version=7.5"
  ask -X PUT  "$VAULT/sandbox/clock"  -d '{"advance":"72h"}'
  ask -X POST "$VAULT/sandbox/faults" -d '{"kind":"refuse","status":429,"retry_after":"5","operation":"GetCertificates","times":3}'
  ask -X DELETE "$VAULT/sandbox/faults"
  ask "$VAULT/sandbox/calls"

  SCM=$(jq -r .scm.url access.json)
  login() { jq -r '.scm | "login: \(.login)\npassword: \(.password)\ncustomerUri: \(.customer_uri)"' access.json; }
  login | curl --silent --cacert "$CA" --header @- "$SCM/ssl/v1?size=10"`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			return a.serveSandbox(cmd.Context(), f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.vault, "vault", sandbox.DefaultVaultAddr, "serve the vault at this loopback `address`")
	flags.StringVar(&f.scm, "scm", sandbox.DefaultSCMAddr, "serve the SCM account at this loopback `address`")
	flags.BoolVar(&f.purgeProtected, "purge-protected", false, "let nobody purge what was deleted")
	flags.IntVar(&f.retentionDays, "retention-days", 90, "keep what is deleted for so many `days`, 7 to 90")
	flags.StringVar(&f.format, "print", "json", "print the access as `json`")
	cmd.PersistentFlags().StringVar(&f.dir, "state", command.SandboxDir(config.DefaultPaths().StateDir), "keep its state in this `folder`")
	cmd.AddCommand(a.sign(&f.dir))
	return cmd
}

// accessVersion is the version of the document with the sandbox's access.
const accessVersion = 1

// access says how the sandbox is reached, as data.
type access struct {
	// SchemaVersion is the version of this form.
	SchemaVersion int `json:"schema_version"`
	sandbox.Access
}

func (a *App) serveSandbox(ctx context.Context, f sandboxFlags) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	box, err := sandbox.Start(ctx, sandbox.Options{
		Dir: f.dir, VaultAddr: f.vault, SCMAddr: f.scm, PurgeProtected: f.purgeProtected, RetentionDays: f.retentionDays,
	})
	if err != nil {
		return err
	}
	err = box.Seed(ctx)
	if err == nil && f.format == "json" {
		err = json.NewEncoder(a.Stdout).Encode(access{accessVersion, box.Access()})
	}
	if err == nil {
		<-ctx.Done()
	}
	return errors.Join(err, box.Close())
}

// signLimit is far more than any CSR, in bytes.
const signLimit = 1 << 20

func (a *App) sign(dir *string) *cobra.Command {
	return &cobra.Command{
		Use:   "sign FILE",
		Short: "Have the sandbox's CA sign a CSR, and print the chain",
		Long: `Signs the certificate request in FILE (PEM; - for standard input) with the CA
of the sandbox, and prints leaf, intermediate and root as PEM. The sandbox may
run meanwhile or not.`,
		Example: `  certty sandbox sign shop.csr > shop-chain.pem`,
		Args:    command.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			csr, err := command.ReadInput(&a.Env, args[0], signLimit)
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
