package view

import "slices"

// Join takes in a target that was opened while the screen runs.
func (d *Desk) Join(t Target) { d.targets = append(slices.Clone(d.targets), t) }

// Join shows one more target, behind the others.
func (d *Data) Join(name string) { d.names = append(slices.Clone(d.names), name) }
