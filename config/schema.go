package config

import (
	_ "embed"
	"slices"
)

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema (2020-12) of the configuration file, for editors.
func Schema() []byte { return slices.Clone(schema) }
