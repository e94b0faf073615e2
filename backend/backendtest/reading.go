package backendtest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"certty/backend"
	"certty/model"
)

// sweepsEverything fills more than two pages and wants all of it listed.
func sweepsEverything(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Sweep != nil, c.Create != nil)
	var want []string
	for i := range 2*h.PageSize + 1 {
		name := fmt.Sprintf("sweep-%03d", i)
		h.create(t, name)
		want = append(want, name)
	}
	before := h.Changes()
	items, pages := h.sweep(t)
	for _, name := range want {
		if _, ok := items[name]; !ok {
			t.Errorf("%s is not listed", name)
		}
	}
	if len(pages) < 3 {
		t.Errorf("%d pages for %d items; they are to come as they arrive", len(pages), len(items))
	}
	sum := pages[len(pages)-1].Summary
	if sum == nil || !sum.Complete || sum.Seen != len(items) {
		t.Fatalf("summary %+v for %d items", sum, len(items))
	}
	for _, page := range pages {
		if page.Fields != model.FieldListing {
			t.Errorf("fields %b, want the listing's only", page.Fields)
		}
		if page.AsOf.Before(sum.Started) {
			t.Errorf("a page as of %v belongs to a sweep started at %v", page.AsOf, sum.Started)
		}
	}
	if h.Changes() != before {
		t.Error("the sweep changed something")
	}
}

// sweepStops leaves a sweep after its first page.
func sweepStops(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Sweep != nil, c.Create != nil)
	h.create(t, "first")
	pages := 0
	for _, err := range c.Sweep.Sweep(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		pages++
		break
	}
	if pages != 1 {
		t.Errorf("%d pages, want 1", pages)
	}
}

// readsNothing asks for what does not exist.
func readsNothing(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Read != nil)
	ref := h.certificate("nobody-made-this")
	_, err := c.Read.Read(t.Context(), ref)
	wantError(t, err, backend.KindNotFound, ref)
	if c.Order != nil {
		return // an account has no requests beside its orders
	}

	ref.Kind = model.KindRequest
	if r := h.request(t, ref); r != nil {
		t.Errorf("request %+v under a name that does not exist", r)
	}
	ref.Revision = foreign(ref).Revision
	if r := h.request(t, ref); r != nil {
		t.Errorf("request %+v that does not exist", r)
	}
}

// endsWithContext calls everything with a context that is over.
func endsWithContext(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Create != nil, c.Read != nil)
	it := h.create(t, "ends")
	ref := it.RequestRef()
	chain := h.Sign(t, it.Request.CSR)
	before := h.Changes()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	spec := model.CreateSpec{Name: "never", Policy: h.Policy}

	calls := map[string]func() error{
		"read": func() error { _, err := c.Read.Read(ctx, ref); return err },
		"create": func() error {
			_, err := c.Create.Create(ctx, spec)
			if err != nil {
				wantError(t, err, backend.KindNetwork, h.certificate("never"))
			}
			return err
		},
	}
	if c.Sweep != nil {
		calls["sweep"] = func() error { return lastError(ctx, c.Sweep) }
	}
	if c.Cancel != nil {
		calls["cancel"] = func() error { _, err := c.Cancel.Cancel(ctx, ref); return err }
	}
	if c.Merge != nil {
		calls["merge"] = func() error { _, err := c.Merge.Merge(ctx, ref, chain); return err }
	}
	if c.DeleteRequest != nil {
		calls["delete request"] = func() error { _, err := c.DeleteRequest.DeleteRequest(ctx, ref); return err }
	}
	h.addLifecycle(ctx, calls)
	for name, call := range calls {
		err := call()
		if !errors.Is(err, context.Canceled) || backend.KindOf(err) != backend.KindNetwork {
			t.Errorf("%s with a context that is over: %v, want the context's end as a network error", name, err)
		}
	}
	if h.Changes() != before {
		t.Error("something was changed although the context was over")
	}
}

// addLifecycle adds the calls on certificates that exist.
func (h Harness) addLifecycle(ctx context.Context, calls map[string]func() error) {
	c := h.Backend.Capabilities()
	ref := h.certificate("ends")
	if c.SweepDeleted != nil {
		calls["sweep deleted"] = func() error { return lastError(ctx, c.SweepDeleted) }
	}
	if c.NewVersion != nil {
		calls["new version"] = func() error { _, err := c.NewVersion.NewVersion(ctx, ref); return err }
	}
	if c.Import != nil {
		calls["import"] = func() error {
			_, err := c.Import.Import(ctx, model.ImportSpec{Name: "never", Data: []byte{1}, Format: model.ImportPFX})
			return err
		}
	}
	if l := c.Lifecycle; l != nil {
		calls["update"] = func() error { _, err := l.Update(ctx, ref, model.Update{Enabled: new(false)}); return err }
		calls["update policy"] = func() error {
			_, err := l.UpdatePolicy(ctx, ref, model.Policy{}, model.Policy{ValidityMonths: 1})
			return err
		}
		calls["delete"] = func() error { _, err := l.Delete(ctx, ref); return err }
		calls["recover"] = func() error { _, err := l.Recover(ctx, ref); return err }
		calls["purge"] = func() error { _, err := l.Purge(ctx, ref); return err }
	}
	if c.Versions != nil {
		calls["versions"] = func() error { _, err := c.Versions.Versions(ctx, ref); return err }
		calls["version"] = func() error { _, err := c.Versions.Version(ctx, ref); return err }
	}
	if c.Catalog != nil {
		calls["issuers"] = func() error { _, err := c.Catalog.Issuers(ctx); return err }
		calls["contacts"] = func() error { _, err := c.Catalog.Contacts(ctx); return err }
	}
}

func lastError(ctx context.Context, s backend.Sweeper) error {
	var last error
	for page, err := range s.Sweep(ctx) {
		if err == nil && page.Summary != nil && page.Summary.Complete {
			return errors.New("the sweep says that it is complete")
		}
		last = err
	}
	return last
}
