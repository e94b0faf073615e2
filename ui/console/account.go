package console

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"time"

	"certty/backend"
	"certty/backend/deploy"
	"certty/backend/guard"
	"certty/backend/poll"
	"certty/backend/repository"
	"certty/backend/sandbox"
	"certty/backend/scm"
	"certty/backend/store"
	"certty/config"
	"certty/model"
)

// kit is what targets are joined from, with a screen or without one.
type kit struct {
	cfg   *config.Config
	store *store.Store
	log   *slog.Logger
	// now is the clock; nil means time.Now.
	now func() time.Time
	// trouble is told that the journal can't be written.
	trouble func(error)
}

// guard puts the guard around a backend of a configured target.
func (k *kit) guard(b backend.Backend, t config.Target) backend.Backend {
	o := k.guardOptions(t)
	if k.store.Unwritable() == nil {
		o.Journal = k.store
	} // none where it can't be written: nothing can be changed then
	o.OnJournalTrouble = k.trouble
	return guard.Wrap(b, o)
}

// guardOptions are those of every guard of a target.
func (k *kit) guardOptions(t config.Target) guard.Options {
	o := guard.Options{Actor: actor(), ReadOnly: k.cfg.ReadOnly || t.ReadOnly, Known: k.store.Row, Log: k.log}
	if t.OperationTag {
		o.Operation = rand.Text
	}
	return o
}

// manager makes the repository of an account, which is guarded already.
func (k *kit) manager(b backend.Backend, t config.Target, publish func(model.Page)) *repository.Manager {
	o := repository.Options{
		Target: b.Info().Name, Capabilities: b.Capabilities(), Shelf: k.store, Publish: publish, Log: k.log, Now: k.now,
		Deploy: deploy.New(deploy.Options{
			Defaults: files(t), Command: t.OnIssued, Environ: harmless(k.cfg, os.Environ()), Log: k.log,
		}).Deliver,
	}
	if !t.KeystorePassword.IsZero() {
		o.Password = func(ctx context.Context) ([]byte, error) {
			password, err := k.secret(t.KeystorePassword)(ctx)
			return []byte(password), err
		}
	}
	return repository.New(o)
}

// files says where the files of a target's certificates go by default.
func files(t config.Target) model.Deployment {
	return model.Deployment{Dir: t.Deploy.Dir, Owner: t.Deploy.Owner, Mode: t.Deploy.Bits()}
}

// azureSecrets are the variables in which Azure's identity library finds
// secrets.
var azureSecrets = []string{"AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_PASSWORD"}

// harmless is an environment without the variables that hold secrets.
func harmless(cfg *config.Config, environ []string) []string {
	return config.Hide(environ, append(cfg.SecretVariables(), azureSecrets...))
}

// secret reads a secret of a target. A command that tells it may need what Azure's
// library finds in the environment, and nothing of the other targets.
func (k *kit) secret(s config.Secret) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) { return s.Read(ctx, k.cfg.SecretVariables()...) }
}

// accountOptions says how a configured account is reached.
func (k *kit) accountOptions(t config.Target) (scm.Options, error) {
	o := scm.Options{
		Name: t.Name, URL: t.URL, CustomerURI: t.CustomerURI, ReadOnly: k.cfg.ReadOnly || t.ReadOnly, Log: k.log,
		Known: k.known(t.Name),
		Credential: scm.Credential{
			Kind: scm.CredentialKind(t.Credential.Kind), Login: t.Credential.Login, ClientID: t.Credential.ClientID,
			TokenURL: t.Credential.TokenURL, Secret: k.secret(t.Credential.Secret),
		},
	}
	if t.Credential.Kind == config.CredentialPassword {
		o.Credential.Secret = k.secret(t.Credential.Password)
	}
	o.ReadRootCAs = readerOfRootCAs(t)
	var err error
	o.Proxy, err = k.proxyOf(t)
	return o, err
}

// known gives what was last synced of an account; nil where nothing is stored.
func (k *kit) known(target string) func(context.Context) (model.Account, error) {
	if k.store == nil {
		return nil
	}
	return func(ctx context.Context) (model.Account, error) { return k.store.Account(ctx, target) }
}

// sandboxAccountOptions says how the embedded account is reached.
func (k *kit) sandboxAccountOptions(box *sandbox.Sandbox) scm.Options {
	access := box.Access().SCM
	return scm.Options{
		Name: sandboxAccount, URL: access.URL, CustomerURI: access.CustomerURI, Sandbox: true, ReadOnly: k.cfg.ReadOnly,
		RootCAs: box.CAPool(), Log: k.log, Known: k.known(sandboxAccount),
		Credential: scm.Credential{
			Kind: scm.CredentialPassword, Login: access.Login,
			Secret: func(context.Context) (string, error) { return access.Password, nil },
		},
	}
}

// reachAccount makes the backend of an account. Of a read-only one the transport
// lets nothing but reads through.
func reachAccount(o scm.Options) (*scm.Backend, error) {
	if o.ReadOnly {
		o.Wrap = func(next http.RoundTripper) http.RoundTripper { return guard.ReadOnlyTransport(next, scm.OnlyReads) }
	}
	return scm.New(o)
}

// recorded is a keeper whose first snapshot has the repository's records in it,
// so that what was deleted here is not shown for a moment.
type recorded struct {
	poll.Keeper
	manager *repository.Manager
}

// LoadSnapshot gives what was stored, with the records.
func (k recorded) LoadSnapshot(ctx context.Context, target string) (*model.Snapshot, error) {
	stored, err := k.Keeper.LoadSnapshot(ctx, target)
	records, failed := k.manager.Records(ctx)
	if len(records.Items) == 0 {
		return stored, errors.Join(err, failed)
	}
	if stored == nil {
		stored = model.NewSnapshot(target, nil, time.Time{})
	}
	return stored.Merge(records), errors.Join(err, failed)
}
