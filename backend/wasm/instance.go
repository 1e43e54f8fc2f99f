package wasm

import (
	"context"
	"fmt"

	"github.com/tetratelabs/wazero/api"
)

// Instance is a running module. After the first Trap all it does fails.
type Instance struct {
	module    api.Module
	memory    *memory
	functions map[string]api.Function
	stack     [mostArguments]uint64
	trap      *Trap
}

// mostArguments is how many a function may have.
const mostArguments = 10

// Trap says what stopped an Instance in the middle of its work.
type Trap struct {
	Call  string // of the module
	Cause error
}

func (t *Trap) Error() string { return fmt.Sprintf("%s: %v", t.Call, t.Cause) }
func (t *Trap) Unwrap() error { return t.Cause }

// Trap returns what stopped the instance, as a *Trap, or nil.
func (in *Instance) Trap() error {
	if in.trap == nil {
		return nil
	}
	return in.trap
}

// Fail makes the instance one that has been stopped. The first reason is kept.
func (in *Instance) Fail(call string, cause error) {
	if in.trap == nil {
		in.trap = &Trap{call, cause}
	}
}

// Call runs a function of the module and returns its result as it lies in a register: 0 after
// a Trap. Callers look for one after a few calls rather than after each.
func (in *Instance) Call(ctx context.Context, name string, args ...uint64) uint64 {
	if in.trap != nil {
		return 0
	}
	f := in.functions[name]
	if f == nil {
		if f = in.module.ExportedFunction(name); f == nil {
			in.Fail(name, errModule)
			return 0
		}
		in.functions[name] = f
	}
	in.stack = [mostArguments]uint64{}
	copy(in.stack[:], args)
	if err := f.CallWithStack(ctx, in.stack[:]); err != nil {
		in.Fail(name, err)
		return 0
	}
	return in.stack[0]
}

// Malloc returns the address of size bytes, or 0 after a Trap.
func (in *Instance) Malloc(ctx context.Context, size int) uint64 {
	at := in.Call(ctx, "malloc", uint64(size))
	if at == 0 && in.trap == nil {
		in.Starve()
		in.Fail("malloc", fmt.Errorf("%d bytes", size))
	}
	return at
}

// Free gives back what Malloc returned.
func (in *Instance) Free(ctx context.Context, at uint64) { in.Call(ctx, "free", at) }

// Bytes returns memory of the instance, which is valid until the next call. Outside of it
// there are zeros, and a Trap.
func (in *Instance) Bytes(at uint64, size int) []byte {
	if b, ok := in.module.Memory().Read(uint32(at), uint32(size)); ok {
		return b
	}
	in.Fail("read memory", errModule)
	return make([]byte, size)
}

// Size is how many bytes the instance has grown to. It never shrinks.
func (in *Instance) Size() int { return int(in.module.Memory().Size()) }

// Starved reports whether the instance was refused more memory, which may be why it failed.
func (in *Instance) Starved() bool { return in.memory.starved.Load() }

// Starve makes Starved true, for modules that say so themselves.
func (in *Instance) Starve() { in.memory.starved.Store(true) }

// StopWith makes the instance trap soon after ctx has ended, until done is called, which waits
// for that and reports whether it happened.
func (in *Instance) StopWith(ctx context.Context) (done func() (stopped bool)) {
	ended := make(chan struct{})
	unwatch := context.AfterFunc(ctx, func() {
		in.memory.stop()
		close(ended)
	})
	return func() bool {
		if unwatch() {
			return false
		}
		<-ended // it writes into the memory that Close gives back
		return true
	}
}

// Close gives the instance's memory back.
func (in *Instance) Close() { in.module.Close(context.Background()) } // cannot fail: nothing is open
