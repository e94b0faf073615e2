// Package vaults is the screen of the targets: [NewList] shows each with its
// health in words, [NewForm] adds a vault or an account, and [NewPrompt] shows the code that a
// person enters elsewhere to sign in.
//
// The screen knows neither the configuration nor the services' protocols. Both are
// behind [Book], which is given to it: a [Draft] of what was typed goes in, what
// is wrong with it, what a test found and what would be written comes out.
package vaults
