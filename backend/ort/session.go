package ort

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	onnx "github.com/yalue/onnxruntime_go"
)

// Options say how to load a model.
type Options struct {
	Inputs  []string // names in the graph, in the order that Run takes the tensors
	Outputs []string
	Device  string // "" or CPU, which says what else there is
	Threads int    // that one run uses; 0 and 1: the caller's alone
	NoArena bool   // give memory back to the system after every run: slower, for rare use

	// SaveTo is where the model is written as the runtime optimised it for this very CPU;
	// empty: nowhere. It is for the CPU only.
	SaveTo string
	// Saved says that data is such a file. The runtime's loader trusts these: only hand it
	// bytes that this program wrote, and that have not changed since.
	Saved bool
}

// Session is one loaded model: an infer.Session.
type Session struct {
	inputs, outputs int
	computed        atomic.Int64 // nanoseconds

	mu      sync.RWMutex // held for reading by runs, for writing by Close
	session *onnx.DynamicAdvancedSession
}

var _ infer.Session = (*Session)(nil)

// Load makes a session of the ONNX model in data, which is not kept. A model that the
// runtime refuses is CodeModelCorrupt; a device that cannot be used is CodeUnavailable, one
// that is not known CodeInvalid.
func (e *Environment) Load(data []byte, opts Options) (*Session, error) {
	return load(opts, func(settings *onnx.SessionOptions) (*onnx.DynamicAdvancedSession, error) {
		return onnx.NewDynamicAdvancedSessionWithONNXData(data, opts.Inputs, opts.Outputs, settings)
	})
}

// LoadFile is Load for a file, which the runtime reads by itself: what takes gigabytes is then
// not in memory twice.
func (e *Environment) LoadFile(path string, opts Options) (*Session, error) {
	return load(opts, func(settings *onnx.SessionOptions) (*onnx.DynamicAdvancedSession, error) {
		return onnx.NewDynamicAdvancedSession(path, opts.Inputs, opts.Outputs, settings)
	})
}

func load(opts Options, open func(*onnx.SessionOptions) (*onnx.DynamicAdvancedSession, error)) (*Session, error) {
	settings, err := sessionOptions(opts)
	if err != nil {
		return nil, err
	}
	defer settings.Destroy()
	s, err := open(settings)
	if err != nil && opts.Device != "" && opts.Device != CPU {
		return nil, deviceError(opts.Device, err) // some look for the device only now
	}
	if err != nil {
		return nil, inkpool.Errorf(inkpool.CodeModelCorrupt, "this model cannot be loaded").
			WithCause(err).WithHint("Install it again.")
	}
	return &Session{inputs: len(opts.Inputs), outputs: len(opts.Outputs), session: s}, nil
}

// sessionOptions are measured choices; docs/decisions/0001-threads-and-memory.md has the
// tables.
func sessionOptions(opts Options) (*onnx.SessionOptions, error) {
	o, err := onnx.NewSessionOptions()
	if err != nil {
		return nil, fmt.Errorf("make session options: %w", err)
	}
	err = errors.Join(
		o.SetIntraOpNumThreads(max(1, opts.Threads)), // parallelism comes from our slots
		o.SetInterOpNumThreads(1),
		o.SetExecutionMode(onnx.ExecutionModeSequential),
		o.SetGraphOptimizationLevel(onnx.GraphOptimizationLevelEnableAll), // 1.3 times the speed of the other levels
		o.SetCpuMemArena(!opts.NoArena),                                   // without: 8 % more CPU and fragmentation
		o.SetMemPattern(false),                                            // with: 90 to 110 MB more for inputs of many shapes, 1 to 2 % less CPU
		o.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"),
		o.AddSessionConfigEntry("session.inter_op.allow_spinning", "0"),
		o.AddSessionConfigEntry("session.load_model_format", opts.format()),
	)
	if err == nil && opts.SaveTo != "" {
		err = errors.Join(
			o.SetOptimizedModelFilePath(opts.SaveTo),
			o.AddSessionConfigEntry("session.save_model_format", "ORT"),
		)
	}
	if err != nil {
		return nil, fmt.Errorf("set session options: %w", errors.Join(err, o.Destroy()))
	}
	if err := addDevice(o, opts.Device); err != nil {
		return nil, errors.Join(err, o.Destroy())
	}
	return o, nil
}

// format is what the runtime is to expect; left to itself, it would believe the bytes.
func (o Options) format() string {
	if o.Saved {
		return "ORT"
	}
	return "ONNX"
}

// Run implements infer.Session. Tensors are used in place, without copies, but for those that
// the runtime allocates.
func (s *Session) Run(ctx context.Context, inputs, outputs []infer.Tensor) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(inputs) != s.inputs || len(outputs) != s.outputs {
		panic(fmt.Sprintf("ort: internal error: got %d inputs and %d outputs, the model has %d and %d",
			len(inputs), len(outputs), s.inputs, s.outputs))
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.session == nil {
		return inkpool.Errorf(inkpool.CodeUnavailable, "this model has been closed")
	}

	var in, out borrowed
	defer in.giveBack()
	defer out.giveBack()
	if err := errors.Join(in.take(inputs), out.take(outputs)); err != nil {
		return err
	}
	if err := s.runCancellable(ctx, in.values, out.values); err != nil {
		return err
	}
	return out.copyAllocated(outputs)
}

// runCancellable runs the model and sets its terminate flag when ctx ends. The runtime
// looks at the flag between nodes: a detector run of 2.6 s stopped within 53 ms.
func (s *Session) runCancellable(ctx context.Context, in, out []onnx.Value) error {
	options, err := onnx.NewRunOptions()
	if err != nil {
		return fmt.Errorf("make run options: %w", err)
	}
	defer options.Destroy()
	terminated := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(terminated)
		_ = options.Terminate() // fails only for options that are not initialised
	})
	err = s.runMeasured(in, out, options)
	if !stop() {
		<-terminated // the flag is being set: options must outlive that
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("run model: %w", err)
	}
	return nil
}

// runMeasured runs the model and counts what that took. The runtime computes on the thread
// that calls it, which must stay the same from one look at its clock to the next.
func (s *Session) runMeasured(in, out []onnx.Value, options *onnx.RunOptions) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	began := threadTime()
	defer func() { s.computed.Add(int64(threadTime() - began)) }()
	return s.session.RunWithOptions(in, out, options)
}

// Computed is the processor time of all runs so far on their callers' threads; runs with more
// threads take more. It is 0 on systems that do not count it.
func (s *Session) Computed() time.Duration { return time.Duration(s.computed.Load()) }

// Close implements infer.Session.
func (s *Session) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == nil {
		return nil
	}
	err := s.session.Destroy()
	s.session = nil
	return err
}
