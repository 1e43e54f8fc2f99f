//go:build !unix

package document

import (
	"errors"
	"syscall"
)

// nonBlocking is not needed: named pipes live outside of the file system here.
const nonBlocking = 0

// isBadPath reports names that can never lead to a file.
func isBadPath(err error) bool { return errors.Is(err, syscall.EINVAL) }
