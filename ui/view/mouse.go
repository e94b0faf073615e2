package view

// Click is a click of the left button, in cells from the upper left corner of
// the room that the view has. The root sends it to the view on top.
type Click struct{ X, Y int }
