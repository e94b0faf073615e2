// Package theme says how things look: roles instead of colours, glyphs with an
// ASCII form, and one renderer per session.
//
// Colours are ANSI 0–15 only, so they follow the palette the person chose for
// the terminal. There is a table for dark backgrounds and one for light ones;
// which of them counts is set, or told by COLORFGBG. Nothing here asks the
// terminal a question: a late answer would be typed into a field. This is the
// only package that makes Lip Gloss styles.
//
// Colour only underlines what word, glyph and order already say; under
// NO_COLOR every style is empty, reverse and bold included.
package theme
