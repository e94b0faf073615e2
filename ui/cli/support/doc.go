// Package support is the command that gathers what somebody needs who is asked
// for help: program, machine, configuration, targets with what they can do and
// why not, latches, changes whose end is not known, and the last errors with
// their codes and request ids.
//
// Start reading at New. It calls no service and reads no secret; a secret that
// stands in the environment is blotted out of the finished text once more, and
// with --redact names and hosts are as well (redact.go).
package support
