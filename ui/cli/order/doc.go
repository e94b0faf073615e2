// Package order holds the commands for orders at a CA account: what the screens
// of an order do, one command for each action, under its name.
//
// An order costs money and is placed once, whatever happens: the local repository
// ([certty/backend/repository]) writes it down before anything is sent, and where
// the answer is lost the commands name the way on, find-order and decide. All else
// takes the course of [certty/ui/cli/command.Changing]: what is meant is said, the
// person confirms, the call is journaled and made.
//
// Start reading at [Commands].
package order
