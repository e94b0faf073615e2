// Package viewtest is a stage for the tests of screens: rows that a test puts
// there, a vault that answers what the test says and notes what it was asked, a
// host that keeps what is open, and a clock that stands still. Nothing of it
// waits, so the tests need no bubble.
//
// [New] makes a stage, [Stage.Open] puts a view on it, [Stage.Press] types, and
// [Stage.Frame] is what a person would see. [NewAuthority] signs what tests
// merge and download.
package viewtest
