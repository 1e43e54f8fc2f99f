package backend_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/inkpool/inkpool/"

// mayImport says which packages of the house a package may import, beside inkpool, the
// vocabulary, which all may. A package that is not listed may not exist: add it here, in
// docs/architecture.md, and say in one sentence what it is for.
var mayImport = map[string][]string{
	"backend/inkpool": {},
	"backend/view":    {},

	"backend/infer":   {},
	"backend/ort":     {"infer"},
	"backend/pool":    {},
	"backend/raster":  {},
	"backend/bundle":  {"durable", "modelpack"},
	"backend/durable": {},
	"backend/graph":   {},

	"backend/modelpack": {"durable", "graph"},
	"backend/hub":       {"durable"}, // fetches models; modelpack knows no network

	"backend/wasm":     {},
	"backend/pdf":      {"raster", "wasm"},
	"backend/heif":     {"wasm"},
	"backend/document": {"heif", "pdf", "raster"},
	"backend/ocr":      {"infer", "pool", "raster"},
	"backend/layout":   {},

	"backend/tokenize":  {},
	"backend/translate": {"infer", "pool", "tokenize"},
	"backend/label":     {"infer", "pool", "raster", "tokenize"},
	"backend/language":  {"infer"},
	"backend/engine":    {"bundle", "document", "durable", "graph", "heif", "infer", "label", "language", "layout", "modelpack", "ocr", "ort", "pdf", "pool", "raster", "tokenize", "translate"},

	"backend/engine/child": {"engine"},

	// Siblings that never import each other: app introduces them through interfaces.
	"backend/job":    {},
	"backend/sqlite": {"durable"},
	"backend/export": {"durable", "view"},

	"backend/config":  {"durable", "pool"},
	"backend/power":   {},
	"backend/app":     {"bundle", "config", "engine", "engine/child", "hub", "job", "modelpack", "pool", "power", "sqlite"},
	"backend/cli":     {"app", "config", "export", "job", "layout", "view"},
	"backend/desktop": {"app", "config", "export", "job", "view"},

	"backend/score":       {},
	"backend/cmd/inkpool": {"app", "cli"},
	"backend/cmd/eval":    {"document", "raster", "score"},
	"bench/peer":          {},
	"bench/text":          {"bundle", "graph", "infer", "label", "ort", "pool", "tokenize", "translate"},
	"bench/peers":         {"score"},
	"bench/language":      {"bundle", "language", "ort"},
	"bench/tokenizers":    {"tokenize"},
	".":                   {"app", "config", "desktop"},
}

// onlyIn says which packages alone may import a library.
var onlyIn = map[string][]string{
	"github.com/yalue/onnxruntime_go": {"backend/ort"},
	"github.com/mattn/go-sqlite3":     {"backend/sqlite"},
	"github.com/pressly/goose":        {"backend/sqlite"},
	"database/sql":                    {"backend/sqlite"},
	"github.com/wailsapp/wails":       {".", "backend/desktop"},
	"github.com/spf13/cobra":          {"backend/cli"},
	"github.com/klippa-app/go-pdfium": {"backend/pdf"},
	"github.com/tetratelabs/wazero":   {"backend/wasm", "backend/pdf"},
}

// mayChange are the package variables that change while the program runs, with the reason.
var mayChange = map[string]string{
	"backend/ort.process": "mirrors the runtime library's own singleton",
}

// forbiddenNames say nothing about what is in a package.
var forbiddenNames = []string{"util", "utils", "common", "helper", "helpers", "types", "manager", "misc"}

func TestHouseRules(t *testing.T) {
	for _, f := range parseHouse(t, os.DirFS("..")) {
		for _, complaint := range f.complaints() {
			t.Error(complaint)
		}
	}
}

func TestTopLevel(t *testing.T) {
	allowed := []string{
		"app.go", "main.go", "frontend", "backend", "build", "wails.json", "go.mod", "go.sum",
		"README.md", "Makefile", "LICENSE", "CONTRIBUTING.md", "docs", "samples", "bench",
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s does not belong on the top level", e.Name())
		}
	}
}

// TestHouseRulesCanFail breaks each rule once.
func TestHouseRulesCanFail(t *testing.T) {
	for name, f := range map[string]sourceFile{
		"sibling":           {pkg: "backend/job", imports: []string{module + "backend/sqlite"}},
		"upwards":           {pkg: "backend/ocr", imports: []string{module + "backend/engine"}},
		"door to door":      {pkg: "backend/cli", imports: []string{module + "backend/desktop"}},
		"vocabulary":        {pkg: "backend/inkpool", imports: []string{"golang.org/x/text/unicode/norm"}},
		"wails outside":     {pkg: "backend/engine", imports: []string{"github.com/wailsapp/wails/v2/pkg/runtime"}},
		"runtime outside":   {pkg: "backend/ocr", imports: []string{"github.com/yalue/onnxruntime_go"}},
		"driver outside":    {pkg: "backend/app", imports: []string{"github.com/mattn/go-sqlite3"}},
		"unknown package":   {pkg: "backend/magic"},
		"meaningless name":  {pkg: "backend/ocr/utils"},
		"changing variable": {pkg: "backend/ocr", variables: []string{"cache"}},
		"work before main":  {pkg: "backend/ocr", hasInit: true},
	} {
		t.Run(name, func(t *testing.T) {
			if len(f.complaints()) == 0 {
				t.Errorf("%+v got no complaint", f)
			}
		})
	}
}

// sourceFile is what the rules look at.
type sourceFile struct {
	pkg       string   // folder below the module's root, "." for the root
	name      string   // for messages
	imports   []string // of files that are not tests
	variables []string // package variables that a function of the package assigns to
	hasInit   bool
}

func (f sourceFile) complaints() []string {
	var out []string
	say := func(what string) { out = append(out, path.Join(f.pkg, f.name)+": "+what) }
	allowed, known := mayImport[f.pkg]
	if !known && !strings.HasSuffix(f.pkg, "test") { // infertest, storetest, exporttest
		say("this package is not in the table of mayImport")
	}
	if slices.Contains(forbiddenNames, path.Base(f.pkg)) {
		say("this name does not say what is in the package")
	}
	for _, i := range f.imports {
		for library, packages := range onlyIn {
			if strings.HasPrefix(i, library) && !slices.Contains(packages, f.pkg) {
				say(i + " may be imported by " + strings.Join(packages, ", ") + " only")
			}
		}
		own, ours := strings.CutPrefix(i, module+"backend/")
		if ours && known && own != "inkpool" && !slices.Contains(allowed, own) {
			say("may not import " + i)
		}
		if f.pkg == "backend/inkpool" && strings.Contains(i, ".") {
			say("the vocabulary imports the standard library only, not " + i)
		}
	}
	for _, v := range f.variables {
		if mayChange[f.pkg+"."+v] == "" {
			say("package variable " + v + " changes")
		}
	}
	if f.hasInit {
		say("init does work before main")
	}
	return out
}

// parseHouse reads every Go file that is not a test. It parses files itself, because the
// result of `go list` would be cached without the test noticing a change.
func parseHouse(t *testing.T, root fs.FS) []sourceFile {
	t.Helper()
	var files []sourceFile
	packageVars := map[string][]string{}
	var parsed []*ast.File
	err := fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (e.Name() == "node_modules" || e.Name() == "testdata" || name == "build" || name != "." && strings.HasPrefix(e.Name(), ".")) {
			return fs.SkipDir
		}
		if e.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		pkg := path.Dir(name)
		packageVars[pkg] = append(packageVars[pkg], declaredVariables(file)...)
		f := sourceFile{pkg: pkg, name: path.Base(name)}
		for _, i := range file.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, p)
		}
		files, parsed = append(files, f), append(parsed, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Fatalf("found %d files only: is the root right?", len(files))
	}
	for i, file := range parsed {
		files[i].variables, files[i].hasInit = assigned(file, packageVars[files[i].pkg])
	}
	return files
}

// declaredVariables lists the names of package variables.
func declaredVariables(file *ast.File) []string {
	var names []string
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, spec := range g.Specs {
			for _, n := range spec.(*ast.ValueSpec).Names {
				names = append(names, n.Name)
			}
		}
	}
	return names
}

// assigned lists which of the package's variables the functions of a file assign to, and
// whether one of the functions is init. It goes by names: a local variable of the same name
// counts too, and is better called something else.
func assigned(file *ast.File, variables []string) (names []string, hasInit bool) {
	note := func(e ast.Expr) {
		for {
			switch x := e.(type) {
			case *ast.SelectorExpr:
				e = x.X
				continue
			case *ast.IndexExpr:
				e = x.X
				continue
			case *ast.Ident:
				if x.Name != "_" && slices.Contains(variables, x.Name) {
					names = append(names, x.Name)
				}
			}
			return
		}
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		hasInit = hasInit || f.Recv == nil && f.Name.Name == "init"
		ast.Inspect(f, func(n ast.Node) bool {
			switch s := n.(type) {
			case *ast.AssignStmt:
				if s.Tok != token.DEFINE {
					for _, l := range s.Lhs {
						note(l)
					}
				}
			case *ast.IncDecStmt:
				note(s.X)
			}
			return true
		})
	}
	return names, hasInit
}
