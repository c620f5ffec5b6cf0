//go:build !js

package site

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// What a package offers says what it means: every exported name has a doc
// comment, and every package an introduction. Constants of a named type belong
// to their type's comment, and String, Error and Unwrap mean what they mean
// everywhere.
func TestEverythingExportedIsExplained(t *testing.T) {
	introduced := map[string]bool{}
	eachSource(t, []string{"catalog", "calc", "app"}, func(path string, file *ast.File) {
		folder := filepath.Dir(path)
		introduced[folder] = introduced[folder] || file.Doc != nil && len(file.Doc.Text()) > 80
		for _, d := range file.Decls {
			for _, name := range unexplained(d) {
				t.Errorf("%s: %s has no doc comment", path, name)
			}
		}
	})
	for folder, ok := range introduced {
		if !ok {
			t.Errorf("%s has no package comment that introduces it", folder)
		}
	}
}

// unexplained are the exported names of a declaration without a comment.
func unexplained(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		switch name := d.Name.Name; {
		case d.Doc != nil || !d.Name.IsExported() || !exportedReceiver(d):
		case d.Recv != nil && (name == "String" || name == "Error" || name == "Unwrap"):
		default:
			return []string{name}
		}
	case *ast.GenDecl:
		if d.Doc != nil {
			return nil
		}
		var typed bool // constants that follow in a group without a type have the one before
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && s.Doc == nil {
					names = append(names, s.Name.Name)
				}
			case *ast.ValueSpec:
				typed = d.Tok == token.CONST && (s.Type != nil || typed && s.Values == nil)
				for _, n := range s.Names {
					if n.IsExported() && s.Doc == nil && s.Comment == nil && !typed {
						names = append(names, n.Name)
					}
				}
			}
		}
	}
	return names
}

// exportedReceiver reports whether a function is none of a hidden type.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	text := strings.Builder{}
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && text.Len() == 0 {
			text.WriteString(id.Name)
		}
		return true
	})
	return ast.IsExported(text.String())
}
