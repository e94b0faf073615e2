package sheet

import "certty/ui/widget/box"

// Width is the widest box that a form or a question is drawn in, in cells.
const Width = 90

// factWidth is the room of the longest name of a fact.
const factWidth = 18

// Fact is one line of a summary: what is decided, and what for.
type Fact struct{ Name, Value string }

// Room is how many cells the value of a fact has in a line, on a screen of w.
func Room(w int) int { return max(10, min(Width, w)-4-factWidth) }

// Facts draws facts with their names in a column, for a question on a screen
// of w cells. Values are cleaned by whoever has them.
func Facts(facts []Fact, w int) []string {
	var lines []string
	for _, f := range facts {
		for i, part := range box.Wrap(f.Value, Room(w)) {
			name := f.Name
			if i > 0 {
				name = ""
			}
			lines = append(lines, box.Fit(name, factWidth, "")+part)
		}
	}
	return lines
}
