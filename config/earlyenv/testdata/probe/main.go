// Command probe links Bubble Tea the way certty does. It writes nothing to the
// terminal, and says on descriptor 3 what TERM main sees.
package main

import (
	"fmt"
	"os"

	tea "github.com/charmbracelet/bubbletea"

	"certty/config/earlyenv"
)

func main() {
	during := os.Getenv("TERM")
	earlyenv.Restore()
	term, set := os.LookupEnv("TERM")
	report := os.NewFile(3, "report")
	fmt.Fprintf(report, "before=%s after=%s set=%t %T\n", during, term, set, tea.Quit())
	if err := report.Close(); err != nil {
		os.Exit(1)
	}
}
