package row

import _ "embed"

//go:embed status.schema.json
var schema []byte

// Schema is the JSON Schema (2020-12) of a [Document]; that of a single row is
// its definition "Row". The same stands in docs/status.schema.json.
func Schema() []byte { return append([]byte(nil), schema...) }
