// Package command is what the commands without a screen share: what they get
// from the program, the flags that choose targets, the targets themselves once
// they are opened, and how they end.
//
// A command that changes something embeds Changing, finds its row with Fleet.Find
// and makes the change with Changing.Run: it asks, sends, reads the row again,
// stores and reports it, or prints the calls with --dry-run. One that only reads
// rows embeds Reaching.
//
// Start reading at Env, which every command is made with, and Fleet, which
// Env.Open gives. Data goes to Env.Stdout, words for people to Env.Stderr. No
// command ever starts the sandbox by itself.
package command
