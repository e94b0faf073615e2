// Package settings holds the commands about the configuration itself: write a
// first one, check it, show what counts and where it comes from, and print the
// schema and the places. They call no service and read no secret.
//
// Start reading at New. The rules of the configuration are package config's.
package settings
