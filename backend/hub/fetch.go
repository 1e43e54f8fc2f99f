package hub

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"

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
	if t.isThere(ctx) {
		t.tell(t.file.Size)
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

// isThere reports whether the file has been fetched before. Only one whose hash is known can
// be recognised.
func (t *transfer) isThere(ctx context.Context) bool {
	info, err := os.Lstat(t.path)
	if err != nil || !info.Mode().IsRegular() || t.file.Size == 0 || info.Size() != t.file.Size || t.file.SHA256 == "" && t.file.Blob == "" {
		return false
	}
	f, err := os.Open(t.path)
	if err != nil {
		return false
	}
	defer f.Close()
	sum := t.newHash()
	_, err = copyUntil(ctx, sum, f)
	return err == nil && t.isRight(sum)
}

// newHash hashes as the file's own hash is made.
func (t *transfer) newHash() hash.Hash {
	if t.file.SHA256 == "" && t.file.Blob != "" {
		h := sha1.New()
		_, _ = fmt.Fprintf(h, "blob %d\x00", t.file.Size) // hashes take everything
		return h
	}
	return sha256.New()
}

// isRight compares a hash with the file's own; one that has none is right.
func (t *transfer) isRight(sum hash.Hash) bool {
	want := t.file.SHA256
	if want == "" {
		want = t.file.Blob
	}
	return want == "" || hex.EncodeToString(sum.Sum(nil)) == want
}

// mark says what a part is a part of.
type mark struct {
	URL  string `json:"url"`
	Hash string `json:"hash"` // that the file is to have; empty: not known
	ETag string `json:"etag"` // of the server that sends it; empty: it has none that can be relied on
}

func (t *transfer) wanted() mark {
	return mark{URL: t.file.URL, Hash: t.file.SHA256 + t.file.Blob}
}

// readMark returns the mark of the part that lies there; the zero one where there is none.
func (t *transfer) readMark() (m mark) {
	data, err := os.ReadFile(t.path + markEnding)
	if err != nil || json.Unmarshal(data, &m) != nil {
		return mark{}
	}
	return m
}

// takeUp hashes what lies there of the file, or throws it away where it is of another one.
func (t *transfer) takeUp(ctx context.Context) error {
	m := t.readMark()
	same := m.Hash != "" && m.Hash == t.wanted().Hash || m.ETag != "" && m.URL == t.file.URL && m.Hash == t.wanted().Hash
	if !same {
		return t.restart()
	}
	t.hash = t.newHash()
	n, err := copyUntil(ctx, t.hash, t.part)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return diskError(t.path, err)
	}
	if t.at = n; t.file.Size > 0 && n > t.file.Size {
		return t.restart()
	}
	t.tell(t.at)
	return nil
}

// restart throws away what has come.
func (t *transfer) restart() error {
	t.hash, t.at = t.newHash(), 0
	if err := t.part.Truncate(0); err != nil {
		return diskError(t.path, err)
	}
	if _, err := t.part.Seek(0, io.SeekStart); err != nil {
		return diskError(t.path, err)
	}
	t.tell(0)
	return nil
}

func (t *transfer) tell(done int64) {
	if t.progress != nil {
		t.progress(done)
	}
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

// contentRange is "bytes FIRST-LAST/ALL".
var contentRange = regexp.MustCompile(`^bytes (\d+)-\d+/(\d+|\*)$`)

// agree compares what the server is about to send with what is to come, and begins anew where
// it sends the file from its beginning.
func (t *transfer) agree(a *answer) error {
	if err := t.agreeOnHash(a.first); err != nil {
		return err
	}
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return webPage(a.Request.URL.Host)
	}
	switch a.StatusCode {
	case http.StatusRequestedRangeNotSatisfiable:
		if err := t.restart(); err != nil {
			return err
		}
		return passing{err: t.another("it is shorter than what has come of it")}
	case http.StatusPartialContent:
		found := contentRange.FindStringSubmatch(a.Header.Get("Content-Range"))
		if t.at == 0 || found == nil || found[1] != strconv.FormatInt(t.at, 10) {
			if err := t.restart(); err != nil {
				return err
			}
			return passing{err: t.another("it sent another part than it was asked for")}
		}
		if all, err := strconv.ParseInt(found[2], 10, 64); err == nil {
			if err := t.agreeOnSize(all); err != nil {
				return err
			}
		}
	default:
		if t.at > 0 { // it ignores ranges, or has another file now
			if err := t.restart(); err != nil {
				return err
			}
		}
		if a.ContentLength >= 0 {
			if err := t.agreeOnSize(a.ContentLength); err != nil {
				return err
			}
		}
	}
	return t.writeMark(a.Header.Get("ETag"))
}

// linkedETag is where a hub says which file it has, in the first of its answers: the SHA-256 of
// a large file, in quotation marks.
const linkedETag = "X-Linked-Etag"

// agreeOnHash compares what the hub says of the file with what it is to be. A plain server
// says nothing.
func (t *transfer) agreeOnHash(first http.Header) error {
	said := strings.Trim(strings.TrimPrefix(first.Get(linkedETag), "W/"), `"`)
	if sha256Form.MatchString(said) && t.file.SHA256 != "" && said != t.file.SHA256 {
		return t.another("its SHA-256 differs")
	}
	return nil
}

// agreeOnSize compares how large the server says that the file is with how large it is to be.
func (t *transfer) agreeOnSize(size int64) error {
	if size > MaxFile {
		return tooLarge(t.file)
	}
	if t.file.Size > 0 && size != t.file.Size {
		return passing{err: t.another(fmt.Sprintf("it has %d bytes instead of %d", size, t.file.Size))}
	}
	return nil
}

// another says that the server has another file.
func (t *transfer) another(how string) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeModelCorrupt, "%s is not the file that was to be fetched: %s", t.file.Path, how).
		WithHint("Try again later, or choose another endpoint with --endpoint.")
}

func tooLarge(f File) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeTooLarge, "%s has more than 2 GB", f.Path).WithHint("Take a smaller form of the model.")
}

// writeMark notes what the part is a part of, before any of it comes.
func (t *transfer) writeMark(etag string) error {
	m := t.wanted()
	if !strings.HasPrefix(etag, "W/") {
		m.ETag = etag
	}
	if m == t.readMark() {
		return nil
	}
	data, err := json.Marshal(m)
	if err == nil {
		err = durable.Replace(t.path+markEnding, ".mark-*", data)
	}
	if err != nil {
		return diskError(t.path, err)
	}
	return nil
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

// copyUntil copies until the end, unless ctx ends first.
func copyUntil(ctx context.Context, to io.Writer, from io.Reader) (sum int64, err error) {
	for {
		if ctx.Err() != nil {
			return sum, context.Cause(ctx)
		}
		n, err := io.CopyN(to, from, 1<<20)
		sum += n
		if errors.Is(err, io.EOF) {
			return sum, nil
		}
		if err != nil {
			return sum, err
		}
	}
}

// diskError says why what comes cannot be kept.
func diskError(path string, err error) error {
	dir := filepath.Dir(path)
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return inkpool.Errorf(inkpool.CodeDiskFull, "there is no room left on the disk of %s", dir).WithCause(err).
			WithHint("Free some space and try again: what has come is kept.")
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return inkpool.Errorf(inkpool.CodePermission, "Inkpool cannot write to %s", dir).WithCause(err).
			WithHint("Make that folder writable, or choose another home with --home FOLDER.")
	default:
		return inkpool.Errorf(inkpool.CodeUnavailable, "what comes cannot be kept in %s", dir).WithCause(err).
			WithHint("Check that the disk is connected and healthy.")
	}
}
