// Package ort runs models on ONNX Runtime. It is the only importer of onnxruntime_go, and
// the one place that answers for the traps of calling C++ from Go: the lifetime of inputs,
// cancelling, closing while running.
//
// An Environment stands for the runtime library, a Session for one loaded model. Both are
// safe for concurrent use. The package starts no threads: sessions run on the caller's
// goroutine, because one session with one intra-op thread, called from as many goroutines
// as there are cores, gives 1.9 times the rate of one core on two, while the runtime's own
// threads give 1.3 to 1.6 times and burn the cores of others by spinning.
package ort

import (
	"fmt"
	"os"
	"sync"

	"github.com/inkpool/inkpool/backend/inkpool"
	onnx "github.com/yalue/onnxruntime_go"
)

// Environment is the loaded runtime library. ONNX Runtime allows one in a process.
type Environment struct {
	library string
}

// process mirrors the runtime's own singleton: the C library keeps one environment for the
// whole process, so opening it twice must be refused or shared here as well.
var process struct {
	sync.Mutex
	env *Environment
}

// Open loads the runtime library at path. Opening the same path again returns the same
// Environment; another path is CodeConflict, because a process can load only one. A file
// that is no runtime library is CodeModelCorrupt.
//
// The library stays loaded until the process ends: its threads and thread-local
// destructors do not survive being unloaded.
func Open(path string) (*Environment, error) {
	process.Lock()
	defer process.Unlock()
	if process.env != nil {
		if process.env.library != path {
			return nil, inkpool.Errorf(inkpool.CodeConflict, "another runtime library is loaded already")
		}
		return process.env, nil
	}
	// From 1.30 on the library sends telemetry on Linux as well: it looks up a host of its
	// maker's and writes a device id below the home folder. Only this variable, set before
	// the library is loaded, keeps it silent; TestNothingIsTold watches.
	if err := os.Setenv("ORT_DISABLE_TELEMETRY", "1"); err != nil {
		return nil, fmt.Errorf("switch telemetry off: %w", err)
	}
	onnx.SetSharedLibraryPath(path)
	// Errors are returned; the runtime would print them on standard error in red as well.
	if err := onnx.InitializeEnvironment(onnx.WithLogLevelFatal()); err != nil {
		return nil, inkpool.Errorf(inkpool.CodeModelCorrupt, "the runtime library cannot be loaded").
			WithCause(err).WithHint("Install Inkpool again.")
	}
	if err := onnx.DisableTelemetry(); err != nil { // on Windows: ETW events
		return nil, fmt.Errorf("switch telemetry off: %w", err)
	}
	process.env = &Environment{library: path}
	return process.env, nil
}

// Version is the runtime's own, such as "1.30.0".
func (e *Environment) Version() string { return onnx.GetVersion() }
