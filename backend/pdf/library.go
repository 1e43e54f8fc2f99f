package pdf

import (
	"context"
	"errors"
	"fmt"
	"slices"
	_ "unsafe" // for go:linkname

	_ "github.com/klippa-app/go-pdfium/webassembly" // holds PDFium
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/emscripten"

	"github.com/inkpool/inkpool/backend/wasm"
)

// module is PDFium as go-pdfium builds and embeds it. Its own Go interface is not used: it
// gives PDFium the whole disk, cannot stop a call, and copies every file and page.
//
//go:linkname module github.com/klippa-app/go-pdfium/webassembly.pdfiumWasm
var module []byte

// compile takes seconds, or a tenth of one where the cache has the result of an earlier time.
func compile(ctx context.Context, o Options) (*wasm.Module, error) {
	if len(module) == 0 {
		return nil, errors.New("go-pdfium does not embed PDFium where it used to")
	}
	return wasm.Compile(ctx, module, wasm.Options{Workers: o.Instances, CacheDir: o.CacheDir, Provide: provide})
}

// provide gives PDFium what it calls beside WASI. Scripts, clocks and files are not there.
func provide(ctx context.Context, runtime wazero.Runtime, compiled wazero.CompiledModule) error {
	host := runtime.NewHostModuleBuilder("env")
	exporter, err := emscripten.NewFunctionExporterForModule(compiled)
	if err != nil {
		return fmt.Errorf("provide emscripten: %w", err)
	}
	exporter.ExportFunctions(host)
	provideCallbacks(host, compiled)
	if _, err := host.Instantiate(ctx); err != nil {
		return fmt.Errorf("provide callbacks: %w", err)
	}
	return nil
}

// provideCallbacks answers PDFium's questions to its host: readFile those for bytes of the
// file, with 0 all others, which only programs that edit and click have an answer to.
func provideCallbacks(host wazero.HostModuleBuilder, compiled wazero.CompiledModule) {
	given := []string{"_emscripten_throw_longjmp", "emscripten_notify_memory_growth"}
	for _, f := range compiled.ImportedFunctions() {
		in, name, _ := f.Import()
		if in != "env" || slices.Contains(given, name) || len(name) > 7 && name[:7] == "invoke_" {
			continue
		}
		answer := api.GoModuleFunc(func(_ context.Context, _ api.Module, stack []uint64) {
			if len(stack) > 0 {
				stack[0] = 0
			}
		})
		if name == "FPDF_FILEACCESS_CB" {
			answer = readFile
		}
		host.NewFunctionBuilder().WithGoModuleFunction(answer, f.ParamTypes(), f.ResultTypes()).Export(name)
	}
}
