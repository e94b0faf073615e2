package config

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

var (
	errAlias    = errors.New("its targets are a name (*) for what stands elsewhere")
	errUnusual  = errors.New("its targets are written in a way that is not known here")
	errDocument = errors.New("it does not hold settings")
)

// script is a file's text as lines, to be added to.
type script struct {
	lines []string // with their ends
	end   string   // how a line ends here
}

func newScript(data []byte) *script {
	s := &script{lines: splitLines(data), end: "\n"}
	if len(s.lines) > 0 && strings.HasSuffix(s.lines[0], "\r\n") {
		s.end = "\r\n"
	}
	return s
}

func (s *script) bytes() []byte { return []byte(strings.Join(s.lines, "")) }

// insert puts whole lines before the line at index i.
func (s *script) insert(i int, added []string) {
	if i > 0 && i <= len(s.lines) && !strings.HasSuffix(s.lines[i-1], "\n") {
		s.lines[i-1] += s.end
	}
	out := append([]string{}, s.lines[:i]...)
	for _, l := range added {
		out = append(out, l+s.end)
	}
	s.lines = append(out, s.lines[i:]...)
}

// splice puts text in the place of n characters at a token's position.
func (s *script) splice(at *token.Position, n int, text string) error {
	if at.Line < 1 || at.Line > len(s.lines) {
		return errUnusual
	}
	line := []rune(s.lines[at.Line-1])
	from := at.Column - 1
	if from < 0 || from+n > len(line) {
		return errUnusual
	}
	s.lines[at.Line-1] = string(line[:from]) + text + string(line[from+n:])
	return nil
}

// insertTarget gives the file's text with the target in it. Whether that says
// what it should is checked by whoever calls it.
func insertTarget(data []byte, t Target) ([]byte, error) {
	text, marked := bytes.CutPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(text) || loneReturn(text) {
		return nil, errUnusual
	}
	s := newScript(text)
	body, problem := parse("", text)
	if problem != nil {
		return nil, Problems{*problem}
	}
	if err := s.add(body, t); err != nil {
		return nil, err
	}
	out := s.bytes()
	if marked {
		out = append([]byte("\ufeff"), out...)
	}
	return out, nil
}

// loneReturn reports whether a carriage return stands without a line feed: to
// YAML it ends a line (YAML 1.2, 5.4), to editors it does not.
func loneReturn(text []byte) bool {
	return bytes.Count(text, []byte("\r")) != bytes.Count(text, []byte("\r\n"))
}

func (s *script) add(body ast.Node, t Target) error {
	if anchor, ok := body.(*ast.AnchorNode); ok {
		body = anchor.Value
	}
	switch body.(type) {
	case nil, *ast.NullNode:
		return s.addKey("", t)
	}
	mapping, ok := body.(ast.MapNode)
	if !ok {
		return errDocument
	}
	if m, ok := body.(*ast.MappingNode); ok && m.IsFlowStyle {
		return s.addToFlowRoot(m, t)
	}
	return s.addToBlockRoot(mapping, t)
}

// addToBlockRoot finds the targets among the settings.
func (s *script) addToBlockRoot(mapping ast.MapNode, t Target) error {
	indent, first := "", true
	for it := mapping.MapRange(); it.Next(); {
		key := it.Key().GetToken()
		if first {
			indent, first = strings.Repeat(" ", max(0, key.Position.Column-1)), false
		}
		if key.Value != "targets" {
			continue
		}
		next := len(s.lines)
		value := it.Value()
		if it.Next() {
			next = it.Key().GetToken().Position.Line - 1
		}
		return s.addToList(value, indent, key.Position.Line-1, next, t)
	}
	return s.addKey(indent, t)
}

// addKey puts the first target at the end of the file.
func (s *script) addKey(indent string, t Target) error {
	added := append([]string{indent + "targets:"}, blockLines(t, indent+"  ")...)
	end := s.documentEnd()
	if end > 0 && strings.TrimSpace(s.lines[end-1]) != "" {
		added = append([]string{""}, added...)
	}
	s.insert(end, added)
	return nil
}

// documentEnd is the index of the line that ends the document (...), or the
// number of lines.
func (s *script) documentEnd() int {
	for i, l := range s.lines {
		if strings.TrimRight(l, " \t\r\n") == "..." {
			return i
		}
	}
	return len(s.lines)
}

// addToList puts a target into the list that stands in the lines from key to
// before next.
func (s *script) addToList(list ast.Node, indent string, key, next int, t Target) error {
	if anchor, ok := list.(*ast.AnchorNode); ok {
		list = anchor.Value
	}
	switch n := list.(type) {
	case *ast.AliasNode:
		return errAlias
	case *ast.NullNode:
		return s.fillNull(n, indent, key, t)
	case *ast.SequenceNode:
		switch {
		case n.IsFlowStyle && len(n.Values) == 0:
			return s.fillBrackets(n, indent, key, t)
		case n.IsFlowStyle:
			return s.addToFlow(n, t)
		}
		s.addEntry(n, next, t)
		return nil
	}
	return errUnusual
}

// fillNull starts the list behind a key that has no value.
func (s *script) fillNull(n *ast.NullNode, indent string, key int, t Target) error {
	tk := n.GetToken()
	// An absent value has a token of its own making, which stands nowhere.
	if tk.Type == token.NullType && tk.Position.Line == key+1 && strings.TrimSpace(tk.Origin) != "" {
		if err := s.splice(tk.Position, len([]rune(tk.Value)), ""); err != nil {
			return err
		}
		s.trimEnd(key)
	}
	s.insert(key+1, blockLines(t, indent+"  "))
	return nil
}

// fillBrackets starts the list in the place of [].
func (s *script) fillBrackets(n *ast.SequenceNode, indent string, key int, t Target) error {
	from, to := n.Start.Position, n.End.Position
	if from.Line != key+1 || to.Line != from.Line {
		return s.splice(to, 0, flowText(t))
	}
	if err := s.splice(from, to.Column-from.Column+1, ""); err != nil {
		return err
	}
	s.trimEnd(key)
	s.insert(key+1, blockLines(t, indent+"  "))
	return nil
}

// trimEnd takes blanks from the end of a line.
func (s *script) trimEnd(i int) {
	l := s.lines[i]
	body := strings.TrimRight(l, "\r\n")
	s.lines[i] = strings.TrimRight(body, " \t") + l[len(body):]
}

// addToFlow puts an entry before the list's last bracket.
func (s *script) addToFlow(n *ast.SequenceNode, t Target) error {
	text := flowText(t)
	if before := lastMeaning(n.End); before != nil && before.Type != token.CollectEntryType {
		text = ", " + text
	}
	return s.splice(n.End.Position, 0, text)
}

// lastMeaning is the token before tk that is no comment.
func lastMeaning(tk *token.Token) *token.Token {
	for tk = tk.Prev; tk != nil && tk.Type == token.CommentType; tk = tk.Prev {
	}
	return tk
}

// addToFlowRoot adds to settings that stand in braces.
func (s *script) addToFlowRoot(m *ast.MappingNode, t Target) error {
	for _, entry := range m.Values {
		if entry.Key.GetToken().Value != "targets" {
			continue
		}
		list, ok := entry.Value.(*ast.SequenceNode)
		switch {
		case ok && len(list.Values) == 0:
			return s.splice(list.End.Position, 0, flowText(t))
		case ok:
			return s.addToFlow(list, t)
		}
		return errUnusual
	}
	text := "targets: [" + flowText(t) + "]"
	if before := lastMeaning(m.End); before != nil && before.Type != token.CollectEntryType && before.Type != token.MappingStartType {
		text = ", " + text
	}
	return s.splice(m.End.Position, 0, text)
}

// addEntry puts an entry behind the last one of a list in lines. Comments and
// empty lines that follow and are not indented into the list belong to what
// comes next.
func (s *script) addEntry(n *ast.SequenceNode, next int, t Target) {
	dash := n.Start.Position.Column - 1
	end := min(next, s.documentEnd())
	for end > 0 && s.belongsToNext(s.lines[end-1], dash) {
		end--
	}
	added := blockLines(t, strings.Repeat(" ", dash))
	if s.spaced(n) {
		added = append([]string{""}, added...)
	}
	s.insert(end, added)
}

func (s *script) belongsToNext(line string, dash int) bool {
	text := strings.TrimLeft(line, " ")
	return strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") && len(line)-len(text) <= dash
}

// spaced reports whether empty lines stand between the entries.
func (s *script) spaced(n *ast.SequenceNode) bool {
	if len(n.Values) < 2 {
		return false
	}
	last := n.Values[len(n.Values)-1].GetToken().Position.Line
	before := n.Values[len(n.Values)-2].GetToken().Position.Line
	for i := before; i < last-1 && i < len(s.lines); i++ {
		if strings.TrimSpace(s.lines[i]) == "" {
			return true
		}
	}
	return false
}
