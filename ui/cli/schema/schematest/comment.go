package schematest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// comments are those of types and fields, by package and then as "Type" and
// "Type.Field".
type comments map[string]map[string]string

// of is the comment of a type, or of its field.
func (c comments) of(t *testing.T, typ reflect.Type, field string) string {
	t.Helper()
	path := typ.PkgPath()
	if c[path] == nil {
		c[path] = read(t, filepath.Join(root(t), filepath.FromSlash(strings.TrimPrefix(path, "certty/"))))
	}
	if field == "" {
		return c[path][local(typ)]
	}
	return c[path][local(typ)+"."+field]
}

// read reads the comments of a package.
func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, f.Name()), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range tree.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range decl.Specs {
				if spec, ok := s.(*ast.TypeSpec); ok {
					note(found, decl, spec)
				}
			}
		}
	}
	return found
}

// note keeps the comments of a type and of its fields.
func note(found map[string]string, decl *ast.GenDecl, spec *ast.TypeSpec) {
	one := func(c *ast.CommentGroup) string { return strings.Join(strings.Fields(c.Text()), " ") }
	found[spec.Name.Name] = one(decl.Doc)
	body, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range body.Fields.List {
		for _, name := range field.Names {
			found[spec.Name.Name+"."+name.Name] = one(field.Doc)
		}
	}
}
