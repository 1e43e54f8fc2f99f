package hub

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"github.com/inkpool/inkpool/backend/durable"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// Endings of what lies beside a file that is not there yet.
const (
	partEnding = ".part" // what has come of it
	markEnding = ".mark" // what it is a part of
	lockEnding = ".lock" // held by whoever fetches it
)

// MaxFile is the size of the largest file that is fetched, in bytes.
const MaxFile = 2 << 30

// Fetch puts a file at a path, unless one of the right size and hash lies there. What has come
// before of the same file is not fetched again. progress, if any, is told how many bytes of it
// are there; it is called by the goroutine of Fetch, and may go back when the server has another
// file now.
//
// After an error, and when ctx ends, the path is as it was, and what came is kept beside it.
// CodeModelCorrupt says that the server has another file than was to be fetched, CodeUnavailable
// that it cannot be reached or that another Fetch is at this file, CodeTooLarge, CodeDiskFull,
// CodePermission, CodeNotFound are what they say.
func (c *Client) Fetch(ctx context.Context, f File, path string, progress func(done int64)) error {
	if f.Size > MaxFile {
		return tooLarge(f)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return diskError(path, err)
	}
	lock := flock.New(path+lockEnding, flock.SetPermissions(0o600))
	locked, err := lock.TryLock()
	if err != nil {
		return diskError(path, err)
	}
	if !locked {
		return inkpool.Errorf(inkpool.CodeUnavailable, "%s is being fetched already", f.Path).
			WithHint("Wait until that has finished.")
	}
	t := &transfer{client: c, file: f, path: path, progress: progress}
	err = t.run(ctx)
	return errors.Join(err, lock.Unlock())
}

// transfer fetches one file.
type transfer struct {
	client   *Client
	file     File
	path     string
	progress func(done int64)

	part  *os.File
	hash  hash.Hash // of what part has
	at    int64     // bytes that part has
	again bool      // it was begun anew once because what came was wrong
}

func (t *transfer) run(ctx context.Context) (err error) {
	if size, there := t.isThere(ctx); there {
		t.tell(size)
		return nil
	}
	target, err := url.Parse(t.file.URL)
	if err != nil {
		return inkpool.Errorf(inkpool.CodeInvalid, "%q is no address", t.file.URL).WithCause(err)
	}
	if t.part, err = os.OpenFile(t.path+partEnding, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return diskError(t.path, err)
	}
	defer func() { err = errors.Join(err, t.closePart()) }()
	if err := t.takeUp(ctx); err != nil {
		return err
	}
	if err := t.client.retry(ctx, func() (bool, error) {
		before := t.at
		err := t.more(ctx, target)
		return t.at-before >= stallBytes, err
	}); err != nil {
		return err
	}
	return t.finish()
}

// isThere reports whether the file has been fetched before, and its size. Only one whose hash
// is known can be recognised.
func (t *transfer) isThere(ctx context.Context) (size int64, there bool) {
	info, err := os.Lstat(t.path)
	if err != nil || !info.Mode().IsRegular() || t.file.Size > 0 && info.Size() != t.file.Size || t.file.SHA256 == "" && t.file.Blob == "" {
		return 0, false
	}
	f, err := os.Open(t.path)
	if err != nil {
		return 0, false
	}
	defer f.Close()
	sum := t.newHash()
	size, err = copyUntil(ctx, sum, f)
	return size, err == nil && t.isRight(sum)
}

// more asks for what is missing and appends what comes. It returns nil when the file is
// complete and right.
func (t *transfer) more(ctx context.Context, target *url.URL) error {
	if t.at > 0 && t.at == t.file.Size {
		return t.complete(ctx, target)
	}
	headers := http.Header{"Accept-Encoding": {"identity"}}
	if t.at > 0 {
		headers.Set("Range", fmt.Sprintf("bytes=%d-", t.at))
		if tag := t.readMark().ETag; tag != "" {
			headers.Set("If-Range", tag)
		}
	}
	a, err := t.client.get(ctx, target, headers)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := t.agree(a); err != nil {
		return err
	}
	if err := t.receive(ctx, target, a); err != nil {
		return err
	}
	return t.complete(ctx, target)
}

// receive appends the body of a response to the part.
func (t *transfer) receive(ctx context.Context, target *url.URL, a *answer) error {
	limit := MaxFile - t.at
	if t.file.Size > 0 {
		limit = t.file.Size - t.at
	}
	buffer := make([]byte, 1<<17)
	for {
		n, err := a.Body.Read(buffer)
		if int64(n) > limit {
			return t.wrong(t.another("more comes than it was said to have"))
		}
		if _, errWrite := t.part.Write(buffer[:n]); errWrite != nil {
			return errors.Join(diskError(t.path, errWrite), t.trim())
		}
		_, _ = t.hash.Write(buffer[:n]) // hashes take everything
		limit -= int64(n)
		t.at += int64(n)
		t.tell(t.at)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return t.client.explain(ctx, target, causeOf(ctx, err))
		}
	}
}

// causeOf prefers why a context ended to the error that came of it.
func causeOf(ctx context.Context, err error) error {
	if errors.Is(err, errStalled) {
		return err
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// trim takes back what a full disk has taken half of.
func (t *transfer) trim() error { return t.part.Truncate(t.at) }

// complete judges what has come when the server has sent all that it has.
func (t *transfer) complete(ctx context.Context, target *url.URL) error {
	if t.file.Size > 0 && t.at < t.file.Size {
		return passing{err: unreachable(target, fmt.Errorf("%d of %d bytes came", t.at, t.file.Size))}
	}
	if t.at > 0 && t.isRight(t.hash) {
		return nil
	}
	return t.wrong(t.mismatch())
}

// mismatch says what a complete file is instead of what it should be.
func (t *transfer) mismatch() *inkpool.Error {
	head := make([]byte, 512)
	n, _ := t.part.ReadAt(head, 0)
	if isPage(head[:n]) {
		u, _ := url.Parse(t.file.URL)
		return webPage(u.Host)
	}
	return t.another("its hash differs")
}

// wrong throws away what has come, and lets it be fetched anew once: a part may be of a file
// that has changed without the server saying so.
func (t *transfer) wrong(err *inkpool.Error) error {
	if errRestart := t.restart(); errRestart != nil {
		return errRestart
	}
	if t.again {
		return err
	}
	t.again = true
	return passing{err: err}
}

// finish gives the file its name.
func (t *transfer) finish() error {
	err := t.part.Sync()
	if err == nil {
		err = t.part.Close()
	}
	t.part = nil
	if err == nil {
		err = os.Rename(t.path+partEnding, t.path)
	}
	if err == nil {
		err = durable.SyncFolder(filepath.Dir(t.path))
	}
	if err != nil {
		return diskError(t.path, err)
	}
	_ = os.Remove(t.path + markEnding) // it says nothing any more
	return nil
}

// closePart closes what is to be gone on with.
func (t *transfer) closePart() error {
	if t.part == nil {
		return nil
	}
	return t.part.Close()
}
