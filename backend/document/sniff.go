package document

import (
	"bytes"
	"encoding/binary"
)

// SniffLen is how many bytes of a file Sniff looks at. More does no harm.
const SniffLen = 4096

// signature is bytes at the start of a file that name its format.
type signature struct {
	magic  string
	format Format
}

// signatures lists formats that their first bytes tell for certain.
func signatures() []signature {
	return []signature{
		{"\xff\xd8\xff", FormatJPEG},
		{"GIF87a", FormatGIF},
		{"GIF89a", FormatGIF},
		{"II*\x00", FormatTIFF},
		{"MM\x00*", FormatTIFF},
		{"II+\x00", FormatBigTIFF},
		{"MM\x00+", FormatBigTIFF},
		{"%PDF-", FormatPDF},
		{"%!PS", FormatPostScript},
		{"\xc5\xd0\xd3\xc6", FormatPostScript}, // EPS with a preview
		{"\xff\x0a", FormatJPEGXL},
		{"\x00\x00\x00\x0cJXL \r\n\x87\n", FormatJPEGXL},
		{"\x00\x00\x00\x0cjP  \r\n\x87\n", FormatJPEG2000},
		{"\xff\x4f\xff\x51", FormatJPEG2000},
		{"\x00\x00\x01\x00", FormatIcon},
		{"\x00\x00\x02\x00", FormatIcon}, // cursor
		{"8BPS", FormatPhotoshop},
		{"AT&TFORM", FormatDjVu},
		{`{\rtf`, FormatRTF},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FormatOffice}, // Word, Excel and PowerPoint before 2007
		{"\x1f\x8b", FormatArchive},                        // gzip
		{"BZh", FormatArchive},
		{"\xfd7zXZ\x00", FormatArchive},
		{"\x28\xb5\x2f\xfd", FormatArchive}, // zstd
		{"7z\xbc\xaf\x27\x1c", FormatArchive},
		{"Rar!\x1a\x07", FormatArchive},
		{"\x1aE\xdf\xa3", FormatVideo}, // Matroska, WebM
		{"OggS", FormatAudio},
		{"fLaC", FormatAudio},
		{"ID3", FormatAudio},
		{"\x7fELF", FormatProgram},
		{"\xcf\xfa\xed\xfe", FormatProgram}, // macOS
		{"MZ\x90\x00", FormatProgram},
	}
}

// Sniff names the format of a file from its first bytes, of which it wants SniffLen or all.
// It returns FormatUnknown for what is neither text nor a known format, and for nothing.
func Sniff(head []byte) Format {
	switch {
	case isPNG(head):
		if isApplePNG(head) {
			return FormatApplePNG
		}
		return FormatPNG
	case isBMP(head):
		return FormatBMP
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return sniffZip(head)
	case len(head) >= 12 && string(head[:4]) == "RIFF":
		return sniffRIFF(head)
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return sniffISOMedia(head)
	}
	for _, s := range signatures() {
		if bytes.HasPrefix(head, []byte(s.magic)) {
			return s.format
		}
	}
	if bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")) {
		return FormatPDF // readers accept the mark anywhere in the first kilobyte
	}
	return sniffText(head)
}

// isPNG accepts damaged marks in front of a header chunk too: the bytes of the mark are there
// to show what went wrong in transfer, and the decoder says so.
func isPNG(head []byte) bool {
	if bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")) {
		return true
	}
	i := bytes.Index(head[:min(len(head), 24)], []byte("IHDR"))
	return i >= 4 && head[i-4] == 0 && head[i-3] == 0 && head[i-2] == 0
}

// isApplePNG recognises the variant that Xcode writes into iOS apps, whose pixels only look
// like PNG. Its mark is a CgBI chunk in front of the header.
func isApplePNG(head []byte) bool { return len(head) >= 16 && string(head[12:16]) == "CgBI" }

// isBMP wants a plausible length of the second header as well, because many a text starts
// with "BM".
func isBMP(head []byte) bool {
	return len(head) >= 18 && string(head[:2]) == "BM" && binary.LittleEndian.Uint32(head[14:]) < 1<<16
}

// sniffZip tells office documents, which are archives inside, from others.
func sniffZip(head []byte) Format {
	for _, part := range []string{"[Content_Types].xml", "word/", "xl/", "ppt/", "mimetypeapplication/vnd.oasis", "mimetypeapplication/epub"} {
		if bytes.Contains(head, []byte(part)) {
			return FormatOffice
		}
	}
	return FormatZip
}

func sniffRIFF(head []byte) Format {
	switch string(head[8:12]) {
	case "WEBP":
		return FormatWebP
	case "WAVE":
		return FormatAudio
	case "AVI ":
		return FormatVideo
	}
	return FormatUnknown
}

// sniffISOMedia looks at the brands of an ISO base media file: the major one decides, then
// the compatible ones, since many pictures call themselves "mif1" and name their codec there.
func sniffISOMedia(head []byte) Format {
	size := min(int(min(binary.BigEndian.Uint32(head), 1<<16)), len(head))
	brands := []string{string(head[8:12])}
	for i := 16; i+4 <= size; i += 4 {
		brands = append(brands, string(head[i:i+4]))
	}
	general := false
	for _, b := range brands {
		switch b {
		case "avif", "avis":
			return FormatAVIF
		case "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs":
			return FormatHEIC
		case "mif1", "mif2", "mif3", "msf1", "heif", "jpeg":
			general = true
		}
	}
	if general {
		return FormatHEIC
	}
	return FormatVideo
}
