package bundle

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"

	"software.sslmate.com/src/go-pkcs12"

	"certty/model"
)

// WrongPassword is what [File.Open] says of a PKCS#12 file with another password.
const WrongPassword = "the password does not open the file; nothing was sent"

// Open opens a PKCS#12 file with its password (RFC 7292), says what is in it, and
// why it can't be imported, in Told and Wrong of what it returns; of any other
// file it returns what it has. What is sent stays the file as it is. A file that
// only this program can't open is told as that: the vault may.
//
// The password is a string and can't be wiped: the library takes no other form, and
// BMPString encoding (RFC 7292, B.1) makes a copy of it anyway. It stands here and
// not in backend/keystore, since that makes keystores and model imports no backend.
func (b File) Open(password string) File {
	unseen := func(why string) File {
		b.Unseen, b.Told = true, slices.Clone(b.Told)
		b.Told[0] = fmt.Sprintf("PFX (PKCS#12), %d bytes. It can't be looked into here (%s): the vault opens it.", len(b.Data), why)
		return b
	}
	if b.Wrong != "" || b.Format != model.ImportPFX {
		return b
	}
	if Costly(b.Data) {
		return unseen("opening it would take long")
	}
	key, leaf, others, err := pkcs12.DecodeChain(b.Data, password)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		b.Wrong = WrongPassword
		return b
	case err != nil:
		// The library's words could repeat what is in the file.
		return unseen("its form is unusual")
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return unseen("its key is of an unusual kind")
	}
	in := File{clean: b.clean}
	in.join(append([]*x509.Certificate{leaf}, others...), []*pem.Block{{Type: "PRIVATE KEY", Bytes: der}})
	b.Wrong, b.Leaf = in.Wrong, in.Leaf
	if in.Wrong == "" {
		head := strings.NewReplacer("PEM:", "PFX (PKCS#12):", ", open PKCS#8", "").Replace(in.Told[0])
		told := slices.DeleteFunc(in.Told[1:], func(line string) bool { return line == movedFirst })
		b.Told = slices.Concat([]string{head}, told, b.Told[1:])
		b.Name = in.Name
	}
	return b
}
