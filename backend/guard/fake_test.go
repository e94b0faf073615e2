package guard_test

import (
	"context"
	"errors"
	"iter"
	"sync"

	"certty/backend"
	"certty/model"
)

// fake has every capability; what a test does not set answers with nothing.
type fake struct {
	info   backend.Info
	caps   func(*fake) backend.Capabilities
	change func(ctx context.Context, op string, ref model.Ref) (backend.Change, error)
	read   func(ctx context.Context, ref model.Ref) (model.Page, error)
	sweep  func(ctx context.Context) iter.Seq2[model.Page, error]
}

func (f *fake) Info() backend.Info {
	if f.info.Name == "" {
		return backend.Info{Name: "prod", Kind: "vault", Address: "https://prod.vault.azure.net"}
	}
	return f.info
}

func (f *fake) Capabilities() backend.Capabilities {
	if f.caps != nil {
		return f.caps(f)
	}
	return backend.Capabilities{
		Sweep: f, Read: f, Create: f, Cancel: f, Merge: f, DeleteRequest: f,
		SweepDeleted: f, NewVersion: f, Import: f, Lifecycle: f, Versions: f, Catalog: f,
		Changes: f, Order: f, Renew: f, Replace: f, Revoke: f, Approve: f, Collect: f, Account: f, Validation: f, Recheck: f,
	}
}

func (f *fake) Sweep(ctx context.Context) iter.Seq2[model.Page, error] {
	if f.sweep == nil {
		return func(func(model.Page, error) bool) {}
	}
	return f.sweep(ctx)
}

func (f *fake) Read(ctx context.Context, ref model.Ref) (model.Page, error) {
	if f.read == nil {
		return model.Page{}, nil
	}
	return f.read(ctx, ref)
}

func (f *fake) do(ctx context.Context, op string, ref model.Ref) (backend.Change, error) {
	if f.change == nil {
		return backend.Change{}, nil
	}
	return f.change(ctx, op, ref)
}

func (f *fake) Create(ctx context.Context, spec model.CreateSpec) (backend.Change, error) {
	return f.do(ctx, "create", model.Ref{Target: "prod", Kind: model.KindCertificate, Key: spec.Name})
}

func (f *fake) PlanCancel(*model.Item) backend.CancelPlan {
	return backend.CancelPlan{Way: backend.CancelAsk, Effect: "asked of the fake"}
}

func (f *fake) Cancel(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return f.do(ctx, "cancel", ref)
}

func (f *fake) Merge(ctx context.Context, ref model.Ref, _ [][]byte) (backend.Change, error) {
	return f.do(ctx, "merge", ref)
}

func (f *fake) DeleteRequest(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return f.do(ctx, "delete request", ref)
}

func (f *fake) NewVersion(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return f.do(ctx, "new version", ref)
}

func (f *fake) Import(ctx context.Context, spec model.ImportSpec) (backend.Change, error) {
	return f.do(ctx, "import", model.Ref{Target: "prod", Kind: model.KindCertificate, Key: spec.Name})
}

func (f *fake) Update(ctx context.Context, ref model.Ref, _ model.Update) (backend.Change, error) {
	return f.do(ctx, "update", ref)
}

func (f *fake) UpdatePolicy(ctx context.Context, ref model.Ref, _, _ model.Policy) (backend.Change, error) {
	return f.do(ctx, "update policy", ref)
}

func (f *fake) Delete(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return f.do(ctx, "delete", ref)
}

func (f *fake) Recover(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return f.do(ctx, "recover", ref)
}

func (f *fake) Purge(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return f.do(ctx, "purge", ref)
}

func (f *fake) Versions(ctx context.Context, ref model.Ref) ([]model.Certificate, error) {
	page, err := f.Read(ctx, ref)
	var list []model.Certificate
	for _, it := range page.Items {
		list = append(list, it.Certificate)
	}
	return list, err
}

func (f *fake) Version(ctx context.Context, ref model.Ref) (model.Certificate, error) {
	list, err := f.Versions(ctx, ref)
	if len(list) == 0 {
		return model.Certificate{}, err
	}
	return list[0], err
}

func (f *fake) Issuers(ctx context.Context) ([]model.IssuerInfo, error) {
	_, err := f.Read(ctx, model.Ref{})
	return []model.IssuerInfo{{Name: "digicert"}}, err
}

func (f *fake) Contacts(ctx context.Context) ([]model.Contact, error) {
	_, err := f.Read(ctx, model.Ref{})
	return []model.Contact{{Email: "ops@example.com"}}, err
}

// memory is a journal that can be told to fail.
type memory struct {
	mu                   sync.Mutex
	entries              []backend.Entry
	failBegin, failWrite error
}

func (m *memory) Begin(ctx context.Context, intent backend.Intent) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := errors.Join(ctx.Err(), m.failBegin); err != nil {
		return 0, err
	}
	id := int64(len(m.entries) + 1)
	m.entries = append(m.entries, backend.Entry{ID: id, Intent: intent})
	return id, nil
}

func (m *memory) Finish(ctx context.Context, id int64, outcome backend.Outcome) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := errors.Join(ctx.Err(), m.failWrite); err != nil {
		return err
	}
	m.entries[id-1].Outcome = &outcome
	return nil
}

func (m *memory) all() []backend.Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]backend.Entry(nil), m.entries...)
}

var request = model.Ref{Target: "prod", Kind: model.KindRequest, Key: "shop", Revision: "r1"}
