package vaultserver

import (
	"strings"
	"time"
)

// find looks an object up by name, which is case-insensitive (Key Vault,
// "Object identifiers and versioning"), and brings it up to the clock's time.
// The object is nil when there is none, also when it has been purged by now;
// the phase says whether it is live. The caller holds s.mu.
func (s *Server) find(name string, now time.Time) (*object, phase, error) {
	if s.loadErr != nil {
		return nil, live, s.loadErr
	}
	key := strings.ToLower(name)
	o := s.objects[key]
	if o == nil {
		return nil, live, nil
	}
	p := o.Deletion.phase(now)
	switch p {
	case purged:
		delete(s.objects, key)
		s.sorted = nil
		s.folder.Remove(objectFile(o.Name))
		return nil, live, nil
	case live:
		return o, live, s.revive(o, now)
	default:
		return o, p, nil
	}
}

// put adds an object, or takes the place of the one of its name. The caller holds
// s.mu.
func (s *Server) put(o *object) {
	s.objects[strings.ToLower(o.Name)] = o
	s.sorted = nil
}

// objectKeys are the keys of all objects, sorted: a list is asked for page by
// page. They must not be changed. The caller holds s.mu.
func (s *Server) objectKeys() []string {
	if s.sorted == nil {
		s.sorted = sortedKeys(s.objects)
	}
	return s.sorted
}

// revive brings a live object up to now.
func (s *Server) revive(o *object, now time.Time) error {
	recovered := o.Deletion != nil
	o.Deletion = nil
	changed, err := s.advance(o, now)
	if err != nil {
		return err
	}
	if changed || recovered {
		s.save(o)
	}
	return nil
}

// lookup finds a live object; it is nil when there is none. The caller holds
// s.mu.
func (s *Server) lookup(name string, now time.Time) (*object, error) {
	o, p, err := s.find(name, now)
	if err != nil || p != live {
		return nil, err
	}
	return o, nil
}

// existing finds the live object that a call names; that there is none is a
// failure. The caller holds s.mu.
func (s *Server) existing(c *call) (*object, error) {
	o, err := s.lookup(c.name, c.now)
	if err == nil && o == nil {
		return nil, certificateNotFound(c.name)
	}
	return o, err
}

// version finds the version that a call means, and its object: the current one,
// or the one named. The caller holds s.mu.
func (s *Server) version(c *call) (*object, *version, error) {
	o, err := s.existing(c)
	if err != nil {
		return nil, nil, err
	}
	if c.version == "" {
		return o, o.current(), nil
	}
	if v := o.version(c.version); v != nil {
		return o, v, nil
	}
	return nil, nil, certificateNotFound(c.name + "/versions/" + c.version)
}

// forCreation finds the live object under a name that a new version shall
// have; it is nil when the name is free. A name that is soft-deleted, or on its
// way there or back, is a failure, and so is a request in progress. The caller
// holds s.mu.
func (s *Server) forCreation(name string, now time.Time) (*object, error) {
	o, p, err := s.find(name, now)
	if err != nil {
		return nil, err
	}
	switch p {
	case deleting, purging:
		return nil, beingDeleted(name)
	case recovering:
		return nil, beingRecovered(name)
	case deleted:
		return nil, nameInUse(name)
	default:
	}
	if o != nil && o.Pending != nil && o.Pending.inProgress() {
		return nil, pendingInTheWay()
	}
	return o, nil
}
