// Package folder keeps a server's state as files that only their owner can
// read, and writes them in the background.
package folder
