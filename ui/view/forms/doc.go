// Package forms is the screens on which a person fills something in, or decides
// about what is filled in already: a new request ([NewCreate]), a new version
// from the stored policy ([NewVersion]), the stored policy itself ([NewPolicy]),
// an import ([NewImport]), and where a CSR is saved ([NewSaveCSR]).
//
// The fields of a policy stand in one place (policyFields); valuesOf fills them
// in from a policy and policyOf reads them back, so that what nobody touched
// stays exactly as the vault has it. What is wrong is decided by
// [model.CreateSpec.Problems]. A summary names what differs: from the vault's
// defaults in a new request, from the stored policy in a change.
//
// The course that a form takes, from the fields to the answer, is package
// [certty/ui/view/sheet]'s: nothing is sent before it was confirmed, and what was
// typed is kept until the work is done. The one exception is the password of an
// import, and the file that it opens: both are dropped with the call.
package forms
