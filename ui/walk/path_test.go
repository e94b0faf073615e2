package walk

import (
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/backend/sandbox"
	"certty/ui/ptytest"
)

// TestPath walks the path that everything else stands on, from the first frame
// to the merged certificate, and looks at what the vault then holds.
func TestPath(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.start()
	term.WaitText("shop-example-com", "waits: merge", "api-eu", "failed", "● prod")

	// n: a manual request.
	term.Keys("n")
	term.WaitText("New request, manual")
	term.Type(`CN=walk.example.com, O="Contoso, Inc."`)
	term.WaitText("walk-example-com")
	term.Keys("ctrl+s")
	term.WaitText("POST /certificates/walk-example-com/create", "> [ Back ]")
	choose(t, term, "Create")
	term.WaitFor("the new row under the cursor", func(s ptytest.Screen) bool {
		return cursorOn(s, "walk-example-com") && s.Contains("waits: merge")
	})
	status, pending := w.get("/certificates/walk-example-com/pending")
	if status != 200 || pending["status"] != "inProgress" {
		t.Fatalf("the vault holds %d %v", status, pending)
	}
	id := pending["request_id"].(string)
	if issuer := pending["issuer"].(map[string]any)["name"]; issuer != "Unknown" {
		t.Errorf("issuer %v", issuer)
	}

	// Enter shows its detail.
	term.Keys("enter")
	opened(term, "REQUEST "+id)
	term.WaitText("Unknown (manual)", "RSA 2048, stays in the vault", "have the CSR signed")
	term.Keys("esc")

	// s saves the CSR as PEM.
	term.WaitText("save CSR")
	term.Keys("s")
	term.WaitText("Save the CSR of walk-example-com")
	term.Keys("enter")
	term.WaitText("CSR saved")
	csr := w.read("walk-example-com.csr")
	verifyCSR(t, filepath.Join(w.dir, "walk-example-com.csr"), csr)
	// A second time asks before it replaces.
	term.Keys("s")
	term.WaitText("Save the CSR of")
	term.Keys("enter")
	term.WaitText("The file exists", "> [ Back ]")
	term.Keys("esc", "esc")
	term.WaitGone("Save the CSR of")

	// The sandbox's CA signs; the chain is pasted root first, as mail has it.
	chain, err := sandbox.Sign(filepath.Join(w.dir, "vault"), csr)
	if err != nil {
		t.Fatal(err)
	}
	term.Keys("m")
	term.WaitText("Paste the signed certificate")
	term.Paste(shuffled(t, chain))
	term.WaitText("key matches this request's CSR", "order mended", "each signature verified", "2 certificates")
	if calls := merges(w); calls != 0 {
		t.Fatalf("%d merges were sent before anybody confirmed", calls)
	}
	term.WaitText("go on")
	term.Keys("enter")
	term.WaitText("It becomes the current version at once")
	choose(t, term, "Merge")
	term.WaitText("walk-example-com: merged")
	term.WaitFor("the completed row", func(s ptytest.Screen) bool {
		return cursorOn(s, "walk-example-com") && strings.Contains(s.Lines[s.Line("> ")], "completed")
	})
	status, bundle := w.get("/certificates/walk-example-com/")
	if status != 200 || bundle["x5t"] == nil || bundle["cer"] == nil {
		t.Fatalf("the vault holds %d %v", status, bundle)
	}
	if _, pending = w.get("/certificates/walk-example-com/pending"); pending["status"] != "completed" {
		t.Errorf("the request is %v", pending["status"])
	}

	term.Keys("q")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if err := term.Restored(); err != nil {
		t.Error(err)
	}
	if q := term.Queries(); len(q) != 0 {
		t.Errorf("the terminal was asked %q", q)
	}
}

// TestCancel: x asks, and after a while the vault has cancelled.
func TestCancel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.start()
	term.WaitText("mail-relay", "waits: merge")
	on(term, "mail-relay")
	term.WaitText("x cancel")
	term.Keys("x")
	term.WaitText("Ask for cancellation of mail-relay (prod)", "> [ Back ]")
	if _, pending := w.get("/certificates/mail-relay/pending"); pending["cancellation_requested"] != false {
		t.Fatal("cancelled before anybody confirmed")
	}
	choose(t, term, "Ask for cancellation")
	term.WaitText("cancel asked")
	if _, pending := w.get("/certificates/mail-relay/pending"); pending["cancellation_requested"] != true {
		t.Errorf("the vault holds %v", pending)
	}
	w.moveClock(time.Minute)
	term.WaitFor("cancelled", func(s ptytest.Screen) bool {
		i := s.Line("> ")
		return i >= 0 && strings.Contains(s.Lines[i], "cancelled")
	})
}

// TestLastStateStands: without any network the last state stands on the board,
// with its trouble named.
func TestLastStateStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.start()
	term.WaitText("shop-example-com", "waits: merge", "intranet", "in progress")
	term.Keys("q")
	term.Wait()
	if err := w.box.Close(); err != nil {
		t.Fatal(err)
	}
	term = w.start()
	term.WaitText("shop-example-com", "waits: merge", "intranet", "in progress", "not reached")
	term.Keys("q")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// TestEmbedded: nothing is configured, and the board stands on the sandbox's
// vault and account. It is high enough for every row: which of them come first
// depends on who answers first.
func TestEmbedded(t *testing.T) {
	term := ptytest.Start(t, ptytest.Options{Path: ptytest.Build(t, "certty"), Cols: 80, Rows: 70})
	term.WaitText("SANDBOX", "shop-example-com", "waits: merge", "waits: approval", "failed", "in progress", "cancel asked", "disabled", "expired")
	term.Keys("ctrl+c")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if err := term.Restored(); err != nil {
		t.Error(err)
	}
}

func (w *world) read(name string) []byte {
	w.t.Helper()
	data, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return data
}

func verifyCSR(t *testing.T, path string, data []byte) {
	t.Helper()
	if block, rest := pem.Decode(data); block == nil || block.Type != "CERTIFICATE REQUEST" || len(rest) != 0 {
		t.Errorf("not one PEM certificate request:\n%s", data)
	}
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Log("openssl is not here; its verdict on the CSR is not asked")
		return
	}
	out, err := exec.CommandContext(t.Context(), openssl, "req", "-verify", "-noout", "-subject", "-in", path).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "walk.example.com") {
		t.Errorf("openssl refuses the CSR: %v\n%s", err, out)
	}
}

// shuffled puts the root first, text between, and the line ends of Windows.
func shuffled(t *testing.T, chain []byte) string {
	t.Helper()
	var blocks []string
	for block, rest := pem.Decode(chain); block != nil; block, rest = pem.Decode(rest) {
		blocks = append(blocks, string(pem.EncodeToMemory(block)))
	}
	if len(blocks) != 3 {
		t.Fatalf("the CA gave %d certificates", len(blocks))
	}
	text := blocks[2] + "Dear customer, here is your certificate:\n" + blocks[0] + blocks[1]
	return strings.ReplaceAll(text, "\n", "\r\n")
}

func merges(w *world) (n int) {
	for call, times := range w.box.Vault().Calls() {
		if call.Operation == "MergeCertificate" {
			n += times
		}
	}
	return n
}
