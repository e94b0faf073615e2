package poll

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"certty/backend"
	"certty/model"
)

// fake is a target in memory whose time is that of the test's bubble.
// Scheduling faults (calls that overlap, that are made too early, one too
// many) can't be produced at a real server's will, so these tests count here.
type fake struct {
	pageSize int
	page     time.Duration // how long a page takes
	read     time.Duration // how long a read takes

	mu       sync.Mutex
	rows     map[string]*row
	calls    []call
	fail     func(call) error // decides whether a call fails
	flying   map[string]int
	overlaps []string
	most     int // reads under way at once, at most
	reads    int
	short    bool // sweeps end without being complete
	keeps    bool // lists what was deleted
}

// row is what the fake holds under a name.
type row struct {
	certificate model.Certificate
	request     *model.Request
	deletion    *model.Deletion
	// lagging makes the lists and reads answer as if the last deletion or
	// recovery had not been.
	lagging bool
}

// isDeleted reports how the lists and reads show the row.
func (r *row) isDeleted() bool { return (r.deletion != nil) != r.lagging }

// call is one call that reached the fake.
type call struct {
	what string // page, deleted (a page of that list), request, certificate
	key  string // the name, or the page's first
	at   time.Duration
}

var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // where a bubble's clock starts

func newFake() *fake {
	return &fake{pageSize: 25, page: 100 * time.Millisecond, read: 50 * time.Millisecond,
		rows: make(map[string]*row), flying: make(map[string]int)}
}

// issued adds n rows with a certificate and no request.
func (f *fake) issued(n int) *fake {
	for i := range n {
		f.rows[fmt.Sprintf("cert-%05d", i)] = &row{certificate: model.Certificate{
			Issued: true, Enabled: true, Thumbprint: fmt.Sprintf("%040x", i+1),
			Created: epoch.AddDate(0, -1, 0), Updated: epoch.AddDate(0, -1, 0),
			NotBefore: epoch.AddDate(0, -1, 0), NotAfter: epoch.AddDate(1, 0, i%200),
		}}
	}
	return f
}

// pending adds a row that has nothing but a request in progress.
func (f *fake) pending(key string, retryAfter time.Duration) *fake {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rows[key] = &row{
		certificate: model.Certificate{Created: epoch, Updated: epoch},
		request: &model.Request{ID: "id-" + key, Status: "inProgress", Phase: model.PhaseInProgress,
			Issuer: model.Issuer{Name: "DigiCert"}, RetryAfter: retryAfter},
	}
	return f
}

// change changes a row.
func (f *fake) change(key string, with func(*row)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	with(f.rows[key])
}

func (f *fake) remove(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.rows, key)
}

// cutShort makes sweeps end without being complete.
func (f *fake) cutShort(short bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.short = short
}

func (f *fake) requestOf(key string) *model.Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	request := *f.rows[key].request
	return &request
}

func (f *fake) failWith(fail func(call) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = fail
}

// enter notes a call; leave is to be called when it is back.
func (f *fake) enter(what, key string) (leave func(), err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := call{what: what, key: key, at: time.Since(epoch)}
	f.calls = append(f.calls, c)
	thing := what
	if what == "request" || what == "certificate" {
		thing += " " + key
		f.reads++
		f.most = max(f.most, f.reads)
	}
	if f.flying[thing]++; f.flying[thing] > 1 {
		f.overlaps = append(f.overlaps, thing)
	}
	if f.fail != nil {
		err = f.fail(c)
	}
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.flying[thing]--
		if what == "request" || what == "certificate" {
			f.reads--
		}
	}, err
}

func (f *fake) Info() backend.Info {
	return backend.Info{Name: "v", Kind: "vault", Address: "https://v.vault.azure.net"}
}

func (f *fake) Capabilities() backend.Capabilities {
	caps := backend.Capabilities{Sweep: f, Read: f}
	if f.keeps {
		caps.SweepDeleted = deletedOf{f}
	}
	return caps
}

// keys lists the names of the live or the deleted rows.
func (f *fake) keys(deleted bool) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	keys := make([]string, 0, len(f.rows))
	for key, r := range f.rows {
		if r.isDeleted() == deleted {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// Sweep lists the rows that there were when it began.
func (f *fake) Sweep(ctx context.Context) iter.Seq2[model.Page, error] { return f.sweep(ctx, false) }

// deletedOf lists the deleted rows of a fake.
type deletedOf struct{ *fake }

func (d deletedOf) Sweep(ctx context.Context) iter.Seq2[model.Page, error] { return d.sweep(ctx, true) }

func (f *fake) sweep(ctx context.Context, deleted bool) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		started, keys, seen := time.Now(), f.keys(deleted), 0
		for {
			n := min(f.pageSize, len(keys))
			page, err := f.onePage(ctx, keys[:n], deleted)
			if err != nil {
				yield(model.Page{}, err)
				return
			}
			keys, seen = keys[n:], seen+n
			if len(keys) == 0 {
				page.Summary = &model.Summary{Started: started, Total: -1, Seen: seen, Complete: f.complete()}
			}
			if !yield(page, nil) || len(keys) == 0 {
				return
			}
		}
	}
}

func (f *fake) complete() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.short
}

func (f *fake) onePage(ctx context.Context, keys []string, deleted bool) (model.Page, error) {
	first := ""
	if len(keys) > 0 {
		first = keys[0]
	}
	what, page := "page", model.Page{Fields: model.FieldListing}
	if deleted {
		what, page.Fields = "deleted", model.FieldDeleted
	}
	leave, err := f.enter(what, first)
	defer leave()
	f.mu.Lock()
	for _, key := range keys {
		if r := f.rows[key]; r != nil {
			it := model.Item{Ref: certificate(key), Certificate: r.certificate}
			if deleted {
				it.Deletion = &model.Deletion{}
				if r.deletion != nil {
					*it.Deletion = *r.deletion
				}
			}
			page.Items = append(page.Items, it)
		}
	}
	f.mu.Unlock()
	if waitErr := wait(ctx, f.page); waitErr != nil {
		return model.Page{}, waitErr
	}
	page.AsOf = time.Now()
	return page, err
}

// Read answers with what stood there when the call arrived.
func (f *fake) Read(ctx context.Context, ref model.Ref) (model.Page, error) {
	leave, err := f.enter(string(ref.Kind), ref.Key)
	defer leave()
	it := model.Item{Ref: ref.Row()}
	f.mu.Lock()
	r := f.rows[ref.Key]
	if r != nil && r.isDeleted() {
		r = nil
	}
	if r != nil {
		it.Certificate = r.certificate
		if r.request != nil {
			request := *r.request
			it.Request = &request
		}
	}
	f.mu.Unlock()
	if waitErr := wait(ctx, f.read); waitErr != nil {
		return model.Page{}, waitErr
	}
	page := model.Page{Fields: model.FieldRequest, AsOf: time.Now(), Items: []model.Item{it}}
	if ref.Kind == model.KindCertificate {
		if r == nil && err == nil {
			err = &backend.Error{Kind: backend.KindNotFound, Op: "read", Ref: ref}
		}
		page.Fields = model.FieldCertificate | model.FieldPolicy
	}
	return page, err
}

func wait(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func certificate(key string) model.Ref {
	return model.Ref{Target: "v", Kind: model.KindCertificate, Key: key}
}

func request(key string) model.Ref {
	return model.Ref{Target: "v", Kind: model.KindRequest, Key: key}
}

// refuse makes an error of a kind.
func refuse(kind backend.ErrorKind, retryAfter time.Duration) error {
	return &backend.Error{Kind: kind, Op: "read", Ref: certificate(""), Message: kind.String(), RetryAfter: retryAfter}
}
