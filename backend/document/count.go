package document

import (
	"errors"
	"io"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// CountPages counts the pages of a file as far as that is cheap: from its beginning, of a TIFF
// also from its directories, which are a few hundred bytes. It answers 0 where the whole file
// must be opened to know: of a PDF, and of a text that may have several parts. What Open would
// refuse may count as one page here. Errors are those of Load, and CodeTooLarge beyond
// Limits.MaxPages.
func CountPages(path string, lim Limits) (int, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return 0, err
	}
	defer f.Close() // only read: closing cannot lose anything
	head := make([]byte, SniffLen)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, fileError(err)
	}
	switch format := Sniff(head[:n]); {
	case format == FormatPDF, format.Kind() == inkpool.KindText && mayHaveParts(size):
		return 0, nil
	case format == FormatTIFF:
		directories, err := lim.pagesOfTIFF(f)
		return len(directories), err
	default:
		return 1, nil
	}
}

// mayHaveParts reports whether a text of so many bytes may be longer than a part in UTF-8,
// where Chinese characters take three bytes instead of two.
func mayHaveParts(size int64) bool { return 3*size > 2*partBytes }
