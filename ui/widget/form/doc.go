// Package form is a list of fields that are checked as they are typed, and a
// row of buttons. It knows nothing of certificates: what a field means, what is
// wrong with its value and what else there is to say of it comes from whoever
// makes it.
//
// Fields can stand under headings that open and close ([Section]), so that a
// form begins small and grows where a person wants more. What does not apply
// (Field.Show) is neither drawn nor checked; what stands in a closed section is
// checked, and the section opens when something in it is wrong.
//
// A choice is walked with left and right. Typing on it opens its list and
// searches it, and where there are many options the space bar lists them all;
// what is under the cursor is taken by enter, and by what goes on from there. Any
// number of many options ([Many]) is chosen in such a list as well.
package form
