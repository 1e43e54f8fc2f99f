package wasm

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// WebAssembly cannot be stopped from outside. wazero can put a look at the context into every
// loop (WithCloseOnContextDone), but each look leaves the compiled code, which makes pages ten
// times slower (a scan: 0.3 s without, 3.5 s with). So the looks are put in here: two
// instructions that read a byte of memory which nothing else uses, and a trap when it is set.

// stopAddress is the byte that ends an instance when it is not 0. Emscripten places its data
// from 1024 on, so that a null pointer points to nothing.
const stopAddress = 16

// lookAtStop is what every loop begins with.
var lookAtStop = []byte{
	0x41, 0x00, // i32.const 0
	0x2d, 0x00, stopAddress, // i32.load8_u
	0x04, 0x40, // if
	0x00, // unreachable
	0x0b, // end
}

var errModule = errors.New("not a WebAssembly module that can be read")

const codeSection = 10

// stoppable returns a module whose loops look at stopAddress. Format: WebAssembly Core
// Specification 2.0, chapter 5.
func stoppable(module []byte) ([]byte, error) {
	const preamble = 8 // magic number and version
	if len(module) < preamble || string(module[:4]) != "\x00asm" {
		return nil, errModule
	}
	out := append(make([]byte, 0, len(module)+len(module)/8), module[:preamble]...)
	for r := (wasmReader{left: module[preamble:]}); len(r.left) > 0; {
		id := r.byte()
		section := r.take(r.number())
		if r.failed {
			return nil, errModule
		}
		if id == codeSection {
			var err error
			if section, err = stoppableCode(section); err != nil {
				return nil, err
			}
		}
		out = appendSized(append(out, id), section)
	}
	return out, nil
}

// appendSized appends content behind its length.
func appendSized(to, content []byte) []byte {
	return append(binary.AppendUvarint(to, uint64(len(content))), content...)
}

// stoppableCode rewrites the code section: a count, then functions behind their lengths.
func stoppableCode(section []byte) ([]byte, error) {
	r := wasmReader{left: section}
	n := r.number()
	out := binary.AppendUvarint(make([]byte, 0, len(section)+len(section)/4), uint64(n))
	for i := range n {
		body := r.take(r.number())
		changed, ok := stoppableBody(body)
		if r.failed || !ok {
			return nil, fmt.Errorf("function %d: %w", i, errModule)
		}
		out = appendSized(out, changed)
	}
	return out, nil
}

// stoppableBody rewrites a function: declarations of locals, then instructions.
func stoppableBody(body []byte) (out []byte, ok bool) {
	const loop = 0x03
	r := wasmReader{left: body}
	for range r.number() {
		r.number() // how many
		r.byte()   // of which type
	}
	copied := 0
	for len(r.left) > 0 && !r.failed {
		op := r.byte()
		r.skipImmediates(op)
		if op == loop {
			at := len(body) - len(r.left)
			out = append(append(out, body[copied:at]...), lookAtStop...)
			copied = at
		}
	}
	return append(out, body[copied:]...), !r.failed
}

// wasmReader takes a module apart. After failed, everything it returned is meaningless.
type wasmReader struct {
	left   []byte
	failed bool
}

func (r *wasmReader) byte() byte {
	if len(r.left) == 0 {
		r.failed = true
		return 0
	}
	b := r.left[0]
	r.left = r.left[1:]
	return b
}

// number reads an unsigned number in LEB128, or passes over a signed one.
func (r *wasmReader) number() int {
	const longest = 10 // bytes of 64 bits
	v := 0
	for i := range longest {
		b := r.byte()
		v |= int(b&0x7f) << (7 * i)
		if b < 0x80 {
			return v
		}
	}
	r.failed = true
	return 0
}

func (r *wasmReader) take(n int) []byte {
	if n < 0 || n > len(r.left) {
		r.failed, r.left = true, nil
		return nil
	}
	head := r.left[:n]
	r.left = r.left[n:]
	return head
}

// oneNumber, twoNumbers: the instructions with as many numbers behind them, beside memory
// access (0x28 to 0x3e), which has two.
const (
	oneNumber  = "\x02\x03\x04\x0c\x0d\x10\x20\x21\x22\x23\x24\x25\x26\x3f\x40\x41\x42\xd0\xd2"
	twoNumbers = "\x11"
)

// skipImmediates passes over what belongs to an instruction. It does not know vectors and
// threads, which such libraries are built without; they make it fail.
func (r *wasmReader) skipImmediates(op byte) {
	const brTable, typedSelect, f32Const, f64Const, more = 0x0e, 0x1c, 0x43, 0x44, 0xfc
	switch {
	case op == brTable, op == typedSelect:
		n := r.number()
		if op == brTable {
			n++ // the default
		}
		for i := 0; i < n && !r.failed; i++ {
			r.number()
		}
	case op == f32Const:
		r.take(4)
	case op == f64Const:
		r.take(8)
	case op == more:
		r.skipMore()
	case bytes.IndexByte([]byte(oneNumber), op) >= 0:
		r.number()
	case bytes.IndexByte([]byte(twoNumbers), op) >= 0, op >= 0x28 && op <= 0x3e:
		r.number()
		r.number()
	case op > 0xd2:
		r.failed = true
	}
}

// skipMore passes over the instructions of two bytes: conversions have nothing behind them,
// work on stretches of memory and tables has one number or two.
func (r *wasmReader) skipMore() {
	switch op := r.number(); {
	case op <= 7:
	case op == 8, op == 10, op == 12, op == 14:
		r.number()
		r.number()
	case op <= 17:
		r.number()
	default:
		r.failed = true
	}
}
