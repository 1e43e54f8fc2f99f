package heif

import (
	"math"
	"testing"
)

func TestHolds(t *testing.T) {
	for _, tt := range []struct {
		w, h, bytes int
		want        bool
	}{
		{1, 1, 4, true},
		{8064, 6048, 4, true},
		{0, 10, 4, false},
		{10, 0, 4, false},
		{math.MaxUint32, math.MaxUint32, 8, false}, // overflows 64 bits
		{mostBytes / 4, 1, 4, true},
		{mostBytes/4 + 1, 1, 4, false},
		{1, mostBytes/4 + 1, 4, false},
	} {
		if got := holds(tt.w, tt.h, tt.bytes); got != tt.want {
			t.Errorf("%d x %d pixels of %d bytes: got %v, want %v", tt.w, tt.h, tt.bytes, got, tt.want)
		}
	}
}
