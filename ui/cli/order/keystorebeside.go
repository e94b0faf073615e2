package order

import (
	"cmp"
	"context"
	"fmt"

	"certty/backend/keystore"
	"certty/model"
	"certty/model/effect"
	"certty/ui/cli/command"
)

// besideFiles is where the other files of a row's order go, to which its keystore is
// to be added.
func besideFiles(ctx context.Context, row *command.Row) (*model.Deployment, error) {
	if err := row.Refuse(whyNoKeystore(row)); err != nil {
		return nil, err
	}
	files, err := row.Target.Repository.Deployment(ctx, row.Item.Ref.Key)
	if err != nil {
		return nil, err
	}
	if files == nil {
		return nil, row.Refuse("its files go nowhere: --out names a file for the keystore")
	}
	return files, nil
}

// besideDry says what deliverKeystore would do.
func besideDry(ctx context.Context, env *command.Env, f *command.Fleet, row *command.Row, want keystore.Type) error {
	files, err := besideFiles(ctx, row)
	if err != nil {
		return err
	}
	return env.Would(fmt.Sprintf("It would write the key and the chain of %s as %s beside its other files, write those with it (%s), run on_issued, and note that in %s",
		row.Name(), typeOf(row, want), effect.Files(files), here(f)))
}

// deliverKeystore writes the keystore of an order beside its other files, as a
// console does.
func deliverKeystore(ctx context.Context, env *command.Env, row *command.Row, secret *command.Secret, password []byte, want keystore.Type) error {
	files, err := besideFiles(ctx, row)
	if err != nil {
		return err
	}
	want = typeOf(row, want)
	if password, err = passwordFor(env, secret, password, want); err != nil {
		return err
	}
	defer clear(password)
	if err := row.Target.Repository.DeliverKeystore(ctx, row.Item.Ref.Key, want, password); err != nil {
		return unmade(row, err)
	}
	_, err = fmt.Fprintln(env.Stdout, cmp.Or(files.Dir, row.Target.Files.Dir))
	return err
}
