package walk

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"certty/ui/ptytest"
)

// send is a changing call of another client.
func (w *world) send(method, path, body string) {
	w.t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, w.box.Access().VaultURL+path+"?api-version=7.5", content)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if status, answer := w.do(req); status >= http.StatusMultipleChoices {
		w.t.Fatalf("%s %s: %d %v", method, path, status, answer)
	}
}

// manualRequest is the body that asks for a manual certificate.
const manualRequest = `{"policy":{"issuer":{"name":"Unknown"},"key_props":{"kty":"EC","crv":"P-256"},"x509_props":{"subject":"CN=other.example.com"}}}`

// changes counts the calls of an operation.
func (w *world) changes(operation string) (n int) {
	for call, times := range w.box.Vault().Calls() {
		if call.Operation == operation {
			n += times
		}
	}
	return n
}

// TestIssuersRequest: nothing can be merged into an issuer's request that is in
// progress, and the reason is said; it is cancelled, and then a certificate from
// elsewhere is merged into it.
func TestIssuersRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.start()
	term.WaitText("intranet", "in progress")
	on(term, "intranet")
	term.Keys("m")
	term.WaitText("not now:", "issuer slow-ca works on it", "failed or was cancelled")
	term.Keys("x")
	term.WaitText("Ask for cancellation of intranet (prod)", "> [ Back ]")
	choose(t, term, "Ask for cancellation")
	term.WaitFor("cancel asked", stands("intranet", "cancel asked"))
	w.moveClock(20 * time.Minute) // a token lives for an hour
	term.WaitText("m merge")
	term.Keys("m")
	term.WaitText("Paste the signed certificate")
	term.Paste(string(w.sign("intranet")))
	term.WaitText("key matches this request's CSR", "go on")
	term.Keys("enter")
	term.WaitText("It becomes the current version at once")
	choose(t, term, "Merge")
	term.WaitText("intranet: merged; read back: leaf and key are right")
	if n := merges(w); n != 1 {
		t.Errorf("%d merges were sent, want 1", n)
	}
}

// TestDeleteRequest: what goes and what remains is said, the name is wanted, and
// the certificate object that remains is shown as what it is.
func TestDeleteRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.start()
	term.WaitText("mail-relay", "waits: merge")
	on(term, "mail-relay")
	term.Keys("d")
	term.WaitText("Delete the request of mail-relay (prod)", "This cannot be undone. The CSR goes with the request",
		"The certificate object and its name remain, with no certificate in it.", "> [ Back ]")
	if n := w.changes("DeleteCertificateOperation"); n != 0 {
		t.Fatal("deleted before anybody confirmed")
	}
	confirmName(t, term, "mail-relay")
	term.WaitFor("what remains", stands("mail-relay", "gone"))
	term.Keys("enter")
	opened(term, "CERTIFICATE OBJECT")
	term.WaitText("gone; last known:")
	if status, _ := w.get("/certificates/mail-relay/pending"); status != http.StatusNotFound {
		t.Errorf("the request is still there: %d", status)
	}
	if status, bundle := w.get("/certificates/mail-relay/"); status != http.StatusOK || bundle["x5t"] != nil {
		t.Errorf("what remains is %d %v", status, bundle)
	}
}

// TestSuperseded: another client puts a request in the place of the one whose
// question is open. The answer goes to the one that was shown, so to none; and
// the board says that it is another one.
func TestSuperseded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.start()
	term.WaitText("mail-relay", "partner-gateway", "waits: merge")
	for name, ask := range map[string]func(){
		"mail-relay": func() {
			term.Keys("x")
			term.WaitText("Ask for cancellation of mail-relay (prod)", "> [ Back ]")
		},
		"partner-gateway": func() {
			term.Keys("d")
			term.WaitText("Delete the request of partner-gateway (prod)", "> [ Back ]")
		},
	} {
		on(term, name)
		term.Keys("enter")
		opened(term, "REQUEST") // read now, so that it is not read while the question stands
		term.Keys("esc")
		term.WaitFor("the board", func(s ptytest.Screen) bool { return cursorOn(s, name) })
		ask()
		_, mine := w.get("/certificates/" + name + "/pending")
		w.send(http.MethodDelete, "/certificates/"+name+"/pending", "")
		w.send(http.MethodPost, "/certificates/"+name+"/create", manualRequest)
		_, theirs := w.get("/certificates/" + name + "/pending")
		if mine["request_id"] == theirs["request_id"] {
			t.Fatal("the request was not replaced")
		}
		if name == "mail-relay" {
			choose(t, term, "Ask for cancellation")
		} else {
			confirmName(t, term, name)
		}
		term.WaitText("Not done", "replaced")
		term.Keys("esc", "esc")
		term.WaitFor("another client's request", func(s ptytest.Screen) bool {
			return stands(name, "superseded")(s)
		})
		if status, left := w.get("/certificates/" + name + "/pending"); status != http.StatusOK ||
			left["request_id"] != theirs["request_id"] || left["cancellation_requested"] != false {
			t.Errorf("%s: the other client's request is %d %v", name, status, left)
		}
	}
	if n := w.changes("UpdateCertificateOperation") + w.changes("DeleteCertificateOperation"); n != 2 {
		t.Errorf("%d calls changed requests, want the other client's 2", n)
	}
}

// TestRequestInTheWay: caught before it is sent where it is known; explained in
// the same words where another client was a second faster: it is found by
// reading, just before the call. The form is kept.
func TestRequestInTheWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.start()
	term.WaitFor("the request", func(s ptytest.Screen) bool {
		i := s.Line(" mail-relay ")
		return i >= 0 && strings.Contains(s.Lines[i], "waits: merge")
	})
	term.Keys("n")
	term.WaitText("New request, manual")
	term.Type("CN=mail-relay")
	term.WaitText("CN=mail-relay")
	term.Keys("ctrl+s")
	term.WaitText("mail-relay already has a request in progress", "one at a time (409)", "Nothing was sent.", "   m    merge")
	if n := w.changes("CreateCertificate"); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	term.Keys("esc")
	term.WaitText("New request, manual", "CN=mail-relay")
	for range "mail-relay" {
		term.Keys("backspace")
	}
	term.Type("faster.test")
	term.WaitText("faster-test")
	term.Keys("ctrl+s")
	term.WaitText("POST /certificates/faster-test/create", "> [ Back ]")
	w.send(http.MethodPost, "/certificates/faster-test/create", manualRequest)
	choose(t, term, "Create")
	term.WaitText("faster-test already has a request in progress", "one at a time (409)", "Nothing was sent.", "   m    merge")
	term.Keys("esc")
	term.WaitText("New request, manual", "CN=faster.test")
	if n := w.changes("CreateCertificate"); n != 1 {
		t.Errorf("%d requests were sent, want the other client's", n)
	}
}
