package viewtest

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"certty/backend"
	"certty/model"
)

// Vault answers what a test says and notes what it was asked to change. It is
// the poller of its target as well.
type Vault struct {
	// Calls are the changes that were asked for, oldest first.
	Calls []string
	// Looked are the rows that somebody opened.
	Looked []model.Ref
	// Chain is what was merged last.
	Chain [][]byte
	// Change is the answer to every change, Err its error.
	Change backend.Change
	Err    error
	// List answers Versions, and Version by the version's id; the first is the
	// current one. ReadErr is the error of every read.
	List    []model.Certificate
	ReadErr error
	// IssuerList and ContactList are the catalog.
	IssuerList  []model.IssuerInfo
	ContactList []model.Contact
}

// Capabilities are everything.
func (v *Vault) Capabilities() backend.Capabilities {
	return backend.Capabilities{Sweep: v, Read: v, Create: v, Cancel: v, Merge: v, DeleteRequest: v, SweepDeleted: v,
		NewVersion: v, Import: v, Lifecycle: v, Versions: v, Catalog: v}
}

func (v *Vault) note(format string, args ...any) (backend.Change, error) {
	v.Calls = append(v.Calls, fmt.Sprintf(format, args...))
	return v.Change, v.Err
}

// Sweep lists nothing.
func (v *Vault) Sweep(context.Context) iter.Seq2[model.Page, error] {
	return func(func(model.Page, error) bool) {}
}

// Read tells nothing.
func (v *Vault) Read(context.Context, model.Ref) (model.Page, error) {
	return model.Page{}, v.ReadErr
}

// Create notes the call.
func (v *Vault) Create(_ context.Context, s model.CreateSpec) (backend.Change, error) {
	return v.note("create %s", s.Name)
}

// PlanCancel allows it for an open request.
func (v *Vault) PlanCancel(it *model.Item) backend.CancelPlan {
	if it.Request.Open() && !it.Request.CancelAsked {
		return backend.CancelPlan{Way: backend.CancelAsk, Effect: "The vault is asked to cancel the request."}
	}
	return backend.CancelPlan{Way: backend.CancelImpossible, Effect: "nothing is in progress"}
}

// Cancel notes the call.
func (v *Vault) Cancel(_ context.Context, ref model.Ref) (backend.Change, error) {
	return v.note("cancel %s", ref)
}

// Merge notes the call.
func (v *Vault) Merge(_ context.Context, ref model.Ref, chain [][]byte) (backend.Change, error) {
	v.Chain = chain
	return v.note("merge %s %d", ref, len(chain))
}

// DeleteRequest notes the call.
func (v *Vault) DeleteRequest(_ context.Context, ref model.Ref) (backend.Change, error) {
	return v.note("delete request %s", ref)
}

// NewVersion notes the call.
func (v *Vault) NewVersion(_ context.Context, ref model.Ref) (backend.Change, error) {
	return v.note("new version %s", ref)
}

// Import notes the call.
func (v *Vault) Import(_ context.Context, s model.ImportSpec) (backend.Change, error) {
	return v.note("import %s", s.Name)
}

// Update notes the call with what changes, and over which tags.
func (v *Vault) Update(_ context.Context, ref model.Ref, u model.Update) (backend.Change, error) {
	var what []string
	if u.Enabled != nil {
		what = append(what, fmt.Sprintf("enabled=%t", *u.Enabled))
	}
	tags := func(tags *map[string]string) {
		for _, name := range slices.Sorted(maps.Keys(*tags)) {
			what = append(what, fmt.Sprintf("%s:%s", name, (*tags)[name]))
		}
	}
	if u.Tags != nil {
		tags(u.Tags)
	}
	if u.TagsWere != nil {
		what = append(what, "over")
		tags(u.TagsWere)
	}
	return v.note("update %s %s", ref, strings.Join(what, " "))
}

// UpdatePolicy notes the call.
func (v *Vault) UpdatePolicy(_ context.Context, ref model.Ref, _, _ model.Policy) (backend.Change, error) {
	return v.note("policy %s", ref)
}

// Delete notes the call.
func (v *Vault) Delete(_ context.Context, ref model.Ref) (backend.Change, error) {
	return v.note("delete %s", ref)
}

// Recover notes the call.
func (v *Vault) Recover(_ context.Context, ref model.Ref) (backend.Change, error) {
	return v.note("recover %s", ref)
}

// Purge notes the call.
func (v *Vault) Purge(_ context.Context, ref model.Ref) (backend.Change, error) {
	return v.note("purge %s", ref)
}

// Versions is List.
func (v *Vault) Versions(context.Context, model.Ref) ([]model.Certificate, error) {
	return v.List, v.ReadErr
}

// Version finds one in List.
func (v *Vault) Version(_ context.Context, ref model.Ref) (model.Certificate, error) {
	for _, c := range v.List {
		if ref.Revision == "" || c.Version == ref.Revision {
			return c, v.ReadErr
		}
	}
	return model.Certificate{}, v.ReadErr
}

// Issuers is IssuerList.
func (v *Vault) Issuers(context.Context) ([]model.IssuerInfo, error) { return v.IssuerList, v.ReadErr }

// Contacts is ContactList.
func (v *Vault) Contacts(context.Context) ([]model.Contact, error) { return v.ContactList, v.ReadErr }

// Look notes the row.
func (v *Vault) Look(ref model.Ref) { v.Looked = append(v.Looked, ref) }

// Refresh does nothing.
func (v *Vault) Refresh() {}

// Watch does nothing.
func (v *Vault) Watch([]model.Ref) {}

// Acted does nothing.
func (v *Vault) Acted(model.Ref, model.Page) {}

// Retry does nothing.
func (v *Vault) Retry() {}
