package form

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// Key handles one key.
func (f *Form) Key(msg tea.KeyMsg) Event {
	if f.list != nil {
		return f.listKey(msg)
	}
	switch msg.String() {
	case "esc":
		return Left
	case "tab", "down":
		f.move(1)
	case "shift+tab", "up":
		f.move(-1)
	case "ctrl+s":
		return f.Submit()
	case "enter":
		return f.enter()
	case "left":
		f.sideways(msg, -1)
	case "right":
		f.sideways(msg, 1)
	case " ":
		f.space(msg)
	default:
		f.edit(msg)
	}
	return None
}

func (f *Form) edit(msg tea.KeyMsg) {
	e := f.focused()
	if e != nil && e.listable() && msg.Type == tea.KeyRunes && !msg.Alt {
		l := f.openList(e)
		l.edit(func() { l.typed.Key(msg) })
		return
	}
	if e == nil || !e.typing() {
		return
	}
	before, typed := e.text.Value(), false
	switch {
	case msg.Type == tea.KeyRunes && !msg.Alt, msg.Type == tea.KeySpace:
		e.begin(string(msg.Runes))
		typed = true
	case msg.Type == tea.KeyHome, msg.Type == tea.KeyEnd:
		e.touched = e.touched || e.suggested()
	}
	e.text.Key(msg)
	// What is typed counts even where it is what was suggested: else the next letter
	// would stand in its place.
	if typed || before != e.text.Value() {
		f.edited(e)
	}
}

// suggested is true while the value is a suggestion that nobody has touched.
func (e *entry) suggested() bool {
	return e.Suggest != nil && !e.touched && e.typing() && e.text.Value() != ""
}

// begin makes room for what is typed first on a suggestion: typed behind it the
// two would be one word, which is easily overlooked.
func (e *entry) begin(text string) {
	switch {
	case !e.suggested():
	case e.Joins == "":
		e.text.Set("")
	case strings.TrimLeft(text, " ,;") == text:
		e.text.Set(e.text.Value() + e.Joins)
	}
}

// space chooses where there is something to choose.
func (f *Form) space(msg tea.KeyMsg) {
	e := f.focused()
	switch {
	case e == nil:
	case e.Kind == Section:
		e.open = !e.open
	case e.crowded():
		f.openList(e)
	case e.Kind == Many && len(e.Options) > 0:
		e.on[e.at] = !e.on[e.at]
		f.edited(e)
	case e.choosing():
		f.choose(e, 1)
	default:
		f.edit(msg)
	}
}

func (f *Form) sideways(msg tea.KeyMsg, step int) {
	e := f.focused()
	switch {
	case e == nil:
		f.focus = len(f.entries) + (f.focus-len(f.entries)+1)%2
	case e.Kind == Section:
		e.open = step > 0
	case e.long():
		f.openList(e).move(step)
	case e.Kind == Many && len(e.Options) > 0:
		e.at = (e.at + step + len(e.Options)) % len(e.Options)
	case e.choosing():
		f.choose(e, step)
	default:
		// Moving the caret is the beginning of a change.
		e.touched = e.touched || e.suggested()
		e.text.Key(msg)
	}
}

func (f *Form) choose(e *entry, step int) {
	e.choice = (e.choice + step + len(e.Options)) % len(e.Options)
	f.edited(e)
}

// move goes to the next thing that is drawn.
func (f *Form) move(step int) {
	n := len(f.entries) + 2
	for range n {
		f.focus = (f.focus + step + n) % n
		if e := f.focused(); e == nil || f.visible(e) {
			return
		}
	}
}

func (f *Form) enter() Event {
	switch f.focus - len(f.entries) {
	case 0:
		return f.Submit()
	case 1:
		return Left
	}
	if e := f.focused(); e.Kind == Section {
		e.open = !e.open
		return None
	}
	at := f.focus
	if f.move(1); f.focus == len(f.entries) {
		// Enter on the last field is the button after it.
		f.focus = at
		return f.Submit()
	}
	return None
}
