// Package ask is the questions before something is changed that needs no form:
// cancelling and deleting a request, enabling and disabling a certificate,
// deleting, recovering and purging it.
//
// Each says what is meant and where, what it does, whether it can be undone, and
// the call that will be sent. What can't be taken back wants the name typed.
package ask
