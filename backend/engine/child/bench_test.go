//go:build unix

package child_test

import (
	"testing"

	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/engine/enginetest"
)

// BenchmarkRequest is what a request costs beside the work itself.
func BenchmarkRequest(b *testing.B) {
	e := open(b, 0)
	if _, err := do(b.Context(), e, "ok"); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := do(b.Context(), e, "ok"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStart is the time from nothing to the first answer, and to the end, of a child
// whose worker does nothing.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		e := open(b, 0)
		if _, err := do(b.Context(), e, "ok"); err != nil {
			b.Fatal(err)
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWarm is the time from nothing to warm models, here and in a child, and the memory
// that is resident then, of both processes.
func BenchmarkWarm(b *testing.B) {
	for name, s := range map[string]enginetest.Suite{"here": inProcess(b), "child": inChild(b)} {
		b.Run(name, func(b *testing.B) { warm(b, s.Open) })
	}
}

func warm(b *testing.B, open func(engine.Settings) enginetest.Engine) {
	var last float64
	for b.Loop() {
		e := open(engine.Settings{Workers: 2})
		if err := e.Warm(b.Context()); err != nil {
			b.Fatal(err)
		}
		last = float64(e.Usage().ResidentBytes) / (1 << 20)
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(last, "MB")
}
