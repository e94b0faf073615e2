package query

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// Limits keep a filter key quick whatever is typed.
const (
	// maxFilter and maxPattern count bytes.
	maxFilter  = 4096
	maxPattern = 256
	// maxProgram bounds a compiled expression: the time that RE2 takes grows
	// with the product of text and program.
	maxProgram = 300
)

// SyntaxError says what is wrong with a filter.
type SyntaxError struct {
	// At is the place, counted in characters from 1.
	At     int
	Reason string
}

// Error gives place and reason.
func (e *SyntaxError) Error() string { return fmt.Sprintf("at %d: %s", e.At, e.Reason) }

// Parse reads a filter. The error is a [*SyntaxError].
func Parse(text string) (*Filter, error) {
	p := parser{text: []rune(text)}
	f := &Filter{text: text}
	if len(text) > maxFilter {
		return nil, &SyntaxError{At: maxFilter, Reason: fmt.Sprintf("a filter has at most %d bytes", maxFilter)}
	}
	for p.blanks(); !p.done(); p.blanks() {
		t, err := p.term()
		if err != nil {
			return nil, err
		}
		f.terms = append(f.terms, t)
	}
	return f, nil
}

type parser struct {
	text []rune
	at   int
}

func (p *parser) done() bool { return p.at >= len(p.text) }

func (p *parser) blanks() {
	for !p.done() && unicode.IsSpace(p.text[p.at]) {
		p.at++
	}
}

// take steps over r where it stands next.
func (p *parser) take(r rune) bool {
	if p.done() || p.text[p.at] != r {
		return false
	}
	p.at++
	return true
}

func (p *parser) wrong(at int, format string, args ...any) error {
	return &SyntaxError{At: at + 1, Reason: fmt.Sprintf(format, args...)}
}

func (p *parser) term() (term, error) {
	start := p.at
	t := term{not: p.take('!')}
	if t.not && (p.done() || unicode.IsSpace(p.text[p.at])) {
		return t, p.wrong(start, "! turns around what follows it at once")
	}
	name := p.name()
	if m, ok := measureOf(name); ok {
		done, err := p.comparison(&t, m)
		if done || err != nil {
			return t, err
		}
	}
	if f, ok := fieldOf(name); ok && p.take(':') {
		t.field = f
		return t, p.value(&t, f.name+": needs a value")
	}
	p.at = start
	if t.not {
		p.at++
	}
	return t, p.value(&t, "a text is missing")
}

// name steps over the letters that may name a field.
func (p *parser) name() string {
	start := p.at
	for !p.done() && unicode.IsLetter(p.text[p.at]) {
		p.at++
	}
	return strings.ToLower(string(p.text[start:p.at]))
}

// comparison reads what follows the name of a measure; false where that is no
// comparison, and the name a word like any other.
func (p *parser) comparison(t *term, m measure) (done bool, err error) {
	rest := string(p.text[p.at:min(len(p.text), p.at+2)])
	if strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "=") {
		return false, p.wrong(p.at, "%s is compared: %s<%s, or <= > >=", m.name, m.name, m.example)
	}
	i := slices.IndexFunc(operators, func(op string) bool { return strings.HasPrefix(rest, op) })
	if i < 0 {
		return false, nil
	}
	p.at += len(operators[i])
	at := p.at
	word := p.word()
	number, ok := m.parse(strings.ToLower(word))
	if !ok {
		return false, p.wrong(at, "%s%s needs a number such as %s", m.name, operators[i], m.example)
	}
	t.of, t.op, t.number = m, operators[i], number
	return true, nil
}

// value reads a text or an expression into t.
func (p *parser) value(t *term, missing string) error {
	expr := p.take('~')
	start := p.at
	word, err := p.quoted()
	if err != nil {
		return err
	}
	if word == "" {
		return p.wrong(start, "%s", missing)
	}
	if expr {
		return p.expression(t, word, start)
	}
	if strings.Trim(word, "<>=") == "" {
		return p.wrong(start, "a comparison has no blanks: left<20%%")
	}
	t.word = strings.ToLower(word)
	return nil
}

// quoted reads a quoted text, or one up to the next blank.
func (p *parser) quoted() (string, error) {
	if p.done() || p.text[p.at] != '"' {
		return p.word(), nil
	}
	start := p.at
	p.at++
	var b strings.Builder
	for !p.done() {
		r := p.text[p.at]
		p.at++
		switch {
		case r == '\\' && p.take('"'):
			b.WriteRune('"')
		case r != '"':
			b.WriteRune(r)
		case !p.done() && !unicode.IsSpace(p.text[p.at]):
			return "", p.wrong(p.at, "a blank is missing after the quote")
		default:
			return b.String(), nil
		}
	}
	return "", p.wrong(start, "this quote is not closed")
}

func (p *parser) word() string {
	start := p.at
	for !p.done() && !unicode.IsSpace(p.text[p.at]) {
		p.at++
	}
	return string(p.text[start:p.at])
}

// expression compiles a pattern. It fits within one line, that is one value.
func (p *parser) expression(t *term, pattern string, at int) error {
	if len(pattern) > maxPattern {
		return p.wrong(at, "an expression has at most %d bytes", maxPattern)
	}
	tree, err := syntax.Parse(pattern, syntax.Perl|syntax.FoldCase)
	if err != nil {
		if e, ok := errors.AsType[*syntax.Error](err); ok {
			return p.wrong(at, "%s: %s", e.Code, e.Expr)
		}
		return p.wrong(at, "%s", err)
	}
	tree = tree.Simplify()
	program, err := syntax.Compile(tree)
	if err != nil || len(program.Inst) > maxProgram {
		return p.wrong(at, "the expression is too large")
	}
	t.expr, err = regexp.Compile("(?im)" + pattern)
	if err != nil {
		return p.wrong(at, "%s", err)
	}
	t.pattern, t.need = pattern, required(tree)
	return nil
}

// required is a text, in lower case, that stands in everything the expression
// fits; "" where none is known. Looking for it first is much quicker.
func required(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return strings.ToLower(string(re.Rune))
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpConcat:
		longest := ""
		for _, sub := range re.Sub {
			if s := required(sub); len(s) > len(longest) {
				longest = s
			}
		}
		return longest
	default:
		return ""
	}
}
