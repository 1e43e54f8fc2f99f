//go:build unix

package document

import (
	"errors"
	"syscall"
)

// nonBlocking makes opening a pipe return at once, whether or not anybody writes to it.
const nonBlocking = syscall.O_NONBLOCK

// isBadPath reports names that can never lead to a file.
func isBadPath(err error) bool {
	for _, e := range []error{syscall.ELOOP, syscall.ENAMETOOLONG, syscall.ENOTDIR, syscall.EINVAL} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
