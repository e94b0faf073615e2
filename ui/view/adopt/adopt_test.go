package adopt_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"certty/backend"
	"certty/backend/repository"
	"certty/model"
	"certty/ui/view"
	"certty/ui/view/adopt"
	"certty/ui/view/viewtest"
)

var allOrders repository.Selection

// rows are orders of three kinds; the second is deleted here, the third managed.
func rows() []*model.Item {
	hidden := viewtest.OrderItem("2", "hidden.example.com", nil)
	hidden.Record = &model.Record{Key: "2", Step: model.StepPlaced, DeletedAt: viewtest.Noon}
	managed := viewtest.OrderItem("3", "managed.example.com", func(it *model.Item) { it.Order.OrganizationID = 11 })
	managed.Record = &model.Record{Key: "3", Step: model.StepPlaced}
	open := viewtest.OrderItem("4", "open.example.com", func(it *model.Item) { viewtest.Uncertified(it, "Requested") })
	return []*model.Item{viewtest.OrderItem("1", "one.example.com", nil), hidden, managed, open}
}

// listing yields the rows in pages of one; the last says whether it was whole.
func listing(whole bool, items ...*model.Item) func(context.Context) iter.Seq2[model.Page, error] {
	return func(context.Context) iter.Seq2[model.Page, error] {
		return func(yield func(model.Page, error) bool) {
			for i, it := range items {
				fresh := model.Item{Ref: it.Ref, Order: it.Order}
				page := model.Page{Fields: model.FieldOrder, AsOf: viewtest.Noon, Items: []model.Item{fresh}}
				if i == len(items)-1 {
					page.Summary = &model.Summary{Started: viewtest.Noon, Total: len(items), Seen: len(items), Complete: whole}
				}
				if !yield(page, nil) {
					return
				}
			}
		}
	}
}

func open(t *testing.T) (*viewtest.Stage, *viewtest.Account) {
	t.Helper()
	s := viewtest.New(t)
	a := s.Account()
	a.Shelf.Known = model.Account{Organizations: []model.Organization{{ID: 10, Name: "Contoso, Inc"}, {ID: 11, Name: "Shop", ParentID: 10}, {ID: 12, Name: "Other"}}}
	for _, key := range []string{"2", "3"} {
		record := model.Record{Key: key, Step: model.StepPlaced, Imported: true}
		if key == "2" {
			record.DeletedAt = viewtest.Noon
		}
		a.Shelf.Holdings[key] = backend.Holding{Target: viewtest.AccountName, Record: record}
	}
	s.Put(rows()...)
	a.Listing = listing(true, rows()...)
	s.Open(adopt.New(s.Session, viewtest.AccountName))
	return s, a
}

// TestImportAll takes everything over and says that it was the whole list.
func TestImportAll(t *testing.T) {
	s, a := open(t)
	s.Sees("About 3 of the 4 orders known here are selected. Managed here already: 1. Deleted here and left so: 1.", "Nothing is changed at the account")
	s.Press("ctrl+s")
	s.Sees("✓ The account's whole list was read.", "listed by the account 4", "selected 4", "new here 2", "shown again 0", "managed here before 2")
	if len(a.Shelf.Holdings) != 4 || a.Shelf.Holdings["2"].Record.DeletedAt.IsZero() {
		t.Errorf("held: %v", a.Shelf.Holdings)
	}
	if len(a.Calls) != 0 {
		t.Errorf("the account was changed: %v", a.Calls)
	}
	s.Press("enter")
	if s.Top() != nil {
		t.Error("it stays open")
	}
}

// TestOptions: what is chosen is what is taken over.
func TestOptions(t *testing.T) {
	for _, tt := range []struct {
		name  string
		keys  []string
		guess string
		want  string
	}{
		{"by status", []string{" "}, "About 1 of the 4", "new here 1"},
		{"by organization, with its departments", []string{"tab", " "}, "About 3 of the 4", "new here 2"},
		{"by a department", []string{"tab", "right", " "}, "About 1 of the 4", "new here 0"},
		{"by expiry", []string{"tab", "tab", "2027-02-01", "tab", "2027-02-28"}, "About 2 of the 4", "new here 1"},
		{"by the last day of a range", []string{"tab", "tab", "tab", "2027-02-28"}, "About 2 of the 4", "new here 1"},
		{"before a range", []string{"tab", "tab", "tab", "2027-02-27"}, "About 0 of the 4", "selected 0"},
		{"with those deleted here", []string{"tab", "tab", "tab", "tab", " "}, "Deleted here and shown again: 1", "shown again 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := open(t)
			s.Press(tt.keys...)
			s.Sees(tt.guess)
			s.Press("ctrl+s")
			s.Sees(tt.want)
		})
	}
}

// TestManyOrganizations: hundreds don't push the rest of the form off the screen,
// and are found by typing.
func TestManyOrganizations(t *testing.T) {
	s, a := open(t)
	for id := 1000; id < 1300; id++ {
		a.Shelf.Known.Organizations = append(a.Shelf.Known.Organizations, model.Organization{ID: id, Name: fmt.Sprintf("Branch %d", id)})
	}
	s.Resize(80, 24)
	s.Press("esc")
	s.Open(adopt.New(s.Session, viewtest.AccountName))
	s.Sees("Organizations 0 of 303", "Also deleted", "[ Import ]", "tab next field ctrl+s import")
	s.Press("tab", "shop")
	s.Sees("> [ ] Contoso Inc / Shop", "space choose up down move esc back to the form")
	s.Press(" ", "esc")
	s.Sees("Organizations 1 of 303: Contoso Inc / Shop", "About 1 of the 4")
}

// TestWrongDates are said at their field, and nothing is read.
func TestWrongDates(t *testing.T) {
	s, a := open(t)
	a.Listing = func(context.Context) iter.Seq2[model.Page, error] { t.Error("the account was asked"); return nil }
	s.Press("tab", "tab", "soon", "ctrl+s")
	s.Sees("a date is needed, such as 2026-11-21")
	for range "soon" {
		s.Press("backspace")
	}
	s.Press("2027-01-01", "tab", "2026-01-01", "ctrl+s")
	s.Sees("it ends before it begins")
}

// TestPartial: a list that shifted, or that ended early, is never shown as the
// whole.
func TestPartial(t *testing.T) {
	s, a := open(t)
	a.Listing = listing(false, rows()...)
	s.Press("ctrl+s")
	s.Sees("This is not the whole list: orders may be missing. What was taken over stays; start the import again.", "new here 2")
	if strings.Contains(s.Frame(), "whole list was read") {
		t.Errorf("it is shown as whole:\n%s", s.Frame())
	}

	s, a = open(t)
	a.Listing = func(ctx context.Context) iter.Seq2[model.Page, error] {
		return func(yield func(model.Page, error) bool) {
			first := listing(false, rows()[:2]...)(ctx)
			for page, err := range first {
				page.Summary = nil
				if !yield(page, err) {
					return
				}
			}
			yield(model.Page{}, &backend.Error{Kind: backend.KindUnavailable, Op: "list", Message: "502 from a gateway"})
		}
	}
	s.Press("ctrl+s")
	s.Sees("The import did not get to its end.", "This is not the whole list: orders may be missing. Nothing was taken over; started again, the import reads the list from its beginning.",
		"listed by the account 2", "new here 0", "502 from a gateway")
}

// TestStopped: an import that is stopped says so, and what was taken over stays;
// started again it goes on.
func TestStopped(t *testing.T) {
	s, a := open(t)
	all := a.Listing
	a.Listing = func(ctx context.Context) iter.Seq2[model.Page, error] {
		return func(yield func(model.Page, error) bool) {
			for page := range all(ctx) {
				if !yield(page, nil) {
					return
				}
				s.Session.Desk.Importing(viewtest.AccountName).Stop()
				yield(model.Page{}, &backend.Error{Kind: backend.KindNetwork, Op: "list", Err: ctx.Err()})
				return
			}
		}
	}
	s.Press("ctrl+s")
	s.Sees("Stopped.", "This is not the whole list", "Nothing was taken over", "listed by the account 1")
	if s.Session.Desk.Importing(viewtest.AccountName) != nil {
		t.Error("it counts as running")
	}
	s.Press("esc")
	a.Listing = all
	s.Open(adopt.New(s.Session, viewtest.AccountName))
	s.Press("ctrl+s")
	s.Sees("whole list was read", "new here 2")
}

// TestLeft: an import that runs can be left, is found again, and esc asks what
// shall become of it.
func TestLeft(t *testing.T) {
	s, _ := open(t)
	s.Hold()
	s.Press("ctrl+s")
	s.Sees("1 of 2 Reading the account's list: 0 orders so far", "It goes on when you leave")
	s.Press("esc")
	s.Sees("The import from sectigo runs", "x stop it; what was taken over stays", "esc back to its progress")
	s.Press("esc", "x")
	s.Sees("Stop the import from sectigo", "Nothing was taken over; started again, the import reads the list from its beginning.", "> [ Go on ]")
	s.Press("enter", "enter")
	if s.Top() != nil {
		t.Fatalf("enter did not leave:\n%s", s.Frame())
	}
	if running := fmt.Sprint(s.Session.Desk.Running()); !strings.Contains(running, "import of the orders of sectigo") {
		t.Errorf("quitting would not ask: %s", running)
	}
	s.Open(adopt.New(s.Session, viewtest.AccountName))
	s.Sees("1 of 2 Reading")
	s.Release()
	s.Sees("whole list was read", "new here 2")
}

// TestStopTooLate: the question whether to stop an import closes with its end.
func TestStopTooLate(t *testing.T) {
	s, _ := open(t)
	s.Hold()
	s.Press("ctrl+s", "x")
	s.Sees("Stop the import from sectigo")
	s.Release()
	if strings.Contains(s.Frame(), "Stop the import") {
		t.Errorf("it asks still:\n%s", s.Frame())
	}
	s.Sees("whole list was read", "new here 2")
}

// TestNext: only the newest state is told, and the end is told once.
func TestNext(t *testing.T) {
	s, a := open(t)
	a.Listing = listing(true, append(rows(), viewtest.OrderItem("9", "nine.example.com", nil))...)
	job, run := s.Session.Desk.ImportOrders(viewtest.AccountName, allOrders)
	if again, cmd := s.Session.Desk.ImportOrders(viewtest.AccountName, allOrders); again != job || cmd != nil {
		t.Error("two imports of one account run")
	}
	done, ok := run().(view.OpDone)
	if !ok || done.Err != nil || done.ID != job.ID || !strings.Contains(done.Past, "5 of 5 listed orders selected, 3 taken over") {
		t.Fatalf("ended with %+v", done)
	}
	told, ok := job.Next(nil, 0)().(view.ImportTold)
	if !ok || !told.Ended || !told.Whole || told.Turn < 5 {
		t.Errorf("told %+v", told.ImportState)
	}
	if msg := job.Next(nil, told.Turn)(); msg != nil {
		t.Errorf("told again: %+v", msg)
	}
}

// TestDiskFull: what can't be kept is no success.
func TestDiskFull(t *testing.T) {
	s, a := open(t)
	a.Shelf.Err = errors.New("no space left on device")
	s.Press("ctrl+s")
	s.Sees("The import did not get to its end", "no space left on device", "new here 0")
}

// TestWhyNot: a vault has nothing to take over.
func TestWhyNot(t *testing.T) {
	s := viewtest.New(t)
	s.Account()
	for _, target := range s.Session.Desk.Targets() {
		if why := adopt.WhyNot(target); (why == "") != (target.Info.Kind == "scm") {
			t.Errorf("%s: %q", target.Info.Name, why)
		}
	}
}
