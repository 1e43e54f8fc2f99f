package engine

import (
	"context"
	"sync/atomic"
)

// CountLoads counts how often the models of e are loaded from now on.
func CountLoads(e *Engine) *atomic.Int64 {
	var n atomic.Int64
	load := e.reader.load
	e.reader.load = func(ctx context.Context) (*reader, error) {
		n.Add(1)
		return load(ctx)
	}
	return &n
}
