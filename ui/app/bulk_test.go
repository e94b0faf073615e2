package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
)

func TestMarks(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.press("/", "api", "enter", "a")
		s.sees("2 marked")
		s.press("/", "-us", "enter")
		s.sees("2 marked, 1 hidden by the filter")
		s.press("esc")
		s.sees("2 marked ", "11 of 11")
		s.press("esc")
		if strings.Contains(s.View(), "marked ") {
			t.Error("esc left the marks")
		}
		s.press("g", " ", "j", "j", "V")
		s.sees("4 marked")
	})
}

// waiting marks the two rows that can be cancelled and one that can't, and
// hides one of the first.
func (s *screen) waiting() {
	s.t.Helper()
	s.press("/", "~^(shop-example-com|intranet|vpn-gw)$", "enter", "a", "esc", "/", "!intranet", "enter")
}

func TestBulkListsHiddenRowsFirstAndWantsTheNumber(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.waiting()
		s.press("x")
		s.sees("Ask for cancellation of 2 requests", "1 of 2 not visible on the board now", "1 marked, but left out", "vpn-gw (prod): there is no request here", "Type this to confirm: 2")
		frame := s.View()
		if strings.Index(frame, "intranet (prod)") > strings.Index(frame, "shop-example-com (prod)") {
			t.Errorf("the hidden row is not the first:\n%s", frame)
		}
		s.answer("3", "tab", "enter")
		s.sent()
		s.press("backspace", "2", "enter")
		s.sent("cancel prod/intranet@3", "cancel prod/shop-example-com@2c1f9e0d7b6a4c3e8f1a2b3c4d5e6f70")
		s.sees("2 done, 1 left out")
		s.press("esc")
		s.sees("1 marked") // what was done is not marked any more
	})
}

func TestBulkAsksAgainForWhatWasRefusedOnly(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.desk.fails = map[string]error{"delete prod/intranet@3": errNotDone}
		s.waiting()
		s.press("d")
		s.answer("delete 2", "enter")
		s.sees("1 done, 1 refused, 1 left out")
		s.desk.calls, s.desk.fails = nil, nil
		s.press("f")
		s.sees("Delete 1 request", "Type this to confirm: delete 1")
		s.sent()
		s.answer("delete 1", "enter")
		s.sent("delete prod/intranet@3")
		s.sees("1 done")
	})
}

func TestBulkNeverRepeatsWhatIsUncertain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.desk.err = &backend.Error{Kind: backend.KindUncertain, Op: "cancel"}
		s.waiting()
		s.press("x")
		s.answer("2", "enter")
		s.sees("2 uncertain, 1 left out")
		s.desk.calls = nil
		s.press("f")
		s.sees("not now: nothing was refused; what is uncertain is never sent again")
		s.sent()
	})
}

// withCSR gives a row's request a CSR.
func (s *screen) withCSR(key string) {
	s.t.Helper()
	it := *prod().Get(key)
	r := *it.Request
	r.CSR = []byte{0x30, 0x03, 0x02, 0x01, 0x00}
	it.Request = &r
	s.run(s.state(stateMsg{index: 0, state: poll.State{Snapshot: prod().Merge(model.Page{Fields: model.FieldRequest, AsOf: noon.Add(1), Items: []model.Item{it}})}}))
}

func TestBulkSavesCSRs(t *testing.T) {
	bubble(t, func(t *testing.T) {
		t.Chdir(t.TempDir())
		s := open(t, 100, 30, plain)
		s.withCSR("shop-example-com")
		s.press("/", "~^(shop-example-com|vpn-gw)$", "enter", "a", "s")
		s.sees("Save 1 CSR", "Folder", "vpn-gw (prod)")
		s.press("enter")
		s.sees("1 done, 1 left out")
		data, err := os.ReadFile(filepath.Join("csr", "shop-example-com.csr"))
		if err != nil || !strings.HasPrefix(string(data), "-----BEGIN CERTIFICATE REQUEST-----") {
			t.Errorf("%v, %q", err, data)
		}
		// A second time nothing is replaced.
		s.press("esc", "a", "s", "enter")
		s.sees("1 refused", "there already, and kept")
	})
}

func TestBulkWithNothingToDo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.press("/", "vpn", "enter", "a", "x")
		s.sees("none of the 1 marked rows: vpn-gw: there is no request here")
		s.sent()
	})
}

func TestRefreshOfMarkedRows(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.press("/", "vpn", "enter", "a")
		s.poller.asked = nil
		s.press("r")
		if got := strings.Join(s.poller.asked, ","); got != "look vpn-gw" {
			t.Errorf("asked: %s", got)
		}
	})
}
