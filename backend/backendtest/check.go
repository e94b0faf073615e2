package backendtest

import (
	"errors"
	"testing"

	"certty/backend"
	"certty/model"
)

// needs skips a part of the suite when the backend lacks what it tests.
func needs(t *testing.T, there ...bool) {
	t.Helper()
	for _, ok := range there {
		if !ok {
			t.Skip("the backend has no such capability")
		}
	}
}

// wantError checks that err is the kind of error that was expected, and that it
// says what was being done and to what.
func wantError(t *testing.T, err error, kind backend.ErrorKind, ref model.Ref) *backend.Error {
	t.Helper()
	var e *backend.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T), want a *backend.Error of kind %q", err, err, kind)
	}
	if e.Kind != kind {
		t.Errorf("error of kind %q, want %q: %v", e.Kind, kind, e)
	}
	if e.Op == "" || e.Ref.Target != ref.Target || e.Ref.Key != ref.Key {
		t.Errorf("error speaks of op %q and %v, want %v", e.Op, e.Ref, ref)
	}
	if e.Error() == "" || backend.AdviceFor(e).Cause == "" {
		t.Errorf("error %+v says nothing", e)
	}
	return e
}

// wantState checks for a KindState error of a state.
func wantState(t *testing.T, err error, state backend.StateError, ref model.Ref) {
	t.Helper()
	if e := wantError(t, err, backend.KindState, ref); e.State != state {
		t.Errorf("state %d, want %d: %v", e.State, state, e)
	}
}

// onlyItem is the single item of a page.
func onlyItem(t *testing.T, p model.Page) model.Item {
	t.Helper()
	if len(p.Items) != 1 {
		t.Fatalf("%d items on the page, want 1", len(p.Items))
	}
	if p.AsOf.IsZero() {
		t.Error("the page does not say as of when it is")
	}
	return p.Items[0]
}

// create makes a request and gives back the page's item.
func (h Harness) create(t *testing.T, name string) model.Item {
	t.Helper()
	change, err := h.Backend.Capabilities().Create.Create(t.Context(), model.CreateSpec{Name: name, Policy: h.policy(name)})
	if err != nil {
		t.Fatalf("create %s: %v", name, err)
	}
	it := onlyItem(t, change.Page)
	if change.Page.Fields&model.FieldRequest == 0 || it.Request == nil {
		t.Fatalf("create %s: the page holds no request: %+v", name, change.Page)
	}
	if it.Ref != h.certificate(name) {
		t.Errorf("create %s: the item is %v", name, it.Ref)
	}
	if change.ServiceRequestID == "" {
		t.Errorf("create %s: the service's id of the call is missing", name)
	}
	return it
}

// policy is one for a name.
func (h Harness) policy(name string) model.Policy {
	policy := h.Policy
	policy.Subject = "CN=" + name + ".example.com"
	return policy
}

// issue makes a certificate and gives back its item.
func (h Harness) issue(t *testing.T, name string) model.Item {
	t.Helper()
	return h.merge(t, h.create(t, name))
}

// merge has the request of an item signed and gives back the new version.
func (h Harness) merge(t *testing.T, it model.Item) model.Item {
	t.Helper()
	change, err := h.Backend.Capabilities().Merge.Merge(t.Context(), it.RequestRef(), h.Sign(t, it.Request.CSR))
	if err != nil {
		t.Fatalf("merge %v: %v", it.Ref, err)
	}
	return onlyItem(t, change.Page)
}

// delete soft-deletes, and waits until it is done everywhere.
func (h Harness) delete(t *testing.T, ref model.Ref) {
	t.Helper()
	c := h.Backend.Capabilities()
	change, err := c.Lifecycle.Delete(t.Context(), ref)
	if err != nil {
		t.Fatalf("delete %v: %v", ref, err)
	}
	it := onlyItem(t, change.Page)
	if d := it.Deletion; change.Page.Fields&model.FieldDeleted == 0 || it.Ref != ref || d == nil || d.At.IsZero() || !d.PurgeAt.After(d.At) || d.Purged {
		t.Fatalf("after deleting %v: %+v with %+v", ref, change.Page, it.Deletion)
	}
	h.Advance(h.LifecycleTakes)
	if c.SweepDeleted != nil {
		deleted, pages := h.sweepWith(t, c.SweepDeleted)
		listed := deleted[ref.Key]
		if listed.Deletion == nil || !listed.Deletion.At.Equal(it.Deletion.At) || !listed.Deletion.PurgeAt.Equal(it.Deletion.PurgeAt) {
			t.Errorf("%v is listed among the deleted as %+v, want %+v", ref, listed.Deletion, it.Deletion)
		}
		for _, page := range pages {
			if page.Fields != model.FieldDeleted {
				t.Errorf("fields %b in the list of the deleted", page.Fields)
			}
		}
	}
	if c.Sweep != nil {
		if live, _ := h.sweep(t); live[ref.Key].Ref.Key != "" {
			t.Errorf("%v is still listed", ref)
		}
	}
}

// read reads a certificate with its policy.
func (h Harness) read(t *testing.T, ref model.Ref) model.Item {
	t.Helper()
	page, err := h.Backend.Capabilities().Read.Read(t.Context(), ref)
	if err != nil {
		t.Fatalf("read %v: %v", ref, err)
	}
	it := onlyItem(t, page)
	if page.Fields != model.FieldCertificate|model.FieldPolicy || it.Policy == nil {
		t.Fatalf("read %v: fields %b and policy %+v", ref, page.Fields, it.Policy)
	}
	return it
}

// request reads what the service knows of the request that ref names.
func (h Harness) request(t *testing.T, ref model.Ref) *model.Request {
	t.Helper()
	page, err := h.Backend.Capabilities().Read.Read(t.Context(), ref)
	if err != nil {
		t.Fatalf("read %v: %v", ref, err)
	}
	if page.Fields != model.FieldRequest {
		t.Errorf("read %v: fields %b, want the request's only", ref, page.Fields)
	}
	return onlyItem(t, page).Request
}

func (h Harness) certificate(name string) model.Ref {
	return model.Ref{Target: h.Backend.Info().Name, Kind: model.KindCertificate, Key: name}
}

// foreign names a request under the same name that never was.
func foreign(ref model.Ref) model.Ref {
	ref.Revision = "00000000000000000000000000000000"
	return ref
}

// sweep lists everything, and checks that the sequence keeps its form.
func (h Harness) sweep(t *testing.T) (map[string]model.Item, []model.Page) {
	t.Helper()
	return h.sweepWith(t, h.Backend.Capabilities().Sweep)
}

func (h Harness) sweepWith(t *testing.T, s backend.Sweeper) (map[string]model.Item, []model.Page) {
	t.Helper()
	items := map[string]model.Item{}
	var pages []model.Page
	for page, err := range s.Sweep(t.Context()) {
		if err != nil {
			t.Fatalf("sweep: %v", err)
		}
		if n := len(pages); n > 0 && pages[n-1].Summary != nil {
			t.Error("a page comes after the summary")
		}
		pages = append(pages, page)
		for _, it := range page.Items {
			if _, twice := items[it.Ref.Key]; twice {
				t.Errorf("%v is listed twice", it.Ref)
			}
			if it.Ref != h.certificate(it.Ref.Key) {
				t.Errorf("listed as %v", it.Ref)
			}
			items[it.Ref.Key] = it
		}
	}
	return items, pages
}
