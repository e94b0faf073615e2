// Package gate lets requests wait while a server's state is being loaded or
// filled.
package gate
