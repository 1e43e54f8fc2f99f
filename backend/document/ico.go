package document

import (
	"encoding/binary"
	"image"
	"io"
)

// An icon or cursor of Windows is a directory of pictures in several sizes: a head of 6 bytes
// (0, kind, how many), entries of 16, then pictures that are PNG files, or BMP files without
// their first header and with a mask behind the pixels. Layout: Microsoft, "Icons in Win32".

const (
	icoHead  = 6
	icoEntry = 16
)

// icoPicture returns the stored bytes of the largest picture, of those the one with the most
// colours.
func icoPicture(data []byte) ([]byte, error) {
	if len(data) < icoHead {
		return nil, io.ErrUnexpectedEOF
	}
	var best []byte
	most := -1
	for i := range int(binary.LittleEndian.Uint16(data[4:])) {
		at := icoHead + i*icoEntry
		if at+icoEntry > len(data) {
			break
		}
		e := data[at : at+icoEntry]
		size, from := uint64(binary.LittleEndian.Uint32(e[8:])), uint64(binary.LittleEndian.Uint32(e[12:]))
		if from >= uint64(len(data)) {
			continue
		}
		side := func(b byte) int { return (int(b)+255)%256 + 1 } // 0 means 256
		rank := side(e[0])*side(e[1])*64 + int(min(binary.LittleEndian.Uint16(e[6:]), 63))
		if rank > most {
			most, best = rank, data[from:min(from+size, uint64(len(data)))]
		}
	}
	if len(best) == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return best, nil
}

// icoBMP returns a picture without its first header as a BMP file, whose height is that of
// the picture and no longer of picture and mask.
func icoBMP(picture []byte) ([]byte, error) {
	const least = 40
	if len(picture) < least || binary.LittleEndian.Uint32(picture) < least {
		return nil, errBMP
	}
	colours := uint64(binary.LittleEndian.Uint32(picture[32:]))
	if depth := binary.LittleEndian.Uint16(picture[14:]); depth > 8 {
		colours = 0
	} else if colours == 0 || colours > 1<<depth {
		colours = 1 << depth
	}
	out := append(make([]byte, bmpFileHeader, bmpFileHeader+len(picture)), picture...)
	copy(out, "BM")
	pixels := bmpFileHeader + uint64(binary.LittleEndian.Uint32(picture)) + 4*colours
	binary.LittleEndian.PutUint32(out[10:], uint32(min(pixels, 1<<31)))
	height := int32(binary.LittleEndian.Uint32(picture[8:]))
	binary.LittleEndian.PutUint32(out[bmpFileHeader+8:], uint32(height/2))
	return out, nil
}

func icoSize(data []byte) (w, h int, err error) {
	picture, err := icoPicture(data)
	if err != nil {
		return 0, 0, err
	}
	if isPNG(picture) {
		c, err := codecFor(picture)
		if err != nil {
			return 0, 0, err
		}
		return c.size(picture)
	}
	bmp, err := icoBMP(picture)
	if err != nil {
		return 0, 0, err
	}
	return bmpSize(bmp)
}

func decodeICO(data []byte) (image.Image, error) {
	picture, err := icoPicture(data)
	if err != nil {
		return nil, err
	}
	if isPNG(picture) {
		return decodePNG(picture)
	}
	bmp, err := icoBMP(picture)
	if err != nil {
		return nil, err
	}
	b, err := parseBMP(bmp)
	if err != nil {
		return nil, err
	}
	im, err := decodeBMP(bmp)
	if err != nil || b.depth == 32 {
		return im, err // 32 bits have transparency of their own
	}
	return withMask(im, &b), nil
}

// withMask makes transparent what the mask behind the pixels says: rows of one bit a pixel, the
// lowest first, padded to 32 bits. A mask that is cut off hides nothing.
func withMask(im image.Image, b *bmpHeader) image.Image {
	stride := (b.w + 31) / 32 * 4
	from := (b.w*b.depth + 31) / 32 * 4 * b.h
	if from+stride*b.h > len(b.pixels) {
		return im
	}
	mask := b.pixels[from:]
	out := image.NewNRGBA(image.Rect(0, 0, b.w, b.h))
	for y := range b.h {
		row := mask[(b.h-1-y)*stride:]
		for x := range b.w {
			if row[x/8]>>(7-x%8)&1 == 0 {
				out.Set(x, y, im.At(x, y))
			}
		}
	}
	return out
}
