package modelpack

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"io/fs"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Whatever an archive has, what is listed of it lies within it, no entry grows beyond measure,
// and there is a reason for what is refused.
func FuzzZipContents(f *testing.F) {
	for _, names := range [][]string{{"config.json", "onnx/model.onnx"}, {"../x", "a/"}, {"det.onnx", "rec.onnx", "keys.txt"}} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, name := range names {
			e, err := w.Create(name)
			if err == nil {
				_, err = e.Write([]byte(`{"architectures":["XForImageClassification"],"id2label":{"0":"a"}}`))
			}
			if err != nil && name != "a/" {
				f.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := zipContents(bytes.NewReader(data), int64(len(data)), "x")
		if err == nil {
			checkListed(t, c, len(data))
			_, err = c.recognise(Wish{})
		}
		if err != nil && inkpool.CodeOf(err) == inkpool.CodeInternal {
			t.Errorf("got %v, want a reason", err)
		}
	})
}

// checkListed reads everything that was listed of an archive of so many bytes.
func checkListed(t *testing.T, c contents, packed int) {
	for _, p := range c.paths {
		if !fs.ValidPath(p) || !isInside(p) {
			t.Errorf("got %q listed", p)
		}
		in, err := c.files.Open(p)
		if err != nil {
			continue // it says another size or method further down
		}
		n, _ := io.Copy(io.Discard, io.LimitReader(in, 1<<30)) // damaged ones end early
		if most := int64(max(smallEntry, (packed+1)*(maxRatio+1))); n > most {
			t.Errorf("%q became %d bytes", p, n)
		}
		_ = in.Close()
	}
}

// An archive of more than 4 GB says how many entries it has in another place. This one has
// nothing in it but that.
func TestCheckDirectoryOfLargeArchives(t *testing.T) {
	for entries, want := range map[uint64]inkpool.Code{3: "", maxEntries + 1: inkpool.CodeTooLarge} {
		large := make([]byte, largeLength)
		binary.LittleEndian.PutUint64(large[largeEntries:], entries)
		locator := append([]byte(locatorMark), make([]byte, locatorLength-4)...)
		end := append([]byte(endMark), bytes.Repeat([]byte{0xff}, endLength-4)...)
		data := slices.Concat(large, locator, end)
		if err := checkDirectory(bytes.NewReader(data), int64(len(data))); inkpool.CodeOf(err) != want {
			t.Errorf("%d entries: got %v, want %q", entries, err, want)
		}
	}
}

// zip.NewReader compares the number of entries with what the archive says only in its last 16
// bits, and the length of their list not at all.
func TestOpenArchiveWithMoreEntriesThanItSays(t *testing.T) {
	const entries = 4 << 16 // which is 0 in 16 bits
	header := make([]byte, 46)
	copy(header, "PK\x01\x02")
	end := make([]byte, endLength)
	copy(end, endMark)
	data := append(bytes.Repeat(header, entries), end...)
	size := int64(len(data))
	if err := checkDirectory(bytes.NewReader(data), size); err != nil {
		t.Fatalf("got %v, want it to say that it is small", err)
	}
	if _, err := openArchive(bytes.NewReader(data), size); inkpool.CodeOf(err) != inkpool.CodeTooLarge {
		t.Errorf("got %v, want %q", err, inkpool.CodeTooLarge)
	}
	if archive, err := zip.NewReader(bytes.NewReader(data), size); err != nil || len(archive.File) != entries {
		t.Errorf("got %v: zip.NewReader looks after it itself now", err)
	}
}
