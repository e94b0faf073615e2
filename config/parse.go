package config

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

const (
	// maxFile is far more than the largest configuration a person writes.
	maxFile = 256 << 10
	// maxFlow and maxColumn bound how deep a file nests. goccy/go-yaml v1.19
	// takes time and stack by the square of the depth: 64 KiB of "[" keep it
	// busy for 20 seconds. What certty knows is three levels deep.
	maxFlow   = 16
	maxColumn = 128
)

// parse reads the YAML of one document. The problem is set where that fails;
// a node of nil is an empty document.
func parse(file string, data []byte) (ast.Node, *Problem) {
	at := func(tk *token.Token, text string) *Problem {
		p := &Problem{Position: Position{Source: file, Line: 1, Column: 1}, Text: text}
		if tk != nil && tk.Position != nil {
			p.Line, p.Column = tk.Position.Line, tk.Position.Column
		}
		return p
	}
	if len(data) > maxFile {
		return nil, at(nil, fmt.Sprintf("the file has %d bytes, at most %d are read", len(data), maxFile))
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		line := 1 + bytes.Count(data[:firstInvalid(data)], []byte("\n"))
		return nil, &Problem{
			Position: Position{Source: file, Line: line, Column: 1},
			Text:     "the line is not UTF-8, save the file as UTF-8",
		}
	}
	// goccy/go-yaml v1.19 counts the lines of comments wrongly where they end in
	// CRLF. YAML 1.2 §5.4 reads every line break as a line feed.
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	tokens := lexer.Tokenize(string(data))
	if tk := tooDeep(tokens); tk != nil {
		return nil, at(tk, "nested too deep, no setting is more than three levels deep")
	}
	// Duplicate keys are found with everything else that is wrong, not first.
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		// Never err.Error(): it quotes the source, and with it what may be a
		// secret that somebody wrote there.
		if syntax, ok := errors.AsType[yaml.Error](err); ok {
			return nil, at(syntax.GetToken(), "not YAML: "+syntax.GetMessage())
		}
		return nil, at(nil, "not YAML")
	}
	return document(tree, at)
}

// document gives the one document of a file.
func document(tree *ast.File, at func(*token.Token, string) *Problem) (ast.Node, *Problem) {
	var body ast.Node
	for i, doc := range tree.Docs {
		if i > 0 {
			tk := doc.Start
			if tk == nil && doc.Body != nil {
				tk = doc.Body.GetToken()
			}
			return nil, at(tk, "a second document (---) starts here, a configuration is one document")
		}
		if doc.Body != nil {
			body = doc.Body
		}
	}
	return body, nil
}

// tooDeep finds the token at which the nesting passes its bound.
func tooDeep(tokens token.Tokens) *token.Token {
	flow := 0
	for _, tk := range tokens {
		switch tk.Type {
		case token.MappingStartType, token.SequenceStartType:
			if flow++; flow > maxFlow {
				return tk
			}
		case token.MappingEndType, token.SequenceEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType:
			if tk.Position.Column > maxColumn {
				return tk
			}
		}
	}
	return nil
}

func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(data)
}
