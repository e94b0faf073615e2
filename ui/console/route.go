package console

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"net/url"
	"os"

	"certty/backend/wire"
	"certty/config"
)

// readerOfRootCAs gives what reads the authorities that a target's service is
// trusted by; nil where they are the system's.
func readerOfRootCAs(t config.Target) func() (*x509.CertPool, error) {
	if t.CAFile == "" {
		return nil
	}
	return func() (*x509.CertPool, error) { return readRootCAs(t.CAFile) }
}

// readRootCAs reads the authorities that a ca_file names.
func readRootCAs(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read ca_file: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("read ca_file: %s holds no PEM certificate", file)
	}
	return pool, nil
}

// proxyOf is the proxy that a target is reached through; nil where it is left to
// the environment.
func (k *kit) proxyOf(t config.Target) (func(*http.Request) (*url.URL, error), error) {
	if t.Proxy == "" {
		return nil, nil //nolint:nilnil // no proxy of its own
	}
	proxy, err := url.Parse(t.Proxy)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	if t.ProxyUser == "" {
		return http.ProxyURL(proxy), nil
	}
	return wire.ProxyWithLogin(proxy, t.ProxyUser, k.secret(t.ProxyPassword)), nil
}
