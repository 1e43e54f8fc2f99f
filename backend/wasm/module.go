// Package wasm runs libraries that read hostile files, and that are built as WebAssembly, so
// that what goes wrong in them stays in them. They see neither files, nor the network, nor
// the clock of this computer's user.
//
// A Module is compiled once. Each Instance of it has memory of its own, which is bounded, and
// is stopped within milliseconds when its context ends. After a fault (a Trap) an Instance is
// of no use: it is closed, which gives all of its memory back at once.
//
// A Module is safe for concurrent use; an Instance serves one goroutine at a time. The package
// starts no goroutine, and writes nothing but the cache of compiled code.
package wasm

import (
	"context"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// Options say how a Module is compiled.
type Options struct {
	Workers  int    // how many functions are compiled at once; 0: one
	CacheDir string // where compiled code is kept; without a usable one it is compiled each time

	// Provide adds what the module imports beside WASI. It may be nil.
	Provide func(ctx context.Context, r wazero.Runtime, m wazero.CompiledModule) error
}

// Module is compiled code, from which instances are made.
type Module struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	cache    wazero.CompilationCache // nil without a folder for it
}

// Compile takes seconds for PDFium, or a tenth of one where CacheDir has the result of an
// earlier time.
func Compile(ctx context.Context, code []byte, o Options) (*Module, error) {
	code, err := stoppable(code)
	if err != nil {
		return nil, err
	}
	config := wazero.NewRuntimeConfig()
	m := &Module{}
	if o.CacheDir != "" {
		if m.cache, err = wazero.NewCompilationCacheWithDir(o.CacheDir); err == nil {
			config = config.WithCompilationCache(m.cache)
		}
	}
	m.runtime = wazero.NewRuntimeWithConfig(ctx, config)
	if err := m.build(experimental.WithCompilationWorkers(ctx, max(1, o.Workers)), code, o); err != nil {
		m.Close()
		return nil, err
	}
	return m, nil
}

// build compiles the code and gives it what it calls.
func (m *Module) build(ctx context.Context, code []byte, o Options) error {
	var err error
	if m.compiled, err = m.runtime.CompileModule(ctx, code); err != nil {
		return fmt.Errorf("compile: %w", err)
	}
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, m.runtime); err != nil {
		return fmt.Errorf("provide WASI: %w", err)
	}
	if o.Provide == nil {
		return nil
	}
	return o.Provide(ctx, m.runtime, m.compiled)
}

// Close gives everything back. No instance may be left.
func (m *Module) Close() {
	ctx := context.Background()
	m.runtime.Close(ctx) // only memory: nothing to lose
	if m.cache != nil {
		m.cache.Close(ctx)
	}
}

// ErrNoMemory is the cause of errors of NewInstance where the system has no room for one.
var ErrNoMemory = errors.New("no address space")

// NewInstance starts the module with at most so many bytes of memory.
func (m *Module) NewInstance(ctx context.Context, memoryLimit int) (*Instance, error) {
	memory, err := newMemory(memoryLimit)
	if err != nil {
		return nil, err
	}
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize")
	module, err := m.runtime.InstantiateModule(experimental.WithMemoryAllocator(ctx, memory.allocator()), m.compiled, config)
	if err != nil {
		memory.Free()
		return nil, fmt.Errorf("start: %w", err)
	}
	return &Instance{module: module, memory: memory, functions: map[string]api.Function{}}, nil
}
