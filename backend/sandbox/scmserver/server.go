package scmserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"certty/backend/sandbox/ca"
	"certty/backend/sandbox/calls"
	"certty/backend/sandbox/fault"
	"certty/backend/sandbox/folder"
	"certty/backend/sandbox/gate"
	"certty/backend/sandbox/keypool"
)

// maxBody bounds a request's body. The service has a limit too; which one is
// not documented.
const maxBody = 1 << 20

// Options are what a [Server] is made of.
type Options struct {
	// Dir is the folder that keeps the account's state; "" keeps nothing.
	Dir string
	// CA issues the certificates.
	CA *ca.Authority
	// Account is who may call.
	Account Account
	// Now is the clock that orders and certificates go by.
	Now func() time.Time
	// TokenNow is the clock that tokens go by; nil means Now. They differ where
	// Now can be moved.
	TokenNow func() time.Time
	// Settings are those of a fresh state.
	Settings Settings
	// RSAKeys is where RSA keys come from; nil makes each one.
	RSAKeys keypool.Source
	// Log takes what happens; nil discards it.
	Log *slog.Logger
}

// Server is one customer's account. It is safe for concurrent use.
type Server struct {
	ca       *ca.Authority
	now      func() time.Time
	tokenNow func() time.Time
	log      *slog.Logger
	gate     gate.Gate
	calls    calls.Log
	faults   *fault.Board
	rsaKeys  keypool.Source
	folder   *folder.Folder // nil where nothing is kept

	mu      sync.Mutex
	account Account
	tokens  map[string]time.Time // when they end
	book    book
	orders  map[int]*order
	loadErr error
}

// book is what an account has besides orders.
type book struct {
	Settings      Settings
	Organizations []Organization
	Profiles      []Profile
	Domains       []Domain
	Fields        []CustomField
	// Next is the id that the next order gets; NextBackend the CA's number.
	Next        int
	NextBackend int64
	// NextLocation is the id of the next location.
	NextLocation int
}

// What lies in the folder.
const (
	ordersFolder = "orders"
	bookFile     = "book.json"
)

// New makes a server. With a folder it answers nothing about the account until
// [Server.Load] has returned.
func New(o Options) *Server {
	s := &Server{
		ca: o.CA, account: o.Account, now: o.Now, tokenNow: o.TokenNow, log: o.Log, faults: fault.NewBoard(faultRules()),
		tokens: map[string]time.Time{}, orders: map[int]*order{}, book: newBook(o.Settings), rsaKeys: keypool.Or(o.RSAKeys),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.tokenNow == nil {
		s.tokenNow = s.now
	}
	if o.Dir != "" {
		s.folder = folder.New(o.Dir, s.log)
		s.gate.Hold()
	}
	return s
}

func newBook(settings Settings) book {
	return book{Settings: settings.clone(), Next: 1001, NextBackend: 2_045_000_001, NextLocation: 51}
}

// Load reads the stored state and lets the waiting requests go on. It is
// called once, and only where there is a folder. After an error every request
// is answered with 500.
func (s *Server) Load() error {
	defer s.gate.Release()
	s.folder.Start()
	kept, err := s.loadBook()
	orders := map[int]*order{}
	if err == nil {
		err = s.folder.Each(ordersFolder, func(path string, data []byte) error { return readOrder(path, data, orders) })
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book, s.orders, s.loadErr = kept, orders, err
	return err
}

func (s *Server) loadBook() (book, error) {
	fresh := newBook(s.book.Settings)
	path := s.folder.Path(bookFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, nil
	}
	if err != nil {
		return fresh, fmt.Errorf("read the sandbox's SCM account: %w", err)
	}
	var kept book
	if err := json.Unmarshal(data, &kept); err != nil {
		return fresh, fmt.Errorf("read the sandbox's SCM account: %s: %w", path, err)
	}
	if kept.Next < 1 {
		return fresh, fmt.Errorf("read the sandbox's SCM account: %s: it is not complete", path)
	}
	return kept, nil
}

func readOrder(path string, data []byte, into map[int]*order) error {
	var o order
	if err := json.Unmarshal(data, &o); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if o.ID < 1 || filepath.Base(path) != filepath.Base(orderFile(o.ID)) || o.Status == "" || len(o.Chain) > 0 && o.certificate() == nil {
		return fmt.Errorf("%s: it holds no order", path)
	}
	into[o.ID] = &o
	return nil
}

func orderFile(id int) string { return filepath.Join(ordersFolder, strconv.Itoa(id)+".json") }

// save takes over how o is now. The caller holds s.mu.
func (s *Server) save(o *order) { s.keep(orderFile(o.ID), o) }

// saveBook takes over how everything but the orders is now. The caller holds
// s.mu.
func (s *Server) saveBook() { s.keep(bookFile, s.book) }

func (s *Server) keep(name string, v any) {
	if s.folder == nil {
		return
	}
	data, err := json.Marshal(v)
	if err != nil {
		s.log.Error("sandbox: encode the state", "file", name, "err", err)
		return
	}
	s.folder.Put(name, data)
}

// Close writes what is not written yet. Requests that come later are answered
// but not kept. Where there is a folder, Load must have returned.
func (s *Server) Close() error {
	if s.folder == nil {
		return nil
	}
	return s.folder.Close()
}

// ServeHTTP answers a request, for the API or for the token endpoint. Links in
// the answers name the host as the client wrote it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	base := "https://" + r.Host
	if r.URL.Path == TokenPath {
		s.interfere(w, r, target{operation: opToken}, base, func(w http.ResponseWriter) { s.serveToken(w, r) })
		return
	}
	t, found := route(r)
	if !found {
		s.writeBytes(w, r, opUnknown, http.StatusNotFound, "text/html", []byte(notFoundPage))
		return
	}
	if f := s.authorize(r, t); f != nil {
		w.Header().Set("WWW-Authenticate", base+TokenPath)
		s.fail(w, r, t.operation, f)
		return
	}
	if err := s.gate.Wait(r.Context()); err != nil {
		return // the client has gone
	}
	s.interfere(w, r, t, base, func(w http.ResponseWriter) { s.handle(w, r, t, base) })
}

const notFoundPage = `<!DOCTYPE html>
<html><head><title>Sectigo Certificate Manager</title></head>
<body><h1>HTTP Status 404</h1><p>The requested resource is not available.</p></body></html>
`

// handle does what a request asks for and answers it.
func (s *Server) handle(w http.ResponseWriter, r *http.Request, t target, base string) {
	c, f := s.newCall(w, r, t, base)
	if f != nil {
		s.fail(w, r, t.operation, f)
		return
	}
	a, err := s.serve(t, c)
	if err != nil {
		s.fail(w, r, t.operation, err)
		return
	}
	s.write(w, r, t.operation, a)
}

// serve runs an operation. One at a time: nothing in here waits for anything.
func (s *Server) serve(t target, c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loadErr != nil {
		return nil, s.loadErr
	}
	c.settings = s.book.Settings.clone()
	if t.handler.privilege != "" {
		if f := c.settings.allow(t.handler.privilege); f != nil {
			return nil, f
		}
	}
	return t.handler.serve(s, c)
}
