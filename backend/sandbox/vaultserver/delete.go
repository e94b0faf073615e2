package vaultserver

import (
	"net/http"
	"time"
)

// deletedDates are what a deleted object has and a live one has not.
type deletedDates struct {
	RecoveryID         string `json:"recoveryId"`
	DeletedDate        int64  `json:"deletedDate"`
	ScheduledPurgeDate int64  `json:"scheduledPurgeDate"`
}

// deletedBundleAnswer is a DeletedCertificateBundle.
type deletedBundleAnswer struct {
	deletedDates
	bundleAnswer
}

// deletedItemAnswer is one item of the deleted certificates. Unlike those of
// the live it tells the recovery level and has no subject, as recorded.
type deletedItemAnswer struct {
	deletedDates
	ID         string            `json:"id"`
	X5T        string            `json:"x5t,omitempty"`
	Attributes Attributes        `json:"attributes"`
	Tags       map[string]string `json:"tags,omitzero"`
}

// deleteCertificate soft-deletes an object with all its versions and its
// pending object (Key Vault REST, "Delete Certificate"). It is gone from the
// live ones at once, and stands among the deleted a little later, as recorded.
// A request in progress stops where it is; whether it goes on in the real
// service was not recorded.
func (s *Server) deleteCertificate(c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.existing(c)
	if err != nil {
		return nil, err
	}
	o.Deletion = c.recovery.deletion(c.now)
	s.save(o)
	return &answer{status: http.StatusOK, body: c.deletedBundle(o)}, nil
}

// deletion is one that begins at a moment, to the second as the service has
// all its dates.
func (r recovery) deletion(at time.Time) *deletion {
	return &deletion{At: at, PurgeAt: at.AddDate(0, 0, r.days)}
}

// deleted finds an object that stands among the deleted ones. The caller holds
// s.mu.
func (s *Server) deleted(c *call) (*object, error) {
	o, p, err := s.find(c.name, c.now)
	if err != nil || p != deleted {
		return nil, err
	}
	return o, nil
}

// getDeleted reads a deleted certificate (Key Vault REST, "Get Deleted
// Certificate").
func (s *Server) getDeleted(c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.deleted(c)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, deletedNotFound(c.name)
	}
	return &answer{status: http.StatusOK, body: c.deletedBundle(o)}, nil
}

// listDeleted lists what can be recovered (Key Vault REST, "Get Deleted
// Certificates"). Its pages are cut as those of the live ones.
func (s *Server) listDeleted(c *call) (*answer, error) {
	w, f := newWindow(c.query)
	if f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loadErr != nil {
		return nil, s.loadErr
	}
	keys, more := w.take(s.deletedKeys())
	items := []deletedItemAnswer{}
	for _, key := range keys {
		o, p, err := s.find(key, c.now)
		if err != nil {
			return nil, err
		}
		if p != deleted {
			continue
		}
		if v := o.current(); v.issued() || w.IncludePending {
			items = append(items, c.deletedItem(o, v))
		}
	}
	return page(c, items, w, keys, more, "deletedcertificates")
}

func (s *Server) deletedKeys() []string {
	deletions := map[string]*deletion{}
	for key, o := range s.objects {
		if o.Deletion != nil {
			deletions[key] = o.Deletion
		}
	}
	return sortedKeys(deletions)
}

// recover brings a deleted certificate back as it was (Key Vault REST, "Recover
// Deleted Certificate"). Reading it fails for a while, as recorded.
func (s *Server) recover(c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, p, err := s.find(c.name, c.now)
	switch {
	case err != nil:
		return nil, err
	case p == deleting, p == purging:
		return nil, beingDeleted(c.name)
	case p == recovering:
		return nil, beingRecovered(c.name)
	case o == nil || p == live:
		return nil, certificateNotFound(c.name) // these words, as recorded
	}
	o.Deletion.Recovered = c.now
	s.save(o)
	return &answer{status: http.StatusOK, body: c.bundle(o, o.current())}, nil
}

// purge destroys a deleted certificate for good (Key Vault REST, "Purge Deleted
// Certificate"). Its name stays taken for a while, as recorded.
func (s *Server) purge(c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, p, err := s.find(c.name, c.now)
	switch {
	case err != nil:
		return nil, err
	case p == deleting:
		return nil, beingDeleted(c.name)
	case p == recovering:
		return nil, beingRecovered(c.name)
	case o == nil || p != deleted:
		return nil, deletedNotFound(c.name)
	case s.purgeProtected:
		return nil, purgeProtected()
	}
	o.Deletion.Purged = c.now
	s.save(o)
	return &answer{status: http.StatusNoContent}, nil
}

func (c *call) deletedBundle(o *object) deletedBundleAnswer {
	return deletedBundleAnswer{c.deletedDates(o), c.bundle(o, o.current())}
}

func (c *call) deletedItem(o *object, v *version) deletedItemAnswer {
	return deletedItemAnswer{
		deletedDates: c.deletedDates(o), ID: c.url("certificates", o.Name), X5T: v.thumbprint(),
		Attributes: c.recovery.on(v.attributes()), Tags: v.Tags,
	}
}

func (c *call) deletedDates(o *object) deletedDates {
	return deletedDates{
		RecoveryID:  c.url("deletedcertificates", o.Name),
		DeletedDate: o.Deletion.At.Unix(), ScheduledPurgeDate: o.Deletion.PurgeAt.Unix(),
	}
}
