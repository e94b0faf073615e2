package walk

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"

	broken "certty/backend/sandbox/fault"
	"certty/backend/sandbox/scmserver"
	"certty/ui/ptytest"
)

// orderAt is the newest order of a name at the account's server.
func (w *world) orderAt(name string) scmserver.Order {
	w.t.Helper()
	orders, err := w.box.SCM().Orders()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, o := range slices.Backward(orders) {
		if o.CommonName == name {
			return o
		}
	}
	w.t.Fatalf("the account has no order for %s", name)
	return scmserver.Order{}
}

// called counts what the account's server answered with success.
func (w *world) called(operation string) (n int) {
	for call, times := range w.box.SCM().Calls() {
		if call.Operation == operation && call.Status < 300 {
			n += times
		}
	}
	return n
}

// ask reads from the account as another client would.
func (w *world) ask(path string, into any) {
	w.t.Helper()
	a := w.box.Access().SCM
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, a.URL+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	for name, value := range map[string]string{"login": a.Login, "password": a.Password, "customerUri": a.CustomerURI} {
		req.Header.Set(name, value)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: w.box.CAPool(), MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode != http.StatusOK {
		w.t.Fatalf("%s answers %d, %v", path, resp.StatusCode, err)
	}
}

// TestStuckOrderByKeyboard has an order explained that waits for its DNS record,
// and has the CA look again, once in vain and once after it was published. The
// order is taken over, its certificate fetched by a key and written with its
// chain. Then another order is declined with a message.
func TestStuckOrderByKeyboard(t *testing.T) {
	t.Parallel()
	const name, other = "landing.example.net", "bank.example.com"
	w := newWorld(t, true)
	w.withAccount()
	var told struct {
		Instructions []struct{ Host, Point string } `json:"instructions"`
	}
	w.ask(fmt.Sprintf("/ssl/v1/%d/dcv", w.orderAt(name).ID), &told)
	if len(told.Instructions) != 1 {
		t.Fatalf("the account tells %v", told)
	}
	record := told.Instructions[0]
	term := w.startWith(ptytest.Options{Cols: 200, Rows: 50})
	term.WaitText("● sectigo", "● prod")
	onOrder(term, name)
	term.WaitText("waits: validation", "The CA waits for the proof", "v validation")
	term.Keys("v")
	term.WaitText("Validation of "+name, "TO PUBLISH FOR "+name, "CNAME", record.Host, record.Point, "Awaiting", "next look")
	term.Keys("c")
	term.WaitText("Have the CA look again", "> [ Back ]")
	if n := w.called("RecheckCertificateDCV"); n != 0 {
		t.Fatal("the CA was asked before anybody confirmed")
	}
	choose(t, term, "Look again")
	waitUntil(t, "the CA to look", func() bool { return w.called("RecheckCertificateDCV") == 1 })
	term.WaitText("the CA was asked to look again", record.Point)
	if now := w.orderAt(name); now.Status != scmserver.StatusApplied {
		t.Errorf("without its record the order is %s", now.Status)
	}
	if !w.box.SCM().Publish(name) {
		t.Fatal("nothing waits for the record")
	}
	term.Keys("c")
	choose(t, term, "Look again")
	term.WaitText("Nothing: control of the domain is proved")
	if now := w.orderAt(name); now.Status != scmserver.StatusIssued {
		t.Errorf("with its record the order is %s", now.Status)
	}
	term.Keys("esc")
	term.WaitGone("Validation of")
	term.Keys("c")
	row(term, "100%")

	// What is imported is collected by itself, too; this one is for the key.
	id := strconv.Itoa(w.orderAt(name).ID)
	if err := w.box.SCM().Inject(broken.Fault{Kind: broken.Refuse, Status: http.StatusServiceUnavailable, Operation: "Collect", Name: id}); err != nil {
		t.Fatal(err)
	}
	term.Keys("I")
	term.WaitText("sectigo: what the account offers", "Synced <1m ago")
	term.Keys("i")
	term.WaitText("Import orders from sectigo", "[ Import ]") // what the account offers was read
	term.Keys("ctrl+s")
	term.WaitText("The account's whole list was read.")
	term.Keys("esc", "esc")
	term.WaitText("f collect")
	w.box.SCM().ClearFaults()
	term.Keys("f")
	term.WaitText(name+": collected", "w download")
	term.Keys("w")
	term.WaitText("Download "+name, "intermediate", "root", name+"-chain.pem")
	term.Keys("ctrl+s")
	term.WaitText("2 certificates saved")
	w.wroteChain(name+"-chain.pem", name)

	term.Keys("esc")
	toOrder(term, other)
	term.WaitText("N decline")
	term.Keys("N")
	term.WaitText("Decline "+other+" (sectigo, order", "no certificate comes of it")
	term.Keys("ctrl+s")
	term.WaitText("a text is needed")
	term.Type("ask the security team first")
	term.Keys("ctrl+s")
	term.WaitText("Sends: POST /ssl/v1/decline/", "> [ Back ]")
	choose(t, term, "Decline")
	term.WaitText(other + ": declined")
	if now := w.orderAt(other); now.Status != scmserver.StatusDeclined || now.Message != "ask the security team first" {
		t.Errorf("the declined order is %s, %q", now.Status, now.Message)
	}
	quit(t, term)
}

// wroteChain wants a file to hold an order's certificate as the account has it,
// and the one that signed it.
func (w *world) wroteChain(file, name string) {
	w.t.Helper()
	var chain []*x509.Certificate
	for block, rest := pem.Decode(w.read(file)); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			w.t.Fatal(err)
		}
		chain = append(chain, c)
	}
	if len(chain) != 2 || !bytes.Equal(chain[0].Raw, w.orderAt(name).Leaf) {
		w.t.Fatalf("%d certificates were written, or the first is not the account's", len(chain))
	}
	if err := chain[0].CheckSignatureFrom(chain[1]); err != nil {
		w.t.Error(err)
	}
	openssl(w.t, w, "x509", "PEM", file, name)
}
