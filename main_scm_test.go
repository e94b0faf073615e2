package main

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"certty/backend/sandbox/scenario"
	"certty/backend/sandbox/scmserver"
)

// accountCommands are what scripts do to the account of their sandbox.
func (s *stage) accountCommands() map[string]func(*testscript.TestScript, bool, []string) {
	usage := func(ts *testscript.TestScript, args []string, n int, text string) {
		if len(args) != n {
			ts.Fatalf("usage: %s", text)
		}
	}
	return map[string]func(*testscript.TestScript, bool, []string){
		// approve NAME approves the newest order of that common name, as another
		// administrator.
		"approve": func(ts *testscript.TestScript, _ bool, args []string) {
			usage(ts, args, 1, "approve NAME")
			ts.Check(s.box(ts).SCM().Approve(s.newest(ts, args[0]).ID, "joe.root"))
		},
		// publish NAME publishes the record that a domain or an order waits for.
		"publish": func(ts *testscript.TestScript, _ bool, args []string) {
			usage(ts, args, 1, "publish NAME")
			if !s.box(ts).SCM().Publish(args[0]) {
				ts.Fatalf("nothing waits for %s", args[0])
			}
		},
		// lag DURATION has the account's lists lag behind.
		"lag": func(ts *testscript.TestScript, _ bool, args []string) {
			usage(ts, args, 1, "lag DURATION")
			d, err := time.ParseDuration(args[0])
			ts.Check(err)
			settings := s.box(ts).SCM().Settings()
			settings.ListingDelay, settings.ReportDelay = d, d
			s.box(ts).SCM().SetSettings(settings)
		},
		// deny [PRIVILEGE...] takes privileges from the administrator, and gives the
		// others back.
		"deny": func(ts *testscript.TestScript, _ bool, args []string) {
			settings := s.box(ts).SCM().Settings()
			settings.Denied = nil
			for _, p := range args {
				settings.Denied = append(settings.Denied, scmserver.Privilege(p))
			}
			s.box(ts).SCM().SetSettings(settings)
		},
		// order-id NAME VARIABLE sets a variable to the id of the newest order of
		// that common name.
		"order-id": func(ts *testscript.TestScript, _ bool, args []string) {
			usage(ts, args, 2, "order-id NAME VARIABLE")
			ts.Setenv(args[1], strconv.Itoa(s.newest(ts, args[0]).ID))
		},
		// double NAME has the account hold the newest order of that common name twice.
		"double": func(ts *testscript.TestScript, _ bool, args []string) {
			usage(ts, args, 1, "double NAME")
			o := s.newest(ts, args[0])
			_, err := s.box(ts).SCM().Add(scmserver.Entry{
				CommonName: o.CommonName, Names: o.Names, Organization: scenario.OrgExample, Profile: o.Profile, Term: o.Term, Comments: o.Comments,
				Requested: s.box(ts).Clock().Now(), Status: scmserver.StatusRequested,
			})
			ts.Check(err)
		},
		// enrolled N counts what was ordered from here, each reference once.
		"enrolled": func(ts *testscript.TestScript, _ bool, args []string) {
			usage(ts, args, 1, "enrolled N")
			n := 0
			for comments, times := range maps.All(s.box(ts).SCM().Enrolled()) {
				if !strings.HasPrefix(comments, "certty:") {
					continue
				}
				if n++; times != 1 {
					ts.Fatalf("%q was ordered %d times", comments, times)
				}
			}
			if strconv.Itoa(n) != args[0] {
				ts.Fatalf("ordered from here: %d", n)
			}
		},
		// standing NAME STATUS checks how the newest order of that common name
		// stands at the account.
		"standing": func(ts *testscript.TestScript, neg bool, args []string) {
			usage(ts, args, 2, "standing NAME STATUS")
			if o := s.newest(ts, args[0]); strings.EqualFold(string(o.Status), args[1]) == neg {
				ts.Fatalf("%s stands at %s", args[0], o.Status)
			}
		},
	}
}

// newest is the order of a common name that was made last.
func (s *stage) newest(ts *testscript.TestScript, name string) scmserver.Order {
	all, err := s.box(ts).SCM().Orders()
	ts.Check(err)
	all = slices.DeleteFunc(all, func(o scmserver.Order) bool { return o.CommonName != name })
	if len(all) == 0 {
		ts.Fatalf("nobody ordered %s", name)
	}
	return slices.MaxFunc(all, func(a, b scmserver.Order) int { return cmp.Compare(a.ID, b.ID) })
}
