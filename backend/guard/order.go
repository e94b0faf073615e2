package guard

import (
	"context"
	"fmt"
	"iter"

	"certty/backend"
	"certty/model"
)

// The names of the changing calls at a CA account, in the journal and in
// errors.
const (
	opOrder         = "order"
	opRenew         = "renew"
	opReplace       = "replace"
	opRevoke        = "revoke"
	opApprove       = "approve"
	opDecline       = "decline"
	opRecheck       = "recheck"
	opRecheckDomain = "recheck domain"
)

type orderer struct {
	next  backend.Orderer
	by    *changer
	reads bounds
}

// Order is journalled under the order's reference, by which it is found again.
func (o orderer) Order(ctx context.Context, spec model.OrderSpec) (backend.Change, error) {
	ref := model.Ref{Target: o.by.target, Kind: model.KindCertificate, Key: spec.Reference}
	return o.by.change(ctx, opOrder, ref, orderDetail(spec), func(ctx context.Context) (backend.Change, error) {
		return o.next.Order(ctx, spec)
	})
}

func (o orderer) FindOrders(ctx context.Context, trace model.OrderTrace) (backend.FoundOrders, error) {
	ref := model.Ref{Target: o.by.target, Kind: model.KindCertificate, Key: trace.Reference}
	return within(ctx, o.reads, "find order", ref, func(ctx context.Context) (backend.FoundOrders, error) {
		return o.next.FindOrders(ctx, trace)
	})
}

type renewer struct {
	next  backend.Renewer
	by    *changer
	reads bounds
}

func (r renewer) Renew(ctx context.Context, ref model.Ref, spec model.RenewSpec) (backend.Change, error) {
	detail := "with the old key"
	if spec.CSR != nil {
		detail = "with a new CSR"
	}
	return r.by.change(ctx, opRenew, ref, detail, func(ctx context.Context) (backend.Change, error) {
		return r.next.Renew(ctx, ref, spec)
	})
}

func (r renewer) FindRenewal(ctx context.Context, ref model.Ref) (*model.Order, error) {
	return within(ctx, r.reads, "find renewal", ref, func(ctx context.Context) (*model.Order, error) {
		return r.next.FindRenewal(ctx, ref)
	})
}

type replacer struct {
	next backend.Replacer
	by   *changer
}

func (r replacer) Replace(ctx context.Context, ref model.Ref, spec model.ReplaceSpec) (backend.Change, error) {
	return r.by.change(ctx, opReplace, ref, fmt.Sprintf("%q", spec.CommonName), func(ctx context.Context) (backend.Change, error) {
		return r.next.Replace(ctx, ref, spec)
	})
}

type revoker struct {
	next backend.Revoker
	by   *changer
}

func (r revoker) Revoke(ctx context.Context, ref model.Ref, revocation model.Revocation) (backend.Change, error) {
	return r.by.change(ctx, opRevoke, ref, revocation.Reason.String(), func(ctx context.Context) (backend.Change, error) {
		return r.next.Revoke(ctx, ref, revocation)
	})
}

type approver struct {
	next backend.Approver
	by   *changer
}

func (a approver) Approve(ctx context.Context, ref model.Ref, message string) (backend.Change, error) {
	return a.by.change(ctx, opApprove, ref, "", func(ctx context.Context) (backend.Change, error) {
		return a.next.Approve(ctx, ref, message)
	})
}

func (a approver) Decline(ctx context.Context, ref model.Ref, message string) (backend.Change, error) {
	return a.by.change(ctx, opDecline, ref, "", func(ctx context.Context) (backend.Change, error) {
		return a.next.Decline(ctx, ref, message)
	})
}

type rechecker struct {
	next backend.Rechecker
	by   *changer
}

func (r rechecker) Recheck(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return r.by.change(ctx, opRecheck, ref, "", func(ctx context.Context) (backend.Change, error) {
		return r.next.Recheck(ctx, ref)
	})
}

func (r rechecker) RecheckDomain(ctx context.Context, domain string) (backend.Change, error) {
	ref := model.Ref{Target: r.by.target, Key: domain}
	return r.by.change(ctx, opRecheckDomain, ref, "", func(ctx context.Context) (backend.Change, error) {
		return r.next.RecheckDomain(ctx, domain)
	})
}

type collector struct {
	next  backend.Collector
	reads bounds
}

func (c collector) Collect(ctx context.Context, ref model.Ref) ([][]byte, error) {
	return within(ctx, c.reads, "collect", ref, func(ctx context.Context) ([][]byte, error) {
		return c.next.Collect(ctx, ref)
	})
}

type accountReader struct {
	next   backend.AccountReader
	target string
	reads  bounds
}

func (a accountReader) Account(ctx context.Context, tell func(backend.AccountStep)) (model.Account, error) {
	return within(ctx, a.reads.times(accountCalls), "sync account", model.Ref{Target: a.target}, func(ctx context.Context) (model.Account, error) {
		return a.next.Account(ctx, tell)
	})
}

// accountCalls is how many times longer than one read a whole account may take:
// a domain or an organization costs a call each.
const accountCalls = 10

func (a accountReader) Probe(ctx context.Context) []backend.Finding {
	limit, cancel := context.WithTimeoutCause(ctx, a.reads.timeout, errTimeUp)
	defer cancel()
	return a.next.Probe(limit)
}

// Password takes as long as a read may.
func (a accountReader) Password(ctx context.Context) (backend.Finding, bool) {
	limit, cancel := context.WithTimeoutCause(ctx, a.reads.timeout, errTimeUp)
	defer cancel()
	return a.next.Password(limit)
}

func (a accountReader) Validations(ctx context.Context) ([]model.DomainValidation, error) {
	return within(ctx, a.reads, "list validations", model.Ref{Target: a.target}, a.next.Validations)
}

type validator struct {
	next   backend.Validator
	target string
	reads  bounds
}

func (v validator) Validation(ctx context.Context, ref model.Ref) (model.OrderValidation, error) {
	return within(ctx, v.reads, "read validation", ref, func(ctx context.Context) (model.OrderValidation, error) {
		return v.next.Validation(ctx, ref)
	})
}

func (v validator) DomainValidation(ctx context.Context, domain string) (model.DomainValidation, error) {
	ref := model.Ref{Target: v.target, Key: domain}
	return within(ctx, v.reads, "read validation", ref, func(ctx context.Context) (model.DomainValidation, error) {
		return v.next.DomainValidation(ctx, domain)
	})
}

type changeReader struct {
	next   backend.ChangeReader
	target string
	reads  bounds
}

// Changes bounds the wait for each page, as a sweep's.
func (c changeReader) Changes(ctx context.Context, known *model.Snapshot) iter.Seq2[model.Page, error] {
	pages := sweeper{pagesOf(func(ctx context.Context) iter.Seq2[model.Page, error] {
		return c.next.Changes(ctx, known)
	}), "read changes", c.target, c.reads}
	return pages.Sweep(ctx)
}

// pagesOf is a sequence of pages as a Sweeper.
type pagesOf func(context.Context) iter.Seq2[model.Page, error]

// Sweep implements [backend.Sweeper].
func (p pagesOf) Sweep(ctx context.Context) iter.Seq2[model.Page, error] { return p(ctx) }

// orderDetail is what the journal says of an order: enough to find it at the
// account, and to know what it costs.
func orderDetail(spec model.OrderSpec) string {
	return fmt.Sprintf("%q, %s, organization %d, profile %d, %s, reference %s",
		spec.CommonName, model.Count(len(spec.SANs), "SAN", "SANs"), spec.OrganizationID, spec.ProfileID, model.Count(spec.Term, "day", "days"), spec.Reference)
}

// wrapAccount guards the reading capabilities of a CA account.
func wrapAccount(c backend.Capabilities, target string, reads bounds) backend.Capabilities {
	if c.Changes != nil {
		c.Changes = changeReader{c.Changes, target, reads}
	}
	if c.Collect != nil {
		c.Collect = collector{c.Collect, reads}
	}
	if c.Account != nil {
		c.Account = accountReader{c.Account, target, reads}
	}
	if c.Validation != nil {
		c.Validation = validator{c.Validation, target, reads}
	}
	return c
}

// withOrders guards the changing capabilities of a CA account.
func withOrders(c backend.Capabilities, by *changer) backend.Capabilities {
	reads := bounds{by.options.ReadTimeout, by.options.Log}
	if c.Order != nil {
		c.Order = orderer{c.Order, by, reads}
	}
	if c.Renew != nil {
		c.Renew = renewer{c.Renew, by, reads}
	}
	if c.Replace != nil {
		c.Replace = replacer{c.Replace, by}
	}
	if c.Revoke != nil {
		c.Revoke = revoker{c.Revoke, by}
	}
	if c.Approve != nil {
		c.Approve = approver{c.Approve, by}
	}
	if c.Recheck != nil {
		c.Recheck = rechecker{c.Recheck, by}
	}
	return c
}

// withoutOrders takes the changing capabilities of a CA account away.
func withoutOrders(c backend.Capabilities, why string) backend.Capabilities {
	if c.Order != nil {
		c.Order, c.OrderWhy = nil, why
	}
	if c.Renew != nil {
		c.Renew, c.RenewWhy = nil, why
	}
	if c.Replace != nil {
		c.Replace, c.ReplaceWhy = nil, why
	}
	if c.Revoke != nil {
		c.Revoke, c.RevokeWhy = nil, why
	}
	if c.Approve != nil {
		c.Approve, c.ApproveWhy = nil, why
	}
	if c.Recheck != nil {
		c.Recheck, c.RecheckWhy = nil, why
	}
	return c
}
