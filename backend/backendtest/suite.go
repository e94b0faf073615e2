package backendtest

import (
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

// Harness is a backend with a server behind it that nobody else uses.
type Harness struct {
	Backend backend.Backend
	// Policy is one that makes a manual request, with a key that is quick to
	// make. Its subject is replaced by the suite.
	Policy model.Policy
	// Sign has a PKCS#10 certificate request (DER) signed and gives back the
	// chain, DER, leaf first.
	Sign func(t testing.TB, csr []byte) [][]byte
	// Changes counts the calls that could have changed something and that the
	// server let in so far.
	Changes func() int
	// Advance moves the server's clock.
	Advance func(time.Duration)
	// CancelTakes is long enough for a cancellation to be done.
	CancelTakes time.Duration
	// LifecycleTakes is long enough for a deletion, a recovery or a purge to be
	// seen by every read.
	LifecycleTakes time.Duration
	// PageSize is how many items the server lists at once at most.
	PageSize int

	// The rest is for CA accounts.

	// Order makes what is ordered for a name, from a key of its own: something
	// that is issued without anybody's help. Approval makes something that waits
	// for approval first.
	Order, Approval func(t testing.TB, name string) model.OrderSpec
	// IssueTakes is long enough for an order to be issued.
	IssueTakes time.Duration
}

// Run holds a backend against the contract. factory is called once for each
// part of the suite, from several goroutines, and cleans up with t.Cleanup.
func Run(t *testing.T, factory func(t *testing.T) Harness) {
	parts := []struct {
		name string
		run  func(t *testing.T, h Harness)
	}{
		{"says what it is", says},
		{"sweeps everything, page by page", sweepsEverything},
		{"stops a sweep when nobody listens", sweepStops},
		{"reads nothing where there is nothing", readsNothing},
		{"creates a request", creates},
		{"refuses a second request under a name", refusesSecond},
		{"leaves another request alone", leavesForeignAlone},
		{"cancels a request", cancels},
		{"refuses a certificate for another key", refusesWrongKey},
		{"sends no empty chain", sendsNoEmptyChain},
		{"merges a certificate", merges},
		{"deletes a request", deletes},
		{"renews from the stored policy", renews},
		{"imports a bundle", imports},
		{"refuses a bad bundle", refusesBadBundle},
		{"changes attributes", updates},
		{"changes a policy that nobody else has changed", updatesPolicy},
		{"deletes a certificate and recovers it", deletesAndRecovers},
		{"purges a certificate", purges},
		{"lists issuers and contacts", listsCatalog},
		{"ends with its context", endsWithContext},
		{"orders and collects", ordersAndCollects},
		{"decides on an order once", decidesOnce},
		{"revokes the certificate that was confirmed", revokesWhatWasConfirmed},
		{"renews an order", renewsOrders},
		{"sweeps orders", sweepsOrders},
		{"reads an account", readsAccount},
		{"ends an account's calls with their context", orderingEnds},
	}
	for _, part := range parts {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.run(t, factory(t))
		})
	}
}

// says checks the description and that every capability that is missing has a
// reason, and no other.
func says(t *testing.T, h Harness) {
	info := h.Backend.Info()
	if info.Name == "" || info.Kind == "" || info.Address == "" {
		t.Errorf("Info() = %+v: name, kind and address are needed", info)
	}
	c := h.Backend.Capabilities()
	for name, field := range map[string]struct {
		there bool
		why   string
	}{
		"Sweep":         {c.Sweep != nil, c.SweepWhy},
		"Read":          {c.Read != nil, c.ReadWhy},
		"Create":        {c.Create != nil, c.CreateWhy},
		"Cancel":        {c.Cancel != nil, c.CancelWhy},
		"Merge":         {c.Merge != nil, c.MergeWhy},
		"DeleteRequest": {c.DeleteRequest != nil, c.DeleteRequestWhy},
		"SweepDeleted":  {c.SweepDeleted != nil, c.SweepDeletedWhy},
		"NewVersion":    {c.NewVersion != nil, c.NewVersionWhy},
		"Import":        {c.Import != nil, c.ImportWhy},
		"Lifecycle":     {c.Lifecycle != nil, c.LifecycleWhy},
		"Versions":      {c.Versions != nil, c.VersionsWhy},
		"Catalog":       {c.Catalog != nil, c.CatalogWhy},
		"Changes":       {c.Changes != nil, c.ChangesWhy},
		"Order":         {c.Order != nil, c.OrderWhy},
		"Renew":         {c.Renew != nil, c.RenewWhy},
		"Replace":       {c.Replace != nil, c.ReplaceWhy},
		"Revoke":        {c.Revoke != nil, c.RevokeWhy},
		"Approve":       {c.Approve != nil, c.ApproveWhy},
		"Collect":       {c.Collect != nil, c.CollectWhy},
		"Account":       {c.Account != nil, c.AccountWhy},
		"Validation":    {c.Validation != nil, c.ValidationWhy},
		"Recheck":       {c.Recheck != nil, c.RecheckWhy},
	} {
		if field.there == (field.why != "") {
			t.Errorf("%s: there=%v and why=%q; a reason belongs to what is missing", name, field.there, field.why)
		}
	}
	changes := c.Create != nil || c.Cancel != nil || c.Merge != nil || c.DeleteRequest != nil ||
		c.NewVersion != nil || c.Import != nil || c.Lifecycle != nil || c.Order != nil || c.Renew != nil ||
		c.Replace != nil || c.Revoke != nil || c.Approve != nil || c.Recheck != nil
	if info.ReadOnly && changes {
		t.Error("a read-only backend offers changes")
	}
}
