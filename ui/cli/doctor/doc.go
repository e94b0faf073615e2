// Package doctor is the command that says why a target works or does not, and
// who can mend it. What is looked at stands in package backend/doctor.
package doctor
