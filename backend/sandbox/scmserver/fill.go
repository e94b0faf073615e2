package scmserver

import (
	"cmp"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Scenario is what an account holds from the start.
type Scenario struct {
	Organizations []Organization
	Profiles      []Profile
	Domains       []Domain
	Fields        []CustomField
	// Orders are made in this order, so that ids rise with it.
	Orders []Entry
}

// Entry is an order as a scenario wants it, in any status and without having to
// wait for it. Nothing about it is checked against profiles and domains: it may
// be from a time with other rules.
type Entry struct {
	CommonName string
	// Names are the alternative names.
	Names                       []string
	Organization, Profile, Term int
	Comments, ExternalRequester string
	// Fields are the custom fields' values by name.
	Fields map[string]string
	// RSA makes an RSA key instead of an EC one, which takes longer.
	RSA bool
	// Requested is when it was asked for.
	Requested time.Time
	// Status is where it stands. Requested, Approved and Applied go on as orders
	// made over the API; Applied waits for the names' DCV where its profile
	// does that.
	Status Status
	// Since is when it came to that status (issued, revoked, declined); the
	// zero time means a minute after it was asked for.
	Since time.Time
	// Issued is when a certificate was issued that is Revoked or Replaced by
	// now; the zero time means a minute after the order.
	Issued time.Time
	// Reason is the code of a revocation; "" means 0.
	Reason string
	// Renewed is true for a certificate that was renewed.
	Renewed bool
	// Via is how it came; "" means over the API.
	Via string
	// Requester is who asked; "" means the account's login.
	Requester string
	// Dates are shown instead of the true ones, by the names of the members of
	// details.
	Dates map[string]string
}

// Fill puts a scenario into a state that is empty; a state that holds anything
// is left alone, and filled is false. It waits until [Server.Load] has returned,
// where there is a folder. Requests wait meanwhile, so that nobody sees half of it.
func (s *Server) Fill(ctx context.Context, scenario Scenario) (filled bool, err error) {
	if err := s.gate.Wait(ctx); err != nil {
		return false, fmt.Errorf("wait for the stored account: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loadErr != nil || len(s.orders) > 0 || len(s.book.Organizations) > 0 {
		return false, s.loadErr
	}
	before := s.book
	s.book.Organizations, s.book.Profiles = slices.Clone(scenario.Organizations), slices.Clone(scenario.Profiles)
	s.book.Domains, s.book.Fields = slices.Clone(scenario.Domains), slices.Clone(scenario.Fields)
	var orders []*order
	for _, e := range scenario.Orders {
		if err = ctx.Err(); err == nil {
			var o *order
			if o, err = s.plant(e); err == nil {
				orders = append(orders, o)
				continue
			}
			err = fmt.Errorf("make the order for %s: %w", e.CommonName, err)
		}
		s.book = before
		return false, err
	}
	for _, o := range orders {
		s.put(o)
	}
	s.saveBook()
	return true, nil
}

// Add puts one more order into the account, as [Server.Fill] does, and returns
// its id. Where there is a folder, [Server.Load] must have returned.
func (s *Server) Add(e Entry) (id int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.plant(e)
	if err != nil {
		return 0, fmt.Errorf("make the order for %s: %w", e.CommonName, err)
	}
	s.put(o)
	return o.ID, nil
}

// aMoment is what a step takes where an entry does not say when it was.
const aMoment = time.Minute

// plant makes an order as its history would have made it, without an id.
func (s *Server) plant(e Entry) (*order, error) {
	csr, err := s.newRequest(e)
	if err != nil {
		return nil, err
	}
	o := &order{
		RenewID: random(15), OrgID: e.Organization, ProfileID: e.Profile, Term: e.Term, CommonName: e.CommonName, Names: e.Names, CSR: csr,
		Comments: e.Comments, ExternalRequester: e.ExternalRequester, Requester: cmp.Or(e.Requester, s.account.Login), Owner: s.account.Login,
		Via: cmp.Or(e.Via, ViaAPI), Requested: e.Requested, Asked: e.Requested, Status: e.Status, Renewed: e.Renewed, Dates: e.Dates,
	}
	for _, name := range sortedKeys(e.Fields) {
		o.CustomFields = append(o.CustomFields, customValue{name, e.Fields[name]})
	}
	if p := s.profile(e.Profile); p != nil {
		o.Behaviour = p.Behaviour
	}
	since := e.Since
	if since.IsZero() {
		since = e.Requested.Add(aMoment)
	}
	return o, s.bring(o, e, since)
}

// bring takes an order to the status that its entry wants.
func (s *Server) bring(o *order, e Entry, since time.Time) error {
	switch e.Status {
	case StatusInit, StatusRequested, StatusInvalid:
		return nil
	case StatusDeclined:
		o.Declined, o.Approver = since, "other-admin"
		return nil
	case StatusApproved, StatusSAApproved:
		o.Approved, o.Approver, o.Asked = since, o.Requester, since
		return nil
	case StatusApplied, StatusRejected:
		s.hand(o)
		o.Asked = since
		if o.Behaviour.PerOrderDCV {
			o.DCVMode = "CNAME"
			for _, name := range o.allNames() {
				o.Validations = append(o.Validations, newOrderDCV(name, since, o.Behaviour.Publish))
			}
		}
		return nil
	case StatusIssued, StatusExpired:
		e.Issued = since
	case StatusRevoked:
		o.Revoked, o.Reason = since, cmp.Or(e.Reason, "0")
	case StatusReplaced:
		o.Replaced = since
	default:
		return fmt.Errorf("status %q is none of the service's", e.Status)
	}
	s.hand(o)
	if e.Issued.IsZero() {
		e.Issued = e.Requested.Add(aMoment)
	}
	return s.bringCertificate(o, e)
}

// hand has an order applied for at the CA when it was asked for.
func (s *Server) hand(o *order) {
	o.Approved, o.Approver = o.Requested, o.Requester
	o.BackendID = s.book.NextBackend
	s.book.NextBackend += otherCustomers
}

// bringCertificate issues an entry's certificate at its time.
func (s *Server) bringCertificate(o *order, e Entry) error {
	if err := s.issue(o, o.CommonName, o.Names, o.CSR, e.Issued); err != nil {
		return err
	}
	if e.Status != StatusExpired { // it expires by itself
		o.Status = e.Status
	}
	if e.Renewed {
		o.RenewedDate = e.Issued.Add(time.Duration(o.Term) * 24 * time.Hour * 9 / 10)
	}
	if o.external() {
		o.CSR, o.RenewID, o.BackendID, o.Approved = nil, "", 0, time.Time{}
	}
	return nil
}

// newRequest makes a key, of which nothing is kept, and a request with it.
func (s *Server) newRequest(e Entry) ([]byte, error) {
	var key crypto.Signer
	var err error
	if e.RSA {
		key, err = s.rsaKeys(smallest)
	} else {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	if e.CommonName == "" {
		return nil, errors.New("an order has a common name")
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: e.CommonName}}, key)
	if err != nil {
		return nil, fmt.Errorf("make a request: %w", err)
	}
	return der, nil
}
