package input

import (
	"bytes"
	"time"
)

const (
	// waitKey is how long the beginning of a sequence that may as well be a key
	// (ESC, ESC [) waits for its rest. Packets of one key press come within a
	// few milliseconds, over a bad line within some 40; a lone Escape is late
	// by this much.
	waitKey = 50 * time.Millisecond
	// waitSequence is the wait for the rest of what can be no key. The next key
	// ends it, so it may be long.
	waitSequence = 500 * time.Millisecond
	// waitBurst ends a paste that was recognised by its shape.
	waitBurst = 30 * time.Millisecond
	// waitPasteQuiet is the silence within a bracketed paste after which ctrl+c
	// is taken for the key.
	waitPasteQuiet = 300 * time.Millisecond
	// waitPaste is the silence after which a bracketed paste without end is
	// over.
	waitPaste = 2 * time.Second
)

// event is one key or one paste.
type event struct {
	key   string
	paste *PasteMsg
}

type parserMode uint8

const (
	modeKeys parserMode = iota
	modePaste
	modePasteQuiet // within a paste, after waitPasteQuiet of silence
	modeBurst
	modeString   // within OSC, DCS or APC, all of which is dropped
	modeOverlong // within a control sequence that is too long
)

// parser turns bytes into events. It knows no clock: after each call the owner
// asks wait and calls silence when that much time passed without bytes. Its
// memory is bounded by MaxPaste and by the chunk it is fed with.
type parser struct {
	mode parserMode
	buf  []byte // bytes of an element that is not complete
	// certain belongs to buf, see token.
	certain bool
	paste   pasteBuffer
	out     []event
	// byMarksOnly turns off the recognition of pastes by their shape, which
	// depends on how the bytes were split into reads.
	byMarksOnly bool
}

// feed takes the bytes of one read.
func (p *parser) feed(chunk []byte) {
	if len(chunk) == 0 {
		return
	}
	switch p.mode {
	case modePasteQuiet:
		p.mode = modePaste
		if chunk[0] == ctrlC {
			p.endPaste(true)
		}
	case modeBurst:
		before, _, marked := bytes.Cut(chunk, []byte(pasteStart))
		p.paste.add(before)
		if !marked {
			return
		}
		p.endBurst()
		chunk = chunk[len(before):]
	case modeKeys:
		if !p.byMarksOnly && len(p.buf) == 0 && looksPasted(chunk) {
			p.mode = modeBurst
			p.paste.add(chunk)
			return
		}
	}
	p.buf = append(p.buf, chunk...)
	p.run(false)
}

// wait is how long to wait for bytes before silence has to be called; 0 means
// for ever.
func (p *parser) wait() time.Duration {
	switch p.mode {
	case modePaste:
		return waitPasteQuiet
	case modePasteQuiet:
		return waitPaste - waitPasteQuiet
	case modeBurst:
		return waitBurst
	case modeString, modeOverlong:
		return waitSequence
	}
	switch {
	case len(p.buf) == 0:
		return 0
	case p.certain:
		return waitSequence
	default:
		return waitKey
	}
}

// silence tells that wait passed without bytes.
func (p *parser) silence() {
	switch p.mode {
	case modePaste:
		p.mode = modePasteQuiet
		return
	case modePasteQuiet:
		p.endPaste(true)
		return
	case modeBurst:
		p.endBurst()
		return
	}
	p.mode = modeKeys
	p.run(true)
}

// next takes the oldest event.
func (p *parser) next() (event, bool) {
	if len(p.out) == 0 {
		return event{}, false
	}
	e := p.out[0]
	p.out = p.out[1:]
	if len(p.out) == 0 {
		p.out = nil
	}
	return e, true
}

func (p *parser) emit(m PasteMsg) { p.out = append(p.out, event{paste: &m}) }

// run takes as much from buf as is complete.
func (p *parser) run(atEnd bool) {
	rest := p.buf
	for more := true; more && len(rest) > 0; {
		var n int
		switch p.mode {
		case modePaste:
			n, more = p.stepPaste(rest)
		case modeString:
			n, more = p.stepString(rest)
		case modeOverlong:
			n, more = p.stepOverlong(rest), true
		default:
			n, more = p.stepKey(rest, atEnd)
		}
		rest = rest[n:]
	}
	// A copy, so that a few bytes do not keep the buffer of a large chunk alive.
	p.buf = append([]byte(nil), rest...)
}

// stepKey takes one token and reports how many bytes it had, and whether the
// next may be tried.
func (p *parser) stepKey(b []byte, atEnd bool) (int, bool) {
	t := scan(b, atEnd)
	switch t.kind {
	case tokenNeedMore:
		p.certain = t.certain
		return 0, false
	case tokenKey:
		p.out = append(p.out, event{key: string(t.key)})
	case tokenPaste:
		p.mode = modePaste
	case tokenString:
		p.mode = modeString
	case tokenOverlong:
		p.mode = modeOverlong
	}
	return t.n, true
}

// stepPaste takes pasted bytes up to the end marker.
func (p *parser) stepPaste(b []byte) (int, bool) {
	if i := bytes.Index(b, []byte(pasteEnd)); i >= 0 {
		p.paste.add(b[:i])
		p.endPaste(false)
		return i + len(pasteEnd), true
	}
	keep := markerPrefix(b)
	p.paste.add(b[:len(b)-keep])
	return len(b) - keep, false
}

// markerPrefix is how many bytes at the end of b may begin the end marker.
func markerPrefix(b []byte) int {
	for n := min(len(pasteEnd)-1, len(b)); n > 0; n-- {
		if string(b[len(b)-n:]) == pasteEnd[:n] {
			return n
		}
	}
	return 0
}

// endPaste delivers the bracketed paste. An unterminated one may have kept the
// beginning of a marker, which then was text.
func (p *parser) endPaste(unterminated bool) {
	if unterminated {
		p.paste.add(p.buf)
		p.buf = nil
	}
	m := p.paste.take()
	m.Bracketed, m.Unterminated = true, unterminated
	p.mode = modeKeys
	p.emit(m)
}

func (p *parser) endBurst() {
	p.mode = modeKeys
	p.emit(p.paste.take())
}

// stepString drops the bytes of a string up to its end: BEL or ESC \ (xterm,
// "Operating System Commands"), CAN or SUB. Any other control character, and
// any other escape sequence, means that the end was lost: it counts.
func (p *parser) stepString(b []byte) (int, bool) {
	const bel, can, sub = 0x07, 0x18, 0x1a
	for i, c := range b {
		switch {
		case c == bel || c == can || c == sub:
			p.mode = modeKeys
			return i + 1, true
		case c == esc && i+1 == len(b):
			return i, false
		case c == esc && b[i+1] == '\\':
			p.mode = modeKeys
			return i + 2, true
		case c < 0x20:
			p.mode = modeKeys
			return i, true
		}
	}
	return len(b), true
}

// stepOverlong drops the rest of a control sequence.
func (p *parser) stepOverlong(b []byte) int {
	for i, c := range b {
		switch {
		case c >= 0x40 && c <= 0x7e:
			p.mode = modeKeys
			return i + 1
		case c < 0x20 || c > 0x7e:
			p.mode = modeKeys
			return i
		}
	}
	return len(b)
}
