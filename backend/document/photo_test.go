package document_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/heif"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// phoneDecoder returns the decoder of HEIC and AVIF, or skips the test. Compiled code is
// shared with earlier runs.
func phoneDecoder(t testing.TB) *heif.Decoder {
	t.Helper()
	b, err := bundle.Embedded()
	if err != nil {
		t.Skip("the decoders are not there: run `make setup`")
	}
	d := heif.NewDecoder(heif.Options{
		Module:   func(c heif.Codec) ([]byte, error) { return b.ReadFile("heif/" + string(c) + ".wasm.gz") },
		CacheDir: filepath.Join(os.TempDir(), "inkpool-wasm-test"),
	})
	t.Cleanup(d.Close)
	return d
}

// Pictures of phones are turned as their container says, once, whoever does it.
func TestOpenPhoto(t *testing.T) {
	ctx, d := t.Context(), phoneDecoder(t)
	for name, format := range map[string]document.Format{"turned.heic": document.FormatHEIC, "turned.avif": document.FormatAVIF} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("..", "heif", "testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			_, err = document.Opener{}.Open(ctx, data, nil)
			wantCode(t, err, inkpool.CodeUnsupportedFormat)
			f, err := document.Opener{HEIF: d}.Open(ctx, data, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			w, h, err := f.Size(ctx, 0)
			if f.Format() != format || f.Kind() != inkpool.KindImage || f.Pages() != 1 || w != 48 || h != 32 || err != nil {
				t.Errorf("got %s of %d pages, %d x %d, %v, want one of 48 x 32", f.Format(), f.Pages(), w, h, err)
			}
			im, err := f.Decode(ctx, 0)
			if err != nil {
				t.Fatal(err)
			}
			if got := read(im); !slices.Equal(got, upright()) {
				t.Errorf("got %q, want %q", got, upright())
			}
			small, err := document.Opener{HEIF: d, Limits: document.Limits{MaxPixels: 1000}}.Open(ctx, data, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = small.Decode(ctx, 0)
			wantCode(t, err, inkpool.CodeTooLarge)
		})
	}
}
