// Package check is the monitoring plug-in: one look at every target, judged by
// thresholds, and told in the form of the Monitoring Plugins guidelines: an exit
// code, a line with performance data, and on request a line for each finding.
//
// Start reading at New. Whatever goes wrong, from a flag that does not exist to
// a panic, ends as UNKNOWN with one line on standard output: monitoring reads
// nothing else.
//
//	check.go     the command, and what it ends with
//	flags.go     what can be set
//	threshold.go ranges, as the guidelines write them, over shares and spans
//	judge.go     what the rows say
//	account.go   what accounts, targets and names say
//	report.go    the line and what follows it
//	perfdata.go  performance data
//	document.go  the same as JSON
package check
