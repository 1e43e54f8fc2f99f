package document_test

import (
	"encoding/binary"
	"testing"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// greyPage is a directory with one strip of one grey row.
type greyPage struct {
	width   int
	subfile int // value of NewSubfileType
	next    int // number of the following directory, 0 for the next in the list, -1 for none
	strip   int // offset of the pixels; 0 for where they are
	turned  int // orientation
}

// greyTIFF writes pages one after the other.
func greyTIFF(pages ...greyPage) []byte {
	const entries, head, pixels = 9, 8, 64
	const size = 2 + 12*entries + 4
	order := binary.LittleEndian
	at := func(i int) int { return head + pixels + i*size }
	out := order.AppendUint32([]byte("II*\x00"), uint32(at(0)))
	out = append(out, make([]byte, pixels)...)
	for i, p := range pages {
		out = order.AppendUint16(out, entries)
		strip := head
		if p.strip != 0 {
			strip = p.strip
		}
		for _, e := range [][2]int{{254, p.subfile}, {256, p.width}, {257, 1}, {258, 8}, {259, 1}, {262, 1}, {273, strip}, {274, max(p.turned, 1)}, {279, p.width}} {
			out = order.AppendUint16(out, uint16(e[0]))
			out = order.AppendUint16(out, 4)
			out = order.AppendUint32(out, 1)
			out = order.AppendUint32(out, uint32(e[1]))
		}
		next := 0
		switch {
		case p.next > 0:
			next = at(p.next - 1)
		case p.next == 0 && i+1 < len(pages):
			next = at(i + 1)
		}
		out = order.AppendUint32(out, uint32(next))
	}
	return out
}

// openFile opens a file that is sound, without PDF.
func openFile(t *testing.T, data []byte) *document.File {
	t.Helper()
	f, err := document.Opener{}.Open(t.Context(), data, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func TestTIFFPages(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want []int // widths
	}{
		{"one", greyTIFF(greyPage{width: 5}), []int{5}},
		{"three", greyTIFF(greyPage{width: 5}, greyPage{width: 6}, greyPage{width: 7}), []int{5, 6, 7}},
		{"smaller copies and masks", greyTIFF(greyPage{width: 5}, greyPage{width: 2, subfile: 1}, greyPage{width: 6, subfile: 2}, greyPage{width: 6, subfile: 4}), []int{5, 6}},
		{"only a smaller copy", greyTIFF(greyPage{width: 5, subfile: 1}), []int{5}},
		{"back to the first", greyTIFF(greyPage{width: 5}, greyPage{width: 6, next: 1}), []int{5, 6}},
		{"itself", greyTIFF(greyPage{width: 5, next: 1}), []int{5}},
		{"turned", greyTIFF(greyPage{width: 5}, greyPage{width: 6, turned: 6}), []int{5, 1}},
		{"chain cut", greyTIFF(greyPage{width: 5}, greyPage{width: 6})[:8+64+2+12*9+4+20], []int{5}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := openFile(t, tt.data)
			if f.Pages() != len(tt.want) || f.Kind() != inkpool.KindImage {
				t.Fatalf("got %d pages of kind %q, want %d pictures", f.Pages(), f.Kind(), len(tt.want))
			}
			for page, want := range tt.want {
				im, err := f.Decode(t.Context(), page)
				if err != nil || im.Width != want {
					t.Errorf("page %d: got %+v, %v, want %d wide", page, im, err, want)
				}
				if w, _, err := f.Size(t.Context(), page); err != nil || w != want {
					t.Errorf("page %d: got a width of %d, %v, want %d", page, w, err, want)
				}
			}
			_, err := f.Decode(t.Context(), len(tt.want))
			wantCode(t, err, inkpool.CodeInvalid)
		})
	}
}

func TestDamagedTIFFPageFailsAlone(t *testing.T) {
	f := openFile(t, greyTIFF(greyPage{width: 5}, greyPage{width: 6, strip: 1 << 30}, greyPage{width: 7}))
	for page, want := range []inkpool.Code{"", inkpool.CodeInvalid, ""} {
		if _, err := f.Decode(t.Context(), page); inkpool.CodeOf(err) != want {
			t.Errorf("page %d: got %v, want code %q", page, err, want)
		}
	}
}

func TestTooManyTIFFPages(t *testing.T) {
	data := greyTIFF(make([]greyPage, 30)...)
	o := document.Opener{Limits: document.Limits{MaxPages: 30}}
	if _, err := o.Open(t.Context(), data, nil); err != nil {
		t.Errorf("at the limit: got %v, want no error", err)
	}
	o.Limits.MaxPages = 29
	_, err := o.Open(t.Context(), data, nil)
	wantCode(t, err, inkpool.CodeTooLarge)
}

// Directories that lie on top of each other must not cost more than the file is worth.
func FuzzTIFFPages(f *testing.F) {
	f.Add(greyTIFF(greyPage{width: 5}, greyPage{width: 2, subfile: 1}, greyPage{width: 6, next: 1}))
	f.Add(tiffBytes(binary.BigEndian, paint(upright()...), 6))
	f.Fuzz(func(t *testing.T, data []byte) {
		lim := document.Limits{MaxPixels: 1 << 20, MaxPages: 50}
		file, err := document.Opener{Limits: lim}.Open(t.Context(), append([]byte("II*\x00"), data[min(4, len(data)):]...), nil)
		if err != nil {
			wantCode(t, err, inkpool.CodeTooLarge)
			return
		}
		for page := range file.Pages() {
			im, err := file.Decode(t.Context(), page)
			if inkpool.CodeOf(err) == inkpool.CodeInternal || err == nil && im.Width*im.Height > lim.MaxPixels {
				t.Errorf("page %d: got %v, want a page within the limits or an error that says what is wrong with it", page, err)
			}
		}
	})
}
