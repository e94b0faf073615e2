package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"certty/backend/sandbox/scmserver"
)

// scmSettings are the SCM account's settings as they travel.
type scmSettings struct {
	Strict               bool                  `json:"strict"`
	ListingDelay         duration              `json:"listing_delay"`
	ReportDelay          duration              `json:"report_delay"`
	IgnoreDateFormat     bool                  `json:"ignore_date_format"`
	RenewalKeepsComments bool                  `json:"renewal_keeps_comments"`
	ReplaceStaysIssued   bool                  `json:"replace_stays_issued"`
	Denied               []scmserver.Privilege `json:"denied"`
	Restricted           bool                  `json:"restricted"`
	PasswordLife         duration              `json:"password_life"`
	AutoApprove          bool                  `json:"auto_approve"`
}

func wireSettings(s scmserver.Settings) scmSettings {
	return scmSettings{
		s.Strict, duration(s.ListingDelay), duration(s.ReportDelay), s.IgnoreDateFormat, s.RenewalKeepsComments, s.ReplaceStaysIssued,
		append([]scmserver.Privilege{}, s.Denied...), s.Restricted, duration(s.PasswordLife), s.AutoApprove,
	}
}

func (s scmSettings) settings() scmserver.Settings {
	return scmserver.Settings{
		Strict: s.Strict, ListingDelay: time.Duration(s.ListingDelay), ReportDelay: time.Duration(s.ReportDelay),
		IgnoreDateFormat: s.IgnoreDateFormat, RenewalKeepsComments: s.RenewalKeepsComments, ReplaceStaysIssued: s.ReplaceStaysIssued,
		Denied: s.Denied, Restricted: s.Restricted, PasswordLife: time.Duration(s.PasswordLife), AutoApprove: s.AutoApprove,
	}
}

func (s *Sandbox) serveSettings(w http.ResponseWriter, _ *http.Request) error {
	return s.answer(w, wireSettings(s.scm.Settings()))
}

// changeSettings changes those that the body names and leaves the others.
func (s *Sandbox) changeSettings(w http.ResponseWriter, r *http.Request) error {
	settings := wireSettings(s.scm.Settings())
	if err := readBody(w, r, &settings); err != nil {
		return err
	}
	if settings.ListingDelay < 0 || settings.ReportDelay < 0 || settings.PasswordLife < 0 {
		return errors.New("a delay or a life can't be negative")
	}
	s.scm.SetSettings(settings.settings())
	return s.serveSettings(w, r)
}

// scmOrder is an order as it travels.
type scmOrder struct {
	ID         int              `json:"id"`
	CommonName string           `json:"common_name"`
	Status     scmserver.Status `json:"status"`
	Comments   string           `json:"comments"`
	Serial     string           `json:"serial,omitempty"`
	Enrolled   bool             `json:"enrolled"`
	RenewalOf  int              `json:"renewal_of,omitempty"`
}

// serveOrders lists the orders, and counts those that enroll made by their
// comments, or by a part of the comments that the query names as reference.
func (s *Sandbox) serveOrders(w http.ResponseWriter, r *http.Request) error {
	orders, err := s.scm.Orders()
	if err != nil {
		return err
	}
	rows := []scmOrder{}
	for _, o := range orders {
		rows = append(rows, scmOrder{o.ID, o.CommonName, o.Status, o.Comments, o.Serial, o.Enrolled, o.RenewalOf})
	}
	enrolled := s.scm.Enrolled()
	if reference := r.URL.Query().Get("reference"); reference != "" {
		enrolled = map[string]int{reference: s.scm.Enrolls(reference)}
	}
	return s.answer(w, map[string]any{"orders": rows, "enrolled": enrolled})
}

// otherAdmin is who decides when it is not the one who calls.
const otherAdmin = "other-admin"

// decide approves or declines an order as another administrator.
func (s *Sandbox) decide(ruling func(id int, who string) error) adminHandler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := strconv.Atoi(r.PathValue("id"))
		if err != nil {
			return fmt.Errorf("the id of an order: %w", err)
		}
		if err := ruling(id, otherAdmin); err != nil {
			return err
		}
		return s.answer(w, map[string]any{"id": id})
	}
}

// publish publishes the DNS record that an order or a domain waits for.
func (s *Sandbox) publish(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	if !s.scm.Publish(name) {
		return fmt.Errorf("nothing waits for a record of %q", name)
	}
	return s.answer(w, map[string]any{"name": name})
}
