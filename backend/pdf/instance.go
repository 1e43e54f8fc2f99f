package pdf

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// instance is a running PDFium with memory of its own, in which one document is open. It
// serves one goroutine at a time. After the first error that wraps *errTrap all it does fails.
type instance struct {
	module    api.Module
	memory    *memory
	functions map[string]api.Function
	owner     *Document // whose file is open
	doc       uint64    // FPDF_DOCUMENT
	form      uint64    // FPDF_FORMHANDLE, 0 for documents without fields
	scratch   uint64    // address of scratchLen bytes for small results
	stack     [10]uint64
	trap      error
}

// scratchLen is for four numbers of 8 bytes.
const scratchLen = 32

// newInstance starts PDFium. Scripts, clocks and files are not there.
func (l *library) newInstance(ctx context.Context, o Options) (*instance, error) {
	m, err := newMemory(o.MemoryLimit)
	if err != nil {
		return nil, err
	}
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize")
	mod, err := l.runtime.InstantiateModule(experimental.WithMemoryAllocator(ctx, m.allocator()), l.compiled, config)
	if err != nil {
		m.Free()
		return nil, fmt.Errorf("start PDFium: %w", err)
	}
	in := &instance{module: mod, memory: m, functions: map[string]api.Function{}}
	in.call(ctx, "FPDF_InitLibrary")
	in.scratch = in.malloc(ctx, scratchLen)
	if in.trap != nil {
		in.close()
		return nil, in.trap
	}
	return in, nil
}

// close gives the instance's memory back.
func (in *instance) close() { in.module.Close(context.Background()) }

// call runs a function of PDFium and returns its result as it lies in a register: 0 after a
// trap, which in.trap keeps. Callers look at it after a few calls rather than after each.
func (in *instance) call(ctx context.Context, name string, args ...uint64) uint64 {
	if in.trap != nil {
		return 0
	}
	f := in.functions[name]
	if f == nil {
		if f = in.module.ExportedFunction(name); f == nil {
			in.trap = &errTrap{name, errModule}
			return 0
		}
		in.functions[name] = f
	}
	in.stack = [len(in.stack)]uint64{}
	copy(in.stack[:], args)
	if err := f.CallWithStack(ctx, in.stack[:]); err != nil {
		in.trap = &errTrap{name, err}
		return 0
	}
	return in.stack[0]
}

// instanceKey leads from the context of a call to its instance.
type instanceKey struct{}

// within returns the context that calls are to be made with, so that readFile finds in.
func (in *instance) within(ctx context.Context) context.Context {
	return context.WithValue(ctx, instanceKey{}, in)
}

// readFile is FPDF_FILEACCESS_CB(param, position, buffer, size): it copies a part of the file
// into the instance, and answers how much, or 0 where there is none.
func readFile(ctx context.Context, mod api.Module, stack []uint64) {
	in, ok := ctx.Value(instanceKey{}).(*instance)
	from, to, size := uint64(uint32(stack[1])), uint32(stack[2]), uint64(uint32(stack[3]))
	stack[0] = 0
	if !ok || from+size > uint64(len(in.owner.data)) {
		return
	}
	if mod.Memory().Write(to, in.owner.data[from:from+size]) {
		stack[0] = size
	}
}

// malloc returns the address of size bytes. PDFium traps rather than having none.
func (in *instance) malloc(ctx context.Context, size int) uint64 {
	at := in.call(ctx, "malloc", uint64(size))
	if at == 0 && in.trap == nil {
		in.memory.starved.Store(true)
		in.trap = &errTrap{"malloc", fmt.Errorf("%d bytes", size)}
	}
	return at
}

func (in *instance) free(ctx context.Context, at uint64) { in.call(ctx, "free", at) }

// bytesAt returns memory of the instance, which is valid until the next call.
func (in *instance) bytesAt(at uint64, size int) []byte {
	b, ok := in.module.Memory().Read(uint32(at), uint32(size))
	if !ok {
		in.trap = &errTrap{"read memory", errModule}
		return make([]byte, size)
	}
	return b
}

// float32At and intAt read number i of an array that PDFium wrote to scratch.
func (in *instance) float32At(i int) float64 {
	return float64(math.Float32frombits(binary.LittleEndian.Uint32(in.bytesAt(in.scratch, scratchLen)[4*i:])))
}

func (in *instance) intAt(i int) int {
	return int(int32(binary.LittleEndian.Uint32(in.bytesAt(in.scratch, scratchLen)[4*i:])))
}

// open loads the owner's document. It returns an error for people where that does not open.
func (in *instance) open(ctx context.Context) error {
	password := in.owner.password
	access := in.call(ctx, "FPDF_FILEACCESS_Create", uint64(len(in.owner.data)), 0)
	word := in.malloc(ctx, len(password)+1)
	if in.trap != nil {
		return in.trap
	}
	copy(in.bytesAt(word, len(password)+1), append([]byte(password), 0))
	in.doc = in.call(ctx, "FPDF_LoadCustomDocument", access, word)
	in.free(ctx, word)
	if in.trap != nil {
		return in.trap
	}
	if in.doc == 0 {
		return loadError(in.call(ctx, "FPDF_GetLastError"), password != "")
	}
	if in.call(ctx, "FPDF_GetFormType", in.doc) != 0 {
		info := in.call(ctx, "FPDF_FORMFILLINFO_Create")
		in.form = in.call(ctx, "FPDFDOC_InitFormFillEnvironment", in.doc, info)
	}
	return in.trap
}
