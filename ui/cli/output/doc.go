// Package output prints lists of records: as a table for people, as JSON, JSON
// Lines and YAML for programs, as CSV for spreadsheets, and through a jq
// expression.
//
// Start reading at [Flags], which a command adds, and [New], which checks what
// was given before anything is called and makes a [Printer]. It knows nothing of
// certificates: what a record's columns are is read from its JSON properties
// ([Columns]), so that one vocabulary serves --columns, --sort-by, --jq and CSV.
//
// Every format is right whatever stands in the texts: a table shows control
// characters visibly, JSON and YAML escape them, and CSV quotes as RFC 4180 says
// and puts an apostrophe before what a spreadsheet would take for a formula.
package output
