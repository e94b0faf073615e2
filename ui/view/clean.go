package view

import "certty/backend/text"

// Clean makes one line of text that was not decoded by a backend (a parsed
// certificate, a file's name, an operating system's error) safe for the screen.
func Clean(s string) string { return text.Clean(s) }
