// Package adopt takes existing orders of a CA account over into the local
// repository: which of them is chosen in a form, and what is coming in is shown
// while it comes. The import goes on when its screen is left and can be ended at
// any time; what was taken over stays.
package adopt
