package document

import "github.com/inkpool/inkpool/backend/inkpool"

// Limits bounds what a single file may cost. A zero field means its default.
type Limits struct {
	MaxPixels    int   // width times height of a picture
	MaxSidePx    int   // of a picture's longer side
	MaxBytes     int64 // of a file
	MaxTextBytes int64 // of a text, before decoding
	MaxPages     int   // of a document
}

// The defaults are decisions of this project.
const (
	defaultMaxPixels    = 100_000_000 // an A3 page at 600 dpi has 70 million; decoded: 300 MB
	defaultMaxSidePx    = 65_535      // what JPEG and GIF can express; scrolling screenshots come near
	defaultMaxBytes     = 512 << 20   // the largest picture above, stored without compression
	defaultMaxTextBytes = 16 << 20    // several novels; every byte of it is translated
	defaultMaxPages     = 20_000      // no book has as many; each becomes a task
)

// withDefaults fills the zero fields.
func (l Limits) withDefaults() Limits {
	if l.MaxPixels == 0 {
		l.MaxPixels = defaultMaxPixels
	}
	if l.MaxSidePx == 0 {
		l.MaxSidePx = defaultMaxSidePx
	}
	if l.MaxBytes == 0 {
		l.MaxBytes = defaultMaxBytes
	}
	if l.MaxTextBytes == 0 {
		l.MaxTextBytes = defaultMaxTextBytes
	}
	if l.MaxPages == 0 {
		l.MaxPages = defaultMaxPages
	}
	return l
}

// CheckSize refuses pictures without pixels and those with too many.
func (l Limits) CheckSize(w, h int) error {
	l = l.withDefaults()
	if w <= 0 || h <= 0 {
		return damaged(nil)
	}
	if max(w, h) <= l.MaxSidePx && int64(w)*int64(h) <= int64(l.MaxPixels) {
		return nil
	}
	return inkpool.Errorf(inkpool.CodeTooLarge,
		"this picture is too large: %d x %d pixels; the limit is %d megapixels and %d pixels a side",
		w, h, l.MaxPixels/1_000_000, l.MaxSidePx).
		WithHint("Make the picture smaller, or cut it into parts, and try again.")
}
