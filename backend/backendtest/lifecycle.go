package backendtest

import (
	"bytes"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

// renews makes a second version from the stored policy, and reads both.
func renews(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Create != nil, c.Merge != nil, c.NewVersion != nil)
	first := h.issue(t, "renewed")
	// Versions are told apart in time by the second.
	h.Advance(time.Second)
	change, err := c.NewVersion.NewVersion(t.Context(), first.Ref)
	if err != nil {
		t.Fatal(err)
	}
	it := onlyItem(t, change.Page)
	if r := it.Request; change.Page.Fields&model.FieldRequest == 0 || r == nil || r.ID == "" || !r.Open() || len(r.CSR) == 0 {
		t.Fatalf("the renewal is %+v, want a request in progress", it.Request)
	}
	// One request at a time, whatever asks for it.
	_, err = c.NewVersion.NewVersion(t.Context(), first.Ref)
	wantState(t, err, backend.StatePending, first.Ref)
	if c.Import != nil {
		_, err = c.Import.Import(t.Context(), h.bundle(t, "renewed", model.ImportPEM))
		wantState(t, err, backend.StatePending, first.Ref)
	}
	second := h.merge(t, it)
	if second.Certificate.Version == first.Certificate.Version || bytes.Equal(second.Certificate.DER, first.Certificate.DER) {
		t.Errorf("the new version is the old one: %+v", second.Certificate)
	}
	if c.Versions == nil {
		return
	}
	list, err := c.Versions.Versions(t.Context(), first.Ref)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].Version != second.Certificate.Version || list[1].Version != first.Certificate.Version {
		t.Errorf("versions %+v, want the second and then the first", list)
	}
	for _, want := range []model.Item{first, second} {
		ref := want.Ref
		ref.Revision = want.Certificate.Version
		got, err := c.Versions.Version(t.Context(), ref)
		if err != nil || got.Version != ref.Revision || !bytes.Equal(got.DER, want.Certificate.DER) {
			t.Errorf("version %s reads as %+v, %v", ref.Revision, got, err)
		}
	}
	current, err := c.Versions.Version(t.Context(), first.Ref)
	if err != nil || current.Version != second.Certificate.Version {
		t.Errorf("the current version reads as %+v, %v", current, err)
	}
	ref := first.Ref
	ref.Revision = foreign(ref).Revision
	_, err = c.Versions.Version(t.Context(), ref)
	wantError(t, err, backend.KindNotFound, ref)
}

// updates changes attributes, each alone.
func updates(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Create != nil, c.Merge != nil, c.Lifecycle != nil)
	it := h.issue(t, "updated")
	update := func(u model.Update) model.Certificate {
		t.Helper()
		if _, err := c.Lifecycle.Update(t.Context(), it.Ref, u); err != nil {
			t.Fatal(err)
		}
		return h.read(t, it.Ref).Certificate
	}
	if got := update(model.Update{Enabled: new(false)}); got.Enabled || !got.Issued {
		t.Errorf("disabled: %+v", got)
	}
	if got := update(model.Update{Tags: &map[string]string{"owner": "shop"}}); got.Enabled || got.Tags["owner"] != "shop" {
		t.Errorf("tagged: %+v", got)
	}
	if got := update(model.Update{Enabled: new(true)}); !got.Enabled || got.Tags["owner"] != "shop" {
		t.Errorf("enabled: %+v", got)
	}
	if got := update(model.Update{Tags: &map[string]string{}}); len(got.Tags) != 0 || !got.Enabled {
		t.Errorf("without tags: %+v", got)
	}
	before := h.Changes()
	_, err := c.Lifecycle.Update(t.Context(), it.Ref, model.Update{})
	wantError(t, err, backend.KindInvalid, it.Ref)
	seen := map[string]string{"owner": "somebody"}
	_, err = c.Lifecycle.Update(t.Context(), it.Ref, model.Update{Tags: &map[string]string{"mine": "1"}, TagsWere: &seen})
	wantError(t, err, backend.KindConflict, it.Ref)
	if h.Changes() != before {
		t.Error("a change of nothing was sent")
	}
}

// updatesPolicy changes what is stored, and does not overwrite what somebody
// else stored.
func updatesPolicy(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Create != nil, c.Merge != nil, c.Lifecycle != nil)
	it := h.issue(t, "policy")
	was := *h.read(t, it.Ref).Policy
	want := was
	want.ValidityMonths = was.ValidityMonths + 1
	want.SANs.DNS = []string{"policy.example.com"}
	change, err := c.Lifecycle.UpdatePolicy(t.Context(), it.Ref, was, want)
	if err != nil {
		t.Fatal(err)
	}
	if change.Page.Fields&model.FieldPolicy == 0 {
		t.Errorf("the page holds no policy: %+v", change.Page)
	}
	got := *h.read(t, it.Ref).Policy
	if got.ValidityMonths != want.ValidityMonths || len(got.SANs.DNS) != 1 || got.Subject != was.Subject || got.Key.Type != was.Key.Type {
		t.Errorf("stored %+v, want %+v", got, want)
	}
	// The names are taken away again, from what is stored now.
	none := got
	none.SANs = model.SANs{}
	if _, err := c.Lifecycle.UpdatePolicy(t.Context(), it.Ref, got, none); err != nil {
		t.Fatal(err)
	}
	if left := h.read(t, it.Ref).Policy.SANs; left.Len() != 0 {
		t.Errorf("names %+v are left", left)
	}
	before := h.Changes()
	_, err = c.Lifecycle.UpdatePolicy(t.Context(), it.Ref, was, want)
	wantError(t, err, backend.KindConflict, it.Ref)
	_, err = c.Lifecycle.UpdatePolicy(t.Context(), it.Ref, was, was)
	wantError(t, err, backend.KindInvalid, it.Ref)
	if h.Changes() != before {
		t.Error("a refused change was sent")
	}
}

// deletesAndRecovers walks a certificate through soft deletion.
func deletesAndRecovers(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Create != nil, c.Merge != nil, c.Lifecycle != nil)
	it := h.issue(t, "mortal")
	h.delete(t, it.Ref)
	_, err := c.Create.Create(t.Context(), model.CreateSpec{Name: "mortal", Policy: h.policy("mortal")})
	wantState(t, err, backend.StateDeleted, it.Ref)
	_, err = c.Lifecycle.Delete(t.Context(), it.Ref)
	wantError(t, err, backend.KindNotFound, it.Ref)

	change, err := c.Lifecycle.Recover(t.Context(), it.Ref)
	if err != nil {
		t.Fatal(err)
	}
	if got := onlyItem(t, change.Page); change.Page.Fields&model.FieldDeleted == 0 || got.Deletion != nil {
		t.Errorf("after recovering: %+v", change.Page)
	}
	h.Advance(h.LifecycleTakes)
	if got := h.read(t, it.Ref).Certificate; got.Version != it.Certificate.Version {
		t.Errorf("recovered as %+v", got)
	}
	if c.SweepDeleted != nil {
		if deleted, _ := h.sweepWith(t, c.SweepDeleted); len(deleted) != 0 {
			t.Errorf("still among the deleted: %+v", deleted)
		}
	}
	_, err = c.Lifecycle.Recover(t.Context(), it.Ref)
	if kind := backend.KindOf(err); kind != backend.KindNotFound && kind != backend.KindConflict {
		t.Errorf("recovering what lives: %v", err)
	}
}

// purges destroys a certificate and takes its name again.
func purges(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Create != nil, c.Merge != nil, c.Lifecycle != nil)
	it := h.issue(t, "doomed")
	h.delete(t, it.Ref)
	change, err := c.Lifecycle.Purge(t.Context(), it.Ref)
	if err != nil {
		t.Fatal(err)
	}
	if got := onlyItem(t, change.Page); change.Page.Fields&model.FieldDeleted == 0 || got.Deletion == nil || !got.Deletion.Purged {
		t.Errorf("after purging: %+v", change.Page)
	}
	h.Advance(h.LifecycleTakes)
	if c.SweepDeleted != nil {
		if deleted, _ := h.sweepWith(t, c.SweepDeleted); len(deleted) != 0 {
			t.Errorf("still among the deleted: %+v", deleted)
		}
	}
	_, err = c.Lifecycle.Recover(t.Context(), it.Ref)
	wantError(t, err, backend.KindNotFound, it.Ref)
	_, err = c.Lifecycle.Purge(t.Context(), it.Ref)
	wantError(t, err, backend.KindNotFound, it.Ref)
	h.create(t, "doomed")
}

// listsCatalog reads what certificates can be asked with.
func listsCatalog(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Catalog != nil)
	before := h.Changes()
	issuers, err := c.Catalog.Issuers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, issuer := range issuers {
		if issuer.Name == "" || issuer.Provider == "" {
			t.Errorf("issuer %+v", issuer)
		}
	}
	contacts, err := c.Catalog.Contacts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, contact := range contacts {
		if contact.Email == "" {
			t.Errorf("contact %+v", contact)
		}
	}
	if h.Changes() != before {
		t.Error("reading the catalogue changed something")
	}
}
