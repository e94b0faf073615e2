// Package survey is one look at every target for programs that watch: the pass
// over certificates, requests and orders, and what of a CA account ends by
// itself beside them, its password and the validations of its domains.
//
// Start reading at Make. Live and Waiting are what the plug-in and the metrics
// have in common: which certificates serve somebody, and which requests and
// orders wait for somebody.
package survey
