package backend

import (
	"context"
	"errors"
	"slices"
	"time"

	"certty/model"
)

// Holding is what the local repository holds of one order: its record and what
// lies beside it.
type Holding struct {
	// Target is the configured name of the CA account.
	Target string
	Record model.Record
	// Spec is what was ordered from here; nil for an order that was taken over.
	Spec *model.OrderSpec
	// Keys are the private keys that were made here for it, newest last.
	Keys []HeldKey
	// KeysElsewhere are public keys, spelt as HeldKey.PublicKey, whose private keys
	// lie elsewhere by a person's word: of requests that they brought for a
	// replacement, and of certificates that they vouched for. That of the request in
	// Spec counts without standing here.
	KeysElsewhere []string
	// Chain is the collected certificate with what is above it, DER, leaf first.
	Chain [][]byte
	// Deploy says where the files go once the certificate is here; nil for
	// nowhere.
	Deploy *model.Deployment
	// Written are the files that were written for it: by path, the SHA-256 of
	// what may lie there, in lower-case hexadecimal. It is two of them between
	// the moment at which a file is replaced and that at which this is known.
	Written map[string][]string
}

// HeldKey is a private key that was made here.
type HeldKey struct {
	// PublicKey names it: the SHA-256 of the SubjectPublicKeyInfo in lower-case
	// hexadecimal.
	PublicKey string
	// Locked is its PKCS#8 EncryptedPrivateKeyInfo (RFC 5958), DER.
	Locked []byte
	MadeAt time.Time
}

// Key finds the key of that public key; ok is false when it is not held.
func (h *Holding) Key(publicKey string) (key HeldKey, ok bool) {
	i := slices.IndexFunc(h.Keys, func(k HeldKey) bool { return k.PublicKey == publicKey })
	if i < 0 {
		return HeldKey{}, false
	}
	return h.Keys[i], true
}

// Errors of a [Shelf].
var (
	// ErrHeld: there is a holding under that key already.
	ErrHeld = errors.New("it is in the repository already")
	// ErrNotHeld: there is no holding under that key.
	ErrNotHeld = errors.New("it is not in the repository")
)

// Shelf keeps the holdings of the repository durably, and what is known of the
// accounts. Several programs may share one: what a method commits is seen whole
// or not at all, and Change runs alone.
type Shelf interface {
	// Records lists the records of a target, those of orders that were deleted
	// here among them. One that can't be read stands among them under its key,
	// at model.StepUnreadable, with the reason as its Trouble.
	Records(ctx context.Context, target string) ([]model.Record, error)
	// Holding gives what is held under a key; ErrNotHeld when nothing is.
	Holding(ctx context.Context, target, key string) (*Holding, error)
	// Add commits new holdings, all or none; ErrHeld when one is there.
	Add(ctx context.Context, holdings ...Holding) error
	// AddUnless commits a new holding unless check, which gets the target's
	// records, has an error; that is returned and nothing is written. Check and
	// commit are one transaction: no other program writes in between.
	AddUnless(ctx context.Context, h Holding, check func([]model.Record) error) error
	// Change runs change on what is stored and commits the result, in one
	// transaction. An error of change is returned and nothing is written. It may
	// give the record another key, unless that is taken: ErrHeld.
	Change(ctx context.Context, target, key string, change func(*Holding) error) error
	// Join is Change for a record that is given the key to, whoever has that by
	// now: join gets the holding there as well, nil when there is none, and that
	// one is forgotten. What is worth keeping of it join takes over.
	Join(ctx context.Context, target, key, to string, join func(h, there *Holding) error) error
	// Drop forgets a holding with its keys, for good, unless check has an error;
	// that is returned and nothing is forgotten. One that is not there is no
	// error.
	Drop(ctx context.Context, target, key string, check func(*Holding) error) error

	// Account gives what was last synced of an account; the zero value when
	// nothing was. SaveAccount takes its place.
	Account(ctx context.Context, target string) (model.Account, error)
	SaveAccount(ctx context.Context, target string, account model.Account) error

	// DueAt is when a job of a target is due; zero when it never ran. SetDue
	// commits the next time.
	DueAt(ctx context.Context, target, job string) (time.Time, error)
	SetDue(ctx context.Context, target, job string, at time.Time) error
}
