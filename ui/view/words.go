package view

import "certty/backend"

// Trouble says in a word or two what is wrong with a target.
func Trouble(err error) string {
	switch backend.KindOf(err) {
	case backend.KindAuth:
		return "login refused"
	case backend.KindPermission:
		return "no permission"
	case backend.KindNetwork:
		return "not reached"
	case backend.KindThrottled:
		return "throttled"
	case backend.KindUnavailable:
		return "in trouble"
	case backend.KindOther:
		return "not understood"
	case backend.KindLocal:
		return "trouble here"
	case backend.KindSignIn:
		return "signing in"
	default:
		return backend.KindOf(err).String()
	}
}
