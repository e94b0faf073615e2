package order

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"certty/backend/repository"
	"certty/config"
	"certty/model"
	"certty/ui/cli/command"
)

// successor is what renewals and replacements have in common: the flags for the
// key and the files of a certificate's next one.
type successor struct {
	command.Changing
	key   keyFlags
	files fileFlags
	dcv   dcvFlags

	row     *command.Row
	account model.Account
	source  *key
	want    repository.Successor
}

func (s *successor) add(cmd *cobra.Command) {
	s.Changing.Add(cmd)
	s.key.add(cmd)
	s.files.add(cmd)
	s.dcv.add(cmd)
}

// with reads what the flags name, opens the targets, finds the order and does do.
func (s *successor) with(cmd *cobra.Command, env *command.Env, arg string, do func(context.Context, *command.Fleet) error) (err error) {
	ctx := cmd.Context()
	if s.want.DCV, err = s.dcv.given(); err != nil {
		return err
	}
	if s.source, err = s.key.given(ctx, env); err != nil {
		return err
	}
	defer func() { clear(s.source.password) }()
	f, err := s.Open(cmd, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Release()) }()
	if s.row, err = f.Find(ctx, arg, config.KindSCM); err != nil {
		return err
	}
	went, err := filesOf(ctx, f, s.row.Target, s.row.Item.Ref.Key)
	if err != nil {
		return err
	}
	if s.want.Deploy, err = s.files.given(went); err != nil {
		return err
	}
	if err := s.key.find(ctx, f, s.source); err != nil {
		return err
	}
	if s.account, err = catalogueOf(ctx, env, f, s.row.Target); err != nil {
		env.Say("Less can be checked before it is sent: " + err.Error())
	}
	return do(ctx, f)
}

func (s *successor) profile() *model.Profile { return s.account.Profile(s.row.Item.Order.ProfileID) }

// checkKey holds the key to the order's profile.
func (s *successor) checkKey() error {
	p := s.profile()
	if err := s.source.settle(p); err != nil || p == nil || s.source.old {
		return err
	}
	kind := model.OrderKey{Algorithm: s.source.kind.Algorithm, Size: s.source.kind.Size}
	if r := s.source.request; r != nil {
		kind = r.key
	}
	if !p.Allows(kind.Algorithm, kind.Size) {
		return command.Usage(fmt.Errorf("nothing was sent: the profile %s takes no %s key", p.Name, kind))
	}
	return nil
}

// checkDCV says what is wrong with how names are to be validated.
func (s *successor) checkDCV(names ...string) error {
	if field, text := s.want.DCV.Problem(names...); text != "" {
		return wrong([]model.Problem{{Field: field, Text: text}})
	}
	return nil
}

// finish gets the password and makes the wish complete.
func (s *successor) finish(env *command.Env) error {
	if !s.Dry() {
		if err := s.source.protect(env, &s.key); err != nil {
			return err
		}
	}
	s.want.CSR, s.want.OldKey, s.want.Key = s.source.der(), s.source.old, s.source.kind
	s.want.Password, s.want.Keystore = s.source.password, s.source.wanted()
	return nil
}
