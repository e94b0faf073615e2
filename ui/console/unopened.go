package console

import (
	"context"
	"iter"

	"certty/backend"
	"certty/model"
)

// unopened stands for a target that could not be opened: it is on the screen
// like any other, every read says why it holds nothing, and nothing is called.
type unopened struct {
	info backend.Info
	why  error
}

func (u unopened) Info() backend.Info { return u.info }

func (u unopened) Capabilities() backend.Capabilities {
	const why = "the target could not be opened"
	return backend.Capabilities{
		Sweep: u, Read: u, CreateWhy: why, CancelWhy: why, MergeWhy: why, DeleteRequestWhy: why, SweepDeletedWhy: why,
		NewVersionWhy: why, ImportWhy: why, LifecycleWhy: why, VersionsWhy: why, CatalogWhy: why, ChangesWhy: why,
		OrderWhy: why, RenewWhy: why, ReplaceWhy: why, RevokeWhy: why, ApproveWhy: why, CollectWhy: why,
		AccountWhy: why, ValidationWhy: why, RecheckWhy: why,
	}
}

func (u unopened) fail(ref model.Ref) error {
	return &backend.Error{
		Kind: backend.KindLocal, Op: "open", Ref: ref, Err: u.why,
		Message: u.why.Error() + "; mend its entry in the configuration and start certty again",
	}
}

// Sweep yields the reason.
func (u unopened) Sweep(context.Context) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		yield(model.Page{}, u.fail(model.Ref{Target: u.info.Name}))
	}
}

// Read gives the reason.
func (u unopened) Read(_ context.Context, ref model.Ref) (model.Page, error) {
	return model.Page{}, u.fail(ref)
}
