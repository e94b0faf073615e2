package order

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/model"
	"certty/ui/cli/command"
)

// fileFlags say where the files of a certificate go once it is here.
type fileFlags struct {
	dir, owner, mode string
	changed          func(string) bool
}

func (d *fileFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&d.dir, "dir", "", "`folder` for certificate, chain and keystore once they are here, the whole path; the configuration's where nothing is said, nowhere where it is empty")
	f.StringVar(&d.owner, "owner", "", "`user[:group]` that the files belong to; the configuration's where nothing is said")
	f.StringVar(&d.mode, "mode", "", "`mode` of the files with a key, in octal; the configuration's where nothing is said, else 0600")
	d.changed = f.Changed
}

// given is where the files go; nil for nowhere. From counts where no flag says
// otherwise.
func (d *fileFlags) given(from model.Deployment) (*model.Deployment, error) {
	out := &model.Deployment{Dir: from.Dir, Owner: from.Owner, Mode: from.Mode}
	if d.changed("dir") {
		out.Dir = d.dir
	}
	if out.Dir == "" && !d.changed("owner") && !d.changed("mode") {
		return nil, nil //nolint:nilnil // nowhere is an answer
	}
	if d.changed("owner") {
		out.Owner = d.owner
	}
	if d.changed("mode") {
		mode, err := model.ParseFileMode(d.mode)
		if err != nil {
			return nil, command.Usage(fmt.Errorf("--mode %s: %w", d.mode, err))
		}
		out.Mode = mode
	}
	if problems := out.Problems(); len(problems) > 0 {
		flag := "--dir"
		if problems[0].Field == model.InOwner {
			flag = "--owner"
		}
		return nil, command.Usage(errors.New(flag + ": " + problems[0].Text))
	}
	return out, nil
}

// filesOf says where the files of an order went, or else the target's go.
func filesOf(ctx context.Context, f *command.Fleet, t *command.Target, id string) (model.Deployment, error) {
	h, err := f.Store.Holding(ctx, t.Name(), id)
	switch {
	case errors.Is(err, backend.ErrNotHeld):
	case err != nil:
		return model.Deployment{}, fmt.Errorf("look where the files of %s go: %w", id, err)
	case h.Deploy != nil:
		return *h.Deploy, nil
	}
	return t.Files, nil
}

// dcvFlags say how the names are validated, where the account does not validate
// its domains beforehand.
type dcvFlags struct{ mode, email string }

func (d *dcvFlags) add(cmd *cobra.Command) {
	var words []string
	for _, mode := range model.DCVModes() {
		words = append(words, strings.ToLower(string(mode)))
	}
	f := cmd.Flags()
	f.StringVar(&d.mode, "dcv", "", "`way` to validate the names of this order, where the account does not do it beforehand: "+strings.Join(words, ", "))
	f.StringVar(&d.email, "dcv-email", "", "`mailbox` of the domain that the CA asks, with --dcv email")
}

func (d *dcvFlags) given() (model.OrderDCV, error) {
	out := model.OrderDCV{Mode: model.DCVMode(strings.ToUpper(d.mode)), Email: d.email}
	switch {
	case d.mode != "" && !slices.Contains(model.DCVModes(), out.Mode):
		return out, command.Usage(fmt.Errorf("--dcv %s: there are cname, txt, http, https and email", d.mode))
	case d.email != "" && out.Mode != model.DCVEmail:
		return out, command.Usage(errors.New("--dcv-email goes with --dcv email only"))
	}
	return out, nil
}

// dcvFacts say how the names are validated, where the order says it.
func dcvFacts(d model.OrderDCV) []fact {
	if d.Mode == "" {
		return nil
	}
	text := string(d.Mode) + ", for this order"
	if d.Email != "" {
		text += ", asking " + d.Email
	}
	return []fact{{"validation", text}}
}
