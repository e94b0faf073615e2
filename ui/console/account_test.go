package console

import (
	"os/exec"
	"testing"

	"certty/config"
)

// A command that tells the secret of one target does not find those of the others
// in its environment, and everything else.
func TestSecretsOfOthersAreHidden(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("skipped: there is no sh")
	}
	t.Setenv("CERTTY_TEST_OTHER", "canary")
	t.Setenv("CERTTY_TEST_HOME", "/home/ada")
	tells := config.Secret{Command: []string{sh, "-c", `echo "$CERTTY_TEST_HOME $CERTTY_TEST_OTHER"`}}
	mine := config.Target{Name: "mine", Kind: config.KindSCM, Credential: config.Credential{Kind: config.CredentialPassword, Password: tells}}
	others := config.Target{Name: "other", Kind: config.KindSCM, Credential: config.Credential{Kind: config.CredentialPassword, Password: config.Secret{Env: "CERTTY_TEST_OTHER"}}}
	k := &kit{cfg: &config.Config{Targets: []config.Target{mine, others}}}
	o, err := k.accountOptions(mine)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := o.Credential.Secret(t.Context()); err != nil || got != "/home/ada " {
		t.Errorf("an account's command finds %q, %v", got, err)
	}
	vault, err := k.vaultOptions(config.Target{Credential: config.Credential{Secret: tells}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := vault.Credential.Secret(t.Context()); err != nil || got != "/home/ada " {
		t.Errorf("a vault's command finds %q, %v", got, err)
	}
}
