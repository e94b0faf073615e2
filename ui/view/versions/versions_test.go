package versions_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"certty/model"
	"certty/ui/view/versions"
	"certty/ui/view/viewtest"
)

const day = 24 * time.Hour

// list is three versions, the newest not issued yet.
func list() []model.Certificate {
	version := func(id string, from, until time.Duration, change func(*model.Certificate)) model.Certificate {
		c := model.Certificate{Version: id, Issued: true, Enabled: true, Thumbprint: strings.Repeat(id[:2], 20),
			NotBefore: viewtest.Noon.Add(from), NotAfter: viewtest.Noon.Add(until)}
		if change != nil {
			change(&c)
		}
		return c
	}
	return []model.Certificate{
		version("c3pending", 0, 0, func(c *model.Certificate) { c.Issued, c.Enabled = false, false }),
		version("b2current", -10*day, 190*day, nil),
		version("a1older", -400*day, -200*day, func(c *model.Certificate) { c.Enabled = false }),
	}
}

func open(t *testing.T, change func(*model.Item)) *viewtest.Stage {
	t.Helper()
	s := viewtest.New(t, viewtest.Item("prod", "shop", func(it *model.Item) {
		it.Certificate.Version = "b2current"
		if change != nil {
			change(it)
		}
	}))
	s.Vault.List = list()
	s.Open(versions.New(s.Session, s.Row("prod", "shop").Item.Ref))
	return s
}

func TestVersionsAreListedNewestFirst(t *testing.T) {
	s := open(t, func(it *model.Item) {
		viewtest.Pending(it, model.Request{ID: "1", Phase: model.PhaseInProgress})
	})
	s.Resize(120, 20)
	s.Sees("Versions of shop (prod), 3", "waits for a merge")
	var states []string
	for line := range strings.SplitSeq(s.Frame(), "\n") {
		for _, id := range []string{"c3pending", "b2current", "a1older"} {
			if strings.Contains(line, id) {
				states = append(states, id+": "+strings.Join(strings.Fields(strings.TrimLeft(line, "> ●○…✗"))[:2], " "))
			}
		}
	}
	want := []string{"c3pending: not issued", "b2current: current b2current", "a1older: disabled a1older"}
	if !slices.Equal(states, want) {
		t.Errorf("got %q, want %q\n%s", states, want, s.Frame())
	}
	// The dates of what was never issued are placeholders.
	if strings.Count(s.Frame(), "2026-11-21") != 0 {
		t.Errorf("a placeholder is shown:\n%s", s.Frame())
	}
}

func TestAVersionIsDisabledByItsID(t *testing.T) {
	s := open(t, nil)
	s.Press("e")
	s.Said("nothing was issued in this version")
	s.Press("j", "e")
	s.Sees("Disable shop (prod)", "version b2current")
	s.Vault.List[1].Enabled = false
	s.Press("tab", "enter")
	if want := []string{"update prod/shop@b2current enabled=false"}; !slices.Equal(s.Vault.Calls, want) {
		t.Errorf("sent %q, want %q", s.Vault.Calls, want)
	}
	s.Sees("disabled b2current")
}

func TestAVersionIsDownloadedAndCopied(t *testing.T) {
	s := open(t, nil)
	s.Press("j", "t")
	s.Said("thumbprint sent")
	s.Press("i")
	s.Said("vault id sent")
	authority := viewtest.NewAuthority(t)
	s.Vault.List[1].DER = authority.Issue(viewtest.Key(t), "older.example.com")
	s.Press("w")
	s.Sees("Download shop (prod)", "older.example.com")
}

func TestSoftDeletedVersionsStay(t *testing.T) {
	s := open(t, func(it *model.Item) { it.Deletion = &model.Deletion{At: viewtest.Noon} })
	s.Press("j", "e")
	s.Said("recover it first")
}

func TestReadingFails(t *testing.T) {
	s := viewtest.New(t, viewtest.Item("prod", "shop", nil))
	s.Vault.ReadErr = errors.New("no route")
	s.Open(versions.New(s.Session, s.Row("prod", "shop").Item.Ref))
	s.Sees("no route")
	s.Press("e")
	s.Said("no version is listed")
	s.Vault.ReadErr, s.Vault.List = nil, list()
	s.Press("r")
	s.Sees("b2current")
	// What was read stays when the next reading fails.
	s.Vault.ReadErr = errors.New("no route")
	s.Press("r")
	s.Sees("b2current", "Not read again")
}

func TestSizes(t *testing.T) {
	s := open(t, nil)
	for _, w := range []int{1, 3, 10, 40, 80, 200} {
		for _, h := range []int{1, 2, 3, 4, 10} {
			s.Resize(w, h)
			if n := strings.Count(s.Frame(), "\n") + 1; n != h {
				t.Errorf("%dx%d: %d lines", w, h, n)
			}
		}
	}
}
