package child

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// A frame is a header and one value in gob's encoding. Gob and not JSON, because paths hold
// any byte and JSON only Unicode. Every frame describes its own types: that costs some 0.1
// ms, and one that could not be sent leaves nothing behind that later ones would need.
//
//	0  4  frameMagic, big-endian like the rest
//	4  4  length of the value in bytes, at most maxFrameBytes
//	8  4  CRC-32 (Castagnoli) of the value
const (
	frameMagic  = 0x49_4e_4b_46 // "INKF"
	frameHeader = 12            // bytes
	// A text has at most 16 MB, in another encoding up to twice that; a picture of 100
	// million pixels is a JPEG of some 50 MB.
	maxFrameBytes = 128 << 20
)

var (
	errGarbled  = errors.New("what came through the pipe is no frame")
	errOversize = errors.New("frame is too large")
)

// writeFrame sends a value with a single Write. Nothing has been sent after errOversize.
func writeFrame(w io.Writer, value any) error {
	var frame bytes.Buffer
	frame.Write(make([]byte, frameHeader))
	if err := gob.NewEncoder(&frame).Encode(value); err != nil {
		return fmt.Errorf("encode %T: %w", value, err)
	}
	data := frame.Bytes()
	length := len(data) - frameHeader
	if length > maxFrameBytes {
		return errOversize
	}
	binary.BigEndian.PutUint32(data[0:], frameMagic)
	binary.BigEndian.PutUint32(data[4:], uint32(length))
	binary.BigEndian.PutUint32(data[8:], checksum(data[frameHeader:]))
	_, err := w.Write(data)
	return err
}

// readFrame reads a value into the pointer to. The error is io.EOF when the stream ended
// between two frames, and errGarbled when something else than a frame came.
func readFrame(r io.Reader, to any) error {
	var header [frameHeader]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return err
	}
	length := binary.BigEndian.Uint32(header[4:])
	if binary.BigEndian.Uint32(header[0:]) != frameMagic || length > maxFrameBytes {
		return fmt.Errorf("%w: it begins with %q", errGarbled, header)
	}
	var data bytes.Buffer // grows with what comes, not with what was announced
	if _, err := io.CopyN(&data, r, int64(length)); err != nil {
		return fmt.Errorf("frame of %d bytes: %w", length, noEOF(err))
	}
	if checksum(data.Bytes()) != binary.BigEndian.Uint32(header[8:]) {
		return fmt.Errorf("%w: its checksum differs", errGarbled)
	}
	if err := gob.NewDecoder(&data).Decode(to); err != nil {
		return fmt.Errorf("%w: decode %T: %w", errGarbled, to, noEOF(err))
	}
	return nil
}

// noEOF keeps the end of a stream within a frame apart from that between two.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// streamEnded reports whether readFrame found no more, between frames or within one.
func streamEnded(err error) bool {
	return !errors.Is(err, errGarbled) && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF))
}

func checksum(data []byte) uint32 {
	return crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli))
}
