package approval_test

import (
	"slices"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
	"certty/ui/view"
	"certty/ui/view/approval"
	"certty/ui/view/viewtest"
)

func requested(it *model.Item) { viewtest.Uncertified(it, "Requested") }

// TestDecisions: each says what it does, wants a message, starts on Back and
// sends the message that was typed.
func TestDecisions(t *testing.T) {
	for _, tt := range []struct {
		name  string
		open  func(*view.Session, view.Row) *approval.View
		says  []string
		typed string
		sends string
	}{
		{"approve", approval.NewApproval, []string{"Approve pay.example.com (sectigo, order 17)", "Contoso GmbH", "Standard SSL, 199 days", "Ada Lovelace", "costs one certificate"}, "fine", "approve sectigo/17 fine"},
		{"decline", approval.NewRefusal, []string{"Decline pay.example.com", "no certificate comes of it"}, "no", "decline sectigo/17 no"},
		{"cancel", func(s *view.Session, row view.Row) *approval.View {
			return approval.NewCancellation(s, row, "The order is declined.")
		}, []string{"no call that cancels", "The order is declined."}, "", "decline sectigo/17 Cancelled: not needed any more"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := viewtest.New(t)
			a := s.Account()
			s.Put(viewtest.OrderItem("17", "pay.example.com", requested))
			s.Open(tt.open(s.Session, s.Row(viewtest.AccountName, "17")))
			s.Sees(tt.says...)
			if tt.typed != "" {
				s.Press("ctrl+s")
				s.Sees("a text is needed")
				s.Press(tt.typed)
			}
			s.Press("ctrl+s", "enter")
			if len(a.Calls) != 0 {
				t.Fatalf("it did not start on Back: %q", a.Calls)
			}
			s.Press("ctrl+s", "tab", "enter")
			if !slices.Equal(a.Calls, []string{tt.sends}) {
				t.Errorf("sent %q, want %q", a.Calls, tt.sends)
			}
			if s.Top() != nil {
				t.Error("the form stays open after it was done")
			}
		})
	}
}

// The message is counted as the service counts it, and kept when it is refused.
func TestMessageIsCountedAndKept(t *testing.T) {
	s := viewtest.New(t)
	a := s.Account()
	s.Put(viewtest.OrderItem("17", "pay.example.com", requested))
	s.Open(approval.NewApproval(s.Session, s.Row(viewtest.AccountName, "17")))
	s.Press(strings.Repeat("a", 510) + "🔒")
	s.Sees("512 / 512")
	s.Press("b", "ctrl+s")
	s.Sees("513 / 512", "1 too many")
	s.Press("backspace")
	a.Err = &backend.Error{Kind: backend.KindState, State: backend.StateTooLate, Op: "approve", Advice: &backend.Advice{Cause: "Too late: somebody else decided."}}
	s.Press("ctrl+s", "tab", "enter")
	s.Sees("Too late: somebody else decided.", "What you typed is kept.")
	s.Press("esc")
	s.Sees("512 / 512")
}

// Who is too late learns it before anything is sent.
func TestTooLateIsSaidBeforeSending(t *testing.T) {
	s := viewtest.New(t)
	a := s.Account()
	s.Put(viewtest.OrderItem("17", "pay.example.com", requested))
	s.Open(approval.NewRefusal(s.Session, s.Row(viewtest.AccountName, "17")))
	s.Put(viewtest.OrderItem("17", "pay.example.com", func(it *model.Item) { viewtest.Uncertified(it, "Applied") }))
	s.Press("no", "ctrl+s")
	s.Sees("too late: the order is Applied now. Nothing was sent.")
	if len(a.Calls) != 0 {
		t.Errorf("sent %q", a.Calls)
	}
}
