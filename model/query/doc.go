// Package query is how a person says which rows to see, and in which order.
//
// A filter is a line of terms, and a row passes when every one of them holds:
//
//	api eu            both texts stand somewhere in what is shown of the row
//	!test             this one does not
//	~^shop.*com$      a regular expression (RE2) fits a line of it
//	state:failed      the text stands in that field; name:~^api for an expression
//	left<20%          less than a fifth of the life is left
//	days<30           it expires within 30 days
//	age>3d            it has been what it is for more than three days
//	"waits: merge"    a text with blanks, or with signs that mean something here
//
// Case never matters. A "!" turns any term around. [Parse] reads a filter,
// [Filter.Match] applies it to one row; [Text] makes what is looked through,
// once for each item. [Order] is the order of the rows.
//
// Everything here is pure: the time comes with the row.
package query
