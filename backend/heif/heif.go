// Package heif decodes the pictures of phones: HEIC, which holds HEVC, and AVIF, which holds
// AV1. The container of both is HEIF (ISO/IEC 23008-12).
//
// ReadInfo reads what the container says: the size of its main picture, and how that is to be
// turned. It costs next to nothing. A Decoder decodes: it runs libheif with libde265, and
// libavif with libaom, as WebAssembly, each compiled when its first picture comes. Every
// picture gets an instance of its own, whose memory is bounded and given back afterwards;
// when the context ends, the instance stops within milliseconds.
//
// Errors are *inkpool.Error: CodeInvalid for damaged pictures, CodeUnsupportedFormat for other
// codecs and rare containers, CodeOutOfMemory; or they wrap the context's. Colour profiles and
// the orientation in EXIF data are ignored, as the standard wants the latter to be; so are
// transparency in HEIC, and margins cut off in AVIF.
//
// All functions are safe for concurrent use. The package starts no goroutine and writes nothing
// but the cache of compiled code.
package heif

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"sync"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/wasm"
)

// Codec is how the pixels of a picture are coded.
type Codec string

// The codecs that are decoded.
const (
	HEVC Codec = "hevc"
	AV1  Codec = "av1"
)

// Options say how a Decoder works. Zero fields but Module mean their defaults.
type Options struct {
	// Module returns the decoder of a codec: WebAssembly, gzipped, with the interface of
	// github.com/gen2brain/heic and github.com/gen2brain/avif. Its errors are Decode's.
	Module      func(Codec) ([]byte, error)
	MemoryLimit int    // bytes that one picture may take; default 768 MiB
	CacheDir    string // where compiled code is kept (3 MB); empty: compiled at each start
}

// defaultMemoryLimit is twice what a HEIC of 48 megapixels takes, the most that phones make,
// and what an AVIF of some 40 takes (16 bytes a pixel and a copy of its result).
const defaultMemoryLimit = 768 << 20

// Decoder decodes pictures. Its modules are compiled when they are first needed.
type Decoder struct {
	options   Options
	mu        sync.Mutex // guards what follows; held while compiling
	libraries map[Codec]*wasm.Module
	closed    bool
}

// NewDecoder returns a Decoder that has not taken anything yet.
func NewDecoder(o Options) *Decoder {
	if o.MemoryLimit <= 0 {
		o.MemoryLimit = defaultMemoryLimit
	}
	return &Decoder{options: o, libraries: map[Codec]*wasm.Module{}}
}

// Close gives the compiled modules back. No picture may be at work; further ones are
// CodeUnavailable.
func (d *Decoder) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for codec, m := range d.libraries {
		m.Close()
		delete(d.libraries, codec)
	}
	d.closed = true
}

// Decode decodes the main picture of data, which info was read from. It is yet to be turned as
// info.Turns says. Its size is checked by nobody: a header may lie about what comes out.
func (d *Decoder) Decode(ctx context.Context, data []byte, info Info) (image.Image, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	library, err := d.library(ctx, info.Codec)
	if err != nil {
		return nil, err
	}
	in, err := library.NewInstance(ctx, d.options.MemoryLimit)
	if err != nil {
		return nil, startError(err)
	}
	defer in.Close()
	done := in.StopWith(ctx)
	im, err := decode(ctx, in, data, info.Codec)
	if done(); ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if trap := in.Trap(); trap != nil {
		err = trap
	}
	switch {
	case err == nil:
		return im, nil
	case in.Starved():
		return nil, outOfMemory(err)
	default:
		return nil, damaged(err)
	}
}

// library returns the compiled decoder of a codec.
func (d *Decoder) library(ctx context.Context, codec Codec) (*wasm.Module, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, inkpool.Errorf(inkpool.CodeUnavailable, "the decoder of this picture has been closed")
	}
	if m := d.libraries[codec]; m != nil {
		return m, nil
	}
	packed, err := d.options.Module(codec)
	if err != nil {
		return nil, err
	}
	m, err := compile(context.WithoutCancel(ctx), packed, d.options.CacheDir)
	if err != nil {
		return nil, inkpool.Errorf(inkpool.CodeInternal, "the decoder of this picture does not start").WithCause(err)
	}
	d.libraries[codec] = m
	return m, nil
}

// compile takes a second, or a hundredth of one where cacheDir has the result.
func compile(ctx context.Context, packed []byte, cacheDir string) (*wasm.Module, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	code, err := io.ReadAll(unpacked)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return wasm.Compile(ctx, code, wasm.Options{CacheDir: cacheDir})
}

func startError(err error) error {
	if errors.Is(err, wasm.ErrNoMemory) {
		return outOfMemory(err)
	}
	return inkpool.Errorf(inkpool.CodeInternal, "the decoder of this picture does not start").WithCause(err)
}

func outOfMemory(cause error) error {
	return inkpool.Errorf(inkpool.CodeOutOfMemory, "this picture needs more memory than a picture may have").
		WithHint("Save it in a smaller size, or as JPEG, and try again.").WithCause(cause)
}

func damaged(cause error) error {
	return inkpool.Errorf(inkpool.CodeInvalid, "this picture is damaged and cannot be read").
		WithHint("Open it in another program and save it again, or get a new copy of it.").WithCause(cause)
}

func unsupported(what string) error {
	return inkpool.Errorf(inkpool.CodeUnsupportedFormat, "this kind of HEIF picture is not supported").
		WithHint("Save it as PNG or JPEG in another program and try again.").WithCause(errors.New(what))
}
