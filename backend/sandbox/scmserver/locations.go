package scmserver

import (
	"fmt"
	"net/http"
	"slices"
)

// located finds an order and, where the path names one, the place of its
// location; -1 when there is none.
func (s *Server) located(c *call) (*order, int, error) {
	o, err := s.find(c.id, c.now)
	if err != nil {
		return nil, 0, err
	}
	if o == nil {
		return nil, 0, notFound(c.id)
	}
	at := slices.IndexFunc(o.Locations, func(l location) bool { return l.ID == c.sub })
	if c.sub != 0 && at < 0 {
		return nil, 0, &failure{http.StatusNotFound, -5101, "Location not found."}
	}
	return o, at, nil
}

func (s *Server) listLocations(c *call) (*answer, error) {
	o, _, err := s.located(c)
	if err != nil {
		return nil, err
	}
	return ok(append([]location{}, o.Locations...)), nil
}

func (s *Server) getLocation(c *call) (*answer, error) {
	o, at, err := s.located(c)
	if err != nil {
		return nil, err
	}
	if at < 0 {
		return nil, &failure{http.StatusNotFound, -5101, "Location not found."}
	}
	return ok(o.Locations[at]), nil
}

func (s *Server) createLocation(c *call) (*answer, error) {
	details, f := readLocation(c)
	if f != nil {
		return nil, f
	}
	o, _, err := s.located(c)
	if err != nil {
		return nil, err
	}
	l := location{ID: s.book.NextLocation, Type: "CUSTOM", Details: details}
	s.book.NextLocation++
	o.Locations = append(slices.Clone(o.Locations), l)
	s.save(o)
	s.saveBook()
	return &answer{status: http.StatusCreated, location: fmt.Sprintf("%s%s/ssl/v1/%d/location/%d", c.base, c.prefix, o.ID, l.ID)}, nil
}

func (s *Server) updateLocation(c *call) (*answer, error) {
	details, f := readLocation(c)
	if f != nil {
		return nil, f
	}
	o, at, err := s.located(c)
	if err != nil {
		return nil, err
	}
	if at < 0 {
		return nil, &failure{http.StatusNotFound, -5101, "Location not found."}
	}
	o.Locations = slices.Clone(o.Locations)
	o.Locations[at].Details = details
	s.save(o)
	return &answer{status: http.StatusOK}, nil
}

func (s *Server) deleteLocation(c *call) (*answer, error) {
	o, at, err := s.located(c)
	if err != nil {
		return nil, err
	}
	if at < 0 {
		return nil, &failure{http.StatusNotFound, -5101, "Location not found."}
	}
	o.Locations = slices.Delete(slices.Clone(o.Locations), at, at+1)
	s.save(o)
	return done(), nil
}

func readLocation(c *call) (map[string]string, *failure) {
	var body struct {
		Details map[string]string `json:"details"`
	}
	if f := c.read(&locationSchema, &body); f != nil {
		return nil, f
	}
	if len(body.Details) == 0 {
		return nil, missing("details")
	}
	return body.Details, nil
}
