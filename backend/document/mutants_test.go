package document_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf"
	"github.com/inkpool/inkpool/backend/pdf/pdftest"
	"github.com/inkpool/inkpool/backend/raster"
)

// mutants is how many damaged files are made, unless INKPOOL_MUTANTS says otherwise; 2,000 take
// some minutes.
const mutants = 60

// mostForMutant is how many bytes one may take: what decoders need for the 20 megapixels that
// a page may have.
const mostForMutant = 400 << 20

// Files of all kinds, each damaged in its own way, give pages or an error for people: no crash,
// no hang, no page that takes more memory than its size is worth. Every run makes the same.
func TestMutants(t *testing.T) {
	n := mutants
	if asked, err := strconv.Atoi(os.Getenv("INKPOOL_MUTANTS")); err == nil {
		n = asked
	}
	seeds := mutantSeeds(t)
	opener := mutantOpener(t)
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(i), 20))
		seed := seeds[i%len(seeds)]
		data := mutated(r, seed.data)
		var err error
		began := pdftest.Computed(t)
		allocated := bytesAllocated(func() { err = readAll(t.Context(), opener, data) })
		if took := pdftest.Computed(t) - began; took > 5*time.Second*slowdown {
			t.Errorf("mutant %d of %s: took %v of a core, want at most 5 s", i, seed.name, took)
		}
		if allocated > mostForMutant {
			t.Errorf("mutant %d of %s: got %d MiB allocated, want at most %d", i, seed.name, allocated>>20, mostForMutant>>20)
		}
		switch code := inkpool.CodeOf(err); code {
		case "", inkpool.CodeInvalid, inkpool.CodeUnsupportedFormat, inkpool.CodeTooLarge, inkpool.CodeOutOfMemory, inkpool.CodeEncrypted, inkpool.CodeTimeout:
		default:
			t.Errorf("mutant %d of %s: got %v, want pages or an error that says what is wrong", i, seed.name, err)
		}
	}
}

// readAll reads the first pages of a file, as the engine does. A page has four seconds.
func readAll(ctx context.Context, opener document.Opener, data []byte) error {
	const pages, most = 2, 4 * time.Second
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	f, err := opener.Open(ctx, data, nil)
	if err != nil {
		return err
	}
	defer f.Close()
	for page := range min(f.Pages(), pages) {
		if _, err := f.Text(ctx, page); err != nil {
			return err
		}
		if f.Kind() == inkpool.KindText {
			continue
		}
		im, err := f.Decode(ctx, page)
		if err != nil {
			return err
		}
		opener.Pixels.Recycle(im)
	}
	return nil
}

func mutantOpener(t *testing.T) document.Opener {
	t.Helper()
	reader := pdf.NewReader(pdf.Options{CacheDir: filepath.Join(os.TempDir(), "inkpool-pdf-test")})
	t.Cleanup(reader.Close)
	o := document.Opener{PDF: reader, Pixels: raster.NewPixels(), Limits: document.Limits{MaxPixels: 20_000_000}}
	if _, err := bundle.Embedded(); err == nil {
		o.HEIF = phoneDecoder(t)
	}
	return o
}

// mutantSeed is a file to be damaged.
type mutantSeed struct {
	name string
	data []byte
}

// mutantSeeds are the samples, the pictures of tests, documents made for it, and what there is
// of the evaluation data: one of each kind in turn, in the same order wherever it runs.
func mutantSeeds(t *testing.T) (seeds []mutantSeed) {
	t.Helper()
	for _, pattern := range []string{"../../samples/[a-z]*.*", "testdata/*.*", "../heif/testdata/*.*"} {
		seeds = append(seeds, seedsLike(t, pattern)...)
	}
	page := pdftest.Page{Content: pdftest.Text(72, 700, 24, "Harbour office") + "100 0 0 100 0 0 cm /I Do", Image: &pdftest.Image{Width: 8, Height: 8}}
	for name, doc := range map[string]pdftest.Document{
		"plain.pdf":  {Pages: []pdftest.Page{page, page}},
		"packed.pdf": {Pages: []pdftest.Page{{Content: page.Content, Image: page.Image, Deflate: true}}},
	} {
		seeds = append(seeds, mutantSeed{name, doc.Bytes()})
	}
	if root := os.Getenv("INKPOOL_DATA"); root != "" {
		for _, pattern := range []string{"bad_inputs/*/*", "pdf/*/*"} {
			seeds = append(seeds, seedsLike(t, filepath.Join(root, pattern))...)
		}
	}
	slices.SortFunc(seeds, func(a, b mutantSeed) int {
		return bytes.Compare(shuffled(a), shuffled(b))
	})
	return seeds
}

// shuffled puts kinds of files in turn that lie together in their folders.
func shuffled(s mutantSeed) []byte {
	r := rand.New(rand.NewPCG(uint64(len(s.data)), uint64(len(s.name))))
	return append(binary.BigEndian.AppendUint64(nil, r.Uint64()), s.name...)
}

func seedsLike(t *testing.T, pattern string) (seeds []mutantSeed) {
	t.Helper()
	const most = 4 << 20 // bytes
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 0 && len(data) <= most {
			seeds = append(seeds, mutantSeed{filepath.Base(path), data})
		}
	}
	return seeds
}

// mutated damages a file in one to eight places: bits, bytes, numbers, stretches taken out,
// doubled or moved, and the end cut off. Half of the places lie in the first kilobyte, where
// headers are.
func mutated(r *rand.Rand, data []byte) []byte {
	out := slices.Clone(data)
	for range 1 + r.IntN(8) {
		if len(out) < 8 {
			break
		}
		at := r.IntN(len(out) - 4)
		if r.IntN(2) == 0 {
			at = r.IntN(min(len(out)-4, 1024))
		}
		length := min(1+r.IntN(64), len(out)-at)
		switch r.IntN(8) {
		case 0:
			out[at] ^= 1 << r.IntN(8)
		case 1:
			out[at] = byte(r.Uint32())
		case 2:
			numbers := []uint32{0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff}
			binary.LittleEndian.PutUint32(out[at:], numbers[r.IntN(len(numbers))])
		case 3:
			binary.BigEndian.PutUint16(out[at:], uint16(r.Uint32()))
		case 4:
			out = slices.Delete(out, at, at+length)
		case 5:
			out = slices.Insert(out, at, slices.Clone(out[at:at+length])...)
		case 6:
			for i := range length {
				out[at+i] = byte(r.Uint32())
			}
		case 7:
			if r.IntN(4) == 0 {
				out = out[:max(8, at)]
			}
		}
	}
	return out
}
