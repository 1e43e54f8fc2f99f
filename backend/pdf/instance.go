package pdf

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/tetratelabs/wazero/api"

	"github.com/inkpool/inkpool/backend/wasm"
)

// instance is a running PDFium in which one document is open. It serves one goroutine at a
// time. After the first trap all it does fails.
type instance struct {
	*wasm.Instance
	owner   *Document // whose file is open
	doc     uint64    // FPDF_DOCUMENT
	form    uint64    // FPDF_FORMHANDLE, 0 for documents without fields
	scratch uint64    // address of scratchLen bytes for small results
}

// scratchLen is for four numbers of 8 bytes.
const scratchLen = 32

// newInstance starts PDFium.
func newInstance(ctx context.Context, m *wasm.Module, o Options) (*instance, error) {
	started, err := m.NewInstance(ctx, o.MemoryLimit)
	if errors.Is(err, wasm.ErrNoMemory) {
		return nil, outOfMemory(err)
	}
	if err != nil {
		return nil, fmt.Errorf("PDFium: %w", err)
	}
	in := &instance{Instance: started}
	in.Call(ctx, "FPDF_InitLibrary")
	in.scratch = in.Malloc(ctx, scratchLen)
	if in.Trap() != nil {
		in.Close()
		return nil, in.Trap()
	}
	return in, nil
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

// float32At and intAt read number i of an array that PDFium wrote to scratch.
func (in *instance) float32At(i int) float64 {
	return float64(math.Float32frombits(binary.LittleEndian.Uint32(in.Bytes(in.scratch, scratchLen)[4*i:])))
}

func (in *instance) intAt(i int) int {
	return int(int32(binary.LittleEndian.Uint32(in.Bytes(in.scratch, scratchLen)[4*i:])))
}

// open loads the owner's document. It returns an error for people where that does not open.
func (in *instance) open(ctx context.Context) error {
	password := in.owner.password
	access := in.Call(ctx, "FPDF_FILEACCESS_Create", uint64(len(in.owner.data)), 0)
	word := in.Malloc(ctx, len(password)+1)
	if in.Trap() != nil {
		return in.Trap()
	}
	copy(in.Bytes(word, len(password)+1), append([]byte(password), 0))
	in.doc = in.Call(ctx, "FPDF_LoadCustomDocument", access, word)
	in.Free(ctx, word)
	if in.Trap() != nil {
		return in.Trap()
	}
	if in.doc == 0 {
		return loadError(in.Call(ctx, "FPDF_GetLastError"), password != "")
	}
	if in.Call(ctx, "FPDF_GetFormType", in.doc) != 0 {
		info := in.Call(ctx, "FPDF_FORMFILLINFO_Create")
		in.form = in.Call(ctx, "FPDFDOC_InitFormFillEnvironment", in.doc, info)
	}
	return in.Trap()
}
