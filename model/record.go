package model

import (
	"strings"
	"time"
)

// RecordStep is how far an order got from here. The steps before StepPlaced are
// written to disk before what they announce is done.
type RecordStep string

// The steps of a record.
const (
	// StepPrepared: key and CSR exist, nothing was sent.
	StepPrepared RecordStep = "prepared"
	// StepSending: the order is being sent or its answer was lost. It is looked
	// for by its reference and never sent again from here.
	StepSending RecordStep = "sending"
	// StepUndecided: the order was looked for and not found for 20 minutes; a
	// person decides whether it was placed.
	StepUndecided RecordStep = "undecided"
	// StepDoubled: two orders carry the reference; a person decides.
	StepDoubled RecordStep = "doubled"
	// StepRefused: the service refused it; nothing was ordered.
	StepRefused RecordStep = "refused"
	// StepPlaced: the order exists and has an id.
	StepPlaced RecordStep = "placed"
	// StepCollected: the certificate is here, in order and matched to its key.
	StepCollected RecordStep = "collected"
	// StepUnreadable: what is held here can't be read, because it is damaged or a
	// newer program's. It is left as it is.
	StepUnreadable RecordStep = "unreadable"
)

// KeystoreState is how a record's keystore stands.
type KeystoreState string

// The states of a keystore.
const (
	KeystoreNone KeystoreState = ""
	// KeystoreWaits: the certificate is here and the password is not.
	KeystoreWaits KeystoreState = "waits for its password"
	KeystoreMade  KeystoreState = "made"
)

// FilesState is how the files of a record's certificate stand.
type FilesState string

// The states of files.
const (
	// FilesNone: nobody asked for files.
	FilesNone FilesState = ""
	// FilesDue: the certificate is here and its files are still to be written.
	FilesDue FilesState = "to be written"
	// FilesWaiting: they are to be written together with the keystore, which waits for
	// its password: a server would not start with the new certificate beside the key of
	// the old one.
	FilesWaiting FilesState = "waiting for the keystore"
	// FilesWritten: they lie where they were wanted, and the command that was to
	// run after that succeeded.
	FilesWritten FilesState = "written"
	// FilesWithheld: the certificate is for none of the keys that are known of the
	// order. Nothing is made of it, whether files were wanted or not, until a person
	// vouches for it or another certificate takes its place.
	FilesWithheld FilesState = "held back"
)

// Record is what the local repository holds of an order: what is managed here.
// It holds no secret; keys lie beside it, encrypted.
type Record struct {
	// Key is the row's key: the order's id, or its reference while it has none.
	Key string
	// ManagedAt is when it came into the repository.
	ManagedAt time.Time
	// Imported is true for an order that was taken over from the account and
	// not placed here.
	Imported bool
	Step     RecordStep
	// StepAt is when Step was reached.
	StepAt time.Time
	// SentAt is when the order was sent, from which on it is looked for; zero
	// while it was not.
	SentAt time.Time
	// Decided is true where the record is of this order by a person's word alone: its
	// certificate was not there yet to compare the keys, or is for another key. Until
	// it fits the word can be taken back.
	Decided bool `json:",omitempty"`
	// Reference and Attempt are those of [OrderReference].
	Reference string
	Attempt   int
	// CommonName is the ordered one, shown while the account tells none.
	CommonName string
	// Renews is the id of the order that this one renews; "" for none.
	Renews string
	// KeyHeld is true when the private key was made here and lies in the store,
	// encrypted.
	KeyHeld bool
	// ChainSerial is the serial number of the collected leaf in lower-case
	// hexadecimal; "" when nothing was collected. Where the account tells
	// another one the new certificate is still to be collected.
	ChainSerial string
	// KeystoreType is what keystore is wanted: "pkcs12", "jks", "pem", or "".
	KeystoreType string
	Keystore     KeystoreState
	Files        FilesState
	// FilesAt is since when a program is at the files, which others leave alone
	// meanwhile. Zero while none is.
	FilesAt time.Time
	// Namesakes are the ids of the orders for the same name because of which a
	// prepared order was not sent, ", " between them; "" for none. Somebody placed
	// them elsewhere not long ago.
	Namesakes string
	// Trouble is why the last step here failed, for people; "" when it did not.
	Trouble string
	// DeletedAt hides the order here; the account keeps it. Zero while it is
	// shown.
	DeletedAt time.Time
}

// NamesakeIDs are the ids in Namesakes.
func (r *Record) NamesakeIDs() []string {
	if r == nil || r.Namesakes == "" {
		return nil
	}
	return strings.Split(r.Namesakes, ", ")
}

// Unsettled reports whether it is not known yet whether the order exists: it is
// written down and not sent, its answer is lost, or a person has to decide.
func (r *Record) Unsettled() bool {
	switch r.Step {
	case StepPrepared, StepSending, StepUndecided, StepDoubled:
		return true
	case StepRefused, StepPlaced, StepCollected, StepUnreadable:
	}
	return false
}

// Begun reports whether the order may come to cost a certificate, or does: it is not
// settled, or placed and nothing was collected yet.
func (r *Record) Begun() bool { return r.Unsettled() || r.Step == StepPlaced }

// NeedsPerson reports whether nothing goes on without a decision.
func (r *Record) NeedsPerson() bool {
	return r != nil && (r.Step == StepUndecided || r.Step == StepDoubled)
}

// Deployment says where the files of a certificate go once it is here.
type Deployment struct {
	// Dir is the folder that takes them.
	Dir string
	// Name is what the files begin with; "" takes the common name.
	Name string
	// Owner is "user" or "user:group"; "" leaves the files to who runs certty.
	Owner string
	// Mode is the mode of the files with a key, in octal without more than
	// 0600's worth for others; 0 means 0600. Certificates are 0644.
	Mode uint32
	// Overwrite lets files that are there be replaced; the person was asked.
	Overwrite bool
}
