package repository_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/keystore"
	"certty/backend/repository"
	"certty/backend/sandbox/fault"
	"certty/backend/sandbox/scmserver"
	"certty/model"
	"certty/model/x5c"
)

// histories is how many random histories TestOrderedOnce plays:
//
//	go test ./backend/repository -run TestOrderedOnce -histories 5000
var histories = flag.Int("histories", 50, "random histories of TestOrderedOnce")

// TestOrderedOnce plays random histories of two consoles on one state, each of
// which may do something right before the other writes. They are killed, the
// disk is full for a while, the clock is wrong, the connection breaks, lists and
// reports are late, and people order, renew, replace, import, delete and decide
// again and again. The account counts.
func TestOrderedOnce(t *testing.T) {
	for seed := range *histories {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			h := begin(t, rand.New(rand.NewPCG(uint64(seed), 1)))
			for range 26 {
				h.act(h.dice.IntN(2))
			}
			h.finish()
		})
	}
}

// history is a random history.
type history struct {
	w         *world
	dice      *rand.Rand
	consoles  [2]*console
	followers [2]*repository.Follower
	// nested is true while one console does something in the middle of what the
	// other does.
	nested bool
	// late and skewed say that lists lag, and that the clock was wrong once.
	late, skewed bool
	// csrs are those that a person brought, whose keys are not here.
	csrs [][]byte
	// given are the keys that a person had destroyed, by public key, and taken
	// those that went for other reasons.
	given, taken map[string]bool
	// never are the references, and the renewed orders with how often, of which
	// a person said that they were never placed.
	never map[string]int
}

func begin(t *testing.T, dice *rand.Rand) *history {
	lag := time.Duration(dice.IntN(4)) * 4 * time.Minute
	h := &history{
		w: newWorld(t, scmserver.Settings{
			ListingDelay: lag, ReportDelay: lag, AutoApprove: dice.IntN(2) == 0,
			ReplaceStaysIssued: dice.IntN(2) == 0, RenewalKeepsComments: dice.IntN(4) == 0,
		}),
		dice: dice, late: lag > 0, given: map[string]bool{}, taken: map[string]bool{}, never: map[string]int{},
	}
	for range 2 {
		h.csrs = append(h.csrs, csrOf(t))
	}
	for i := range h.consoles {
		h.start(i)
	}
	return h
}

func (h *history) start(i int) {
	c := h.w.start(h.dice.IntN(30))
	c.shelf.lost = func(keys []backend.HeldKey) {
		for _, k := range keys {
			h.taken[k.PublicKey] = true
		}
	}
	c.shelf.meanwhile = func() {
		if h.nested || h.dice.IntN(4) > 0 {
			return
		}
		h.nested = true
		h.act(1 - i)
		h.nested = false
	}
	h.consoles[i], h.followers[i] = c, c.Follower()
}

// some picks a record of any kind; nil when there is none.
func (h *history) some(of func(*model.Record) bool) *model.Record {
	records, err := h.consoles[0].store.Records(h.w.t.Context(), "sectigo")
	if err != nil {
		h.w.t.Fatal(err)
	}
	var fit []*model.Record
	for i := range records {
		if of(&records[i]) {
			fit = append(fit, &records[i])
		}
	}
	if len(fit) == 0 {
		return nil
	}
	return fit[h.dice.IntN(len(fit))]
}

func placed(r *model.Record) bool { return r.Step == model.StepPlaced || r.Step == model.StepCollected }

// act has a console do something. What fails is what the history is about; what
// counts is how it ends.
func (h *history) act(i int) {
	if h.consoles[i].shelf.dead {
		h.start(i)
	}
	c, ctx, t := h.consoles[i], h.w.t.Context(), h.w.t
	if h.some((*model.Record).NeedsPerson) != nil && h.dice.IntN(3) == 0 {
		h.decide(c)
	}
	switch h.dice.IntN(16) {
	case 0, 1:
		wanted := wish(fmt.Sprintf("shop%d.example.com", h.dice.IntN(1000)), []int{quick, approval, 999}[h.dice.IntN(3)])
		if h.dice.IntN(3) == 0 {
			wanted.Spec.CSR, wanted.Again = h.csrs[h.dice.IntN(2)], h.dice.IntN(2) == 0
			wanted.Spec.CommonName = "shop.example.com"
		}
		record, err := c.Prepare(ctx, wanted)
		if err == nil && h.dice.IntN(2) == 0 {
			_, _ = c.Place(ctx, record.Key)
		}
	case 2, 3, 4:
		if r := h.some(func(r *model.Record) bool {
			return r.Reference != "" && (r.Step == model.StepPrepared || h.dice.IntN(4) == 0)
		}); r != nil {
			record, err := c.Place(ctx, r.Key)
			if err == nil && !placed(&record) && record.Step != model.StepSending && !record.NeedsPerson() {
				t.Errorf("placed without an error, and it stands at %q", record.Step)
			}
		}
	case 5, 6:
		h.trouble()
	case 7:
		h.w.advance([]time.Duration{time.Minute, 5 * time.Minute, 11 * time.Minute, 25 * time.Minute}[h.dice.IntN(4)])
	case 8, 9, 14:
		known, _ := c.Check(ctx)
		_, _ = h.followers[i].Follow(ctx, known)
	case 10:
		if r := h.some(placed); r != nil {
			s := successor()
			s.CommonName = r.CommonName
			s.OldKey = h.dice.IntN(3) == 0
			_, _ = c.Renew(ctx, r.Key, s)
		}
	case 11:
		if r := h.some(placed); r != nil {
			ref := model.Ref{Target: "sectigo", Kind: model.KindCertificate, Key: r.Key, Revision: r.ChainSerial}
			s := successor()
			s.CommonName = r.CommonName
			_, _ = c.Replace(ctx, ref, s)
		}
	case 12:
		_, _ = c.Import(ctx, repository.Selection{Deleted: h.dice.IntN(2) == 0}, func(repository.Progress) {})
	case 13:
		h.remove(c)
	case 15:
		if h.dice.IntN(3) == 0 {
			h.skewed = true
			h.w.turn([]time.Duration{0, time.Hour, -time.Hour, 72 * time.Hour, -72 * time.Hour, 9000 * time.Hour}[h.dice.IntN(6)])
		} else {
			h.w.disk(h.dice.IntN(2) == 0)
		}
	}
}

// trouble makes a few calls fail.
func (h *history) trouble() {
	faults := []fault.Kind{fault.ResetBefore, fault.ResetAfter, fault.TruncatedJSON, fault.HTML, fault.Empty, fault.Refuse}
	operations := []string{"Enroll", "Enroll", "Enroll", "RenewByID", "RenewByID", "Replace", "ReportCertificates", "ListCertificates", "GetCertificate", "Collect", ""}
	f := fault.Fault{Kind: faults[h.dice.IntN(len(faults))], Operation: operations[h.dice.IntN(len(operations))], Times: 1 + h.dice.IntN(2)}
	if f.Kind == fault.Refuse {
		f.Status = []int{400, 403, 429, 500, 503}[h.dice.IntN(5)]
	}
	if err := h.w.server.Inject(f); err != nil {
		h.w.t.Fatal(err)
	}
}

// remove has a person delete something here, now and then with its keys.
func (h *history) remove(c *console) {
	r := h.some(func(*model.Record) bool { return true })
	if r == nil {
		return
	}
	keys := h.dice.IntN(3) == 0
	tell := c.shelf.lost
	c.shelf.lost = func(gone []backend.HeldKey) {
		for _, k := range gone {
			h.given[k.PublicKey] = true
		}
	}
	_ = c.Remove(h.w.t.Context(), r.Key, r.CommonName, keys)
	c.shelf.lost = tell
}

// decide has a person say that an order was never placed, or which it is.
func (h *history) decide(c *console) {
	r := h.some(func(r *model.Record) bool { return r.NeedsPerson() })
	if r == nil {
		return
	}
	var d repository.Decision
	orders, err := h.w.server.Orders()
	if err != nil {
		h.w.t.Fatal(err)
	}
	for _, o := range orders {
		if r.Reference != "" && strings.Contains(o.Comments, r.Reference) || r.Renews != "" && fmt.Sprint(o.RenewalOf) == r.Renews {
			d.OrderID = fmt.Sprint(o.ID)
			break
		}
	}
	if d.OrderID == "" || h.dice.IntN(4) == 0 {
		d.OrderID = ""
		h.never[r.Reference+r.Renews]++
	}
	_, _ = c.Decide(h.w.t.Context(), r.Key, d)
}

// finish lets a fresh console find out what became of everything, and checks it.
func (h *history) finish() {
	h.w.disk(false)
	h.w.turn(0)
	records := h.w.settle("history")
	h.w.once("history", records, h.never, !h.late && !h.skewed)
	held := map[string]bool{}
	for _, r := range records {
		holding, err := h.consoles[0].store.Holding(h.w.t.Context(), "sectigo", r.Key)
		if err != nil {
			h.w.t.Fatal(err)
		}
		for _, k := range holding.Keys {
			held[k.PublicKey] = true
			if len(k.Locked) == 0 {
				h.w.t.Errorf("the key of %s is empty", r.Key)
			}
			if _, err := keystore.Unlock(k.Locked, []byte(password)); err != nil {
				h.w.t.Errorf("the key of %s: %v", r.Key, err)
			}
		}
	}
	for _, csr := range h.csrs {
		held[publicKey(h.w.t, csr)] = true
	}
	orders, err := h.w.server.Orders()
	if err != nil {
		h.w.t.Fatal(err)
	}
	for _, o := range orders {
		if len(o.Leaf) == 0 {
			continue
		}
		if id := publicKey(h.w.t, o.Leaf); !held[id] && !h.given[id] {
			h.w.t.Errorf("the key of order %d is lost, taken %t", o.ID, h.taken[id])
		}
	}
}

func publicKey(t *testing.T, der []byte) string {
	t.Helper()
	id, err := x5c.PublicKeyID(der)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// end lets a fresh console find out what became of everything, and checks it.
// thorough says that the answer must be found: lists are not late.
func (w *world) end(what string, thorough bool) {
	w.t.Helper()
	w.once(what, w.settle(what), nil, thorough)
}

// settle follows everything for an hour in which nothing goes wrong.
func (w *world) settle(what string) []model.Record {
	w.t.Helper()
	w.server.ClearFaults()
	last := w.start(0)
	follower := last.Follower()
	for range 14 {
		w.advance(5 * time.Minute)
		known, err := last.Check(w.t.Context())
		if err != nil {
			w.t.Fatalf("%s: %v", what, err)
		}
		if _, err := follower.Follow(w.t.Context(), known); err != nil {
			w.t.Fatalf("%s: %v", what, err)
		}
	}
	records, err := last.store.Records(w.t.Context(), "sectigo")
	if err != nil {
		w.t.Fatal(err)
	}
	return records
}

// once checks how everything ended. never are those of which a person said that
// they were never placed.
func (w *world) once(what string, records []model.Record, never map[string]int, thorough bool) {
	w.t.Helper()
	known := map[string]bool{}
	for _, r := range records {
		known[r.Reference] = true
		if r.Step == model.StepSending {
			w.t.Errorf("%s: %s is still being sent, %s", what, r.Key, r.Trouble)
		}
		if r.Reference == "" {
			continue
		}
		n := w.server.Enrolls(r.Reference)
		if n > 1 {
			w.t.Errorf("%s: %s was ordered %d times", what, r.Reference, n)
		}
		want := "placed, collected"
		ok := placed(&r) || r.Step == model.StepRefused && never[r.Reference] > 0
		if n == 0 {
			want, ok = "prepared, refused or undecided", r.Step == model.StepPrepared || r.Step == model.StepRefused || r.Step == model.StepUndecided
		}
		if !ok && (thorough || !r.NeedsPerson()) {
			w.t.Errorf("%s: %s was ordered %d times and ends as %q, want %s", what, r.Reference, n, r.Step, want)
		}
	}
	for comments, n := range w.server.Enrolled() {
		reference, _, _ := strings.Cut(comments, " ")
		if n > 1 {
			w.t.Errorf("%s: %d orders with the comments %q", what, n, comments)
		}
		if !known[reference] {
			w.t.Errorf("%s: nothing is known of the order %s", what, reference)
		}
	}
	for of, n := range w.renewals() {
		if n > 1+never[fmt.Sprint(of)] {
			w.t.Errorf("%s: order %d was renewed %d times", what, of, n)
		}
	}
}
