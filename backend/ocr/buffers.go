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

func (b *buffers) put(s *[]float32) { b.pool.Put(s) }
