package vaultserver

import (
	"cmp"
	"context"
	"crypto/x509/pkix"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"certty/backend/sandbox/ca"
)

// Entry is a certificate object as a scenario wants it, without having to wait
// for it.
type Entry struct {
	Name   string
	Policy Policy
	Tags   map[string]string
	// Issued are the versions, oldest first.
	Issued []Issue
	// Disabled is true when the current version is.
	Disabled bool
	// Asked is a request that has not ended in the last version. Without it
	// the pending object is the last version's, completed.
	Asked *Asked
	// Forgotten is true when the pending object was deleted. An entry without
	// a version is then what a deleted request leaves behind.
	Forgotten bool
	// Made is when an entry with neither a version nor a request was made.
	Made time.Time
	// Imported is the subject under which the versions are self-signed and were
	// imported. The alternative names are the policy's, unchecked: a CA elsewhere
	// may have written anything.
	Imported pkix.RDNSequence
	// Replaced is when another client will delete the running request and make
	// one of its own; the zero time means never.
	Replaced time.Time
	// Deleted is when the object was soft-deleted; the zero time means never.
	Deleted time.Time
}

// Issue is one version: when it was issued, and for how long.
type Issue struct {
	At       time.Time
	Lifetime time.Duration
}

// Asked is a request: when it was made and how far it has come.
type Asked struct {
	At      time.Time
	Outcome Outcome
	// CancelAsked is when cancellation was asked for; the zero time means
	// never.
	CancelAsked time.Time
	// Message is the error's text of a Failed request; "" means what the issuer
	// says.
	Message string
}

// Outcome is how far a pending object has come.
type Outcome uint8

// The outcomes. A Running request goes on as one that was made over the
// protocol.
const (
	Running Outcome = iota
	Cancelled
	Failed
)

// Fill puts entries and contacts into a state that is empty; a state that holds
// anything is left alone, and filled is false. It waits until [Server.Load] has
// returned. Requests wait meanwhile, so that nobody sees half of it.
func (s *Server) Fill(ctx context.Context, entries []Entry, contacts ...Contact) (filled bool, err error) {
	if err := s.gate.Wait(ctx); err != nil {
		return false, fmt.Errorf("wait for the stored vault: %w", err)
	}
	if empty, err := s.empty(); err != nil || !empty {
		return false, err
	}
	s.gate.Hold()
	defer s.gate.Release()
	objects := make([]*object, len(entries))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i, e := range entries {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			o, err := s.plant(e)
			if err != nil {
				return fmt.Errorf("make %s: %w", e.Name, err)
			}
			objects[i] = o
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range objects {
		s.put(o)
		s.save(o)
	}
	s.settings.Contacts = contacts
	s.saveSettings()
	return true, nil
}

func (s *Server) empty() (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.objects) == 0, s.loadErr
}

// plant makes one object as its history would have made it.
func (s *Server) plant(e Entry) (*object, error) {
	o, err := s.plantVersions(&e)
	if err != nil {
		return nil, err
	}
	if !e.Deleted.IsZero() {
		o.Deletion = s.recovery.deletion(e.Deleted)
	}
	if n := len(o.Versions); n > 0 {
		o.Versions[n-1].Enabled = !e.Disabled
	} else {
		at := e.begun()
		o.Placeholder = &version{ID: newID(), NotBefore: at.Add(-backdate), Expires: at.AddDate(0, o.Policy.X509.ValidityMonths, 0), Created: at, Updated: at, Tags: e.Tags}
	}
	if e.Forgotten {
		o.Pending = nil
	}
	if e.Asked == nil {
		return o, nil
	}
	return o, s.plantRequest(o, &e)
}

func (s *Server) plantVersions(e *Entry) (*object, error) {
	o := &object{Name: e.Name, PolicyCreated: e.begun(), PolicyUpdated: e.begun()}
	if e.Imported != nil {
		return o, s.plantImports(o, e)
	}
	policy, f := complete(&e.Policy)
	if f != nil {
		return nil, f
	}
	o.Policy = policy
	for _, issue := range e.Issued {
		if err := s.plantVersion(o, e.Tags, issue); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// begun is when the object's history begins.
func (e *Entry) begun() time.Time {
	switch {
	case len(e.Issued) > 0:
		return e.Issued[0].At
	case e.Asked != nil:
		return e.Asked.At
	}
	return e.Made
}

// plantVersion issues a version in the past, by the policy's issuer; what
// people merge was signed by the sandbox's CA too.
func (s *Server) plantVersion(o *object, tags map[string]string, issue Issue) error {
	op, _, err := s.plantOperation(o, tags, issue.At)
	if err != nil {
		return err
	}
	from := issue.At.Add(-backdate)
	var chain [][]byte
	if selfSigned(op.Issuer.Name) {
		var leaf []byte
		leaf, err = selfSign(op, from, from.Add(issue.Lifetime))
		chain = [][]byte{leaf}
	} else {
		chain, err = s.plantSigned(o, op, ca.Profile{NotBefore: from, Lifetime: issue.Lifetime, ExtKeyUsage: o.Policy.X509.extKeyUsage(), KeyUsage: o.Policy.X509.keyUsage()})
	}
	if err != nil {
		return err
	}
	o.Pending = op
	return o.finish(chain, issue.At)
}

func (s *Server) plantSigned(o *object, op *operation, p ca.Profile) ([][]byte, error) {
	csr, err := op.request()
	if err != nil {
		return nil, err
	}
	chain, err := s.ca.Sign(csr, p)
	if err != nil {
		return nil, fmt.Errorf("sign for %s: %w", o.Name, err)
	}
	return chain.DER(), nil
}

func (s *Server) plantOperation(o *object, tags map[string]string, at time.Time) (*operation, behaviour, error) {
	s.mu.Lock()
	ca, f := s.behaviour(o.Policy.Issuer.Name)
	s.mu.Unlock()
	if f != nil {
		return nil, behaviour{}, f
	}
	op, err := s.newOperation(&o.Policy, nil, ca, &createBody{Tags: tags}, at)
	return op, ca, err
}

func (s *Server) plantRequest(o *object, e *Entry) error {
	op, ca, err := s.plantOperation(o, e.Tags, e.Asked.At)
	if err != nil {
		return err
	}
	if !e.Asked.CancelAsked.IsZero() {
		op.CancelRequested, op.CancelDue = true, e.Asked.CancelAsked.Add(ca.cancelDelay)
	}
	switch e.Asked.Outcome {
	case Running:
	case Cancelled:
		op.Status, op.CancelRequested = statusCancelled, true
	case Failed:
		if ca.refusalCode == "" {
			return fmt.Errorf("issuer %s does not refuse", o.Policy.Issuer.Name)
		}
		op.Status, op.ErrorCode, op.ErrorMessage = statusFailed, ca.refusalCode, cmp.Or(e.Asked.Message, ca.refusalMessage)
	}
	o.Pending = op
	if !e.Replaced.IsZero() {
		o.Coming, _, err = s.plantOperation(o, e.Tags, e.Replaced)
	}
	return err
}
