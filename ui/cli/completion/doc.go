// Package completion tells the shell what may follow: names of targets from the
// configuration, and names of certificates and ids of orders from what is
// stored. It calls no service and makes no file.
package completion
