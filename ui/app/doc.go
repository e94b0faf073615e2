// Package app is the screen's root: it lays out header, body and footer, keeps
// the stack of views, and decides where every message goes.
//
// # Routing
//
// A message takes the first of these ways that fits, and the order is tested
// as a table:
//
//  1. size, focus, time and quitting are the root's;
//  2. a burst of keys is taken apart (package input);
//  3. data goes to the store of what is known and to every view;
//  4. keys go to the view on top if it captures them;
//  5. else to the actions of the view on top;
//  6. else to the global actions, which an overlay hides.
//
// Every frame has exactly the screen's height. On Unix package paint shows it;
// elsewhere Bubble Tea's renderer does, which loses the top lines of a frame
// that is too high.
package app
