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
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/imports/emscripten"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// module is PDFium as go-pdfium builds and embeds it. Its own Go interface is not used: it
// gives PDFium the whole disk, cannot stop a call, and copies every file and page.
//
//go:linkname module github.com/klippa-app/go-pdfium/webassembly.pdfiumWasm
var module []byte

// library is compiled PDFium, from which instances are made.
type library struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	cache    wazero.CompilationCache // nil without a folder for it
}

// compile takes seconds, or a tenth of one where cacheDir has the result of an earlier time.
// Without a usable cacheDir it goes without.
func compile(ctx context.Context, o Options) (*library, error) {
	if len(module) == 0 {
		return nil, errors.New("go-pdfium does not embed PDFium where it used to")
	}
	code, err := stoppable(module)
	if err != nil {
		return nil, err
	}
	config := wazero.NewRuntimeConfig()
	l := &library{}
	if o.CacheDir != "" {
		if l.cache, err = wazero.NewCompilationCacheWithDir(o.CacheDir); err == nil {
			config = config.WithCompilationCache(l.cache)
		}
	}
	l.runtime = wazero.NewRuntimeWithConfig(ctx, config)
	if err := l.build(experimental.WithCompilationWorkers(ctx, o.Instances), code); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// build compiles the code and gives it what it calls.
func (l *library) build(ctx context.Context, code []byte) error {
	var err error
	if l.compiled, err = l.runtime.CompileModule(ctx, code); err != nil {
		return fmt.Errorf("compile PDFium: %w", err)
	}
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, l.runtime); err != nil {
		return fmt.Errorf("provide WASI: %w", err)
	}
	host := l.runtime.NewHostModuleBuilder("env")
	exporter, err := emscripten.NewFunctionExporterForModule(l.compiled)
	if err != nil {
		return fmt.Errorf("provide emscripten: %w", err)
	}
	exporter.ExportFunctions(host)
	provideCallbacks(host, l.compiled)
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

// close gives everything back. No instance may be left.
func (l *library) close() {
	ctx := context.Background()
	l.runtime.Close(ctx) // only memory: nothing to lose
	if l.cache != nil {
		l.cache.Close(ctx)
	}
}
