package wasm

import (
	"fmt"
	"sync/atomic"

	"github.com/tetratelabs/wazero/experimental"
)

// memory is what an instance works in: address space for the most it may have, of which the
// system provides what is used. It never moves, so that stop can reach it at any time, growing
// copies nothing, and closing gives it back at once.
type memory struct {
	space   []byte
	starved atomic.Bool // the instance was refused more
}

// newMemory reserves most bytes.
func newMemory(most int) (*memory, error) {
	space, err := reserve(most)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoMemory, err)
	}
	return &memory{space: space}, nil
}

// allocator makes wazero use m for the next instance.
func (m *memory) allocator() experimental.MemoryAllocator {
	return experimental.MemoryAllocatorFunc(func(_, _ uint64) experimental.LinearMemory { return m })
}

// Reallocate is called by wazero when the instance wants size bytes in all.
func (m *memory) Reallocate(size uint64) []byte {
	if size > uint64(len(m.space)) || provide(m.space[:size]) != nil {
		m.starved.Store(true)
		return nil
	}
	return m.space[:size]
}

// Free is called by wazero when the instance is closed.
func (m *memory) Free() {
	if m.space != nil {
		release(m.space) // fails for addresses that are not ours only
		m.space = nil
	}
}

// stop makes the code that runs in m trap at its next loop.
func (m *memory) stop() { m.space[stopAddress] = 1 }
