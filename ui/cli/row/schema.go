package row

import _ "embed"

//go:embed status.schema.json
var schema []byte

// Schema is the JSON Schema (2020-12) of a [Document]; those
// of a single row and of a line of JSON Lines are its definitions "Row" and
// "Line". The same stands in docs/status.schema.json.
func Schema() []byte { return append([]byte(nil), schema...) }
