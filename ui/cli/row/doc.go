// Package row is a row of the board as data: the record that every command
// prints, and the document it stands in.
//
// Start reading at [Row] and [Of], which derives it by the board's own rules,
// and at [Document], which says how every target was read.
//
// # Stability
//
// Every document and every line of JSON Lines that is an object of its own
// carries schema_version, which is [SchemaVersion]. Within one version
//
//   - a property keeps its name, its type and its meaning, and is never taken away;
//   - properties may be added, so a reader ignores those it does not know;
//   - a property that is not known, or makes no sense for the row, is absent: it
//     is never null, and a moment is never the zero time. Those that the schema
//     requires are always there;
//   - words of state, severity, next and who are those of the board. The schema
//     lists those that this program knows, a later one may know more; raw_status
//     always holds the service's own word;
//   - moments are RFC 3339 in UTC with whole seconds, spans are whole seconds or
//     whole days, shares are numbers from 0 to 1.
//
// The JSON Schemas of [Document] and [Line] are those called status and row in
// package schema.
package row
