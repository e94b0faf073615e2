// Package certificate is the commands that read one certificate or its request and
// change nothing: its CSR, its versions, a download. The private key is never among
// what they read.
//
// Start reading at NewDownload; destination says where the bytes of a file go.
package certificate
