// Package metrics writes what is known of every target in the text format of
// Prometheus, for the textfile collector of the node exporter or for whoever
// reads standard output.
//
// Start reading at New. The names of certificates' metrics are those that x509
// exporters use, so that alerts that are there already work; everything else
// begins with certty_. Names of certificates are labels, subjects are not, unless
// they are asked for: they come from outside, and each makes a series.
//
//	metrics.go    the command
//	gather.go     which metrics there are, and their values
//	family.go     the text format
//	file.go       a file that is there whole or not at all
package metrics
