package wasm_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/wasm"
)

// module exports a memory of one page, spin() { for {} } and grow(pages) int.
const module = "\x00asm\x01\x00\x00\x00" +
	"\x01\x09\x02\x60\x00\x00\x60\x01\x7f\x01\x7f" + // types
	"\x03\x03\x02\x00\x01" + "\x05\x03\x01\x00\x01" + // functions, memory
	"\x07\x18\x03\x06memory\x02\x00\x04spin\x00\x00\x04grow\x00\x01" +
	"\x0a\x10\x02\x07\x00\x03\x40\x0c\x00\x0b\x0b\x06\x00\x20\x00\x40\x00\x0b"

func start(t *testing.T, memoryLimit int) *wasm.Instance {
	t.Helper()
	m, err := wasm.Compile(t.Context(), []byte(module), wasm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	in, err := m.NewInstance(t.Context(), memoryLimit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(in.Close)
	return in
}

// What would go on for ever ends with its context, and the instance with it.
func TestStopWith(t *testing.T) {
	in := start(t, 1<<20)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	done := in.StopWith(ctx)
	in.Call(ctx, "spin")
	var trap *wasm.Trap
	if !errors.As(in.Trap(), &trap) || trap.Call != "spin" {
		t.Errorf("got %v, want a trap in spin", in.Trap())
	}
	if !done() {
		t.Error("got an instance that was not stopped, want one that was")
	}
	if got := in.Call(t.Context(), "grow", 0); got != 0 {
		t.Errorf("after the trap: got %d, want 0", got)
	}
}

func TestStopWithInTime(t *testing.T) {
	in := start(t, 1<<20)
	ctx, cancel := context.WithCancel(t.Context())
	done := in.StopWith(ctx)
	if got := in.Call(ctx, "grow", 1); got != 1 {
		t.Errorf("got %d, want the one page there was", got)
	}
	if done() {
		t.Error("got an instance that was stopped, want one that was not")
	}
	cancel()
	if got := in.Call(t.Context(), "grow", 0); got != 2 || in.Trap() != nil {
		t.Errorf("got %d, %v, want 2 pages", got, in.Trap())
	}
}

func TestMemoryLimit(t *testing.T) {
	in := start(t, 1<<20)
	if got := int32(in.Call(t.Context(), "grow", 15)); got != 1 || in.Starved() || in.Size() != 1<<20 {
		t.Errorf("got %d, %d bytes, starved %v; want 1 MiB", got, in.Size(), in.Starved())
	}
	if got := int32(in.Call(t.Context(), "grow", 1)); got != -1 || !in.Starved() {
		t.Errorf("beyond the limit: got %d, starved %v; want no more", got, in.Starved())
	}
	if b := in.Bytes(1<<20-1, 2); len(b) != 2 || in.Trap() == nil {
		t.Errorf("got %d bytes, %v; want a trap", len(b), in.Trap())
	}
}

func TestCallOfNothing(t *testing.T) {
	in := start(t, 1<<20)
	if in.Call(t.Context(), "gone"); in.Trap() == nil {
		t.Error("got no trap, want one")
	}
}
