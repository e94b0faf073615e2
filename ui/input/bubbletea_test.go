package input

import (
	"fmt"
	"io"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// pieces is an io.Reader that returns one piece per Read, then quits the
// program that reads it.
type pieces struct {
	left []string
	done func()
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.left) == 0 {
		p.done()
		return 0, io.EOF
	}
	n := copy(b, p.left[0])
	p.left = p.left[1:]
	return n, nil
}

// listener writes down the input messages that reach Update.
type listener struct{ got []string }

func (l *listener) Init() tea.Cmd { return nil }
func (l *listener) View() string  { return "" }

func (l *listener) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch m := msg.(type) {
	case tea.KeyMsg:
		l.got = append(l.got, m.String())
	case tea.MouseMsg:
		l.got = append(l.got, "mouse")
	default:
		l.got = append(l.got, fmt.Sprintf("%T", m))
	}
	return l, nil
}

// What one Read returns has to be exactly one message to Bubble Tea: not two,
// and not text that would be typed. So the keys go through the real program.
func TestOneMessagePerKey(t *testing.T) {
	tests := []struct{ stream, want string }{
		{"j", "j"}, {"証", "証"}, {" ", " "}, {"\r", "enter"}, {"\x03", "ctrl+c"}, {"\x00", "ctrl+@"}, {"\x7f", "backspace"},
		{"\x1b[B", "down"}, {"\x1bOB", "down"}, {"\x1bOP", "f1"}, {"\x1b[[A", "f1"}, {"\x1b[15~", "f5"},
		{"\x1b[1;5C", "ctrl+right"}, {"\x1bO5C", "ctrl+right"}, {"\x1b\x1b[A", "alt+up"}, {"\x1b\x1b[5~", "alt+pgup"},
		{"\x1b\x1bOP", "alt+f1"}, {"\x1b\x1b[99~", "tea.unknownCSISequenceMsg"},
		{"\x1bOH", "home"}, {"\x1bOM", "enter"}, {"\x1bOp", "0"}, {"\x1b[7$", "shift+home"}, {"\x1b[5$", "tea.unknownCSISequenceMsg"},
		{"\x1b[99;9~", "tea.unknownCSISequenceMsg"}, {"\x1b[97u", "tea.unknownCSISequenceMsg"},
		{"\x1bx", "alt+x"}, {"\x1bé", "alt+é"}, {"\x1b\r", "alt+enter"}, {"\x1b ", "alt+ "}, {"\x1b\x00", "alt+ctrl+@"},
		{"\x1b[M !!", "mouse"}, {"\x1b[M\xff\xff\xff", "mouse"}, {"\x1b[<0;10;20M", "mouse"}, {"\x1b[<99999;99999;99999m", "mouse"},
		{"\x1b[I", "tea.FocusMsg"}, {"\x1b[O", "tea.BlurMsg"},
		{"\x1b", "esc"}, {"\x1b[", "alt+["}, {"\x1bO", "alt+O"}, {"\x1b]", "alt+]"},
	}
	var input pieces
	var want []string
	for _, tt := range tests {
		p := &parser{}
		p.feed([]byte(tt.stream))
		for p.wait() != 0 {
			p.silence()
		}
		e, ok := p.next()
		if _, second := p.next(); !ok || second || e.paste != nil {
			t.Fatalf("%q is not one key", tt.stream)
		}
		input.left = append(input.left, e.key)
		want = append(want, tt.want)
	}
	l := &listener{}
	program := tea.NewProgram(l, tea.WithInput(&input), tea.WithOutput(io.Discard), tea.WithoutRenderer(), tea.WithoutSignalHandler())
	input.done = program.Quit
	if _, err := program.Run(); err != nil {
		t.Fatal(err)
	}
	for i := range max(len(want), len(l.got)) {
		if i >= len(want) || i >= len(l.got) || l.got[i] != want[i] {
			t.Fatalf("message %d:\n got %q\nwant %q", i, l.got, want)
		}
	}
}
