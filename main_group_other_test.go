//go:build !unix

package main

import "os/exec"

// inGroup does nothing: there are no process groups here.
func inGroup(*exec.Cmd) {}

// endGroup does nothing: a program ends those that it started.
func endGroup(*exec.Cmd) {}
