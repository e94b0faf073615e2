package vaultserver

import (
	"log/slog"
	"net"
	"net/http"
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

// Options are what a [Server] is made of; all but Log are needed.
type Options struct {
	// Dir is the folder that keeps the vault's state.
	Dir string
	// CA signs for the vault's issuers.
	CA *ca.Authority
	// Identity is who may call.
	Identity Identity
	// Now is the clock that certificates and requests go by.
	Now func() time.Time
	// TokenNow is the clock that tokens go by; nil means Now. They differ where
	// Now can be moved.
	TokenNow func() time.Time
	// PurgeProtected is true for a vault that lets nobody purge.
	PurgeProtected bool
	// RetentionDays is how long the vault keeps what was deleted, 7 to 90; 0
	// means 90.
	RetentionDays int
	// RSAKeys is where RSA keys come from; nil makes each one.
	RSAKeys keypool.Source
	// Log takes what happens; nil discards it.
	Log *slog.Logger
}

// Server is one vault and the authority that gives tokens for it. It is safe
// for concurrent use.
type Server struct {
	ca       *ca.Authority
	identity Identity
	now      func() time.Time
	tokenNow func() time.Time
	log      *slog.Logger
	recovery recovery
	gate     gate.Gate
	calls    calls.Log
	faults   *fault.Board
	keys     stock
	tokens   verified
	folder   *folder.Folder

	purgeProtected bool

	mu       sync.Mutex
	objects  map[string]*object // by lower-case name
	sorted   []string           // the keys of objects; nil where they have to be sorted anew
	settings settings
	loadErr  error
}

// New makes a server. It answers nothing about the vault until [Server.Load]
// has returned.
func New(o Options) *Server {
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		ca: o.CA, identity: o.Identity, now: o.Now, tokenNow: o.TokenNow, log: log,
		recovery: newRecovery(o.RetentionDays, o.PurgeProtected), purgeProtected: o.PurgeProtected,
		objects: map[string]*object{}, folder: folder.New(o.Dir, log), faults: fault.NewBoard(faultRules()),
		keys: stock{source: keypool.Or(o.RSAKeys)},
	}
	if s.tokenNow == nil {
		s.tokenNow = s.now
	}
	s.gate.Hold()
	return s
}

// Load reads the stored state and lets the waiting requests go on. It is
// called once. After an error every request is answered with 500.
func (s *Server) Load() error {
	defer s.gate.Release()
	s.folder.Start()
	objects, err := loadObjects(s.folder)
	var kept settings
	if err == nil {
		kept, err = loadSettings(s.folder, s.identity.Created)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects, s.sorted, s.settings, s.loadErr = objects, nil, kept, err
	return err
}

// Close writes what is not written yet. Requests that come later are answered
// but not kept. Load must have returned.
func (s *Server) Close() error {
	s.keys.close()
	return s.folder.Close()
}

// ServeHTTP answers a request, for the vault or for the authority. Links in
// the answers name the host as the client wrote it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	base := "https://" + r.Host
	if s.serveEntra(w, r, base) {
		return
	}
	s.serveVault(w, r, base)
}

func (s *Server) serveVault(w http.ResponseWriter, r *http.Request, base string) {
	s.writeCommonHeaders(w, r)
	rt, f := route(r)
	if f != nil {
		s.fail(w, r, "Unknown", f)
		return
	}
	if f := s.authorize(r); f != nil {
		w.Header().Set("WWW-Authenticate", s.challenge(base))
		s.fail(w, r, rt.operation, f)
		return
	}
	if err := s.gate.Wait(r.Context()); err != nil {
		return // the client has gone
	}
	s.interfere(w, r, occasion{rt.operation, rt.name, base}, func(w http.ResponseWriter) { s.handle(w, r, rt, base) })
}

// handle does what a request asks for and answers it.
func (s *Server) handle(w http.ResponseWriter, r *http.Request, rt target, base string) {
	c, f := s.newCall(w, r, rt, base)
	if f != nil {
		s.fail(w, r, rt.operation, f)
		return
	}
	a, err := rt.serve(s, c)
	if err != nil {
		s.fail(w, r, rt.operation, err)
		return
	}
	s.write(w, r, rt.operation, a)
}

// writeCommonHeaders writes what every recorded or documented answer carries.
func (s *Server) writeCommonHeaders(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("x-ms-request-id", newUUID())
	h.Set("x-ms-keyvault-region", "sandbox")
	h.Set("x-ms-keyvault-service-version", "certty-sandbox")
	host, _, _ := net.SplitHostPort(r.RemoteAddr) // empty where there is none
	h.Set("x-ms-keyvault-network-info", "conn_type=Ipv4;addr="+host+";act_addr_fam=InterNetwork;")
	if id := r.Header.Get("x-ms-client-request-id"); id != "" {
		h.Set("x-ms-client-request-id", id)
	}
}
