//go:build unix

package wasm

import "golang.org/x/sys/unix"

// reserve takes address space; pages of it become memory when they are written to.
func reserve(size int) ([]byte, error) {
	return unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
}

// provide has nothing to do here.
func provide([]byte) error { return nil }

func release(space []byte) error { return unix.Munmap(space) }
