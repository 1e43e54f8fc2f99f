package ocr

import "testing"

// A pool under the race detector forgets at random: what counts is that it never lends a slice
// that one long picture needed.
func TestLargeBuffersAreNotKept(t *testing.T) {
	var b buffers
	for range 10 {
		b.put(b.get(mostLent + 1))
		if s := b.get(1); cap(*s) > mostLent {
			t.Fatalf("got one of %d values back, want at most %d", cap(*s), mostLent)
		}
	}
}
