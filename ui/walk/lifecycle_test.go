package walk

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"

	"certty/backend/sandbox"
	"certty/ui/ptytest"
)

// row waits until the row under the cursor shows a text.
func row(term *ptytest.Terminal, text string) {
	term.WaitFor("a row with "+text, func(s ptytest.Screen) bool {
		i := s.Line("> ")
		return i >= 0 && strings.Contains(s.Lines[i], text)
	})
}

// enabled is what the vault holds of the current version of a certificate.
func (w *world) enabled(name string) bool {
	w.t.Helper()
	status, bundle := w.get("/certificates/" + name + "/")
	attributes, ok := bundle["attributes"].(map[string]any)
	if status != 200 || !ok {
		w.t.Fatalf("the vault holds %d %v", status, bundle)
	}
	return attributes["enabled"] == true
}

// TestLifecycle takes certificates through what can happen to them after they
// were issued, and looks at what the vault then holds.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.start()
	term.WaitText("api-us", "waits: merge")
	on(term, "api-us")

	// o: the versions, the current one marked; an older one is disabled.
	term.Keys("o")
	term.WaitText("Versions of api-us (prod), 2", "current", "THUMBPRINT")
	term.Keys("esc")
	term.WaitGone("Versions of")

	// e: disabled, and enabled again.
	term.Keys("e")
	term.WaitText("Disable api-us (prod)", "> [ Back ]")
	if !w.enabled("api-us") {
		t.Fatal("disabled before anybody confirmed")
	}
	choose(t, term, "Disable")
	term.WaitText("api-us: disabled")
	row(term, "disabled")
	if w.enabled("api-us") {
		t.Error("the vault has it enabled")
	}
	term.Keys("e")
	term.WaitText("Enable api-us (prod)", "> [ Back ]")
	choose(t, term, "Enable")
	row(term, "valid")
	if !w.enabled("api-us") {
		t.Error("the vault has it disabled")
	}

	// t: a tag more.
	term.Keys("t")
	term.WaitText("Tags of api-us", "owner=api")
	term.Keys("tab")
	term.Type("stage=live")
	term.Keys("ctrl+s")
	term.WaitText("+ stage=live", "> [ Back ]")
	choose(t, term, "Change")
	term.WaitText("api-us: tags changed")
	_, bundle := w.get("/certificates/api-us/")
	if tags, _ := bundle["tags"].(map[string]any); tags["stage"] != "live" || tags["owner"] != "api" {
		t.Errorf("the vault holds the tags %v", bundle["tags"])
	}

	// D, u: deleted with the name typed, and recovered.
	w.deleteByName(term, "api-us")
	row(term, "soft-deleted")
	term.WaitText("d kept")
	w.moveClock(2 * time.Minute)
	term.Keys("u")
	term.WaitText("Recover api-us (prod)", "every version", "> [ Back ]")
	choose(t, term, "Recover")
	row(term, "valid")
	w.moveClock(2 * time.Minute)
	if !w.enabled("api-us") {
		t.Error("it did not come back as it was")
	}

	// D, P: purged for good.
	w.deleteByName(term, "api-us")
	row(term, "soft-deleted")
	w.moveClock(2 * time.Minute)
	term.Keys("P")
	term.WaitText("Purge api-us (prod) for good", "Nobody can")
	confirmName(w.t, term, "api-us")
	term.WaitText("api-us: purged")
	row(term, "gone")
	w.moveClock(2 * time.Minute)
	for _, path := range []string{"/certificates/api-us/", "/deletedcertificates/api-us"} {
		if status, _ := w.get(path); status != 404 {
			t.Errorf("%s answers %d", path, status)
		}
	}
	term.Keys("q")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// deleteByName deletes the row under the cursor, which must not happen before
// its name was typed.
func (w *world) deleteByName(term *ptytest.Terminal, name string) {
	w.t.Helper()
	term.WaitText("y copy")
	term.Keys("D")
	term.WaitText("Delete "+name+" (prod)", "the key and the secret of the same name", "> [ Back ]")
	confirmName(w.t, term, name)
	term.WaitText(name + ": deleted")
}

// confirmName types what a question wants to be typed, once it takes answers: it
// shows what was typed only then. Of its first letter there may be more than one by
// then, so that is taken back.
func confirmName(t testing.TB, term *ptytest.Terminal, name string) {
	t.Helper()
	first := name[:1]
	term.WaitText(" to confirm", "> [ ") // the question stands
	for range insist(t, term, first, "what is typed", func(s ptytest.Screen) bool { return typed(s, first) }) {
		term.Keys("backspace")
	}
	term.Type(name)
	term.WaitFor("the name", func(s ptytest.Screen) bool { return typed(s, name) })
	term.Keys("enter")
}

// typed reports whether the line under "Type … to confirm" begins with text.
func typed(s ptytest.Screen, text string) bool {
	i := s.Line(" to confirm")
	return i >= 0 && i+1 < len(s.Lines) && strings.Contains(s.Lines[i+1], ": "+text)
}

// TestDownload writes a certificate and its chain in each form; openssl opens
// them where it is there.
func TestDownload(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	ca := blocks(t, w.sign("mail-relay"))[1:]
	term := w.start()
	term.WaitText("api-us", "waits: merge")
	on(term, "api-us")
	save := func(toast string, keys ...string) {
		t.Helper()
		term.WaitText("y copy")
		term.Keys("w")
		term.WaitText("Download api-us (prod)", "leaf", "api.us.example.com")
		term.Keys(keys...)
		term.Keys("ctrl+s")
		term.WaitText(toast)
	}
	save("1 certificate saved", "tab", "right")
	openssl(t, w, "x509", "DER", "api-us.cer", "api.us.example.com")

	// The chain is what a person pastes; it is known from then on.
	term.Keys("w")
	term.WaitText("Not known", "which is never read")
	term.Paste(string(slices.Concat(ca...)))
	term.WaitText("intermediate", "(not in the file)", "api-us-chain.pem")
	term.Keys("ctrl+s")
	term.WaitText("2 certificates saved")
	openssl(t, w, "x509", "PEM", "api-us-chain.pem", "api.us.example.com")
	if n := bytes.Count(w.read("api-us-chain.pem"), []byte("BEGIN CERTIFICATE")); n != 2 {
		t.Errorf("%d certificates in the chain", n)
	}
	save("3 certificates saved", "right", "tab", "right", "right")
	openssl(t, w, "pkcs7", "PEM", "api-us.p7b", "")

	// Nothing is overwritten unasked.
	term.Keys("w")
	term.WaitText("Download api-us", "leaf", "intermediate") // it was read
	term.Keys("ctrl+s")
	term.WaitText("The file exists", "> [ Back ]")
	term.Keys("esc", "esc")
	if calls := secrets(w); calls != 0 {
		t.Errorf("%d calls to the secrets", calls)
	}
	term.Keys("ctrl+c")
	term.Wait()
}

// secrets counts what was asked of the vault beside certificates.
func secrets(w *world) (n int) {
	for call, times := range w.box.Vault().Calls() {
		if strings.Contains(strings.ToLower(call.Operation), "secret") {
			n += times
		}
	}
	return n
}

// sign has the sandbox's CA sign the CSR of a pending request.
func (w *world) sign(name string) []byte {
	w.t.Helper()
	_, pending := w.get("/certificates/" + name + "/pending")
	der, err := base64.StdEncoding.DecodeString(pending["csr"].(string))
	if err != nil {
		w.t.Fatal(err)
	}
	chain, err := sandbox.Sign(filepath.Join(w.dir, "vault"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
	if err != nil {
		w.t.Fatal(err)
	}
	return chain
}

// blocks are the PEM blocks of a chain, each as text.
func blocks(t *testing.T, chain []byte) [][]byte {
	t.Helper()
	var all [][]byte
	for block, rest := pem.Decode(chain); block != nil; block, rest = pem.Decode(rest) {
		all = append(all, pem.EncodeToMemory(block))
	}
	if len(all) != 3 {
		t.Fatalf("the CA gave %d certificates", len(all))
	}
	return all
}

func ders(t *testing.T, chain []byte) [][]byte {
	t.Helper()
	var all [][]byte
	for _, text := range blocks(t, chain) {
		block, _ := pem.Decode(text)
		all = append(all, block.Bytes)
	}
	return all
}

func openssl(t *testing.T, w *world, command, form, file, subject string) {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		t.Log("openssl is not here; its verdict is not asked")
		return
	}
	args := []string{command, "-inform", form, "-in", filepath.Join(w.dir, file), "-noout"}
	if subject != "" {
		args = append(args, "-subject")
	}
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), subject) {
		t.Errorf("openssl refuses %s: %v\n%s", file, err, out)
	}
}

// TestMergeForms reads what CAs send, a ZIP archive, JSON and PKCS#7 from files,
// and a certificate that was opened for the wrong request.
func TestMergeForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	w.write(filepath.Join(w.dir, "relay.zip"), archive(t, blocks(t, w.sign("mail-relay"))))
	x5c, err := json.Marshal(map[string][][]byte{"x5c": ders(t, w.sign("partner-gateway"))})
	if err != nil {
		t.Fatal(err)
	}
	w.write(filepath.Join(w.dir, "partner.json"), string(x5c))
	p7b, err := pkcs7.DegenerateCertificate(bytes.Join(ders(t, w.sign("mail-relay")), nil))
	if err != nil {
		t.Fatal(err)
	}
	w.write(filepath.Join(w.dir, "relay.p7b"), string(p7b))

	term := w.start()
	term.WaitText("mail-relay", "partner-gateway", "waits: merge")
	on(term, "mail-relay")
	merged := func(name string) {
		t.Helper()
		term.WaitText("Merge into "+name+" (prod)", "key matches this request's CSR", "go on")
		term.Keys("enter")
		term.WaitText("It becomes the current version at once")
		choose(t, term, "Merge")
		term.WaitText(name + ": merged; read back: leaf and key are right")
		if _, pending := w.get("/certificates/" + name + "/pending"); pending["status"] != "completed" {
			t.Errorf("%s: the request is %v", name, pending["status"])
		}
	}
	open := func(file string) {
		t.Helper()
		term.WaitText("m merge")
		term.Keys("m")
		term.WaitText("Paste the signed certificate")
		term.Keys("f")
		term.WaitText("File")
		term.Type(file)
		term.Keys("enter")
	}
	// The wrong file: it says whose it is, and goes there with it.
	open("partner.json")
	term.WaitText("This certificate belongs to another request: partner-gateway (prod)", "Go there: g")
	if n := merges(w); n != 0 {
		t.Fatalf("%d merges were sent", n)
	}
	term.Keys("g")
	merged("partner-gateway")
	open("relay.p7b")
	term.WaitText("detected: PKCS#7", "key matches this request's CSR")
	term.Keys("c", "f")
	term.WaitText("File")
	term.Type("relay.zip")
	term.Keys("enter")
	term.WaitText("detected: ZIP")
	merged("mail-relay")
	if n := merges(w); n != 2 {
		t.Errorf("%d merges were sent, want 2", n)
	}
	term.Keys("ctrl+c")
	term.Wait()
}

// archive is a ZIP of certificates, as CAs send it.
func archive(t *testing.T, chain [][]byte) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, name := range []string{"certificate.crt", "ca/intermediate.crt", "ca/root.crt"} {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write(chain[i])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
