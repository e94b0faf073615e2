package deploy

import (
	"bytes"
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"certty/backend/repository"
	"certty/model"
	"certty/model/x5c"
)

// Options say what a Deployer works with.
type Options struct {
	// Defaults fill in what an order's deployment leaves out: folder, owner, mode.
	Defaults model.Deployment
	// Command is the program, with its arguments, that runs after files were
	// written; empty for none. It gets no shell, and what happened by
	// environment, see [Deployer.Deliver].
	Command []string
	// Environ is the environment of the command, without anything secret.
	Environ []string
	// Limit is how long the command may run; 0 means 5 minutes.
	Limit time.Duration
	// Log takes what the command prints; nil means slog's default.
	Log *slog.Logger
}

// commandLimit is how long a command may run that restarts a service.
const commandLimit = 5 * time.Minute

// Deployer delivers the certificates of one target. It is safe for use by many
// goroutines.
type Deployer struct{ o Options }

// New makes a deployer.
func New(o Options) *Deployer {
	o.Limit = cmp.Or(o.Limit, commandLimit)
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Deployer{o: o}
}

// Deliver writes the files of a certificate and runs the command. Without a
// deployment it does neither. It is what [repository.Options] has as Deploy.
//
// The command finds in its environment CERTTY_TARGET, CERTTY_ORDER, CERTTY_NAME
// (the common name), CERTTY_SERIAL (lower-case hexadecimal), and the paths
// CERTTY_CERT, CERTTY_CHAIN and, where a keystore was written with them,
// CERTTY_KEYSTORE. CERTTY_KEYSTORE_STATE tells why there is none: "written",
// "waits" (the command runs again with it), "elsewhere" (a person put it in another
// place) or "none" (the order has none).
func (d *Deployer) Deliver(ctx context.Context, delivery repository.Delivery) error {
	if delivery.Deploy == nil {
		return nil
	}
	wanted, err := d.fill(*delivery.Deploy)
	if err != nil {
		return err
	}
	files, err := content(delivery, wanted)
	if err != nil {
		return err
	}
	if err := write(ctx, wanted, files, delivery.Written, delivery.Note, d.o.Log); err != nil {
		return err
	}
	d.o.Log.InfoContext(ctx, "files written", "target", delivery.Target, "order", delivery.Record.Key, "folder", wanted.Dir, "name", files.base)
	if len(d.o.Command) == 0 {
		return nil
	}
	return d.run(ctx, delivery, files)
}

// fill completes a deployment and checks it.
func (d *Deployer) fill(wanted model.Deployment) (model.Deployment, error) {
	wanted.Dir = cmp.Or(wanted.Dir, d.o.Defaults.Dir)
	wanted.Owner = cmp.Or(wanted.Owner, d.o.Defaults.Owner)
	wanted.Mode = cmp.Or(wanted.Mode, d.o.Defaults.Mode, privateMode)
	switch {
	case wanted.Dir == "":
		return wanted, errors.New("no folder is named for the files")
	case !filepath.IsAbs(wanted.Dir):
		return wanted, fmt.Errorf("the folder %s is no absolute path", wanted.Dir)
	case fs.FileMode(wanted.Mode)&^modeLimit != 0 || wanted.Mode&0o400 == 0:
		return wanted, fmt.Errorf("the mode %04o is not for files with a key: their owner reads and writes, their group reads at most (0640)", wanted.Mode)
	}
	wanted.Dir = filepath.Clean(wanted.Dir)
	return wanted, nil
}

// The modes of files.
const (
	privateMode = 0o600
	// modeLimit is all that a file with a key may allow.
	modeLimit  fs.FileMode = 0o640
	publicMode fs.FileMode = 0o644
)

// file is one file that is to be written.
type file struct {
	name string
	data []byte
	mode fs.FileMode
}

// files are what belongs to one certificate.
type files struct {
	dir, base               string
	cert, chain, keystoreAt file
	all                     []file
}

// path is where one of the files lies.
func (f *files) path(of file) string {
	if of.name == "" {
		return ""
	}
	return filepath.Join(f.dir, of.name)
}

// content makes the files of a delivery.
func content(d repository.Delivery, wanted model.Deployment) (*files, error) {
	if len(d.Chain) == 0 {
		return nil, errors.New("there is no certificate to write")
	}
	base, err := fileName(cmp.Or(wanted.Name, d.Record.CommonName, d.Chain[0].Subject.CommonName))
	if err != nil {
		return nil, err
	}
	f := &files{dir: wanted.Dir, base: base}
	var above [][]byte
	for i, c := range d.Chain {
		if i == 0 || !isRoot(c) {
			above = append(above, c.Raw)
		}
	}
	f.cert = file{base + ".pem", x5c.EncodeChain(above[:1]), publicMode}
	f.chain = file{base + "-chain.pem", x5c.EncodeChain(above), publicMode}
	f.all = []file{f.cert, f.chain}
	if d.Keystore != nil {
		name := base + d.Extension
		if name == f.cert.name {
			name = base + "-keystore" + d.Extension
		}
		f.keystoreAt = file{name, d.Keystore, fs.FileMode(wanted.Mode)}
		// The key comes first: a server that sees the new certificate finds it.
		f.all = []file{f.keystoreAt, f.cert, f.chain}
	}
	return f, nil
}

func isRoot(c *x509.Certificate) bool { return bytes.Equal(c.RawIssuer, c.RawSubject) }

// fileName makes the beginning of the files' names. A wildcard's star has a
// meaning to shells, and what a CA put into a name must not lead elsewhere.
func fileName(name string) (string, error) {
	if rest, ok := strings.CutPrefix(name, "*."); ok {
		name = "wildcard." + rest
	}
	plain := strings.Map(func(r rune) rune {
		switch {
		case r == '.', r == '-', r == '_', r == '@', '0' <= r && r <= '9', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
			return r
		case r < 0x80:
			return '_'
		}
		return r
	}, name)
	if strings.Trim(plain, "._") == "" || strings.HasPrefix(plain, ".") || len(plain) > 200 {
		return "", fmt.Errorf("no file can be called after %q: choose a name for the files", name)
	}
	return plain, nil
}

// TakenError says that a file is in the way which was not written for the order,
// or was changed since. Nothing was written.
type TakenError struct{ Path string }

// Error names the file and the ways out.
func (e *TakenError) Error() string {
	return e.Path + " is there already and is not what was written for this order: move it away, or let the order replace it"
}

// plain is an error without the file's name, which stands before it already.
func plain(err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return path.Err
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err
	}
	return err
}
