package order_test

import (
	"errors"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
	"certty/ui/view/order"
	"certty/ui/view/viewtest"
)

// configured is where the configuration of these tests has the files go.
var configured = model.Deployment{Dir: "/etc/tls", Owner: "root:web", Mode: 0o640}

// configure sets where the files of the account's certificates go by default.
func (d *desk) configure(files model.Deployment) {
	targets := d.Session.Desk.Targets()
	for i := range targets {
		if targets[i].Info.Name == viewtest.AccountName {
			targets[i].Files = files
		}
	}
	d.Session.Desk.Equip(targets, nil)
}

// clear empties the field of that label.
func (d *desk) clear(label string) {
	d.t.Helper()
	d.to(label)
	for range len("/srv/before") {
		d.Press("backspace")
	}
}

// orderingAt opens the form of an order that only waits for what a test says of its
// files.
func orderingAt(t *testing.T, files model.Deployment) *desk {
	t.Helper()
	d := newDesk(t)
	d.configure(files)
	d.Open(order.New(d.Session, viewtest.AccountName))
	d.fill("Common name", "shop.example.com")
	d.choose("Key algorithm", "EC")
	d.password(canary)
	d.fill("Cost centre", "4711")
	d.Resize(80, 60)
	return d
}

// The configuration counts where the order says nothing else.
func TestConfiguredFiles(t *testing.T) {
	for name, tt := range map[string]struct {
		files model.Deployment
		typed func(*desk)
		says  string
		want  *model.Deployment
	}{
		"nothing typed": {configured, func(*desk) {}, "files /etc/tls, owner root:web, files with a key 0640", &configured},
		"another folder": {configured, func(d *desk) {
			d.fill("More", "enter")
			d.fill("Files", "enter")
			d.clear("Folder")
			d.Press("/srv")
		}, "files /srv, owner root:web", &model.Deployment{Dir: "/srv", Owner: "root:web", Mode: 0o640}},
		"no folder": {configured, func(d *desk) {
			d.fill("More", "enter")
			d.fill("Files", "enter")
			d.clear("Folder")
			// What the account offers is read anew, and the form made anew with it.
			d.Press("ctrl+r")
		}, "", nil},
		"nothing configured":       {model.Deployment{}, func(*desk) {}, "", nil},
		"an owner configured only": {model.Deployment{Owner: "web"}, func(*desk) {}, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := orderingAt(t, tt.files)
			tt.typed(d)
			d.Press("ctrl+s")
			d.Sees("> [ Back ]")
			if tt.says != "" {
				d.Sees(tt.says)
			} else if strings.Contains(d.Frame(), "files ") {
				t.Errorf("files are announced:\n%s", d.Frame())
			}
			d.Press("tab", "enter")
			d.sent("order shop.example.com")
			d.went(d.held(), tt.want)
		})
	}
}

// went fails unless the files of a holding go there.
func (d *desk) went(h backend.Holding, want *model.Deployment) {
	d.t.Helper()
	if got := h.Deploy; (got == nil) != (want == nil) || got != nil && *got != *want {
		d.t.Errorf("the files go to %+v, want %+v", got, want)
	}
}

// An owner without a folder is the person's mistake only if the person typed it.
func TestOwnerWithoutAFolder(t *testing.T) {
	d := orderingAt(t, model.Deployment{Owner: "web"})
	d.fill("More", "enter")
	d.fill("Files", "enter")
	d.fill("Owner", ":tls")
	d.Press("ctrl+s")
	d.Sees("a folder is needed for the files")
	d.sent()
}

// successors opens a renewal or a replacement of an order that is held here with
// files that go somewhere, or that is not.
func successors(t *testing.T, went *model.Deployment, err error, open func(*desk)) *desk {
	t.Helper()
	d := newDesk(t)
	d.configure(configured)
	it := issued(nil)
	if went != nil {
		d.Account.Held(it, backend.Holding{Record: model.Record{Step: model.StepCollected, ChainSerial: "a93e77"}, Deploy: went})
	}
	d.Shelf.Unread = err
	d.Put(it)
	open(d)
	d.Resize(100, 60)
	return d
}

// A successor's files go where those of the order went, else where the
// configuration says.
func TestFilesOfSuccessors(t *testing.T) {
	before := model.Deployment{Dir: "/srv/before", Mode: 0o600}
	renew := func(d *desk) { d.Open(order.NewRenew(d.Session, d.Row(viewtest.AccountName, "77"))) }
	for name, tt := range map[string]struct {
		went  *model.Deployment
		typed func(*desk)
		says  string
		want  *model.Deployment
	}{
		"as before":   {&before, func(*desk) {}, "files /srv/before, files with a key 0600", &before},
		"not managed": {nil, func(*desk) {}, "files /etc/tls, owner root:web", &configured},
		"emptied": {&before, func(d *desk) {
			d.fill("Files", "enter")
			d.clear("Folder")
		}, "costs", nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := successors(t, tt.went, nil, renew)
			tt.typed(d)
			d.Press("ctrl+s")
			d.Sees(tt.says)
			d.Press("tab", "enter")
			d.sent("renew sectigo/77")
			for _, h := range d.Shelf.Holdings {
				if h.Record.Renews == "77" {
					d.went(h, tt.want)
				}
			}
		})
	}
}

// What can't be read is said, and the configuration counts.
func TestFilesThatCannotBeRead(t *testing.T) {
	d := successors(t, nil, errors.New("it is damaged"), func(d *desk) {
		d.Open(order.NewRenew(d.Session, d.Row(viewtest.AccountName, "77")))
	})
	d.Sees("Where the files of the order went can't be read", "it is damaged", "Files /etc/tls")
}

// The files of a replaced certificate can stay at home as well.
func TestFilesOfAReplacement(t *testing.T) {
	before := model.Deployment{Dir: "/srv/before"}
	open := func(d *desk) {
		d.Open(order.NewReplace(d.Session, d.Row(viewtest.AccountName, "77")))
		d.fill("Reason", "r")
		d.choose("Key ", "made here")
		d.password(canary)
	}
	d := successors(t, &before, nil, open)
	d.Press("ctrl+s")
	d.Sees("files /srv/before")
	d.Press("tab", "enter")
	d.went(d.Shelf.Holdings["77"], &before)

	d = successors(t, &before, nil, open)
	d.fill("Files", "enter")
	d.clear("Folder")
	d.Press("ctrl+s", "tab", "enter")
	d.sent("replace sectigo/77@a93e77 www.example.com static.example.com")
	d.went(d.Shelf.Holdings["77"], nil)
}
