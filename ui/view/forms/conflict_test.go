package forms

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/view"
)

// someWays are the actions of a row, in an order of their own; off says which
// can't be done, took notes which was.
func someWays(took *[]string, off ...string) Ways {
	return func(view.Row) []keys.Action {
		var all []keys.Action
		for _, def := range []keys.Def{keys.DeleteRequest, keys.SaveCSR, keys.Merge, keys.NewVersion, keys.Cancel} {
			a := keys.Action{Def: def, Run: func() tea.Cmd { *took = append(*took, def.ID); return nil }}
			if slices.Contains(off, def.ID) {
				a.Disabled = "not now"
			}
			all = append(all, a)
		}
		return all
	}
}

func pending(issuer string) *model.Request {
	r := open()
	r.Issuer.Name = issuer
	return r
}

// over opens each form over a request in progress, up to the card.
var over = map[string]func(*screen, Ways){
	"create":      func(s *screen, ways Ways) { s.open(NewCreate(s.s, ways)); s.press("CN=shop", "ctrl+s") },
	"import":      func(s *screen, ways Ways) { s.open(NewImport(s.s, ways)); s.found("shop.pfx", pfx); s.press("ctrl+s") },
	"new version": func(s *screen, ways Ways) { s.open(NewVersion(s.s, s.row("shop"), ways)) },
}

// TestWaysOut is the documented list: a manual request is merged or deleted, an
// issuer's is waited for or deleted; cancellation comes first where it applies.
func TestWaysOut(t *testing.T) {
	for _, tt := range []struct {
		name   string
		issuer string
		off    []string
		want   []string
	}{
		{"manual", "Unknown", nil, []string{"cancel", "merge", "save-csr", "delete-request", "back"}},
		{"manual, cancellation asked", "", []string{"cancel"}, []string{"merge", "save-csr", "delete-request", "back"}},
		{"issuer", "contoso-ca", []string{"merge"}, []string{"cancel", "wait", "delete-request", "back"}},
		{"issuer, cancellation asked", "contoso-ca", []string{"cancel", "merge"}, []string{"wait", "delete-request", "back"}},
		{"the vault itself", "Self", []string{"merge"}, []string{"cancel", "wait", "delete-request", "back"}},
	} {
		for form, enter := range over {
			t.Run(tt.name+", "+form, func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					var took []string
					s := newScreen(t, item("shop", func(it *model.Item) { it.Request = pending(tt.issuer) }))
					enter(s, someWays(&took, tt.off...))
					s.sees("shop already has a request in progress", "Nothing was sent.", "leave everything as it is")
					var got []string
					for _, a := range s.top().Actions() {
						got = append(got, a.ID)
					}
					if !slices.Equal(got, tt.want) {
						t.Errorf("offered %q, want %q", got, tt.want)
					}
					s.press("d")
					if !slices.Equal(took, []string{"delete-request"}) || strings.Contains(s.below(), "already has") {
						t.Errorf("took %q:\n%s", took, s.below())
					}
				})
			})
		}
	}
}

// below is what is open now; "" when nothing is.
func (s *screen) below() string {
	if len(s.stack) == 0 {
		return ""
	}
	return s.frame()
}

// Who waits goes on by itself once the request has ended, and is asked as ever.
func TestWaiting(t *testing.T) {
	for form, want := range map[string]string{"create": "Create shop (prod)", "import": "Import shop (prod)", "new version": "New version of shop (prod)"} {
		t.Run(form, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var took []string
				it := holding(stored())
				it.Request = pending("contoso-ca")
				s := newScreen(t, it)
				s.h = 40
				over[form](s, someWays(&took))
				s.press("w")
				s.sees("Waiting. It goes on by itself")
				s.holds(it)
				s.sees("Waiting. It goes on by itself")
				ended := *it
				ended.Request = pending("contoso-ca")
				ended.Request.Phase = model.PhaseFailed
				s.holds(&ended)
				s.sees(want, "> [ Back ]")
				if s.vault.sent() != 0 {
					t.Error("sent without a question")
				}
			})
		})
	}
}

func TestAnEndedRequestIsNotInTheWay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var took []string
		it := item("shop", func(it *model.Item) { it.Request = pending("contoso-ca") })
		s := newScreen(t, it)
		over["create"](s, someWays(&took))
		s.holds(item("shop", nil))
		s.sees("No request is in progress there any more", "go on", "your form is kept")
		s.press("enter")
		s.sees("Create shop (prod)")
	})
}

// The name is listed, but its request was not read yet: that is done before
// anything is asked, and a person who won't wait goes on without.
func TestUnreadRequestIsReadFirst(t *testing.T) {
	unread := item("shop", func(it *model.Item) { it.RequestReadAt = time.Time{} })
	const reading = "was not read yet; it is being read"
	for _, tt := range []struct {
		name string
		then func(*screen)
		want string
	}{
		{"one is in progress", func(s *screen) { s.holds(item("shop", func(it *model.Item) { it.Request = pending("Unknown") })) }, "shop already has a request in progress"},
		{"none is", func(s *screen) { s.holds(item("shop", nil)) }, "Create shop (prod)"},
		{"the row is gone", func(s *screen) { s.holds() }, "Create shop (prod)"},
		{"other news", func(s *screen) { s.holds(unread, item("www", nil)) }, reading},
		{"nobody waits", func(s *screen) { s.press("ctrl+s") }, "Create shop (prod)"},
		{"another name is typed", func(s *screen) { s.press("tab", "backspace"); s.holds(item("shop", nil)) }, "New request"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var took []string
				s := newScreen(t, unread)
				over["create"](s, someWays(&took))
				s.sees("New request", reading)
				if !slices.Equal(s.poller.looked, []string{"shop"}) {
					t.Errorf("looked at %q", s.poller.looked)
				}
				tt.then(s)
				s.sees(tt.want)
				if len(s.stack) > 2 || s.vault.sent() != 0 {
					t.Errorf("%d views are open, %d calls were sent", len(s.stack), s.vault.sent())
				}
			})
		})
	}
}

// The row vanishes while the card stands that nothing was sent for: nobody else
// asked for anything.
func TestRowOfTheCardVanishes(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var took []string
		s := newScreen(t, item("shop", func(it *model.Item) { it.Request = pending("contoso-ca") }))
		over["create"](s, someWays(&took))
		s.holds()
		s.sees("No request is in progress there any more", "your form is kept")
		s.seesNot("Another client")
		s.press("enter")
		s.sees("Create shop (prod)")
	})
}

// Another client was faster than the refresh: the card waits for the news
// instead of showing an older request, and an import has forgotten its secrets.
func TestRefusedBeforeItIsKnown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var took []string
		was := item("shop", func(it *model.Item) { it.Request = pending("contoso-ca"); it.Request.Phase = model.PhaseCompleted })
		s := newScreen(t, was)
		s.vault.err = &backend.Error{Kind: backend.KindState, State: backend.StatePending, Status: 409}
		over["import"](s, someWays(&took))
		s.answer("tab", "enter")
		s.sees("Another client asked for it just now", "nothing was changed", "being read")
		if got := len(s.top().Actions()); got != 1 {
			t.Errorf("%d ways out of what is not known", got)
		}
		now := item("shop", func(it *model.Item) { it.Request = pending("contoso-ca"); it.RequestReadAt = noon.Add(1) })
		s.holds(now)
		s.sees("issuer contoso-ca, request 2c1f")
		s.press("w")
		s.holds(item("shop", func(it *model.Item) { it.RequestReadAt = noon.Add(2) }))
		s.sees("Import a certificate with its key", "A password has to be typed again", "shop.pfx")
	})
}
