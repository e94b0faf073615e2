package walk

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"certty/ui/ptytest"
)

var pictures = flag.Bool("pictures", false, "write docs/pictures from frames of the program")

// TestPictures takes the pictures of the documents from the running program.
// Times and ids differ from one run to the next, so nothing is compared: what it
// shows is that the frames are there to be drawn.
func TestPictures(t *testing.T) {
	if !*pictures {
		t.Skip("-pictures writes them")
	}
	program := ptytest.Build(t, "certty")
	term := ptytest.Start(t, ptytest.Options{Path: program, Args: []string{"--sandbox"}, Cols: 120, Rows: 34})
	term.WaitText("waits: merge", "waits: approval", "expires")
	term.Keys("home")
	term.WaitText("subject", "POLICY") // read once the cursor rests on the row
	save(t, term, "board")
	filter(term, "shop-example-com")
	term.Keys("s")
	term.WaitText("Save the CSR of")
	term.Keys("enter")
	term.WaitText("CSR saved")
	term.Keys("m")
	term.WaitText("Paste the signed certificate")
	term.Paste(shuffled(t, signed(t, program, term.Home())))
	term.WaitText("key matches this request's CSR")
	term.WaitGone("CSR saved") // somebody's path is no picture
	save(t, term, "merge")
	term.Keys("esc")
	filter(term, "landing")
	term.Keys("enter")
	term.WaitText("tab less")
	save(t, term, "order")
	term.Keys("esc", "?")
	term.WaitText("Help: arrows scroll")
	save(t, term, "help")
}

// signed is the chain that the program's own sandbox gives for the CSR that was
// saved in its home.
func signed(t *testing.T, program, home string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, "sandbox", "sign", "--state", filepath.Join(home, "state", "certty", "sandbox"), "shop-example-com.csr")
	cmd.Dir = home
	chain, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return chain
}

// filter leaves the rows that a filter lets pass, with the cursor on the first.
func filter(term *ptytest.Terminal, text string) {
	term.Keys("/", "ctrl+u")
	term.Type(text + "\r")
	term.WaitText("filter: " + text)
	term.Keys("home")
}

func save(t *testing.T, term *ptytest.Terminal, name string) {
	t.Helper()
	dir := filepath.Join("..", "..", "docs", "pictures")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".svg"), term.Picture(), 0o644); err != nil {
		t.Fatal(err)
	}
}
