package config

import (
	"context"

	"github.com/inkpool/inkpool/backend/pool"
)

// defaultShare is the part of the machine's memory, in percent, that pages in work may take
// when nobody chose.
const defaultShare = 25

// MemoryLimit returns the bytes that pages in work may take together: MemoryBudget, with
// shares taken of what the machine, or the container that the program runs in, has.
func (s Settings) MemoryLimit(ctx context.Context) int64 { return s.memoryLimit(pool.Memory(ctx)) }

func (s Settings) memoryLimit(total int64) int64 {
	if s.MemoryBudget == (Bytes{}) {
		return Bytes{Percent: defaultShare}.Of(total)
	}
	return s.MemoryBudget.Of(total)
}
