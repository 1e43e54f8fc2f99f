package modelpack

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Bounds of archives. Weights hardly shrink; text does to a tenth.
const (
	maxRatio     = 200     // bytes that one byte becomes
	smallEntry   = 1 << 20 // bytes; those below may become as small as they like
	maxDirectory = 8 << 20 // bytes of an archive's list of its entries
)

// openZip opens an archive. All that it lists is checked before anything is unpacked.
func openZip(file string) (source, error) {
	f, err := os.Open(file)
	if err != nil {
		return source{}, unreadable(err)
	}
	c, err := readZip(f, strings.TrimSuffix(baseName(file), path.Ext(file)))
	if err != nil {
		return source{}, errors.Join(err, f.Close())
	}
	return source{contents: c, close: f.Close}, nil
}

func readZip(f *os.File, name string) (contents, error) {
	info, err := f.Stat()
	if err != nil {
		return contents{}, unreadable(err)
	}
	return zipContents(f, info.Size(), name)
}

// zipContents lists what is in an archive of so many bytes.
func zipContents(r io.ReaderAt, size int64, name string) (contents, error) {
	if err := checkDirectory(r, size); err != nil {
		return contents{}, err
	}
	archive, err := openArchive(r, size)
	if err != nil {
		return contents{}, err
	}
	var paths []string
	for _, e := range archive.File {
		if err := checkEntry(e); err != nil {
			return contents{}, err
		}
		if !e.Mode().IsDir() {
			paths = append(paths, strings.TrimPrefix(e.Name, "./"))
		}
	}
	if err := checkNames(paths); err != nil {
		return contents{}, err
	}
	return listContents(archive, name)
}

// The end of an archive, as PKZIP's APPNOTE has it in 4.3.14 to 4.3.16: a record of 22 bytes and
// a comment. Where a number of it has no room, all its bits are set, and a record of 20 bytes in
// front of it says where there is one with room.
const (
	endMark      = "PK\x05\x06"
	endLength    = 22
	maxComment   = 1<<16 - 1
	endEntries   = 10 // place of the number of entries, 2 bytes
	endDirectory = 12 // place of the size of their list, 4 bytes

	locatorMark    = "PK\x06\x07"
	locatorLength  = 20
	locatorOffset  = 8 // place of where the larger record is, 8 bytes
	largeLength    = 56
	largeEntries   = 32 // 8 bytes
	largeDirectory = 40 // 8 bytes
)

// checkDirectory looks at how many entries an archive says that it has before they are read:
// a list of a million of them takes hundreds of megabytes.
func checkDirectory(r io.ReaderAt, size int64) error {
	tail := make([]byte, min(size, locatorLength+endLength+maxComment))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return unreadable(err)
	}
	at := strings.LastIndex(string(tail), endMark)
	if at < 0 || len(tail)-at < endLength {
		return brokenZip(errors.New("there is no end of a directory"))
	}
	end := tail[at:]
	entries, directory := uint64(binary.LittleEndian.Uint16(end[endEntries:])), uint64(binary.LittleEndian.Uint32(end[endDirectory:]))
	if before := at - locatorLength; before >= 0 && strings.HasPrefix(string(tail[before:]), locatorMark) {
		large := make([]byte, largeLength)
		offset := binary.LittleEndian.Uint64(tail[before+locatorOffset:])
		if _, err := r.ReadAt(large, int64(min(offset, uint64(size)))); err != nil {
			return brokenZip(err)
		}
		entries, directory = binary.LittleEndian.Uint64(large[largeEntries:]), binary.LittleEndian.Uint64(large[largeDirectory:])
	}
	if entries > maxEntries || directory > maxDirectory {
		return tooMany()
	}
	return nil
}

// openArchive reads the list of an archive's entries: once to see how long it really is, which
// zip.NewReader does not compare with what the archive says.
func openArchive(r io.ReaderAt, size int64) (*zip.Reader, error) {
	_, err := zip.NewReader(&shortList{r, maxDirectory}, size)
	if errors.Is(err, errLongList) {
		return nil, tooMany()
	}
	if err != nil {
		return nil, brokenZip(err)
	}
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, brokenZip(err)
	}
	if len(archive.File) > maxEntries {
		return nil, tooMany()
	}
	return archive, nil
}

// shortList is an archive of which only so many bytes can be read.
type shortList struct {
	io.ReaderAt
	left int64
}

var errLongList = errors.New("the list of an archive is too long")

// ReadAt implements io.ReaderAt.
func (l *shortList) ReadAt(p []byte, at int64) (int, error) {
	if l.left -= int64(len(p)); l.left < 0 {
		return 0, errLongList
	}
	return l.ReaderAt.ReadAt(p, at)
}

func brokenZip(err error) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeModelCorrupt, "this archive is damaged, or not complete").WithCause(err).WithHint("Get it again.")
}

// checkEntry refuses entries that would lie outside of the pack, or be something else than
// files and folders, or grow beyond measure.
func checkEntry(e *zip.File) error {
	name := strings.TrimSuffix(strings.TrimPrefix(e.Name, "./"), "/")
	switch mode := e.Mode(); {
	case !utf8.ValidString(e.Name):
		return unsafe("this archive has names that are not UTF-8").WithHint("Unpack it, and add the folder.")
	case name == "" && mode.IsDir():
		return nil // the folder itself
	case !isInside(name):
		return unsafe("this archive has an entry that leads out of it: %q", e.Name).WithHint("Do not trust where it comes from.")
	case !mode.IsDir() && !mode.IsRegular():
		return unsafe("this archive has a link or a device in it: %q", e.Name).WithHint("Archive the files themselves.")
	case e.Flags&1 != 0:
		return inkpool.Errorf(inkpool.CodeEncrypted, "this archive is locked with a password").WithHint("Unpack it, and add the folder.")
	case e.Method != zip.Store && e.Method != zip.Deflate:
		return unsupported("this archive is packed in a way that Inkpool does not know").WithHint("Unpack it, and add the folder.")
	case e.UncompressedSize64 > smallEntry && e.UncompressedSize64/maxRatio > e.CompressedSize64:
		return inkpool.Errorf(inkpool.CodeTooLarge, "%q becomes more than %d times larger when it is unpacked", e.Name, maxRatio).
			WithHint("No model does. Do not trust where it comes from.")
	case e.UncompressedSize64 > maxFile && slices.Contains([]string{".onnx", ".json", ".spm", ".txt"}, path.Ext(name)):
		return inkpool.Errorf(inkpool.CodeTooLarge, "%q has more than 2 GB", e.Name)
	}
	return nil
}
