package output

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/itchyny/gojq"

	"certty/backend/text"
	"certty/ui/cli/command"
	"certty/ui/cli/jsontext"
)

// program is a jq expression. It sees the document and nothing else: neither
// the environment nor files.
type program struct{ code *gojq.Code }

// compile reads a jq expression; an error is one of the command line.
func compile(expression string) (*program, error) {
	query, err := gojq.Parse(expression)
	if err != nil {
		if at, ok := errors.AsType[*gojq.ParseError](err); ok {
			return nil, command.Usage(fmt.Errorf("--jq: at character %d: %w", at.Offset, err))
		}
		return nil, command.Usage(fmt.Errorf("--jq: %w", err))
	}
	code, err := gojq.Compile(query)
	if err != nil {
		return nil, command.Usage(fmt.Errorf("--jq: %w", err))
	}
	return &program{code}, nil
}

// run prints each result on a line: a text as it is, anything else as compact
// JSON. On a terminal a text is made safe to look at.
func (p *program) run(ctx context.Context, w io.Writer, terminal bool, document any) error {
	data, err := json.Marshal(document)
	if err != nil {
		return err
	}
	var input any
	if err := json.Unmarshal(data, &input); err != nil {
		return err
	}
	results := p.code.RunWithContext(ctx, input)
	for {
		value, ok := results.Next()
		if !ok {
			return nil
		}
		if err, ok := value.(error); ok {
			if halt, ok := errors.AsType[*gojq.HaltError](err); ok && halt.Value() == nil {
				if halt.ExitCode() == 0 {
					return nil
				}
				return errors.New("--jq: the expression halted with an error")
			}
			return fmt.Errorf("--jq: %s", text.Flat(err.Error()))
		}
		line, err := result(value, terminal)
		if err != nil {
			return err
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
}

func result(value any, terminal bool) ([]byte, error) {
	if s, ok := value.(string); ok {
		if terminal {
			s = text.Lines(s)
		}
		return []byte(s), nil
	}
	// gojq's own form, since it knows numbers that encoding/json does not.
	data, err := gojq.Marshal(value)
	return jsontext.Escape(data, jsontext.EscapeRune), err
}
