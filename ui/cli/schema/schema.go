package schema

import (
	"embed"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

//go:embed published/*.json
var published embed.FS

const (
	folder = "published"
	ending = ".json"
	// annotation is the key under which a command says what it prints.
	annotation = "certty-schema"
)

// Row is the schema of a single row: what a command prints that changes one, or
// waits for it.
const Row = "row"

// Publish says that a command prints the document that a schema describes.
func Publish(cmd *cobra.Command, name string) {
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations[annotation] = name
}

// Published is the name of the schema of what a command prints; "" when it prints
// no document.
func Published(cmd *cobra.Command) string { return cmd.Annotations[annotation] }

// Of is the schema of a name; ok is false when there is none.
func Of(name string) (schema []byte, ok bool) {
	schema, err := published.ReadFile(folder + "/" + name + ending)
	return schema, err == nil
}

// Names lists the schemas.
func Names() []string {
	files, err := published.ReadDir(folder)
	if err != nil {
		panic(err) // the folder is part of the program
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f.Name(), ending)
	}
	slices.Sort(names)
	return names
}
