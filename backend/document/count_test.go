package document_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf/pdftest"
)

func TestCountPages(t *testing.T) {
	twoPages := pdftest.Document{Pages: []pdftest.Page{{}, {}}}
	for _, tt := range []struct {
		name string
		data []byte
		want int
	}{
		{"a picture", jpegBytes(t, paint(upright()...)), 1},
		{"a TIFF", greyTIFF(greyPage{width: 3}, greyPage{width: 4}), 2},
		{"a TIFF with a smaller copy", greyTIFF(greyPage{width: 3}, greyPage{width: 1, subfile: 1}), 1},
		{"the mark of a TIFF", []byte("II*\x00"), 1},
		{"a PDF", twoPages.Bytes(), 0},
		{"a short text", []byte("A line of text."), 1},
		{"a long text", []byte(strings.Repeat("A line of text.\n", 1<<17)), 0},
		{"an archive", []byte("PK\x03\x04\x14\x00"), 1},
		{"nothing", nil, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := document.CountPages(writeFile(t, "file", string(tt.data)), document.Limits{})
			if err != nil || got != tt.want {
				t.Errorf("got %d, %v, want %d", got, err, tt.want)
			}
		})
	}
}

func TestCountPagesRefuses(t *testing.T) {
	three := writeFile(t, "three.tif", string(greyTIFF(greyPage{width: 1}, greyPage{width: 1}, greyPage{width: 1})))
	_, err := document.CountPages(three, document.Limits{MaxPages: 2})
	wantCode(t, err, inkpool.CodeTooLarge)
	_, err = document.CountPages(filepath.Join(t.TempDir(), "gone"), document.Limits{})
	wantCode(t, err, inkpool.CodeNotFound)
	_, err = document.CountPages(t.TempDir(), document.Limits{})
	wantCode(t, err, inkpool.CodeInvalid)
}
