package board_test

import (
	"strings"
	"testing"
	"time"

	"certty/model"
	"certty/ui/view/board"
	"certty/ui/view/viewtest"
)

// TestStatesInFull: beside the pane of 120 columns the states of orders can be read to their
// end, the longest one too.
func TestStatesInFull(t *testing.T) {
	s := viewtest.New(t)
	s.Account()
	s.Resize(82, 40) // what the pane leaves of 120
	s.Open(board.New(s.Session))
	s.Put(viewtest.OrderItem("7", "shop.example.com", func(it *model.Item) { viewtest.Uncertified(it, "Requested") }))
	s.Sees("waits: approval")
	s.Put(viewtest.OrderItem("8", "www.example.com", func(it *model.Item) {
		viewtest.Uncertified(it, "Applied")
		it.Order.Validation = &model.OrderValidation{Domains: []model.DomainValidation{{Domain: "www.example.com"}}}
	}))
	if !strings.Contains(s.Frame(), "waits: validation") {
		t.Error(s.Frame())
	}
}

// TestNamesBeforeTheBar: a name is worth more than the bar of a life. Where the
// names are short there is room for both beside the pane of 120 columns; at 80
// the bar is not there. However long a name is, everything else stays.
func TestNamesBeforeTheBar(t *testing.T) {
	long := strings.Repeat("long-", 12) + "name.example.com"
	for _, tt := range []struct {
		width int
		name  string
		sees  []string
		not   string
	}{
		{80, "checkout.example.com", []string{"checkout.example.com ", " LEFT ", "waits: approval"}, "LIFE LEFT"},
		{80, "www.example.com", []string{"www.example.com ", " LEFT ", "waits: approval"}, "LIFE LEFT"},
		{82, "www.example.com", []string{"www.example.com ", "LIFE LEFT", "waits: approval"}, " AGE  LEFT"},
		{82, "checkout.example.com", []string{"checkout.example.com ", " LEFT ", "waits: approval"}, "LIFE LEFT"},
		{80, long, []string{"long-long-", " LEFT ", "TARGET", "AGE", "waits: approval"}, "LIFE LEFT"},
		{82, long, []string{"long-long-", " LEFT ", "TARGET", "AGE", "waits: approval"}, "LIFE LEFT"},
	} {
		s := viewtest.New(t)
		s.Account()
		s.Resize(tt.width, 24)
		s.Open(board.New(s.Session))
		s.Put(viewtest.OrderItem("7", tt.name, func(it *model.Item) { viewtest.Uncertified(it, "Requested") }))
		s.Sees(tt.sees...)
		if strings.Contains(s.Frame(), tt.not) {
			t.Errorf("%d columns show %q:\n%s", tt.width, tt.not, s.Frame())
		}
	}
}

// TestNamesOfVaults: the same holds for the rows of vaults alone.
func TestNamesOfVaults(t *testing.T) {
	for name, bar := range map[string]bool{"api-www": true, "a-certificate-of-the-web-shop": false} {
		s := viewtest.New(t)
		s.Resize(82, 24)
		s.Open(board.New(s.Session))
		s.Put(viewtest.Item("prod", name, nil))
		s.Sees(name)
		if strings.Contains(s.Frame(), "LIFE LEFT") != bar {
			t.Errorf("%s:\n%s", name, s.Frame())
		}
	}
}

// TestNotReadInFull: what every row of a vault says at first is not cut beside the pane
// of 120 columns, where nothing longer has made room for it.
func TestNotReadInFull(t *testing.T) {
	s := viewtest.New(t)
	s.Resize(82, 24)
	s.Open(board.New(s.Session))
	s.Put(viewtest.Item("prod", "row-00000", func(it *model.Item) { it.RequestReadAt = time.Time{} }))
	s.Sees("not read yet")
}

// TestNextInFull: at 80 columns what is to be done next can be read to its end,
// beside the longest state and a name that wants all the room there is.
func TestNextInFull(t *testing.T) {
	s := viewtest.New(t)
	s.Account()
	s.Resize(80, 24)
	s.Open(board.New(s.Session))
	s.Put(viewtest.OrderItem("7", strings.Repeat("long-", 12)+"name", func(it *model.Item) { viewtest.Uncertified(it, "Requested") }),
		viewtest.OrderItem("8", "www.example.com", func(it *model.Item) {
			viewtest.Uncertified(it, "Applied")
			it.Order.Validation = &model.OrderValidation{Domains: []model.DomainValidation{{Domain: "www.example.com"}}}
		}))
	s.Sees("waits: validation", "RAO approves", "DNS: publish", "long-long-long-long-")
}

// TestWideScreen: beside a name the rest of its row begins within a glance; what
// the list does not need is the pane's.
func TestWideScreen(t *testing.T) {
	s := viewtest.New(t)
	s.Resize(200, 40)
	s.Open(board.New(s.Session))
	s.Put(viewtest.Item("prod", "api-www", nil))
	s.Sees("LIFE LEFT", "EXPIRES")
	list, _, _ := strings.Cut(strings.SplitN(s.Frame(), "\n", 2)[0], "│")
	if at := strings.Index(list, "TARGET"); at < 0 || at > 70 {
		t.Errorf("TARGET stands at %d:\n%s", at, s.Frame())
	}
	if len(list) > 130 {
		t.Errorf("the list takes %d cells", len(list))
	}
}

// TestNarrow: on the narrowest screen a row still has its state and its name.
func TestNarrow(t *testing.T) {
	s := viewtest.New(t)
	s.Account()
	s.Resize(80, 24)
	s.Open(board.New(s.Session))
	s.Put(viewtest.OrderItem("7", "checkout.shop.example.com", func(it *model.Item) { viewtest.Uncertified(it, "Requested") }))
	for w := 40; w < 80; w++ {
		s.Resize(w, 24)
		s.Sees("waits: approval", "checkout.sh")
	}
}
