//go:build !unix

package main

import (
	"net"
	"os/exec"
	"testing"
)

// inGroup does nothing: there are no process groups here.
func inGroup(*exec.Cmd) {}

// endGroup does nothing: a program ends those that it started.
func endGroup(*exec.Cmd) {}

// reserved is an address that nobody listens on until the test ends: the near end
// of a connection.
func reserved(t *testing.T) string {
	t.Helper()
	far, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = far.Close() }) // what was not accepted ends with it
	near, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", far.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = near.Close() }) // nothing was said
	return near.LocalAddr().String()
}
