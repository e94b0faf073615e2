// Package backendtest is the contract of package backend as a test: what every
// backend promises, whatever it talks to. A backend's own tests call [Run] with
// a factory that puts the backend in front of a server of its kind:
//
//	func TestContract(t *testing.T) {
//		backendtest.Run(t, func(t *testing.T) backendtest.Harness { … })
//	}
//
// The suite talks to the backend only, and looks behind it through the few
// functions of [Harness]. A capability that a backend does not have is not
// tested, but its reason is demanded.
package backendtest
