// Package pass looks at targets once, all beside each other, for programs that
// have no screen: what the poller learns in the course of time is read here in
// one go, and merged into what is stored.
//
// Start reading at Make. A Result always holds what is known, also of a target
// that failed or did not answer in time; Result.Err says then what is missing.
package pass
