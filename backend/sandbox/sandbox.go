package sandbox

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"certty/backend/sandbox/ca"
	"certty/backend/sandbox/fault"
	"certty/backend/sandbox/keypool"
	"certty/backend/sandbox/scenario"
	"certty/backend/sandbox/scmserver"
	"certty/backend/sandbox/vaultserver"
)

// DefaultVaultAddr and DefaultSCMAddr listen on a free port each.
const (
	DefaultVaultAddr = "127.0.0.1:0"
	DefaultSCMAddr   = "127.0.0.1:0"
)

// accessTokenLifetime is the life of the token in [Access]: a day, so that
// what was started with it in the morning still works in the evening.
const accessTokenLifetime = 24 * time.Hour

// closeGrace is how long Close waits for requests that are being answered.
const closeGrace = 500 * time.Millisecond

// The folders within the state folder.
const (
	caFolder    = "ca"
	vaultFolder = "vault"
	scmFolder   = "scm"
)

// Options are what a sandbox is made of.
type Options struct {
	// Dir is the folder that keeps all state; it is made where it is missing.
	Dir string
	// VaultAddr is the address to listen on for the vault, SCMAddr that for the
	// SCM account. They must be loopback ones; "" means DefaultVaultAddr
	// and DefaultSCMAddr.
	VaultAddr, SCMAddr string
	// Now is what the sandbox's clock starts from; nil means time.Now.
	// Certificates and requests go by that clock, TLS does not.
	Now func() time.Time
	// PurgeProtected is true for a vault that lets nobody purge.
	PurgeProtected bool
	// RetentionDays is how long the vault keeps what was deleted, 7 to 90; 0
	// means 90.
	RetentionDays int
	// RSAKeys is where RSA keys come from; nil makes each one.
	RSAKeys keypool.Source
	// Wrap puts something before the vault's handler and the account's, as late
	// answers; nil puts nothing there.
	Wrap func(http.Handler) http.Handler
	// Log takes what happens; nil discards it.
	Log *slog.Logger
}

// Sandbox is a running sandbox.
type Sandbox struct {
	dir      string
	clock    *Clock
	log      *slog.Logger
	lock     *lock
	ca       *ca.Authority
	identity vaultserver.Identity
	vault    *vaultserver.Server
	scm      *scmserver.Server
	serving  []serving     // the vault first, then the SCM account
	loaded   chan struct{} // closed when loading has ended
	loadErr  error
	close    func() error
}

// serving is a server with the address that it listens on.
type serving struct {
	listener net.Listener
	http     *http.Server
}

func (s serving) url() string { return "https://" + s.listener.Addr().String() }

// Access is how a client reaches the sandbox. It holds secrets that are worth
// something in this sandbox only.
type Access struct {
	VaultURL string `json:"vault_url"`
	// Authority is the host that gives tokens, as an Azure SDK's cloud
	// configuration wants it.
	Authority    string `json:"authority"`
	TenantID     string `json:"tenant_id"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	// AccessToken is good for a day.
	AccessToken string `json:"access_token"`
	// CAFile is the path of the root certificate (PEM) that the sandbox's TLS
	// certificate leads to.
	CAFile string `json:"ca_file"`
	// SCM is the Sectigo Certificate Manager account.
	SCM SCMAccess `json:"scm"`
}

// SCMAccess is how a client reaches the SCM account: with login, password and
// customer URI, or with an OAuth2 client.
type SCMAccess struct {
	// URL is where the API begins, as https://cert-manager.com/api.
	URL         string `json:"url"`
	CustomerURI string `json:"customer_uri"`
	Login       string `json:"login"`
	Password    string `json:"password"`
	// TokenURL gives tokens for ClientID and ClientSecret.
	TokenURL     string `json:"token_url"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
}

// Start opens the state folder and listens. It returns before the stored state
// is loaded; requests wait for that. It refuses an address that other machines
// can reach, and a folder that another process uses (an [InUseError]). The
// sandbox ends with ctx or by Close.
func Start(ctx context.Context, o Options) (*Sandbox, error) {
	s := &Sandbox{dir: o.Dir, clock: &Clock{base: o.Now}, log: o.Log, loaded: make(chan struct{})}
	if o.Now == nil {
		s.clock.base = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	addrs := []string{cmp.Or(o.VaultAddr, DefaultVaultAddr), cmp.Or(o.SCMAddr, DefaultSCMAddr)}
	for _, addr := range addrs {
		if !loopback(addr) {
			return nil, fmt.Errorf("the sandbox listens on loopback only (127.0.0.1, ::1, localhost), not on %q", addr)
		}
	}
	if o.RetentionDays != 0 && (o.RetentionDays < 7 || o.RetentionDays > 90) {
		return nil, fmt.Errorf("a vault keeps what was deleted for 7 to 90 days, not for %d", o.RetentionDays)
	}
	if err := s.open(o); err != nil {
		return nil, err
	}
	if err := s.listen(ctx, addrs, o.Wrap, s.vault, s.scm); err != nil {
		return nil, errors.Join(err, s.lock.release())
	}
	s.close = sync.OnceValue(s.stop)
	go s.load()
	context.AfterFunc(ctx, func() { _ = s.close() }) // Close tells the same error again
	return s, nil
}

// open takes the folder and loads what every answer needs.
func (s *Sandbox) open(o Options) (err error) {
	vaultDir, scmDir := filepath.Join(s.dir, vaultFolder), filepath.Join(s.dir, scmFolder)
	for _, dir := range []string{vaultDir, scmDir} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("make the sandbox's state folder: %w", err)
		}
	}
	if s.lock, err = acquire(s.dir); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.lock.release())
		}
	}()
	if s.ca, err = ca.Open(filepath.Join(s.dir, caFolder), s.clock.Now); err != nil {
		return err
	}
	if s.identity, err = vaultserver.OpenIdentity(vaultDir, s.clock.Now()); err != nil {
		return err
	}
	s.vault = vaultserver.New(vaultserver.Options{
		Dir: vaultDir, CA: s.ca, Identity: s.identity, Now: s.clock.Now, TokenNow: s.clock.base,
		PurgeProtected: o.PurgeProtected, RetentionDays: o.RetentionDays, RSAKeys: o.RSAKeys, Log: s.log,
	})
	account, err := scmserver.OpenAccount(scmDir, s.clock.Now())
	if err != nil {
		return err
	}
	s.scm = scmserver.New(scmserver.Options{Dir: scmDir, CA: s.ca, Account: account, Now: s.clock.Now, TokenNow: s.clock.base, RSAKeys: o.RSAKeys, Log: s.log})
	return nil
}

// listen serves each handler at its address, or none of them.
func (s *Sandbox) listen(ctx context.Context, addrs []string, wrap func(http.Handler) http.Handler, services ...http.Handler) error {
	if wrap == nil {
		wrap = func(h http.Handler) http.Handler { return h }
	}
	cert, err := s.ca.ServerCertificate()
	if err != nil {
		return err
	}
	var lc net.ListenConfig
	for i, addr := range addrs {
		listener, err := lc.Listen(ctx, "tcp", addr)
		if err != nil {
			for _, open := range s.serving {
				err = errors.Join(err, open.listener.Close())
			}
			return fmt.Errorf("listen for the sandbox: %w", err)
		}
		s.serving = append(s.serving, serving{listener, &http.Server{
			Handler:     wrap(s.handler(services[i])),
			ConnContext: fault.ConnContext,
			// A client may sign in to SCM with a certificate; who has none is asked
			// for nothing else.
			TLSConfig:         &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, ClientAuth: tls.RequestClientCert},
			ReadHeaderTimeout: 10 * time.Second,
			ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		}})
	}
	for _, one := range s.serving {
		go func() {
			if err := one.http.ServeTLS(one.listener, "", ""); !errors.Is(err, http.ErrServerClosed) {
				s.log.Error("sandbox: serve", "err", err)
			}
		}()
	}
	return nil
}

func (s *Sandbox) load() {
	defer close(s.loaded)
	if s.loadErr = errors.Join(s.vault.Load(), s.scm.Load()); s.loadErr != nil {
		s.log.Error("sandbox: load the state", "err", s.loadErr)
	}
}

// Seed fills an empty vault and an empty SCM account with the scenario, as of
// now; what holds anything is left alone. Requests wait meanwhile. Afterwards
// keys for coming requests are made ahead.
func (s *Sandbox) Seed(ctx context.Context) error {
	select {
	case <-s.loaded:
	case <-ctx.Done():
		return ctx.Err()
	}
	if s.loadErr != nil {
		return s.loadErr
	}
	if _, err := s.vault.Fill(ctx, scenario.Vault(s.clock.Now()), scenario.Contacts()...); err != nil {
		return fmt.Errorf("seed the sandbox: %w", err)
	}
	if _, err := s.scm.Fill(ctx, scenario.SCM(s.clock.Now())); err != nil {
		return fmt.Errorf("seed the sandbox's SCM account: %w", err)
	}
	s.vault.StockKeys()
	return nil
}

// Access says how a client reaches the sandbox.
func (s *Sandbox) Access() Access {
	url, scm, account := s.serving[0].url(), s.serving[1].url(), s.scm.Account()
	return Access{
		VaultURL: url, Authority: url + "/",
		TenantID: s.identity.TenantID, ClientID: s.identity.ClientID, ClientSecret: s.identity.ClientSecret,
		AccessToken: s.vault.Token(accessTokenLifetime), CAFile: ca.RootFile(filepath.Join(s.dir, caFolder)),
		SCM: SCMAccess{
			URL: scm + "/api", CustomerURI: account.CustomerURI, Login: account.Login, Password: account.Password,
			TokenURL: scm + scmserver.TokenPath, ClientID: account.ClientID, ClientSecret: account.ClientSecret,
		},
	}
}

// CAPool holds the root that the sandbox's TLS certificate leads to.
func (s *Sandbox) CAPool() *x509.CertPool { return s.ca.Pool() }

// Clock is the clock that the vault goes by; it can be moved.
func (s *Sandbox) Clock() *Clock { return s.clock }

// Vault is the vault's server: it counts what was asked of it, and faults can
// be switched on there.
func (s *Sandbox) Vault() *vaultserver.Server { return s.vault }

// SCM is the SCM account's server, with the same switches.
func (s *Sandbox) SCM() *scmserver.Server { return s.scm }

// Close stops listening, writes what is not written yet, and lets go of the
// folder. It may be called more than once.
func (s *Sandbox) Close() error { return s.close() }

func (s *Sandbox) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeGrace)
	defer cancel()
	for _, one := range s.serving {
		if err := one.http.Shutdown(ctx); err != nil {
			s.log.Debug("sandbox: requests were cut off", "err", errors.Join(err, one.http.Close()))
		}
	}
	<-s.loaded
	return errors.Join(s.vault.Close(), s.scm.Close(), s.lock.release())
}
