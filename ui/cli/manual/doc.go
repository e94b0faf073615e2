// Package manual writes the manual pages of the commands: as pages for man, and
// as the one page docs/commands.md. Both are made from the commands themselves.
package manual
