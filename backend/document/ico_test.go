package document_test

import (
	"encoding/binary"
	"testing"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// icoFile writes an icon of pictures, each with its side in pixels and its bits a pixel.
func icoFile(pictures ...icoPicture) []byte {
	order := binary.LittleEndian
	out := []byte{0, 0, 1, 0, byte(len(pictures)), 0}
	at := len(out) + 16*len(pictures)
	for _, p := range pictures {
		out = append(out, byte(p.w), byte(p.h), 0, 0, 1, 0, byte(p.depth), 0)
		out = order.AppendUint32(out, uint32(len(p.data)))
		out = order.AppendUint32(out, uint32(at))
		at += len(p.data)
	}
	for _, p := range pictures {
		out = append(out, p.data...)
	}
	return out
}

type icoPicture struct {
	w, h, depth int
	data        []byte
}

// dib is a 24-bit picture of two cells, red and green, in the form of icons. The mask hides
// what hidden says: the left or the right cell.
func dib(maskLeft, maskRight byte) []byte {
	order := binary.LittleEndian
	out := order.AppendUint32(nil, 40)
	out = order.AppendUint32(out, 2*cell)
	out = order.AppendUint32(out, 2*cell) // twice the height
	out = order.AppendUint16(out, 1)
	out = order.AppendUint16(out, 24)
	out = append(out, make([]byte, 24)...)
	for range cell {
		for range cell {
			out = append(out, 0, 0, 255)
		}
		for range cell {
			out = append(out, 0, 255, 0)
		}
	}
	for range cell {
		out = append(out, maskLeft, maskLeft, maskRight, maskRight)
	}
	return out
}

func TestDecodeIcon(t *testing.T) {
	large := pngBytes(t, paint(upright()...))
	for _, tt := range []struct {
		name string
		data []byte
		want []string
	}{
		{"PNG", icoFile(icoPicture{48, 32, 32, large}), upright()},
		{"the largest", icoFile(icoPicture{32, 16, 24, dib(0, 0)}, icoPicture{48, 32, 32, large}), upright()},
		{"bitmap", icoFile(icoPicture{32, 16, 24, dib(0, 0)}), []string{"RG"}},
		{"bitmap without its mask", icoFile(icoPicture{32, 16, 24, dib(0, 0)[:40+3*2*cell*cell]}), []string{"RG"}},
		{"bitmap with a hole, on white", icoFile(icoPicture{32, 16, 24, dib(0xff, 0)}), []string{"WG"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.name != "bitmap with a hole, on white" {
				wantRows(t, tt.data, tt.want)
				return
			}
			im, err := document.DecodeImage(tt.data, document.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if c := im.At(cell/2, cell/2); c[0] != c[1] || c[1] != c[2] {
				t.Errorf("got %v in the hole, want the background", c)
			}
		})
	}
	for name, data := range map[string][]byte{
		"no pictures":     icoFile(),
		"picture cut":     icoFile(icoPicture{32, 16, 24, dib(0, 0)})[:80],
		"beyond the file": icoFile(icoPicture{32, 16, 24, dib(0, 0)})[:22],
	} {
		t.Run(name, func(t *testing.T) { wantCode(t, decodeError(data), inkpool.CodeInvalid) })
	}
}
