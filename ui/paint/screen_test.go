package paint

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// measure is how a kind of terminal counts the columns of the character at the
// front of s, and what it takes for one.
type measure func(s string) (character string, columns int)

// measures are the kinds of terminals there are: by grapheme cluster, by
// character as wcwidth(3) does, and simple ones that know one width only.
var measures = map[string]measure{
	"grapheme": func(s string) (string, int) { return ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth) },
	"wcwidth": func(s string) (string, int) {
		_, n := utf8.DecodeRuneInString(s)
		return s[:n], ansi.StringWidthWc(s[:n])
	},
	"simple": func(s string) (string, int) {
		_, n := utf8.DecodeRuneInString(s)
		return s[:n], 1
	},
}

// screen is one row of a terminal without autowrap. A style is the sequences
// since the last reset, behind the link.
type screen struct {
	measure measure
	cells   []cell
	x       int // the next column; behind the last one it stays there
	style   string
	link    string
}

func newScreen(columns int, m measure) *screen {
	s := &screen{measure: m, cells: make([]cell, columns)}
	s.clear(0)
	return s
}

func (s *screen) clear(from int) {
	for i := min(from, len(s.cells)-1); i < len(s.cells); i++ {
		s.put(i, cell{" ", s.style})
	}
}

// put sets a column. Half a wide character can't remain: the other half becomes
// a blank.
func (s *screen) put(x int, c cell) {
	if s.cells[x].text == "" && x > 0 {
		s.cells[x-1].text = " "
	}
	if x+1 < len(s.cells) && s.cells[x+1].text == "" {
		s.cells[x+1].text = " "
	}
	s.cells[x] = c
}

func (s *screen) write(b string) {
	for b != "" {
		switch {
		case strings.HasPrefix(b, "\x1b]"):
			end := strings.Index(b, "\x07")
			s.link = strings.TrimSuffix(b[:end], "\x1b]8;;")
			b = b[end+1:]
		case strings.HasPrefix(b, "\x1b["):
			end := 2 + strings.IndexFunc(b[2:], func(r rune) bool { return r >= 0x40 })
			s.control(b[end], b[2:end], b[:end+1])
			b = b[end+1:]
		case b[0] == '\t':
			s.x = min(len(s.cells), (s.x/8+1)*8)
			b = b[1:]
		default:
			text, columns := s.measure(b)
			s.character(text, columns)
			b = b[len(text):]
		}
	}
}

func (s *screen) control(final byte, params, all string) {
	switch final {
	case 'm':
		switch {
		case params == "" || params == "0":
			s.style = ""
		case strings.HasPrefix(params, "0;"):
			s.style = all
		default:
			s.style += all
		}
	case 'H':
		_, column, _ := strings.Cut(params, ";")
		x, err := strconv.Atoi(column)
		if err != nil {
			panic(err)
		}
		s.x = x - 1
	case 'K':
		s.clear(s.x)
	case 'J':
		s.clear(0)
	case 'h', 'l': // modes
	default:
		panic("unknown: " + all)
	}
}

func (s *screen) character(text string, columns int) {
	switch columns {
	case 0:
		if s.x > 0 {
			at := min(s.x, len(s.cells)) - 1
			if s.cells[at].text == "" && at > 0 {
				at--
			}
			s.cells[at].text += text
		}
		return
	case 1:
		s.x = min(s.x, len(s.cells)-1)
		s.put(s.x, cell{text, s.link + s.style})
	default:
		s.x = max(0, min(s.x, len(s.cells)-2))
		s.put(s.x, cell{text, s.link + s.style})
		if s.x+1 < len(s.cells) {
			s.put(s.x+1, cell{"", s.link + s.style})
			s.cells[s.x].text = text
		}
	}
	s.x += columns
}

func (s *screen) String() string {
	var b strings.Builder
	style := ""
	for _, c := range s.cells {
		if c.style != style {
			b.WriteString("{" + strings.ReplaceAll(c.style, "\x1b", "^") + "}")
			style = c.style
		}
		b.WriteString(c.text)
	}
	return strconv.Quote(b.String())
}
