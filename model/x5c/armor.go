package x5c

import (
	"fmt"
	"regexp"
	"strings"
)

// marker finds the BEGIN and END lines of PEM (RFC 7468). It is content with
// fewer hyphens than five, as a selection by mouse leaves them, and does not ask
// for line ends.
var marker = regexp.MustCompile(`-+ *(BEGIN|END) +([A-Z0-9#.][A-Z0-9#. ]{0,40}?) *-{1,5}`)

// armored takes text with PEM blocks, or without.
func (r *reader) armored(text string, depth int) error {
	open := ""       // the label of the block that text is in
	at, line := 0, 1 // where the walk stands
	for _, m := range marker.FindAllStringSubmatchIndex(text, -1) {
		before, begins, label := text[at:m[0]], text[m[2]:m[3]] == "BEGIN", text[m[4]:m[5]]
		var err error
		switch {
		case open != "":
			err = r.block(before, open, !begins)
		case begins:
			err = r.loose(before, line, depth)
		default:
			err = r.beheaded(before, label, line, depth)
		}
		if err != nil {
			return err
		}
		line += strings.Count(text[at:m[1]], "\n")
		at, open = m[1], ""
		if begins {
			open = label
		}
	}
	if open != "" {
		return r.block(text[at:], open, false)
	}
	return r.loose(text[at:], line, depth)
}

// block takes what stands after a BEGIN line in; ended tells whether an END
// line followed. What the label says is not relied on: certutil writes
// CERTIFICATE over PKCS#7.
func (r *reader) block(content, label string, ended bool) error {
	r.blocks++
	where := fmt.Sprintf("block %d (%s)", r.blocks, label)
	s := &scan{reader: r, text: content, where: func(int) string { return where }, form: "PEM"}
	if err := s.run(); err != nil {
		return err
	}
	switch {
	case s.found > 0:
		if !ended {
			r.endless++
			r.textLines += s.leftLines()
		}
	case strings.HasSuffix(label, "CERTIFICATE"), strings.HasPrefix(label, "PKCS"), label == "CMS":
		return fmt.Errorf("%s is %w", where, ErrTruncated)
	case strings.HasSuffix(label, "CERTIFICATE REQUEST"):
		r.requests++
	default:
		r.other("a block " + label)
	}
	return nil
}

// beheaded takes what stands before an END line that has no BEGIN line.
func (r *reader) beheaded(content, label string, firstLine, depth int) error {
	before := r.count()
	if err := r.loose(content, firstLine, depth); err != nil {
		return err
	}
	if strings.HasSuffix(label, "CERTIFICATE") && r.count() == before {
		return fmt.Errorf("the block that ends with END %s is %w: its beginning is missing", label, ErrTruncated)
	}
	return nil
}

// loose takes text outside of PEM blocks in: base64 may stand in it.
func (r *reader) loose(text string, firstLine, depth int) error {
	s := &scan{
		reader: r,
		text:   text,
		where: func(at int) string {
			return fmt.Sprintf("the base64 text at line %d", firstLine+strings.Count(text[:at], "\n"))
		},
		form:  "base64 without PEM lines",
		depth: depth,
		coats: true,
	}
	if err := s.run(); err != nil {
		return err
	}
	r.textLines += s.leftLines()
	return nil
}
