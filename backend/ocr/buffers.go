package ocr

import "sync"

// buffers lends float32 slices, so that a page costs no garbage of the size of its
// tensors. Contents are whatever the last borrower left.
type buffers struct{ pool sync.Pool }

func (b *buffers) get(n int) *[]float32 {
	s, _ := b.pool.Get().(*[]float32)
	if s == nil || cap(*s) < n {
		s = new([]float32)
		*s = make([]float32, n)
	}
	*s = (*s)[:n]
	return s
}

// mostLent is how many values a slice has at most that is kept for the next borrower: above all
// that usual pages need, 2.8 million for the detector's input, and far below the 100 million of a
// picture that is 480 pixels wide and miles long. One such would stay in the place of a small one.
const mostLent = 8 << 20

func (b *buffers) put(s *[]float32) {
	if cap(*s) <= mostLent {
		b.pool.Put(s)
	}
}
