package scmserver

import (
	"crypto/x509/pkix"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"certty/backend/sandbox/ca"
)

// settle brings an order up to the clock's time. The caller holds s.mu.
func (s *Server) settle(o *order, now time.Time) error {
	before := o.Status
	changed := s.applyApproved(o, now)
	if o.Status == StatusApplied && o.Issued.IsZero() {
		ended, err := s.finish(o, now)
		if err != nil {
			return err
		}
		changed = changed || ended
	}
	if o.Replacement != nil && !now.Before(o.Replacement.Due) {
		if err := s.finishReplacement(o); err != nil {
			return err
		}
		changed = true
	}
	if changed || o.Status != before {
		s.save(o)
	}
	return nil
}

// otherCustomers is how many orders the CA gets between two of ours.
const otherCustomers = 7

// applyApproved hands an approved order to the CA when its time has come.
func (s *Server) applyApproved(o *order, now time.Time) bool {
	due := o.Asked.Add(o.Behaviour.Apply)
	if o.Status != StatusApproved || now.Before(due) {
		return false
	}
	o.Status, o.Asked = StatusApplied, due
	o.BackendID = s.book.NextBackend
	s.book.NextBackend += otherCustomers
	s.saveBook()
	return true
}

// finish lets the CA decide about an applied order when its time has come.
func (s *Server) finish(o *order, now time.Time) (bool, error) {
	changed := false
	due := o.Asked.Add(o.Behaviour.Issue)
	for i := range o.Validations {
		v := &o.Validations[i]
		changed = v.look(now) || changed
		if v.Done.IsZero() {
			return changed, nil
		}
		if v.Done.After(due) {
			due = v.Done
		}
	}
	switch {
	case now.Before(due):
		return changed, nil
	case o.Behaviour.Rejected, !encodable(o.CommonName) || slices.ContainsFunc(o.Names, func(name string) bool { return !encodable(name) }):
		o.Status = StatusRejected
		return true, nil
	}
	return true, s.issue(o, o.CommonName, o.Names, o.CSR, due)
}

// encodable reports whether a certificate can hold the name: a dNSName is an
// IA5String (RFC 5280 §4.2.1.6). A CA rejects an order for another one.
func encodable(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII })
}

// issue makes the certificate, as of the moment it was due.
func (s *Server) issue(o *order, common string, names []string, csr []byte, at time.Time) error {
	chain, err := s.sign(o, common, names, csr, at)
	if err != nil {
		return fmt.Errorf("issue %d: %w", o.ID, err)
	}
	o.setChain(chain)
	o.Status, o.Issued = StatusIssued, at
	return nil
}

// sign has the CA sign for an order. The certificate begins with the day and
// ends with the day that is its term later, as Sectigo's do.
func (s *Server) sign(o *order, common string, names []string, der []byte, at time.Time) ([][]byte, error) {
	csr, err := ca.ParseRequest(der)
	if err != nil {
		return nil, err
	}
	begin := at.UTC().Truncate(24 * time.Hour)
	chain, err := s.ca.Sign(csr, ca.Profile{
		NotBefore: begin, Lifetime: time.Duration(o.Term+1) * 24 * time.Hour,
		Subject: s.subject(o, common), DNSNames: withCommonName(common, names),
	})
	if err != nil {
		return nil, err
	}
	return chain.DER(), nil
}

// subject is what a CA writes into a certificate: for OV and EV the validated
// organization, whatever the request says.
func (s *Server) subject(o *order, common string) *pkix.Name {
	name := &pkix.Name{CommonName: common}
	if p := s.profile(o.ProfileID); p == nil || p.Validation == "" || p.Validation == DV {
		return name
	}
	if org := s.top(o.OrgID); org != nil {
		name.Organization = []string{org.Name}
		if org.State != "" {
			name.Province = []string{org.State}
		}
		if org.Country != "" {
			name.Country = []string{org.Country}
		}
	}
	return name
}

func (s *Server) finishReplacement(o *order) error {
	r, old, issued := o.Replacement, o.Chain[0], o.Issued
	if err := s.issue(o, r.CommonName, r.Names, r.CSR, r.Due); err != nil {
		return err
	}
	o.Issued = issued // the first one's; Replaced is this one's
	o.Former, o.FormerName, o.FormerNames = append(o.Former, old), o.CommonName, o.Names
	o.CommonName, o.Names, o.CSR, o.Replaced, o.Replacement = r.CommonName, r.Names, r.CSR, r.Due, nil
	return nil
}

// find is an order as it stands now; nil when there is none. The caller holds
// s.mu.
func (s *Server) find(id int, now time.Time) (*order, error) {
	o := s.orders[id]
	if o == nil {
		return nil, nil
	}
	return o, s.settle(o, now)
}

// all are the orders as they stand now, the newest first. Which order the
// service's lists have is not documented; this one lets pages overlap while
// orders come in, which clients must bear. The caller holds s.mu.
func (s *Server) all(now time.Time) ([]*order, error) {
	ids := sortedIDs(s.orders)
	slices.Reverse(ids)
	orders := make([]*order, len(ids))
	for i, id := range ids {
		o, err := s.find(id, now)
		if err != nil {
			return nil, err
		}
		orders[i] = o
	}
	return orders, nil
}

func sortedIDs(orders map[int]*order) []int {
	ids := make([]int, 0, len(orders))
	for id := range orders {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// The caller of these holds s.mu.

func (s *Server) profile(id int) *Profile {
	i := slices.IndexFunc(s.book.Profiles, func(p Profile) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return &s.book.Profiles[i]
}

func (s *Server) organization(id int) *Organization {
	i := slices.IndexFunc(s.book.Organizations, func(o Organization) bool { return o.ID == id })
	if i < 0 {
		return nil
	}
	return &s.book.Organizations[i]
}

// top is the organization that an id belongs to: itself, or a department's.
func (s *Server) top(id int) *Organization {
	o := s.organization(id)
	if o != nil && o.ParentID != 0 {
		return s.organization(o.ParentID)
	}
	return o
}

// domain is the domain of a name or an id, as it stands now.
func (s *Server) domain(match func(*Domain) bool, now time.Time) *Domain {
	for i := range s.book.Domains {
		if d := &s.book.Domains[i]; match(d) {
			if d.settle(now) {
				s.saveBook()
			}
			return d
		}
	}
	return nil
}
