package scmserver

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

// dcvMoment is how the DCV log writes times; in which zone is not documented.
const dcvMoment = "2006-01-02 15:04:05"

// orderDCV is the validation of one name for one order.
type orderDCV struct {
	Name string
	// Published is when the record will be there, Last when the CA looked, Done
	// when it found it.
	Published, Last, Done time.Time
}

// lookEvery is how often the CA looks by itself, as the documents' example has
// it.
const lookEvery = time.Hour

func newOrderDCV(name string, asked time.Time, publish time.Duration) orderDCV {
	return orderDCV{Name: name, Published: asked.Add(publish), Last: asked}
}

// look brings it up to the clock's time: the CA has looked every hour, and
// found the record the first time that it was there.
func (v *orderDCV) look(now time.Time) (changed bool) {
	if !v.Done.IsZero() || now.Before(v.Last.Add(lookEvery)) {
		return false
	}
	found := v.Last.Add(lookEvery)
	if wait := v.Published.Sub(found); wait > 0 {
		found = found.Add((wait + lookEvery - 1).Truncate(lookEvery))
	}
	if found.After(now) {
		v.Last = v.Last.Add(now.Sub(v.Last).Truncate(lookEvery))
		return true
	}
	v.Last, v.Done = found, found
	return true
}

// dcvLogRow is DcvLog.
type dcvLogRow struct {
	Status     string  `json:"dcvStatus"`
	DomainName string  `json:"domainName"`
	LastCheck  string  `json:"lastCheck"`
	NextCheck  *string `json:"nextCheck"`
	Date       *string `json:"dcvDate"`
	Reference  int     `json:"dcvEmailRefNumber"`
}

type dcvLog struct {
	Error struct {
		Code        int     `json:"code"`
		Description *string `json:"description"`
	} `json:"error"`
	Log []dcvLogRow `json:"log"`
}

// instruction is DcvInstructionResp: what to publish.
type instruction struct {
	DomainName string `json:"domainName"`
	Mode       string `json:"dcvMode"`
	Host       string `json:"host,omitempty"`
	Point      string `json:"point,omitempty"`
	URL        string `json:"url,omitempty"`
	File       string `json:"file,omitempty"`
	Email      string `json:"dcvEmail,omitempty"`
}

func (o *order) dcvLog() dcvLog {
	l := dcvLog{Log: []dcvLogRow{}}
	for i, v := range o.Validations {
		row := dcvLogRow{Status: "Awaiting Validation", DomainName: v.Name, LastCheck: v.Last.UTC().Format(dcvMoment), Reference: i + 1}
		if v.Done.IsZero() {
			next := v.Last.Add(lookEvery).UTC().Format(dcvMoment)
			row.NextCheck = &next
		} else {
			done := v.Done.UTC().Format(dcvMoment)
			row.Status, row.Date = "Validated", &done
		}
		l.Log = append(l.Log, row)
	}
	return l
}

func (o *order) instructions() []instruction {
	all := []instruction{}
	for _, v := range o.Validations {
		if v.Done.IsZero() {
			all = append(all, instruct(v.Name, o.DCVMode, o.CSR))
		}
	}
	return all
}

// instruct derives the record that proves control of a name for a key, in the
// form of the documents' examples.
func instruct(name, mode string, seed []byte) instruction {
	sum := sha256.Sum256(append([]byte(strings.ToLower(name)+"\n"), seed...))
	h := strings.ToUpper(hex.EncodeToString(sum[:]))
	i := instruction{DomainName: name, Mode: mode}
	base := strings.TrimPrefix(name, "*.")
	switch mode {
	case "EMAIL":
		i.Email = "admin@" + base
	case "HTTP", "HTTPS":
		i.URL = strings.ToLower(mode) + "://" + base + "/.well-known/pki-validation/" + h[:32] + ".txt"
		i.File = strings.ToLower(h) + "\nsectigo.com"
	case "TXT":
		i.Host, i.Point = "_pki-validation."+base+".", h[32:]
	default:
		i.Host, i.Point = "_"+h[:32]+"."+base+".", h[32:48]+"."+h[48:]+".sectigo.com."
	}
	return i
}

// orderDCV tells what holds an order up. The older document's example is an
// object, the newer one says it is a list; the object was shown by a server.
func (s *Server) orderDCV(c *call) (*answer, error) {
	o, err := s.find(c.id, c.now)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, notFound(c.id)
	}
	return ok(struct {
		Log          dcvLog        `json:"dcvLog"`
		Instructions []instruction `json:"instructions"`
	}{o.dcvLog(), o.instructions()}), nil
}

// recheckDCV has the CA look now.
func (s *Server) recheckDCV(c *call) (*answer, error) {
	o, err := s.find(c.id, c.now)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, notFound(c.id)
	}
	for i := range o.Validations {
		if v := &o.Validations[i]; v.Done.IsZero() {
			v.Last = c.now
			if !c.now.Before(v.Published) {
				v.Done = c.now
			}
		}
	}
	s.save(o)
	if err := s.settle(o, c.now); err != nil {
		return nil, err
	}
	return &answer{status: http.StatusAccepted, body: struct {
		Log dcvLog `json:"dcvLog"`
	}{o.dcvLog()}}, nil
}

// Publish lets the records that an order or a domain waits for be found from
// now on, as if the owner of the DNS had just published them. It reports
// whether anything waits for that name.
func (s *Server) Publish(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, found := s.now(), false
	for _, o := range s.orders {
		for i := range o.Validations {
			if v := &o.Validations[i]; v.Done.IsZero() && strings.EqualFold(v.Name, name) {
				v.Published, found = now, true
				s.save(o)
			}
		}
	}
	for i := range s.book.Domains {
		if d := &s.book.Domains[i]; strings.EqualFold(d.Name, name) && !d.Submitted.IsZero() {
			d.Publish, found = now, true
			s.saveBook()
		}
	}
	return found
}
