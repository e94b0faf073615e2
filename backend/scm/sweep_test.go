package scm

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

func TestSweep(t *testing.T) {
	a := open(t)
	placed := a.issued(t, quick, "a.example.com")
	id, err := a.server.Add(scmEntry("imported.example.com"))
	if err != nil {
		t.Fatal(err)
	}
	open := a.place(t, approval, "b.example.com")
	var pages []model.Page
	s := model.NewSnapshot("acme", nil, time.Time{})
	for page, err := range a.Sweep(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		pages, s = append(pages, page), s.Merge(page)
	}
	if pages[0].Fields != model.FieldListing || len(pages[0].Items) != 3 {
		t.Errorf("the first page is %+v; the rows are to come at once", pages[0])
	}
	sum := pages[len(pages)-1].Summary
	if sum == nil || !sum.Complete || sum.Total != 3 || sum.Seen != 3 {
		t.Errorf("summary %+v", sum)
	}
	for ref, phase := range map[model.Ref]model.OrderPhase{placed.Row(): model.OrderIssued, row(id): model.OrderIssued, open: model.OrderRequested} {
		it := s.Get(ref.Key)
		if it == nil || it.Order.Phase != phase || it.RequestReadAt.IsZero() || phase == model.OrderIssued && it.Certificate.NotAfter.IsZero() {
			t.Errorf("%v: %+v", ref, it)
		}
	}
	if a.calls("GetCertificate") > 1 {
		t.Errorf("%d details; reports tell it all", a.calls("GetCertificate"))
	}
}

func TestSweepStopsWhenNobodyListens(t *testing.T) {
	a := open(t)
	a.place(t, quick, "a.example.com")
	before := a.calls("")
	for _, err := range a.Sweep(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if got := a.calls("") - before; got != 1 {
		t.Errorf("%d calls after the first page was left, want 1", got)
	}
}

// book is a service with many orders, of which one report row or detail is as
// good as another.
type book struct {
	*service
	orders  int
	details atomic.Int32
	// reports answers the report's call; nil answers all orders of the window.
	reports http.HandlerFunc
	// list answers the list's call; nil answers pages.
	list http.HandlerFunc
	mu   sync.Mutex
	// asked are the windows of the reports.
	asked []reportRequest
}

func newBook(t *testing.T, orders int) *book {
	b := &book{service: serve(t), orders: orders}
	b.on("GET /api/ssl/v1", func(w http.ResponseWriter, r *http.Request) {
		if b.list != nil {
			b.list(w, r)
			return
		}
		position, _ := strconv.Atoi(r.URL.Query().Get("position"))
		size, _ := strconv.Atoi(r.URL.Query().Get("size"))
		b.page(w, position, size, b.orders)
	})
	b.on("GET /api/ssl/v1/{id}", func(w http.ResponseWriter, r *http.Request) {
		b.details.Add(1)
		writeJSON(w, 200, fmt.Sprintf(`{"id":%s,"commonName":"shop","status":"Issued","expires":"2027-01-01"}`, r.PathValue("id")))
	})
	b.on("POST /api/report/v1/ssl-certificates", func(w http.ResponseWriter, r *http.Request) {
		var body reportRequest
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Errorf("report: %v", err)
		}
		b.mu.Lock()
		b.asked = append(b.asked, body)
		b.mu.Unlock()
		if b.reports != nil {
			b.reports(w, r)
			return
		}
		from, _ := time.Parse(isoTime, body.From)
		to, _ := time.Parse(isoTime, body.To)
		if from.IsZero() || !from.Before(to) || body.Status != "0" {
			t.Errorf("report asked for %+v", body)
		}
		var rows []string
		for i := range b.orders {
			// Requests go back three years, evenly.
			requested := noon.Add(-time.Duration(i) * (3 * 365 * 24 * time.Hour / time.Duration(b.orders)))
			if body.Attribute == byRequest && !requested.Before(from) && requested.Before(to) {
				rows = append(rows, fmt.Sprintf(`{"id":%d,"status":"Issued","requested":%q,"expires":"2027-01-01T00:00:00.000Z"}`, i+1, requested.Format(isoTime)))
			}
		}
		writeJSON(w, 200, `{"statusCode":0,"reports":[`+strings.Join(rows, ",")+`]}`)
	})
	return b
}

// page answers a page of a list with total rows.
func (b *book) page(w http.ResponseWriter, position, size, total int) {
	w.Header().Set("X-Total-Count", strconv.Itoa(total))
	var rows []string
	for i := position; i < min(position+size, b.orders); i++ {
		rows = append(rows, fmt.Sprintf(`{"sslId":%d,"commonName":"shop"}`, i+1))
	}
	writeJSON(w, 200, "["+strings.Join(rows, ",")+"]")
}

// sweepAll runs a sweep and gives the snapshot, the summary and the error.
func sweepAll(t *testing.T, b *Backend) (*model.Snapshot, *model.Summary, error) {
	t.Helper()
	s := model.NewSnapshot("acme", nil, time.Time{})
	var sum *model.Summary
	var last error
	for page, err := range b.Sweep(t.Context()) {
		if sum != nil {
			t.Error("a page comes after the summary")
		}
		s, sum, last = s.Merge(page), page.Summary, err
	}
	if sum == nil {
		t.Fatal("the sweep has no summary")
	}
	return s, sum, last
}

// TestSweepIsCheap is the promise for a large account: 5 000 orders with status
// and expiry in at most 40 calls.
func TestSweepIsCheap(t *testing.T) {
	b := newBook(t, 5000)
	s, sum, err := sweepAll(t, b.client(t))
	if err != nil || !sum.Complete || sum.Seen != 5000 || s.Len() != 5000 {
		t.Fatalf("%+v, %v", sum, err)
	}
	for _, it := range s.Items() {
		if it.RequestReadAt.IsZero() || it.Certificate.NotAfter.IsZero() {
			t.Fatalf("%v has no status: %+v", it.Ref, it.Order)
		}
	}
	if n := len(b.requests()); n > 40 {
		t.Errorf("%d calls for 5 000 orders, want at most 40", n)
	}
	if b.details.Load() != 0 {
		t.Errorf("%d details", b.details.Load())
	}
}

func TestSweepWithoutReportsReadsDetails(t *testing.T) {
	for name, refusal := range map[string]http.HandlerFunc{
		"refused":          answering(400, `{"code":-3,"description":"You are not authorized to perform report."}`),
		"broken":           answering(500, `{"code":-2,"description":"Internal error."}`),
		"error in success": answering(200, `{"statusCode":7,"message":"too many rows","reports":[{"id":1,"status":"Issued"}]}`),
		"empty":            answering(200, `{"statusCode":0,"reports":[]}`),
		"not JSON":         answering(200, `<html><title>Portal</title></html>`),
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t, 60)
			b.reports = refusal
			s, sum, err := sweepAll(t, b.client(t))
			if err != nil || !sum.Complete {
				t.Fatalf("%+v, %v", sum, err)
			}
			if b.details.Load() != 60 || s.Get("60").Certificate.NotAfter.IsZero() {
				t.Errorf("%d details", b.details.Load())
			}
			if n := len(b.asked); n > 2*idleYears {
				t.Errorf("%d reports that brought nothing", n)
			}
		})
	}
}

func TestSweepReadsAtMostFourAtOnce(t *testing.T) {
	b := newBook(t, 40)
	b.reports = answering(400, `{"code":-3,"description":"no"}`)
	var under, most atomic.Int32
	inner := b.Config.Handler
	b.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for n := under.Add(1); ; {
			old := most.Load()
			if n <= old || most.CompareAndSwap(old, n) {
				break
			}
		}
		defer under.Add(-1)
		inner.ServeHTTP(w, r)
	})
	if _, _, err := sweepAll(t, b.client(t)); err != nil {
		t.Fatal(err)
	}
	if most.Load() > parallel {
		t.Errorf("%d calls at once, want at most %d", most.Load(), parallel)
	}
}

func TestSweepThatShiftsIsNotComplete(t *testing.T) {
	position := func(r *http.Request) int { n, _ := strconv.Atoi(r.URL.Query().Get("position")); return n }
	for name, test := range map[string]struct {
		list     func(b *book) http.HandlerFunc
		complete bool
		seen     int
	}{
		"the total changes": {func(b *book) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				b.page(w, position(r), pageSize, 450+position(r)/pageSize%2)
			}
		}, false, 450},
		"rows move forward": {func(b *book) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				from := position(r)
				if from > 0 {
					from -= 5 // five new ones came in front
				}
				b.page(w, from, pageSize, 450)
			}
		}, false, 450},
		"fewer rows than the total": {func(b *book) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) { b.page(w, position(r), pageSize, 500) }
		}, false, 450},
		"short pages": {func(b *book) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) { b.page(w, position(r), 100, 450) }
		}, true, 450},
		"no total": {func(b *book) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				b.page(headless{w}, position(r), pageSize, 450)
			}
		}, true, 450},
		"the page is never turned": {func(b *book) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) { b.page(headless{w}, 0, pageSize, 450) }
		}, false, 200},
		"a row without an id": {func(*book) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Total-Count", "2")
				writeJSON(w, 200, `[{"sslId":1},{"commonName":"lost"}]`)
			}
		}, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t, 450)
			b.list = test.list(b)
			_, sum, err := sweepAll(t, b.client(t))
			if err != nil || sum.Complete != test.complete || sum.Seen != test.seen {
				t.Errorf("%+v, %v; want %d seen, complete %v", sum, err, test.seen, test.complete)
			}
			if n := len(b.requests()); n > 30 {
				t.Errorf("%d calls", n)
			}
		})
	}
}

// headless sends no total.
type headless struct{ http.ResponseWriter }

func (h headless) WriteHeader(status int) {
	h.Header().Del("X-Total-Count")
	h.ResponseWriter.WriteHeader(status)
}

func TestSweepThatFailsSaysSo(t *testing.T) {
	b := newBook(t, 450)
	pages := 0
	b.list = func(w http.ResponseWriter, _ *http.Request) {
		if pages++; pages == 2 {
			writeJSON(w, 503, `{"code":-2,"description":"Internal error."}`)
			return
		}
		b.page(w, 0, pageSize, 450)
	}
	s, sum, err := sweepAll(t, b.client(t))
	wantKind(t, err, backend.KindUnavailable)
	if sum.Complete || sum.Seen != 200 || s.Len() != 200 {
		t.Errorf("%+v with %d rows", sum, s.Len())
	}
}

// TestRefusedSignInStopsAtOnce: repeated tries lock accounts.
func TestRefusedSignInStopsAtOnce(t *testing.T) {
	b := newBook(t, 100)
	b.reports = answering(400, `{"code":-3,"description":"no"}`)
	var refused atomic.Int32
	b.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/ssl/v1/") {
			refused.Add(1)
			writeJSON(w, 401, `{"code":-16,"description":"Unknown user"}`)
			return
		}
		b.mux.ServeHTTP(w, r)
	})
	_, sum, err := sweepAll(t, b.client(t))
	wantKind(t, err, backend.KindAuth)
	if sum.Complete || refused.Load() > parallel {
		t.Errorf("%+v after %d refused calls", sum, refused.Load())
	}
}

func TestChanges(t *testing.T) {
	a := open(t)
	waits, goes := a.place(t, approval, "waits.example.com"), a.place(t, approval, "goes.example.com")
	going := a.place(t, slow, "going.example.com")
	revoked, dropped := a.issued(t, quick, "revoked.example.com"), a.place(t, approval, "dropped.example.com")
	known := a.snapshot(t)
	look := func() *model.Snapshot {
		t.Helper()
		next := known
		for page, err := range a.Changes(t.Context(), known) {
			if err != nil {
				t.Fatal(err)
			}
			if page.Fields != model.FieldOrder || page.Summary != nil {
				t.Errorf("page %+v", page)
			}
			next = next.Merge(page)
		}
		return next
	}
	a.advance(time.Minute)
	before := a.calls("")
	quiet := look()
	if got := a.calls("") - before; got > 8 || a.calls("GetCertificate") > 3 {
		t.Errorf("%d calls where nothing changed, want at most 8", got)
	}
	if it := quiet.Get(waits.Key); !it.RequestReadAt.After(known.Get(waits.Key).RequestReadAt) {
		t.Error("an order that stands in its list as before was not confirmed")
	}

	if _, err := a.Approve(t.Context(), goes, "fine"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Decline(t.Context(), dropped, "no"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Revoke(t.Context(), revoked, model.Revocation{Message: "x"}); err != nil {
		t.Fatal(err)
	}
	fresh := a.place(t, approval, "fresh.example.com")
	a.advance(time.Minute)
	before = a.calls("")
	next := look()
	if got := a.calls("") - before; got > 8+1 {
		t.Errorf("%d calls, want at most 8 and one for the order that left its list", got)
	}
	for ref, want := range map[model.Ref]model.OrderPhase{
		waits: model.OrderRequested, goes: model.OrderIssued, going: model.OrderApplied, revoked.Row(): model.OrderRevoked,
		dropped: model.OrderDeclined, fresh: model.OrderRequested,
	} {
		if it := next.Get(ref.Key); it == nil || it.Order.Phase != want {
			t.Errorf("%v: %+v, want phase %d", ref, it, want)
		}
	}
	if next.SweptAt() != known.SweptAt() || len(idsOf(next)) != 6 {
		t.Error("changes count as a sweep, or made rows up")
	}
}

// TestChangesWhileReportsLag: what the lists show is newer than the reports.
func TestChangesWhileReportsLag(t *testing.T) {
	a := open(t)
	settings := a.server.Settings()
	settings.ReportDelay = time.Hour
	ref := a.place(t, approval, "goes.example.com")
	known := a.snapshot(t)
	a.server.SetSettings(settings)
	if _, err := a.Approve(t.Context(), ref, "fine"); err != nil {
		t.Fatal(err)
	}
	fresh := a.place(t, approval, "fresh.example.com")
	a.advance(time.Minute)
	for page, err := range a.Changes(t.Context(), known) {
		if err != nil {
			t.Fatal(err)
		}
		known = known.Merge(page)
	}
	if it := known.Get(ref.Key); it.Order.Phase != model.OrderIssued {
		t.Errorf("the order that went on: %+v", it.Order)
	}
	if it := known.Get(fresh.Key); it == nil || it.Order.Phase != model.OrderRequested {
		t.Errorf("the order that is new: %+v", it)
	}
}

// TestChangesBelieveTheListMore: a report that lags says what was before.
func TestChangesBelieveTheListMore(t *testing.T) {
	b := newBook(t, 1)
	b.list = func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("status") == "Applied" {
			b.page(w, 0, pageSize, 1)
			return
		}
		writeJSON(w, 200, `[]`)
	}
	b.reports = answering(200, `{"statusCode":0,"reports":[{"id":1,"status":"Requested"}]}`)
	known := model.NewSnapshot("acme", nil, time.Time{})
	for page, err := range b.client(t).Changes(t.Context(), known) {
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range page.Items {
			if it.Order.Phase == model.OrderRequested {
				t.Errorf("told as %+v", it.Order)
			}
		}
	}
	if b.details.Load() != 1 {
		t.Errorf("%d details, want that of the order", b.details.Load())
	}
}

func TestChangesFail(t *testing.T) {
	a := open(t)
	known := a.snapshot(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var last error
	for _, err := range a.Changes(ctx, known) {
		last = err
	}
	wantKind(t, last, backend.KindNetwork)
	// Reports that are refused leave the lists.
	settings := a.server.Settings()
	settings.Denied = []scmserver.Privilege{scmserver.SSLRequest}
	a.server.SetSettings(settings)
	for _, err := range a.Changes(t.Context(), known) {
		if err != nil {
			t.Error(err)
		}
	}
}
