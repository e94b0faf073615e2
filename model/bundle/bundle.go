package bundle

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"certty/model"
	"certty/model/timetext"
	"certty/model/x5c"
)

// File is what a file to be imported was found to be. It holds a private key: it
// must not reach a log, an error or the screen; Told and Wrong may.
type File struct {
	Format model.ImportFormat
	// Data is what is sent: the file, freed of what is no part of it.
	Data []byte
	// Told says what is in it, line by line. It is clean.
	Told []string
	// Name is a name that would suit it in a vault; "" where none does.
	Name string
	// Wrong says why it can't be imported, and what to do; "" when it can.
	Wrong string
	// Leaf is the certificate that goes with the key, in DER; nil until it was seen.
	Leaf []byte
	// Unseen is true once Open could not look into the file, so that only the vault
	// can tell whether the password is its.
	Unseen bool

	clean func(string) string
}

// Read finds out what a file is by its content. path serves for its name and for
// the commands that are named; clean makes text out of it safe to show (text.Clean
// of package backend/text).
func Read(path string, data []byte, clean func(string) string) File {
	base := filepath.Base(path)
	b := File{Name: model.NameFrom(strings.TrimSuffix(base, filepath.Ext(base))), clean: clean}
	text := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		b.Wrong = "The file is empty."
	case bytes.Contains(text, []byte("-----BEGIN ")):
		b.readPEM(text, clean(base))
	case isPKCS12(data):
		b.pkcs12(data)
	case isPKCS12(unarmored(text)):
		b.pkcs12(unarmored(text))
		b.Told = append(b.Told, "It was in base64, as the vault gives it out.")
	case bytes.HasPrefix(data, []byte{0xfe, 0xed, 0xfe, 0xed}):
		b.Wrong = "This is a Java keystore. Make a PFX of it: keytool -importkeystore -srckeystore FILE -destkeystore FILE.pfx -deststoretype pkcs12"
	default:
		b.Wrong = unusable(data)
	}
	return b
}

func unusable(data []byte) string {
	if _, err := x509.ParseCertificate(data); err == nil {
		return "This is a certificate without its private key. If a request waits for it here, merge it; an import needs the key, too."
	}
	if _, err := x509.ParsePKCS8PrivateKey(data); err == nil {
		return "This is a private key without its certificate. Put both into one PEM file."
	}
	return "This is neither a PFX (PKCS#12) nor a PEM file."
}

// isPKCS12 recognises a PFX (RFC 7292 §4): version 3 and the content type data
// at its beginning, in DER and in the BER that some programs write.
func isPKCS12(data []byte) bool {
	head := data[:min(len(data), 64)]
	version := bytes.Index(head, []byte{0x02, 0x01, 0x03, 0x30})
	return len(head) > 8 && head[0] == 0x30 && version > 0 && version < 8 &&
		bytes.Contains(head[version:], []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07})
}

func unarmored(text []byte) []byte {
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil {
		return nil
	}
	return data
}

func (b *File) pkcs12(data []byte) {
	b.Format, b.Data = model.ImportPFX, data
	b.Told = append(b.Told, fmt.Sprintf("PFX (PKCS#12), %d bytes. What is in it is seen with its password only: the vault opens it.", len(data)))
}

// pemKeys says why a key can't be imported as it stands, by the type of its PEM
// block; %s is the file. Key Vault takes an open key in PKCS#8 (Azure Key Vault,
// "Import a certificate").
var pemKeys = map[string]string{
	"ENCRYPTED PRIVATE KEY": "Its private key is encrypted; in a PEM file Key Vault takes an open one only. A PFX keeps it encrypted on the way: openssl pkcs12 -export -in %s -out bundle.pfx",
	"RSA PRIVATE KEY":       "Its private key is PKCS#1; Key Vault takes PKCS#8. This rewrites it: openssl pkcs8 -topk8 -nocrypt -in %s -out key.pem (then put the certificate below it)",
	"EC PRIVATE KEY":        "Its private key is in the form of SEC 1; Key Vault takes PKCS#8. This rewrites it: openssl pkcs8 -topk8 -nocrypt -in %s -out key.pem (then put the certificate below it)",
	"OPENSSH PRIVATE KEY":   "%s holds a key of OpenSSH, which no certificate here goes with.",
	"DSA PRIVATE KEY":       "%s holds a DSA key; Key Vault takes RSA and EC keys.",
}

func (b *File) readPEM(text []byte, file string) {
	text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	var certs []*x509.Certificate
	var keys []*pem.Block
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		why, isKey := pemKeys[block.Type]
		switch {
		case isKey && strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
			b.Wrong = fmt.Sprintf(pemKeys["ENCRYPTED PRIVATE KEY"], file)
			return
		case isKey:
			b.Wrong = fmt.Sprintf(why, file)
			return
		case block.Type == "PRIVATE KEY":
			keys = append(keys, block)
		case block.Type == "CERTIFICATE", block.Type == "TRUSTED CERTIFICATE", block.Type == "X509 CERTIFICATE":
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				b.Wrong = fmt.Sprintf("Certificate %d in it can't be read: %s", len(certs)+1, b.clean(err.Error()))
				return
			}
			certs = append(certs, cert)
		}
	}
	b.join(certs, keys)
}

// join checks that one key and its certificate are there, and writes them the
// way they are sent: the key, its certificate, the others as they stood.
func (b *File) join(certs []*x509.Certificate, keys []*pem.Block) {
	switch {
	case len(certs) == 0 && len(keys) == 0:
		b.Wrong = "The file has PEM marks, but no whole certificate or key between them; is it cut off?"
	case len(keys) == 0:
		b.Wrong = "There is no private key in it. If a request waits for this certificate here, merge it; an import needs the key, too."
	case len(certs) == 0:
		b.Wrong = "There is a private key in it, but no certificate. Put both into one file."
	case len(keys) > 1:
		b.Wrong = fmt.Sprintf("There are %d private keys in it; an import takes one.", len(keys))
	}
	if b.Wrong != "" {
		return
	}
	key, err := x509.ParsePKCS8PrivateKey(keys[0].Bytes)
	if err != nil {
		// The parser's words could repeat bytes of the key.
		b.Wrong = "Its private key can't be read."
		return
	}
	public, words := publicOf(key)
	if public == nil {
		b.Wrong = "Key Vault imports RSA and EC keys; this is " + words + "."
		return
	}
	own := slices.IndexFunc(certs, func(c *x509.Certificate) bool { return public.Equal(c.PublicKey) })
	if own < 0 {
		b.Wrong = "None of its certificates belongs to the private key in it."
		return
	}
	leaf := certs[own]
	b.Leaf = leaf.Raw
	b.tell(leaf, len(certs)-1, own > 0)
	certs = slices.Concat(certs[own:own+1], certs[:own], certs[own+1:])
	b.write(keys[0], certs)
	if name := nameFor(leaf); name != "" {
		b.Name = name
	}
}

func nameFor(leaf *x509.Certificate) string {
	if name := model.NameFrom(leaf.Subject.CommonName); name != "" {
		return name
	}
	if len(leaf.DNSNames) > 0 {
		return model.NameFrom(leaf.DNSNames[0])
	}
	return ""
}

func publicOf(key any) (public interface{ Equal(crypto.PublicKey) bool }, words string) {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return &key.PublicKey, x5c.KeyType(&key.PublicKey)
	case *ecdsa.PrivateKey:
		return &key.PublicKey, x5c.KeyType(&key.PublicKey)
	}
	return nil, strings.TrimPrefix(fmt.Sprintf("%T", key), "*")
}

// movedFirst says that a PEM file is sent in another order.
const movedFirst = "The certificate of the key is sent first; it was not the first one."

func (b *File) tell(leaf *x509.Certificate, others int, moved bool) {
	b.Told = append(b.Told,
		"PEM: a private key ("+x5c.KeyType(leaf.PublicKey)+", open PKCS#8) and its certificate",
		b.clean(leaf.Subject.String()),
	)
	if names := x5c.NamesOf(leaf).Words(); names != "" {
		b.Told = append(b.Told, b.clean(names))
	}
	b.Told = append(b.Told, fmt.Sprintf("%s to %s, signed by %s", timetext.Day(leaf.NotBefore),
		timetext.Day(leaf.NotAfter), b.clean(leaf.Issuer.String())))
	if others > 0 {
		b.Told = append(b.Told, fmt.Sprintf("and %d more for its chain", others))
	}
	if moved {
		b.Told = append(b.Told, movedFirst)
	}
}

func (b *File) write(key *pem.Block, certs []*x509.Certificate) {
	var out bytes.Buffer
	out.Write(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key.Bytes}))
	for _, c := range certs {
		out.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	}
	b.Format, b.Data = model.ImportPEM, out.Bytes()
}
