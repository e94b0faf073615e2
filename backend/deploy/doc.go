// Package deploy puts the files of a certificate that arrived where a person
// wants them, and runs the command that the person set for after that.
//
// A certificate becomes up to three files: NAME.pem holds the certificate alone,
// NAME-chain.pem the certificate with what is above it and without the root, as
// TLS servers send it (RFC 8446 §4.4.2), and NAME.p12, NAME.jks or
// NAME-keystore.pem the keystore, where one was made.
//
// # What is replaced
//
// No file is replaced unasked. One that is there already is replaced only where
// it is what was written for this order before, or for the order that it renews,
// byte for byte; or where the order's deployment says that files may be replaced
// (Overwrite). One that holds what would be written is left as it is. Anything
// else is a [TakenError], and then none of the files is touched. A symbolic link
// or a folder in the place of a file is never replaced.
//
// # How
//
// All files are written completely beside their places, with their owner and
// mode, and reach the disk before the first of them takes its place in one step.
// A disk that is full therefore leaves everything as it was. A file with a key
// is for its owner alone unless the deployment lets its group read it. What a
// program left there that ended on the way is removed with the next files, once
// it is an hour old.
//
// Start at [Deployer.Deliver]; command.go runs the command.
package deploy
