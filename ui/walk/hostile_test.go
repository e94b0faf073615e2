package walk

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"certty/ui/ptytest"
)

// hostile is what a text from outside may try: to move the cursor, to write the
// clipboard, to end a sequence of ours, to turn the reading direction round, to
// be wider than it looks.
var hostile = strings.Join([]string{
	"\x1b[3J\x1b[6nred", "\x1b]52;c;aGFja2Vk\x07", "\x1b]0;title\x1b\\", "\x1bP+q\x1b\\", "\x1bc",
	"\u009b2J", "\u009d52;c;aGFja2Vk\u009c", "a\rb\nc\td\x00e\x07f\x08g\x7f",
	"\u202egpj.exe\u202c", "\u2066x\u2069", "zero\u200bwidth\u200d\ufeff", "e\u0301\u0301\u0301",
	strings.Repeat("界", 200),
}, "|")

// sent are the sequences that this program may send: screen, erasing, cursor
// and styles.
var sent = regexp.MustCompile(`\x1b\[(\?(1049|25|7|2004|1000|1002|1003|1006|1004)[hl]|2?J|K|[0-9]+;[0-9]+H|[0-9;]*m)`)

// TestHostileTexts: whatever names, subjects, tags and messages hold, nothing of
// it reaches the terminal but letters.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	s := newService(t, "prod")
	more := `,"subject":` + quoted("CN="+hostile) + `,"tags":{` + quoted("key"+hostile) + ":" + quoted(hostile) + `}`
	s.answers(func(w http.ResponseWriter, r *http.Request) {
		items := []string{
			listed(s.URL, "plain-row", more),
			listed(s.URL, "evil%1b%5b2Jname", ""), listed(s.URL, "%E2%80%AEtxt", ""), // names that no vault gives
			listed(s.URL, "odd-row", `,"subject":7,"tags":[]`),
		}
		answer(http.StatusOK, `{"value":[`+strings.Join(items, ",")+`],"nextLink":null}`)(w, r)
	})
	request := hostileRequest(t, s.URL)
	cer := `{"id":"` + s.URL + `/certificates/plain-row/0123","cer":"` + hostileCertificate(t) + `"` + more + `,"attributes":{"enabled":true}}`
	s.answersElse(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodGet:
			fault(http.StatusBadRequest, "BadParameter"+hostile, "no: "+hostile)(w, r)
		case strings.HasSuffix(r.URL.Path, "/pending"):
			answer(http.StatusOK, request)(w, r)
		default:
			answer(http.StatusOK, cer)(w, r)
		}
	})
	for _, size := range []struct{ cols, rows int }{{120, 40}, {80, 24}} {
		h := newHome(t, s)
		term := h.startWith(ptytest.Options{Path: ptytest.Build(t, "certty"), Cols: size.cols, Rows: size.rows})
		term.WaitText("plain-row", "odd-row") // both rows; the other two can't be named
		on(term, "plain-row")
		term.WaitText("waits: merge")
		term.Keys("enter")
		opened(term, "REQUEST")
		term.Keys("end", "home", "esc")
		term.WaitFor("the board", func(s ptytest.Screen) bool { return cursorOn(s, "plain-row") })
		term.Keys("x")
		term.WaitText("Ask for cancellation of plain-row")
		choose(t, term, "Ask for cancellation")
		term.WaitText("Not done: cancel plain-row")
		term.Keys("esc", "esc")
		term.Keys("n")
		term.WaitText("New request")
		term.Paste("CN=" + hostile)
		term.WaitText("characters are too many") // the end of the paste is in sight, not its beginning
		term.Keys("esc", "m")
		term.WaitText("Paste the signed certificate")
		term.Paste(hostile)
		term.WaitText("Nothing was sent")
		term.Keys("esc", "q")
		term.Wait()
		checkStream(t, term.Output(), size.cols)
	}
}

// checkStream reads everything that was sent as the terminal does, strictly.
func checkStream(t *testing.T, out []byte, cols int) {
	t.Helper()
	if !utf8.Valid(out) {
		t.Error("the output is not UTF-8")
	}
	text := string(out)
	at := 0
	for _, span := range sent.FindAllStringIndex(text, -1) {
		checkText(t, text[at:span[0]])
		at = span[1]
	}
	checkText(t, text[at:])
	// Everything is written from a column on, to the next move of the cursor.
	moves := moved.FindAllStringSubmatchIndex(text, -1)
	for i, move := range moves {
		end := len(text)
		if i+1 < len(moves) {
			end = moves[i+1][0]
		}
		column, err := strconv.Atoi(text[move[2]:move[3]])
		if err != nil {
			t.Fatal(err)
		}
		if w := column - 1 + ansi.StringWidth(text[move[1]:end]); w > cols {
			t.Errorf("the screen has %d cells, written up to %d: %q", cols, w, text[move[0]:end])
		}
	}
	if len(moves) == 0 {
		t.Error("the cursor was never moved")
	}
}

// moved is a move of the cursor to a line and a column (CUP of ECMA-48).
var moved = regexp.MustCompile(`\x1b\[[0-9]+;([0-9]+)H`)

func checkText(t *testing.T, text string) {
	t.Helper()
	for _, r := range text {
		// Combining marks are letters of many languages.
		if !unicode.IsGraphic(r) {
			t.Fatalf("%U was sent, in %q", r, text)
		}
	}
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// hostileRequest is a request in progress all of whose texts are hostile.
func hostileRequest(t *testing.T, url string) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: pkix.Name{CommonName: hostile}, DNSNames: []string{"a\x1b[2J.example.com"},
	}, key)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{
		"id": url + "/certificates/plain-row/pending", "status": "inProgress", "status_details": "wait " + hostile,
		"issuer": map[string]string{"name": "Unknown", "cty": hostile}, "csr": csr, "request_id": "id" + hostile,
		"error": map[string]string{"code": "code" + hostile, "message": "message" + hostile},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// hostileCertificate has hostile names, in base64 as the vault gives them.
func hostileCertificate(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: hostile, Organization: []string{hostile}},
		DNSNames: []string{"b\x1b[2J.example.com"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(1000 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}
