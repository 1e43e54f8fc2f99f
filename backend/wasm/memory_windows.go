package wasm

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// reserve takes address space, which counts as memory once it is provided.
func reserve(size int) ([]byte, error) {
	at, err := windows.VirtualAlloc(0, uintptr(size), windows.MEM_RESERVE, windows.PAGE_READWRITE)
	if err != nil {
		return nil, err
	}
	// The address is none of Go's: vet would take a plain conversion for one that moves.
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&at)), size), nil
}

// provide makes space usable; what is usable already stays as it is.
func provide(space []byte) error {
	if len(space) == 0 {
		return nil
	}
	at := uintptr(unsafe.Pointer(unsafe.SliceData(space)))
	_, err := windows.VirtualAlloc(at, uintptr(len(space)), windows.MEM_COMMIT, windows.PAGE_READWRITE)
	return err
}

func release(space []byte) error {
	return windows.VirtualFree(uintptr(unsafe.Pointer(unsafe.SliceData(space))), 0, windows.MEM_RELEASE)
}
