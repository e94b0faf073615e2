package viewtest

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"certty/backend"
	"certty/backend/keystore"
	"certty/backend/repository"
	"certty/model"
	"certty/ui/view"
)

// AccountName is the name of the CA account that [Stage.Account] brings.
const AccountName = "sectigo"

// Account is a CA account that answers what a test says and notes what it was
// asked to change. What is held of it lies in a [Shelf].
type Account struct {
	Shelf *Shelf
	// Manager manages the shelf.
	Manager *repository.Manager
	// Calls are the changes that were asked for, oldest first.
	Calls []string
	// Looked are the rows that somebody opened.
	Looked []model.Ref
	// Change is the answer to every change, Err its error.
	Change backend.Change
	Err    error
	// Listed are the rows that the account can tell.
	Listed []*model.Item
	// Plan is what cancelling would do.
	Plan backend.CancelPlan
	// Found is what is found under any reference, Chain what is collected, Proof
	// what is told of an order's validation, and Domains of a domain's.
	Found []model.Order
	// Namesakes are found for any name.
	Namesakes []model.Order
	Chain     [][]byte
	Proof     model.OrderValidation
	Domains   map[string]model.DomainValidation
	// ReadErr is the error of every read.
	ReadErr error
	// Listing is what a sweep tells, nil for nothing; Offers what a sync reads,
	// OffersErr its error, and Syncing, unless nil, what goes on meanwhile; Findings
	// what a probe finds.
	Listing   func(ctx context.Context) iter.Seq2[model.Page, error]
	Offers    model.Account
	OffersErr error
	Syncing   func(tell func(backend.AccountStep))
	Findings  []backend.Finding
}

// Account adds a CA account to the targets of the stage.
func (s *Stage) Account() *Account {
	s.t.Helper()
	a := &Account{Shelf: &Shelf{Holdings: map[string]backend.Holding{}}}
	a.Manager = repository.New(repository.Options{
		Target: AccountName, Capabilities: a.Capabilities(), Shelf: a.Shelf, Now: func() time.Time { return Noon },
		Keys: keystore.Maker{Iterations: 1000}, Publish: func(model.Page) {},
	})
	s.names = append(s.names, AccountName)
	s.Session.Desk.Equip(append(s.Session.Desk.Targets(), view.Target{
		Info:         backend.Info{Name: AccountName, Kind: "scm", Address: "https://cert-manager.com/api"},
		Capabilities: a.Capabilities(), Poller: a, Repository: a.Manager,
	}), nil)
	return a
}

// OrderItem makes the row of an issued order that was read completely and is
// not held here; change makes it something else.
func OrderItem(id, name string, change func(*model.Item)) *model.Item {
	it := &model.Item{
		Ref: model.Ref{Target: AccountName, Kind: model.KindCertificate, Key: id},
		Certificate: model.Certificate{
			Issued: true, Enabled: true, Subject: "CN=" + name, Serial: "a93e" + id,
			NotBefore: Noon.Add(-100 * day), NotAfter: Noon.Add(99 * day), SANs: model.SANs{DNS: []string{name}},
		},
		Order: &model.Order{
			ID: id, Status: "Issued", Phase: model.OrderIssued, CommonName: name, SANs: []string{name},
			OrganizationID: 10, Organization: "Contoso GmbH", ProfileID: 101, Profile: "Standard SSL", Term: 199,
			Requester: "Ada Lovelace", Requested: Noon.Add(-101 * day), Approved: Noon.Add(-101 * day),
			Issued: Noon.Add(-100 * day), Expires: Noon.Add(99 * day),
		},
		ListedAt: Noon, RequestReadAt: Noon, CertificateReadAt: Noon,
	}
	if change != nil {
		change(it)
	}
	return it
}

// Uncertified makes an order one of the given status that has no certificate.
func Uncertified(it *model.Item, status string) {
	it.Order.Status, it.Order.Phase = status, model.ParseOrderPhase(status)
	it.Order.Issued, it.Order.Expires, it.Order.Since = time.Time{}, time.Time{}, Noon.Add(-5*time.Hour)
	it.Certificate = model.Certificate{}
}

// Held gives an order a record, and the account's shelf the holding of it.
func (a *Account) Held(it *model.Item, h backend.Holding) {
	h.Target, h.Record.Key = AccountName, it.Ref.Key
	if h.Record.Step == "" {
		h.Record.Step = model.StepPlaced
	}
	if h.Record.ManagedAt.IsZero() {
		h.Record.ManagedAt, h.Record.StepAt = Noon.Add(-101*day), Noon.Add(-25*time.Minute)
	}
	record := h.Record
	it.Record = &record
	a.Shelf.Holdings[it.Ref.Key] = h
}

// Unplaced makes the row of an order that has no id, with its holding.
func (a *Account) Unplaced(reference, name string, step model.RecordStep) *model.Item {
	it := &model.Item{Ref: model.Ref{Target: AccountName, Kind: model.KindCertificate, Key: reference}}
	a.Held(it, backend.Holding{
		Record: model.Record{Step: step, Reference: reference, Attempt: 1, CommonName: name},
		Spec:   &model.OrderSpec{CommonName: name, Reference: reference},
	})
	return it
}

// Capabilities are everything that an account can do.
func (a *Account) Capabilities() backend.Capabilities {
	const vaults = "it is Key Vault's"
	return backend.Capabilities{
		Sweep: a, Read: a, Cancel: a, Order: a, Renew: a, Replace: a, Revoke: a, Approve: a, Collect: a, Validation: a, Recheck: a, Account: a,
		CreateWhy: vaults, MergeWhy: vaults, DeleteRequestWhy: vaults, NewVersionWhy: vaults, ImportWhy: vaults,
		LifecycleWhy: vaults, VersionsWhy: vaults, CatalogWhy: vaults, SweepDeletedWhy: vaults, ChangesWhy: vaults,
	}
}

func (a *Account) note(format string, args ...any) (backend.Change, error) {
	a.Calls = append(a.Calls, fmt.Sprintf(format, args...))
	return a.Change, a.Err
}

// Sweep is Listing.
func (a *Account) Sweep(ctx context.Context) iter.Seq2[model.Page, error] {
	if a.Listing == nil {
		return func(func(model.Page, error) bool) {}
	}
	return a.Listing(ctx)
}

// Account is Offers.
func (a *Account) Account(_ context.Context, tell func(backend.AccountStep)) (model.Account, error) {
	if a.Syncing != nil {
		a.Syncing(tell)
	}
	return a.Offers, a.OffersErr
}

// Probe is Findings.
func (a *Account) Probe(context.Context) []backend.Finding { return a.Findings }

// Password tells nothing.
func (a *Account) Password(context.Context) (backend.Finding, bool) { return backend.Finding{}, false }

// Validations tells none.
func (a *Account) Validations(context.Context) ([]model.DomainValidation, error) { return nil, nil }

// Read tells the row of Listed that ref names, or nothing.
func (a *Account) Read(_ context.Context, ref model.Ref) (model.Page, error) {
	page := model.Page{Fields: model.FieldOrder, AsOf: Noon}
	for _, it := range a.Listed {
		if it.Ref.Key == ref.Key {
			page.Items = append(page.Items, *it)
		}
	}
	return page, a.ReadErr
}

// PlanCancel is Plan.
func (a *Account) PlanCancel(*model.Item) backend.CancelPlan { return a.Plan }

// Cancel notes the call.
func (a *Account) Cancel(_ context.Context, ref model.Ref) (backend.Change, error) {
	return a.note("cancel %s", ref)
}

// Order notes the call and answers with order 900.
func (a *Account) Order(_ context.Context, spec model.OrderSpec) (backend.Change, error) {
	_, err := a.note("order %s", spec.CommonName)
	return backend.Change{Page: model.Page{Fields: model.FieldOrder, Items: []model.Item{*OrderItem("900", spec.CommonName, nil)}}}, err
}

// FindOrders is Found and Namesakes.
func (a *Account) FindOrders(context.Context, model.OrderTrace) (backend.FoundOrders, error) {
	return backend.FoundOrders{Carrying: a.Found, Namesakes: a.Namesakes}, a.ReadErr
}

// Renew notes the call, with the validation where one is asked for.
func (a *Account) Renew(_ context.Context, ref model.Ref, spec model.RenewSpec) (backend.Change, error) {
	return a.note("renew %s%s", ref, validated(spec.DCV))
}

func validated(d model.OrderDCV) string {
	if d.Mode == "" {
		return ""
	}
	return strings.TrimRight(" by "+string(d.Mode)+" "+d.Email, " ")
}

// FindRenewal is the first of Found.
func (a *Account) FindRenewal(context.Context, model.Ref) (*model.Order, error) {
	if len(a.Found) == 0 {
		return nil, a.ReadErr
	}
	return &a.Found[0], a.ReadErr
}

// Replace notes the call, with the validation where one is asked for.
func (a *Account) Replace(_ context.Context, ref model.Ref, spec model.ReplaceSpec) (backend.Change, error) {
	return a.note("replace %s %s %s%s", ref, spec.CommonName, strings.Join(spec.SANs, ","), validated(spec.DCV))
}

// Revoke notes the call.
func (a *Account) Revoke(_ context.Context, ref model.Ref, r model.Revocation) (backend.Change, error) {
	return a.note("revoke %s %d %s", ref, int(r.Reason), r.Message)
}

// Approve notes the call.
func (a *Account) Approve(_ context.Context, ref model.Ref, message string) (backend.Change, error) {
	return a.note("approve %s %s", ref, message)
}

// Decline notes the call.
func (a *Account) Decline(_ context.Context, ref model.Ref, message string) (backend.Change, error) {
	return a.note("decline %s %s", ref, message)
}

// Collect is Chain.
func (a *Account) Collect(context.Context, model.Ref) ([][]byte, error) { return a.Chain, a.ReadErr }

// Validation is Proof.
func (a *Account) Validation(context.Context, model.Ref) (model.OrderValidation, error) {
	return a.Proof, a.ReadErr
}

// DomainValidation is that of Domains.
func (a *Account) DomainValidation(_ context.Context, domain string) (model.DomainValidation, error) {
	return a.Domains[domain], a.ReadErr
}

// Recheck notes the call.
func (a *Account) Recheck(_ context.Context, ref model.Ref) (backend.Change, error) {
	return a.note("recheck %s", ref)
}

// RecheckDomain notes the call.
func (a *Account) RecheckDomain(_ context.Context, domain string) (backend.Change, error) {
	return a.note("recheck domain %s", domain)
}

// Look notes the row.
func (a *Account) Look(ref model.Ref) { a.Looked = append(a.Looked, ref) }

// Refresh does nothing.
func (a *Account) Refresh() {}

// Watch does nothing.
func (a *Account) Watch([]model.Ref) {}

// Acted does nothing.
func (a *Account) Acted(model.Ref, model.Page) {}

// Retry does nothing.
func (a *Account) Retry() {}
