package engine

import (
	"context"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/pool"
)

// Settings say how an Engine works. They are plain values, so that they can be sent to
// another process. Zero values are defaults.
type Settings struct {
	CacheDir     string            // where the runtime library is unpacked, optimised models and PDFium are kept
	PacksDir     string            // of installed model packs; empty: only the bundled one
	Workers      int               // slots of the CPU; at least 1
	Shares       map[pool.Kind]int // how the slots of the CPU are divided; none and 0 count as 1
	Limits       document.Limits
	MemoryBudget int64         // bytes that pages at work may take, as predicted; 0: a quarter of the machine's
	IdleAfter    time.Duration // without work for so long, models are dropped; 0: never
	Devices      []string      // what computes; see CPU in package ort. None: that
	Library      string        // another build of the runtime, as CUDA needs it; empty: the bundled one
	NoHEIF       bool          // HEIC and AVIF pictures, as phones take them, are refused
	Plain        bool          // run models as they are, without rewriting their graphs
}

// deviceCPU computes on the machine's cores. It always works, and does the work of devices
// that do not.
const deviceCPU = "cpu"

// acceleratorSlots are those of every other device: one page's pictures and texts are
// prepared while the device computes on another's.
const acceleratorSlots = 2

// devices are the names of the devices, at least one.
func (s Settings) devices() []string {
	if len(s.Devices) == 0 {
		return []string{deviceCPU}
	}
	return s.Devices
}

// slots is how many pieces of work a device may do at once.
func (s Settings) slots(device string) int {
	if device == deviceCPU {
		return max(1, s.Workers)
	}
	return acceleratorSlots
}

// wasmDir is where compiled PDFium and decoders are kept.
func (s Settings) wasmDir() string {
	if s.CacheDir == "" {
		return ""
	}
	return filepath.Join(s.CacheDir, "wasm")
}

// InFlight is how many tasks to process at once to keep all slots of all devices busy: one
// page decodes and detects while the lines of others are read. Each costs a decoded picture
// in memory.
func (s Settings) InFlight() int {
	n := 0
	for _, device := range s.devices() {
		n += inFlight(s.slots(device))
	}
	return n
}

// inFlight is how many tasks keep n slots busy.
func inFlight(n int) int { return min(n, 2+n/8) }

// detections is how many detections may run at once with n slots. A detection is about a
// fifth of a page's work (210 of 979 ms measured) and takes 125 to 150 MB: one feeds the
// lines of five slots.
func detections(n int) int { return max(1, n/5) }

// columns is how wide all lines may be together that are recognised at once with n slots, in
// columns of the model's input: a line of any width, nearly two of an A4 page, and something
// for every slot, so that receipts and screens keep all of them busy. It is a compromise,
// because less of it leaves cores idle: at most, 24 dense pages took 273 MB with one slot, and
// with eight 403 with 256 columns a slot beside the widest line, 395 with 128, 377 with none.
// Without any limit eight took two thirds more than one.
func columns(n int) int64 { return int64(widestLine + 128*n) }

// widestLine is what no run of the recogniser exceeds: wider lines are read in parts.
const widestLine = 3200

// newRoom returns the room for detections and lines on a device with n slots.
func newRoom(n int) ocr.Room {
	return ocr.Room{Detections: pool.NewBudget(int64(detections(n))), Columns: pool.NewBudget(columns(n))}
}

const (
	budgetShare   = 4 // of the machine's memory, one part in so many is the default budget
	leastGoMemory = 512 << 20
)

// budget is MemoryBudget or its default.
func (s Settings) budget(ctx context.Context) int64 {
	if s.MemoryBudget > 0 {
		return s.MemoryBudget
	}
	return pool.Memory(ctx) / budgetShare
}

// garbagePercent is how much garbage may pile up beside what is alive before it is
// collected, in percent; Go's default is 100. Decoded pictures and tensors are large and
// few: collecting them costs 0.05 % of the CPU, and leaving them a third of the memory.
const garbagePercent = 20

// LimitGarbage makes Go's collector suit an engine with these settings. It changes the whole
// process: whoever owns the process that the engine runs in calls it once.
//
// The memory limit is the budget, which decoded pixels and what decoders need are part of.
// It is never below 512 MB, because Go would collect without end below what is alive, and
// one large picture takes that however small the budget is.
func (s Settings) LimitGarbage(ctx context.Context) {
	debug.SetGCPercent(garbagePercent)
	debug.SetMemoryLimit(max(leastGoMemory, s.budget(ctx)))
}
