package heif_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/heif"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// The pictures in testdata show red, green, blue over yellow, white, black in cells of 16
// pixels. cells were stored as they are shown; turned.heic a quarter turn to the left, of
// tiles, with one clockwise to undo it; turned.avif with 10 bits, mirrored and turned.
// libheif 1.15 and libavif 0.11 wrote them; the turn of turned.heic was put in by hand.

// decoder returns a Decoder with the bundled modules, or skips the test. Compiled code is
// shared with earlier runs.
func decoder(t testing.TB, o heif.Options) *heif.Decoder {
	t.Helper()
	b, err := bundle.Embedded()
	if err != nil {
		t.Skip("the decoders are not there: run `make setup`")
	}
	if o.Module == nil {
		o.Module = func(c heif.Codec) ([]byte, error) { return b.ReadFile("heif/" + string(c) + ".wasm.gz") }
	}
	o.CacheDir = filepath.Join(os.TempDir(), "inkpool-wasm-test")
	d := heif.NewDecoder(o)
	t.Cleanup(d.Close)
	return d
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// upright decodes and turns a picture.
func upright(ctx context.Context, d *heif.Decoder, data []byte) (*raster.Image, error) {
	info, err := heif.ReadInfo(data)
	if err != nil {
		return nil, err
	}
	src, err := d.Decode(ctx, data, info)
	if err != nil {
		return nil, err
	}
	im := raster.FromImage(src)
	for _, turn := range info.Turns {
		im = im.Oriented(turn)
	}
	return im, nil
}

func wantCode(t *testing.T, err error, want inkpool.Code) {
	t.Helper()
	if got := inkpool.CodeOf(err); got != want {
		t.Errorf("got %v (%q), want code %q", err, got, want)
	}
}

// wantCells checks that the picture is what testdata shows, within lossy coding.
func wantCells(t *testing.T, im *raster.Image) {
	t.Helper()
	if im.Width != 48 || im.Height != 32 {
		t.Fatalf("got %d x %d pixels, want 48 x 32", im.Width, im.Height)
	}
	for i, want := range []raster.RGB{{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 0}, {255, 255, 255}, {0, 0, 0}} {
		got := im.At(i%3*16+8, i/3*16+8)
		for c := range got {
			if d := int(got[c]) - int(want[c]); d < -40 || d > 40 {
				t.Errorf("cell %d: got %v, want about %v", i, got, want)
				break
			}
		}
	}
}

func TestDecode(t *testing.T) {
	d := decoder(t, heif.Options{})
	for _, name := range []string{"cells.heic", "cells.avif", "turned.heic", "turned.avif"} {
		t.Run(name, func(t *testing.T) {
			data := readFile(t, name)
			info, err := heif.ReadInfo(data)
			if err != nil || info.Width != 48 || info.Height != 32 {
				t.Fatalf("got %+v, %v, want 48 x 32 pixels", info, err)
			}
			before := bytes.Clone(data)
			im, err := upright(t.Context(), d, data)
			if err != nil {
				t.Fatal(err)
			}
			wantCells(t, im)
			if !bytes.Equal(data, before) {
				t.Error("the file's bytes have changed")
			}
		})
	}
}

// Files that name no codec in front are told by what they hold, and old ones say of colours
// that they are one channel.
func TestDecodeForgives(t *testing.T) {
	d := decoder(t, heif.Options{})
	data := readFile(t, "cells.heic")
	copy(data[8:], "mif1")
	channels := bytes.Index(data, []byte("pixi")) + len("pixi") + 4
	data[channels] = 1
	im, err := upright(t.Context(), d, data)
	if err != nil {
		t.Fatal(err)
	}
	wantCells(t, im)
}

// Pictures come out the same however many are decoded at once.
func TestDecodeAtOnce(t *testing.T) {
	d := decoder(t, heif.Options{})
	var group sync.WaitGroup
	for _, name := range []string{"cells.heic", "cells.avif", "turned.heic", "cells.heic", "turned.avif", "turned.heic"} {
		data := readFile(t, name)
		group.Go(func() {
			im, err := upright(t.Context(), d, data)
			if err != nil {
				t.Error(err)
				return
			}
			wantCells(t, im)
		})
	}
	group.Wait()
}

func TestDecodeStops(t *testing.T) {
	d := decoder(t, heif.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := upright(ctx, d, readFile(t, "cells.heic")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if _, err := upright(t.Context(), d, readFile(t, "cells.heic")); err != nil {
		t.Errorf("the next picture: got %v", err)
	}
}

func TestDecodeInLittleMemory(t *testing.T) {
	d := decoder(t, heif.Options{MemoryLimit: 3 << 16})
	_, err := upright(t.Context(), d, readFile(t, "cells.heic"))
	wantCode(t, err, inkpool.CodeOutOfMemory)
}

func TestDecodeWithoutModule(t *testing.T) {
	missing := inkpool.Errorf(inkpool.CodeModelMissing, "not there")
	d := heif.NewDecoder(heif.Options{Module: func(heif.Codec) ([]byte, error) { return nil, missing }})
	_, err := upright(t.Context(), d, readFile(t, "cells.avif"))
	wantCode(t, err, inkpool.CodeModelMissing)
	d.Close()
	_, err = upright(t.Context(), d, readFile(t, "cells.avif"))
	wantCode(t, err, inkpool.CodeUnavailable)
}

func TestDecodeDamaged(t *testing.T) {
	d := decoder(t, heif.Options{})
	for _, name := range []string{"cells.heic", "cells.avif"} {
		data := readFile(t, name)
		_, err := upright(t.Context(), d, data[:len(data)*7/10])
		wantCode(t, err, inkpool.CodeInvalid)
	}
}

func TestReadInfoTurns(t *testing.T) {
	for name, want := range map[string][]int{"cells.avif": nil, "turned.avif": {8, 2}, "turned.heic": nil} {
		info, err := heif.ReadInfo(readFile(t, name))
		if err != nil || !slices.Equal(info.Turns, want) {
			t.Errorf("%s: got %v, %v, want %v", name, info.Turns, err, want)
		}
	}
}

// What a picture is put together of decides how it is read, not what else is in the file.
func TestReadInfoIsSteady(t *testing.T) {
	both := bytes.Replace(readFile(t, "turned.heic"), []byte("Exif\x00"), []byte("av01\x00"), 1) // behind the tile
	for range 50 {
		if info, err := heif.ReadInfo(both); err != nil || info.Codec != heif.HEVC {
			t.Fatalf("got %q, %v; want %q, as the first tile is", info.Codec, err, heif.HEVC)
		}
	}
}

func TestReadInfoRefuses(t *testing.T) {
	jpeg := bytes.Replace(readFile(t, "cells.heic"), []byte("hvc1\x00"), []byte("jpeg\x00"), 1)
	nothing := bytes.ReplaceAll(readFile(t, "cells.heic"), []byte("ispe"), []byte("free"))
	for _, tt := range []struct {
		name string
		data []byte
		want inkpool.Code
	}{
		{"nothing", nil, inkpool.CodeUnsupportedFormat},
		{"no picture", readFile(t, "cells.heic")[:40], inkpool.CodeUnsupportedFormat},
		{"another codec", jpeg, inkpool.CodeUnsupportedFormat},
		{"no size", nothing, inkpool.CodeInvalid},
	} {
		_, err := heif.ReadInfo(tt.data)
		wantCode(t, err, tt.want)
	}
}

func FuzzReadInfo(f *testing.F) {
	for _, name := range []string{"cells.heic", "cells.avif", "turned.heic", "turned.avif"} {
		f.Add(readFile(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := heif.ReadInfo(data)
		if code := inkpool.CodeOf(err); err != nil && code != inkpool.CodeInvalid && code != inkpool.CodeUnsupportedFormat {
			t.Errorf("got %v, want an error that says what is wrong with the picture", err)
		}
		if err == nil && (info.Width <= 0 || info.Height <= 0 || len(info.Turns) > 2) {
			t.Errorf("got %+v, want a size and two turns at most", info)
		}
	})
}

// Whatever the bytes are, the answer is a picture or an error for people, in bounded time and
// memory.
func FuzzDecode(f *testing.F) {
	for _, name := range []string{"cells.heic", "cells.avif", "turned.heic", "turned.avif"} {
		f.Add(readFile(f, name))
	}
	d := decoder(f, heif.Options{MemoryLimit: 64 << 20})
	f.Fuzz(func(t *testing.T, data []byte) {
		const most, slow = time.Second, 4 * time.Second
		limited, cancel := context.WithTimeout(context.Background(), most)
		defer cancel()
		began := time.Now()
		if _, err := upright(limited, d, data); inkpool.CodeOf(err) == inkpool.CodeInternal {
			t.Errorf("got %v, want a picture or an error that says what is wrong with it", err)
		}
		if took := time.Since(began); took > slow {
			t.Errorf("took %v, want at most %v", took, slow)
		}
	})
}
