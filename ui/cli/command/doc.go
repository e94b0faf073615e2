// Package command is what the commands without a screen share: what they get
// from the program, the flags that choose targets, the targets themselves once
// they are opened, and how they end.
//
// Start reading at Env, which every command is made with, and Fleet, which
// Env.Open gives. Data goes to Env.Stdout, words for people to Env.Stderr. No
// command ever starts the sandbox by itself.
package command
