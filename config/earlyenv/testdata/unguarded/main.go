// Command unguarded links Bubble Tea without earlyenv: it shows that the test
// would see the queries if they came.
package main

import (
	"fmt"
	"os"

	tea "github.com/charmbracelet/bubbletea"
)

func main() {
	report := os.NewFile(3, "report")
	fmt.Fprintf(report, "%T\n", tea.Quit())
}
