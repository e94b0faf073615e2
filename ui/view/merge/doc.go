// Package merge is the screen on which a signed certificate is pasted, judged
// and merged into its request.
//
// What lands in the box is what was understood, not base64. Nothing is sent
// before the verdict allows it and the person confirmed; a private key that is
// pasted by mistake is refused and forgotten at once.
package merge
