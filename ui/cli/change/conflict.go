package change

import (
	"cmp"
	"fmt"
	"strings"

	"certty/backend"
	"certty/model"
	"certty/model/policytext"
	"certty/ui/cli/command"
)

// inTheWay is the error of a row with a request in progress, before anything is
// sent: Key Vault allows one at a time.
func inTheWay(row *command.Row) error {
	r := row.Item.Request
	if !r.Open() {
		return nil
	}
	return &command.Ended{Code: command.ExitFailed, Err: fmt.Errorf(
		"%s already has a request in progress: request %s, %s, issuer %s. Key Vault allows one at a time (409); nothing was sent.%s",
		row.Name(), cmp.Or(r.ID, "(the vault tells no id)"), r.Status, policytext.Issuer(r.Issuer), ways(row.Item.Ref, r.Manual()))}
}

// ways are the ways out of a request in the way, as commands: a manual one is
// merged, an issuer's waited for (Key Vault, "Get started with certificates").
func ways(ref model.Ref, manual bool) string {
	name := ref.Target + "/" + ref.Key
	first := "certty wait " + name + " --for completed   wait for its issuer"
	if manual {
		first = "certty merge " + name + " FILE   merge its signed certificate"
	}
	return "\n  " + strings.Join([]string{
		"The ways out:",
		"  " + first,
		"  certty cancel " + name + "   ask for its cancellation",
		"  certty delete-request " + name + "   delete it, with its CSR",
	}, "\n  ")
}

// waysOut adds the ways out to the vault's own refusal.
func waysOut(ref model.Ref, err error) error {
	if !backend.IsState(err, backend.StatePending) {
		return err
	}
	return fmt.Errorf("%w%s", err, ways(ref, true))
}

// facts are facts of a policy as lines.
func facts(list []policytext.Fact) []string {
	width := 0
	for _, f := range list {
		width = max(width, len(f.Name))
	}
	lines := make([]string, len(list))
	for i, f := range list {
		lines[i] = fmt.Sprintf("%-*s  %s", width, f.Name, clean(f.Value))
	}
	return lines
}
