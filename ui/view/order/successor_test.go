package order_test

import (
	"crypto/elliptic"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
	"certty/ui/view/order"
	"certty/ui/view/viewtest"
)

// issued is an order with a certificate, in the account of every test.
func issued(change func(*model.Item)) *model.Item {
	return viewtest.OrderItem("77", "www.example.com", func(it *model.Item) {
		it.Order.SANs = []string{"www.example.com", "static.example.com"}
		it.Order.ProfileID, it.Order.Profile, it.Order.OrganizationID = 101, "Quick", 10
		if change != nil {
			change(it)
		}
	})
}

func renewing(t *testing.T, change func(*model.Item)) *desk {
	t.Helper()
	d := newDesk(t)
	d.Put(issued(change))
	row := d.Row(viewtest.AccountName, "77")
	if why := order.WhyNoRenew(d.caps, row); why != "" {
		t.Fatal(why)
	}
	d.Open(order.NewRenew(d.Session, row))
	return d
}

func TestRenewWithTheOldKey(t *testing.T) {
	d := renewing(t, nil)
	d.Sees("Renew www.example.com", "old certificate stays valid until 2027-02-28; revoke it when nobody uses it any more",
		"The new certificate is for the key that the old one has. Who has that key has it for another term.")
	d.Press("ctrl+s")
	d.Sees("key the old one, once more", "old key is not here: it is wherever the old CSR was made", "the account chooses it itself, not always the old one; expect 199 days",
		"one certificate of the contract", "> [ Back ]")
	d.sent()
	d.Press("tab", "enter")
	d.sent("renew sectigo/77")
	h := d.held()
	if h.Record.Renews != "77" || len(h.Spec.CSR) != 0 || h.Spec.CommonName != "www.example.com" {
		t.Errorf("%+v %+v", h.Record, h.Spec)
	}
}

func TestRenewWithANewKey(t *testing.T) {
	d := renewing(t, nil)
	d.choose("Key ", "made here")
	d.choose("Key algorithm", "EC")
	d.choose("Key size", "P-384")
	d.password("short")
	d.Press("ctrl+s")
	d.Sees("8 characters or more")
	d.fill("Password ", "-"+canary)
	d.fill("Password again", "-"+canary)
	d.Press("ctrl+s")
	d.Sees("EC P-384, made here", "PKCS#12")
	d.secretless()
	d.Press("tab", "enter")
	d.sent("renew sectigo/77")
	h := d.held()
	if key, err := model.KeyOf(h.Spec.CSR); err != nil || key.String() != "EC P-384" || len(h.Keys) != 1 || h.Record.KeystoreType != "pkcs12" {
		t.Errorf("%s, %v, %+v", key, err, h.Record)
	}
	d.secretless()
}

func TestRenewWithACSR(t *testing.T) {
	d := renewing(t, nil)
	d.paste(armor(request(t, elliptic.P256(), "other.example.com")))
	d.Press("ctrl+s")
	d.Sees("the CSR is for other.example.com; a renewal keeps the name www.example.com")
	d.to("CSR ")
	d.paste(armor(request(t, elliptic.P521(), "www.example.com")))
	d.Press("ctrl+s")
	d.Sees("the profile takes no EC P-521 key")
	d.to("CSR ")
	d.paste(armor(request(t, elliptic.P256(), "www.example.com")))
	d.Press("ctrl+s")
	d.Sees("the CSR lacks static.example.com, which the old certificate has")
	d.Press("tab", "enter")
	d.sent("renew sectigo/77")
}

// An account without validation beforehand wants to be told how for the successor
// as well.
func TestSuccessorsValidateTheirNames(t *testing.T) {
	d := renewing(t, func(it *model.Item) { it.Order.SANs = []string{"*.example.com"} })
	d.fill("Validation", "enter")
	d.choose("Domain validation", "HTTPS")
	d.Press("ctrl+s")
	d.Sees("proves no wildcard such as *.example.com")
	d.choose("Domain validation", "e-mail")
	d.Press("ctrl+s")
	d.Sees("an address is needed")
	d.fill("Validation e-mail", "admin@example.com")
	d.Press("ctrl+s")
	d.Sees("validation e-mail, for this order, asking admin@example.com")
	d.Press("tab", "enter")
	d.sent("renew sectigo/77 by EMAIL admin@example.com")

	d = replacing(t)
	d.fill("Reason", "r")
	d.paste(armor(request(t, elliptic.P256(), "www.example.com")))
	d.fill("Validation", "enter")
	d.choose("Domain validation", "CNAME")
	d.Press("ctrl+s")
	d.Sees("validation CNAME, for this order")
	d.Press("tab", "enter")
	d.sent("replace sectigo/77@a93e77 www.example.com static.example.com by CNAME")
}

// The old profile may be gone: nothing else says so before it costs a call.
func TestRenewOfAGoneProfile(t *testing.T) {
	d := renewing(t, func(it *model.Item) { it.Order.ProfileID = 103 })
	d.Press("ctrl+s")
	d.Sees("the account does not offer the old profile any more")
}

func TestRenewUncertain(t *testing.T) {
	d := renewing(t, nil)
	d.Err = &backend.Error{Kind: backend.KindUncertain, Message: "the connection ended"}
	d.order()
	d.Sees("It may have been ordered: www.example.com", "by the order 77 that it renews", "Nothing is sent again")
	d.Press("esc")
	if d.Top() != nil {
		t.Errorf("there is a form that could renew again:\n%s", d.Frame())
	}
	// Another form meets the one that is not settled.
	d.Err = nil
	d.Open(order.NewRenew(d.Session, d.Row(viewtest.AccountName, "77")))
	d.order()
	d.Sees("It is being renewed already", "It may have been placed; it is being looked for. Nothing was sent.")
	d.sent("renew sectigo/77")
}

func TestRenewRefused(t *testing.T) {
	d := renewing(t, nil)
	d.Err = &backend.Error{Kind: backend.KindInvalid, Message: "profile doesn't allow renew", Code: "-180"}
	d.order()
	d.Sees("profile doesn't allow renew", "Nothing was ordered.")
	d.Press("esc")
	d.Sees("Renew www.example.com")
}

func replacing(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.Put(issued(nil))
	row := d.Row(viewtest.AccountName, "77")
	if why := order.WhyNoReplace(d.caps, row); why != "" {
		t.Fatal(why)
	}
	d.Open(order.NewReplace(d.Session, row))
	return d
}

func TestReplace(t *testing.T) {
	d := replacing(t)
	d.Sees("Replace www.example.com", "serial a93e77, stays valid until the CA revokes it", "Other names static.example.com", "0 / 512")
	d.fill("Reason", "key 🔑")
	d.Sees("6 / 512")
	d.choose("Key ", "made here")
	d.choose("Key algorithm", "EC")
	d.password(canary)
	d.Resize(80, 40)
	d.Press("ctrl+s")
	d.Sees("77, which keeps its id and its term", "key 🔑", "the CA issues under another serial number. certty waits for that one", "> [ Back ]")
	d.secretless()
	d.sent()
	d.Press("tab", "enter")
	d.sent("replace sectigo/77@a93e77 www.example.com static.example.com")
	h := d.held()
	if h.Record.ChainSerial != "a93e77" || len(h.Keys) != 1 {
		t.Errorf("%+v: the old serial number counts as collected", h.Record)
	}
	d.secretless()
}

func TestReplaceBadInput(t *testing.T) {
	for name, tt := range map[string]struct {
		do   func(*desk)
		says string
	}{
		"no reason":       {func(d *desk) { d.to("Reason"); d.Press("backspace") }, "SCM takes none without"},
		"reason too long": {func(d *desk) { d.to("Reason"); d.paste(strings.Repeat("r", 512)) }, "1 too many"},
		"open domain":     {func(d *desk) { d.fill("Other names", ", a.open.example.org") }, "is not validated"},
		"no password":     {func(*desk) {}, "a password is needed"},
	} {
		t.Run(name, func(t *testing.T) {
			d := replacing(t)
			d.fill("Reason", "r")
			tt.do(d)
			d.Press("ctrl+s")
			d.Sees("Replace www.example.com", tt.says)
			d.sent()
		})
	}
}

// A name that the old certificate has and the new one has not is said.
func TestReplaceLosesAName(t *testing.T) {
	d := replacing(t)
	d.fill("Reason", "r")
	d.paste(armor(request(t, elliptic.P256(), "www.example.com", "www.example.com", "api.example.com")))
	d.Press("ctrl+s")
	d.Sees("other names api.example.com", "the new certificate is not for static.example.com any more")
}

func TestReplaceUncertain(t *testing.T) {
	d := replacing(t)
	d.fill("Reason", "r")
	d.paste(armor(request(t, elliptic.P256(), "www.example.com")))
	d.Err = &backend.Error{Kind: backend.KindUncertain, Message: "the connection ended"}
	d.order()
	d.Sees("It may be being replaced", "if the CA issues another serial number, it was", "Nothing is sent again", "g go to that order")
	d.Press("esc")
	if d.Top() != nil {
		t.Errorf("there is a form that could ask again:\n%s", d.Frame())
	}
}

func TestReasons(t *testing.T) {
	status := func(status string) func(*model.Item) {
		return func(it *model.Item) { it.Order.Status, it.Order.Phase = status, model.ParseOrderPhase(status) }
	}
	for name, tt := range map[string]struct {
		change              func(*model.Item)
		renew, replace, new string // "" is possible
	}{
		"issued":      {nil, "", "", ""},
		"expired":     {status("Expired"), "", "only an issued", ""},
		"requested":   {status("Requested"), "nothing was issued", "only an issued", ""},
		"revoked":     {status("Revoked"), "revoked: make a new order", "only an issued", ""},
		"replaced":    {status("Replaced"), "took its place", "only an issued", ""},
		"renewed":     {func(it *model.Item) { it.Order.Renewed = true }, "renewed it already", "", ""},
		"not read":    {func(it *model.Item) { it.Order.Status = "" }, "not read yet", "not read yet", "not read yet"},
		"no serial":   {func(it *model.Item) { it.Certificate.Serial = "" }, "", "serial number was not read", ""},
		"no id":       {func(it *model.Item) { it.Order = nil; it.Record = &model.Record{} }, "does not know this order yet", "does not know this order yet", "does not know this order yet"},
		"in a vault":  {func(it *model.Item) { it.Order = nil }, "no order of a CA account", "no order of a CA account", "no order of a CA account"},
		"new status?": {status("Suspended"), "nothing was issued", "only an issued", ""},
	} {
		d := newDesk(t)
		d.Put(issued(tt.change))
		row := d.Row(viewtest.AccountName, "77")
		for what, pair := range map[string][2]string{
			"renew": {order.WhyNoRenew(d.caps, row), tt.renew}, "replace": {order.WhyNoReplace(d.caps, row), tt.replace}, "again": {order.WhyNoAgain(d.caps, row), tt.new},
		} {
			if got, want := pair[0], pair[1]; (got == "") != (want == "") || !strings.Contains(got, want) {
				t.Errorf("%s, %s: %q, want %q", name, what, got, want)
			}
		}
		none := backend.Capabilities{OrderWhy: "read-only", RenewWhy: "read-only"}
		if order.WhyNoOrder(none) != "read-only" || order.WhyNoRenew(none, row) != "read-only" || order.WhyNoReplace(none, row) == "" {
			t.Error("a missing capability has no reason")
		}
	}
}

// While a renewal is on its way or in doubt no form opens for another one.
func TestRenewalUnderWay(t *testing.T) {
	for step, opens := range map[model.RecordStep]bool{
		model.StepSending: false, model.StepUndecided: false, model.StepPlaced: false, model.StepCollected: false, model.StepRefused: true,
	} {
		d := newDesk(t)
		old := viewtest.OrderItem("77", "www.example.com", nil)
		next := d.Unplaced("renew:77:1", "www.example.com", step)
		next.Record.Renews = "77"
		d.Put(old, next)
		d.Open(order.NewRenew(d.Session, d.Row(viewtest.AccountName, "77")))
		if opens {
			d.Sees("Renew www.example.com")
			continue
		}
		d.Sees("It is being renewed already", next.Record.Stands(), "g go to that order")
	}
}
