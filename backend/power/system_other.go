//go:build !linux && !darwin && !windows

package power

import (
	"context"
	"errors"
)

// System knows nothing about this machine: it counts as one on mains.
func System() Source {
	return func(context.Context) (State, error) { return State{}, nil }
}

// SystemLock returns errors.ErrUnsupported.
func SystemLock(context.Context) (release func(), err error) {
	return nil, errors.ErrUnsupported
}
