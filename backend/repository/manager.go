package repository

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"certty/backend"
	"certty/backend/keystore"
	"certty/model"
)

// Patience is how long an order whose answer was lost is looked for before a
// person has to decide: lists and reports of the account lag behind.
const Patience = 20 * time.Minute

// Options say what a manager works with. Target, Capabilities and Shelf are
// needed.
type Options struct {
	// Target is the configured name of the account.
	Target string
	// Capabilities are the account's, guarded.
	Capabilities backend.Capabilities
	Shelf        backend.Shelf
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Keys makes and encrypts keys.
	Keys keystore.Maker
	// Password gives the keystore password that the person chose to keep
	// somewhere; nil, or an error, leaves keystores to wait for a person.
	Password func(context.Context) ([]byte, error)
	// Publish is told the records that changed. Nil tells nobody.
	Publish func(model.Page)
	// Deploy writes the files of a certificate and runs what the person set to
	// run then. Nil does neither.
	Deploy func(context.Context, Delivery) error
	// Log takes what went wrong in the background; nil means slog's default.
	Log *slog.Logger
}

// Delivery is a certificate that arrived, with what belongs to it.
type Delivery struct {
	Target string
	Record model.Record
	// Chain is leaf first, the root last where the account gave it.
	Chain []*x509.Certificate
	// Keystore is the file's content, nil where none was made; Extension is
	// what such a file's name ends with.
	Keystore  []byte
	Extension string
	Deploy    *model.Deployment
	// Written is what was written for the order, or for those that it renews, as
	// [backend.Holding] has it. Note commits what is about to be in its place,
	// before a file is replaced and after that.
	Written map[string][]string
	Note    func(written map[string][]string) error
}

// Manager manages the repository of one account. Its methods may be called from
// any goroutine, and from several programs on one shelf.
type Manager struct {
	o Options
}

// New makes a manager.
func New(o Options) *Manager {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Publish == nil {
		o.Publish = func(model.Page) {}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Manager{o: o}
}

// Records lists the records, as a page of news for the account's snapshot.
func (m *Manager) Records(ctx context.Context) (model.Page, error) {
	records, err := m.o.Shelf.Records(ctx, m.o.Target)
	if err != nil {
		return model.Page{}, err
	}
	page := model.Page{Fields: model.FieldRecord, AsOf: m.o.Now()}
	for i := range records {
		page.Items = append(page.Items, m.item(&records[i]))
	}
	return page, nil
}

func (m *Manager) item(r *model.Record) model.Item {
	return model.Item{Ref: m.ref(r.Key), Record: r}
}

func (m *Manager) ref(key string) model.Ref {
	return model.Ref{Target: m.o.Target, Kind: model.KindCertificate, Key: key}
}

// tell publishes a record. A record that took another key leaves the old row
// without one.
func (m *Manager) tell(r model.Record, was string) {
	page := model.Page{Fields: model.FieldRecord, AsOf: m.o.Now(), Items: []model.Item{m.item(&r)}}
	if was != "" && was != r.Key {
		page.Items = append(page.Items, model.Item{Ref: m.ref(was)})
	}
	m.o.Publish(page)
}

// errMoved says that another program, or another call, changed the record
// meanwhile, so that what was about to be done is done or not right any more.
var errMoved = errors.New("it was changed meanwhile by another console")

// step moves a holding on. It fails with errMoved unless the record stands at
// one of the steps in from.
func (m *Manager) step(ctx context.Context, key string, change func(*backend.Holding), to model.RecordStep, from ...model.RecordStep) (model.Record, error) {
	var record model.Record
	err := m.o.Shelf.Change(ctx, m.o.Target, key, func(h *backend.Holding) error {
		if !slices.Contains(from, h.Record.Step) {
			return errMoved
		}
		h.Record.Step, h.Record.StepAt, h.Record.Trouble = to, m.o.Now(), ""
		if change != nil {
			change(h)
		}
		record = h.Record
		return nil
	})
	if err != nil {
		return model.Record{}, err
	}
	m.tell(record, key)
	return record, nil
}

// trouble notes why the last step failed; the step stays.
func (m *Manager) trouble(ctx context.Context, key string, cause error) error {
	var record model.Record
	err := m.o.Shelf.Change(ctx, m.o.Target, key, func(h *backend.Holding) error {
		h.Record.Trouble = oneLine(cause)
		record = h.Record
		return nil
	})
	if err != nil {
		return fmt.Errorf("note the trouble of %s: %w", key, err)
	}
	m.tell(record, key)
	return nil
}
