// Package backend is what the screen and the commands see of a vault or an
// account: capabilities, errors with advice, and the journal's words. It holds
// no protocol; the adapters (package vault) do.
//
// A backend says what it can do with a struct of interface fields, not by
// having methods: a decorator (package guard) can then wrap each one, and a
// capability that is missing carries the reason. There is no type assertion on
// a backend anywhere.
//
// Every backend passes the one suite in package backendtest over its sandbox
// server.
package backend
