// Package config is what a person may set: in a file, in the environment and
// by flags. [Load] puts the three together over the defaults, in that order,
// and refuses what it does not understand, with every problem at once, each
// with its line and column.
//
// Start at [Config] for what there is. The comments of its fields are also the
// reference in docs/config.md and the descriptions in docs/config.schema.json:
// a test generates both and fails when they are stale.
//
// No secret is ever part of a configuration. [Secret] says where one is, and
// [Secret.Read] fetches it at the moment it is needed.
//
// The package knows of no other package of certty.
package config
