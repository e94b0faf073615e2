package guard_test

import (
	"context"
	"iter"

	"certty/backend"
	"certty/model"
)

// The rest of fake is a CA account.

func (f *fake) Changes(ctx context.Context, _ *model.Snapshot) iter.Seq2[model.Page, error] {
	return f.Sweep(ctx)
}

func (f *fake) Order(ctx context.Context, spec model.OrderSpec) (backend.Change, error) {
	return f.do(ctx, "order", model.Ref{Target: "prod", Kind: model.KindCertificate, Key: spec.Reference})
}

func (f *fake) FindOrders(ctx context.Context, _ model.OrderTrace) (backend.FoundOrders, error) {
	_, err := f.Read(ctx, model.Ref{})
	return backend.FoundOrders{Carrying: []model.Order{{ID: "7"}}}, err
}

func (f *fake) Renew(ctx context.Context, ref model.Ref, _ model.RenewSpec) (backend.Change, error) {
	return f.do(ctx, "renew", ref)
}

func (f *fake) FindRenewal(ctx context.Context, ref model.Ref) (*model.Order, error) {
	_, err := f.Read(ctx, ref)
	return &model.Order{ID: "8"}, err
}

func (f *fake) Replace(ctx context.Context, ref model.Ref, _ model.ReplaceSpec) (backend.Change, error) {
	return f.do(ctx, "replace", ref)
}

func (f *fake) Revoke(ctx context.Context, ref model.Ref, _ model.Revocation) (backend.Change, error) {
	return f.do(ctx, "revoke", ref)
}

func (f *fake) Approve(ctx context.Context, ref model.Ref, _ string) (backend.Change, error) {
	return f.do(ctx, "approve", ref)
}

func (f *fake) Decline(ctx context.Context, ref model.Ref, _ string) (backend.Change, error) {
	return f.do(ctx, "decline", ref)
}

func (f *fake) Recheck(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return f.do(ctx, "recheck", ref)
}

func (f *fake) RecheckDomain(ctx context.Context, domain string) (backend.Change, error) {
	return f.do(ctx, "recheck domain", model.Ref{Target: "prod", Key: domain})
}

func (f *fake) Collect(ctx context.Context, ref model.Ref) ([][]byte, error) {
	_, err := f.Read(ctx, ref)
	return [][]byte{{1}}, err
}

func (f *fake) Account(ctx context.Context, _ func(backend.AccountStep)) (model.Account, error) {
	_, err := f.Read(ctx, model.Ref{})
	return model.Account{Profiles: []model.Profile{{ID: 1}}}, err
}

func (f *fake) Probe(ctx context.Context) []backend.Finding {
	_, err := f.Read(ctx, model.Ref{})
	return []backend.Finding{{What: "sign-in", Err: err}}
}

func (f *fake) Password(ctx context.Context) (backend.Finding, bool) {
	_, err := f.Read(ctx, model.Ref{})
	return backend.Finding{What: "password expiry", Err: err}, true
}

func (f *fake) Validations(ctx context.Context) ([]model.DomainValidation, error) {
	_, err := f.Read(ctx, model.Ref{})
	return []model.DomainValidation{{Domain: "example.com"}}, err
}

func (f *fake) Validation(ctx context.Context, ref model.Ref) (model.OrderValidation, error) {
	_, err := f.Read(ctx, ref)
	return model.OrderValidation{Trouble: "no answer of the DNS"}, err
}

func (f *fake) DomainValidation(ctx context.Context, domain string) (model.DomainValidation, error) {
	_, err := f.Read(ctx, model.Ref{})
	return model.DomainValidation{Domain: domain}, err
}
