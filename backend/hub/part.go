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
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/inkpool/inkpool/backend/durable"
	"github.com/inkpool/inkpool/backend/inkpool"
)

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
