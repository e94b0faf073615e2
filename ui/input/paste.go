package input

import "strings"

// MaxPaste is the largest paste in bytes that is handed on. It is some thirty
// times the longest certificate chain seen in practice; for more a file is the
// way.
const MaxPaste = 1 << 20

// PasteMsg is one paste. It reaches the program's Update in order with the keys
// around it.
type PasteMsg struct {
	// Text is what was pasted, as valid UTF-8: bytes that are none are replaced
	// by U+FFFD. Line ends are as the terminal sent them, mostly "\r". Control
	// characters are not removed; whoever shows the text has to.
	Text string
	// TooLong is true when the paste exceeded [MaxPaste]; Text is then empty.
	TooLong bool
	// Unterminated is true when the terminal never sent the end marker: the
	// text may be cut off.
	Unterminated bool
	// Bracketed is true when the terminal marked the paste (xterm, "Bracketed
	// Paste Mode"). False means that it was recognised by its shape.
	Bracketed bool
}

// pasteBuffer collects a paste up to MaxPaste.
type pasteBuffer struct {
	body    []byte
	tooLong bool
}

func (b *pasteBuffer) add(p []byte) {
	if b.tooLong {
		return
	}
	if len(b.body)+len(p) > MaxPaste {
		b.body, b.tooLong = nil, true
		return
	}
	b.body = append(b.body, p...)
}

// take returns the message and empties the buffer.
func (b *pasteBuffer) take() PasteMsg {
	m := PasteMsg{Text: strings.ToValidUTF8(string(b.body), "\uFFFD"), TooLong: b.tooLong}
	*b = pasteBuffer{}
	return m
}
