// Package forms is the screens on which a person fills something in: a new
// request ([NewCreate]), and where a CSR is saved ([NewSaveCSR]).
//
// A form keeps what was typed until its work is done: an answer that says no
// brings the person back to the same fields.
package forms
