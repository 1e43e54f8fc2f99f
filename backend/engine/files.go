package engine

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/heif"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf"
	"github.com/inkpool/inkpool/backend/raster"
)

// files are those that are open. One of several pages stays open for the pages to come: a
// book is not to be read and parsed anew for each of its pages. It is safe for concurrent use.
type files struct {
	limits document.Limits
	pixels *raster.Pixels
	pdf    pdf.Options
	heif   heif.Options
	noHEIF bool
	most   int // to keep open while nobody uses them

	mu     sync.Mutex
	opener document.Opener // with what is begun when the first file is opened
	list   []*openFile     // the one that was used last is at the end
	closed bool
}

// mostKept is how many bytes of files that nobody uses are kept, beside the one used last.
const mostKept = 128 << 20

// fileKey says which file is open. One that has changed meanwhile is another one.
type fileKey struct {
	path     string
	size     int64
	modified time.Time
	secrets  string // those it was to be opened with: what one job may see is not open to others
}

// openFile is a file that is open, or being opened.
type openFile struct {
	key   fileKey
	users int           // guarded by files
	ready chan struct{} // closed when the rest is set
	file  *document.File
	bytes int // of the file, in memory
	err   error
}

func newFiles(o Options, pixels *raster.Pixels) *files {
	return &files{
		limits: o.Limits, pixels: pixels, most: 2 * o.InFlight(),
		pdf:  pdf.Options{Instances: o.slots(deviceCPU), MaxPages: o.Limits.MaxPages, CacheDir: o.wasmDir()},
		heif: heif.Options{Module: o.heifModule, CacheDir: o.wasmDir()}, noHEIF: o.NoHEIF,
	}
}

// held is a file that stays open until it is released. It serves one goroutine.
type held struct {
	files *files
	*openFile
}

// release gives the file back, after which it is not to be used. Releasing again does nothing.
func (h *held) release() {
	if h.openFile != nil {
		h.files.leave(h.openFile)
		h.openFile = nil // a picture's file is garbage from here on
	}
}

// open opens a file, or waits until somebody else has. Secrets are tried where it is locked.
func (fs *files) open(ctx context.Context, path string, secrets []string) (*held, error) {
	for {
		f, isFirst, err := fs.join(keyOf(path, secrets))
		if err != nil {
			return nil, err
		}
		if isFirst {
			fs.load(ctx, f, secrets)
		}
		select {
		case <-f.ready:
		case <-ctx.Done():
			fs.leave(f)
			return nil, ctx.Err()
		}
		if f.err == nil {
			return &held{fs, f}, nil
		}
		fs.leave(f)
		if isFirst || ctx.Err() != nil || !hasEnded(f.err) {
			return nil, f.err
		}
	}
}

// hasEnded reports whether an error is the end of a context: of the one that opened a file,
// which is no matter of those that waited for it.
func hasEnded(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// keyOf looks at a file without opening it. Loading says what is wrong where that fails.
func keyOf(path string, secrets []string) fileKey {
	key := fileKey{path: path, secrets: strings.Join(secrets, "\x00")}
	if info, err := os.Stat(path); err == nil {
		key.size, key.modified = info.Size(), info.ModTime()
	}
	return key
}

// join counts a user of a file. The first one must load it.
func (fs *files) join(key fileKey) (f *openFile, isFirst bool, err error) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.closed {
		return nil, false, errClosed
	}
	if at := slices.IndexFunc(fs.list, func(f *openFile) bool { return f.key == key }); at >= 0 {
		f = fs.list[at]
		fs.list = append(slices.Delete(fs.list, at, at+1), f)
	} else {
		f, isFirst = &openFile{key: key, ready: make(chan struct{})}, true
		fs.list = append(fs.list, f)
	}
	f.users++
	return f, isFirst, nil
}

// load opens a file for all who wait for it.
func (fs *files) load(ctx context.Context, f *openFile, secrets []string) {
	defer close(f.ready)
	defer inkpool.Recover(&f.err)
	data, err := document.Load(f.key.path, fs.limits)
	if err != nil {
		f.err = err
		return
	}
	f.bytes = len(data)
	f.file, f.err = fs.currentOpener().Open(ctx, data, secrets)
}

// currentOpener returns what opens files until dropLibraries.
func (fs *files) currentOpener() document.Opener {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fs.opener.PDF == nil {
		fs.opener = document.Opener{Limits: fs.limits, Pixels: fs.pixels, PDF: pdf.NewReader(fs.pdf)}
		if !fs.noHEIF {
			fs.opener.HEIF = heif.NewDecoder(fs.heif)
		}
	}
	return fs.opener
}

// leave takes a user off the count, and closes what is not worth keeping. A file that did not
// open is forgotten at once, so that whoever comes next tries again.
func (fs *files) leave(f *openFile) {
	fs.mu.Lock()
	f.users--
	if isReady(f) && (f.err != nil || f.users == 0 && f.file.Pages() == 1) {
		fs.forget(f)
	}
	left := fs.unused(f)
	fs.mu.Unlock()
	closeAll(left)
}

// unused returns what is to be closed when f is not used any more, and forgets it. fs.mu is held.
func (fs *files) unused(f *openFile) (left []*openFile) {
	if f.users == 0 && !slices.Contains(fs.list, f) {
		left = append(left, f)
	}
	for fs.tooMany() {
		at := slices.IndexFunc(fs.list, func(f *openFile) bool { return f.users == 0 })
		if at < 0 {
			break
		}
		left = append(left, fs.list[at])
		fs.list = slices.Delete(fs.list, at, at+1)
	}
	return left
}

func isReady(f *openFile) bool {
	select {
	case <-f.ready:
		return true
	default:
		return false
	}
}

// forget takes a file out of the list. fs.mu is held.
func (fs *files) forget(f *openFile) {
	if at := slices.Index(fs.list, f); at >= 0 {
		fs.list = slices.Delete(fs.list, at, at+1)
	}
}

// tooMany reports whether there are more files than to be kept. fs.mu is held.
func (fs *files) tooMany() bool {
	bytes := int64(0)
	for _, f := range fs.list {
		bytes += f.key.size
	}
	return len(fs.list) > fs.most || len(fs.list) > 1 && bytes > mostKept
}

// closeAll closes files that are forgotten. fs.mu must not be held: the PDF reader may be
// compiling.
func closeAll(list []*openFile) {
	for _, f := range list {
		if f.file != nil {
			f.file.Close()
		}
	}
}

// closeIdle closes the files that nobody uses.
func (fs *files) closeIdle() {
	fs.mu.Lock()
	var left []*openFile
	fs.list = slices.DeleteFunc(fs.list, func(f *openFile) bool {
		if f.users == 0 {
			left = append(left, f)
		}
		return f.users == 0
	})
	fs.mu.Unlock()
	closeAll(left)
}

// dropLibraries gives back what reading PDF, HEIC and AVIF takes, until a file is opened
// again. No file may be in use.
func (fs *files) dropLibraries() {
	fs.closeIdle()
	fs.mu.Lock()
	opener := fs.opener
	fs.opener = document.Opener{}
	fs.mu.Unlock()
	if opener.PDF != nil {
		opener.PDF.Close()
	}
	if opener.HEIF != nil {
		opener.HEIF.Close()
	}
}

// close closes everything for good. No file may be in use.
func (fs *files) close() {
	fs.mu.Lock()
	fs.closed = true
	fs.mu.Unlock()
	fs.dropLibraries()
}
