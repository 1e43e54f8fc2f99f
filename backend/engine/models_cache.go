package engine

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/cpu"

	"github.com/inkpool/inkpool/backend/durable"
	"github.com/inkpool/inkpool/backend/graph"
)

const (
	// cacheMagic begins every file of the cache.
	cacheMagic = "inkpool optimised model 1\n"
	// maxSaved is far above any optimised model of ours, 11 MB, and below what would hurt.
	maxSaved = 1 << 30
	// abandonedAfter is when a half-made file can have no maker any more: saving takes a
	// second.
	abandonedAfter = time.Hour
)

// modelCache keeps one optimised model in a file of its own.
//
// The runtime believes what is in such a file, so it is never given one that is not exactly
// what this program wrote for this model, on a machine like this: the file begins with a
// hash of its content and of all that the content depends on. It is read into memory; were
// it mapped, a file that shrinks would kill the process.
type modelCache struct {
	dir  string
	name string   // of the model: det, or pp-ocrv6-small.det
	key  [32]byte // SHA-256 of what the saved model depends on
}

// newModelCache is the cache for the model of that name in data.
func newModelCache(cacheDir, name string, data []byte, runtimeVersion string) modelCache {
	h := sha256.New()
	fmt.Fprintf(h, "%x\n%d\n%s\n%s %s\n", sha256.Sum256(data), graph.Version, runtimeVersion, runtime.GOOS, runtime.GOARCH)
	// The runtime lays weights out for the widest vectors that the processor has.
	fmt.Fprintf(h, "%+v\n%+v\n", cpu.X86, cpu.ARM64)
	return modelCache{
		dir:  filepath.Join(cacheDir, "models"),
		name: name,
		key:  [32]byte(h.Sum(nil)),
	}
}

func (c modelCache) path() string {
	return filepath.Join(c.dir, c.name+"-"+hex.EncodeToString(c.key[:8])+".ort")
}

// digest is what the file must begin with, after the magic.
func (c modelCache) digest(saved []byte) []byte {
	h := sha256.New()
	h.Write(c.key[:])
	h.Write(saved)
	return h.Sum(nil)
}

// errForeign: a file is not what this program wrote.
var errForeign = errors.New("not an optimised model of this program")

// read returns the saved model.
func (c modelCache) read() ([]byte, error) {
	f, err := os.Open(c.path())
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSaved))
	if err != nil {
		return nil, err
	}
	rest, ok := bytes.CutPrefix(data, []byte(cacheMagic))
	if !ok || len(rest) <= sha256.Size {
		return nil, errForeign
	}
	digest, saved := rest[:sha256.Size], rest[sha256.Size:]
	if !bytes.Equal(digest, c.digest(saved)) {
		return nil, errForeign
	}
	return saved, nil
}

// write keeps the saved model, whole or not at all, and drops what was kept of the same
// model before.
func (c modelCache) write(saved []byte) error {
	if err := durable.Replace(c.path(), ".saving-*", []byte(cacheMagic), c.digest(saved), saved); err != nil {
		return err
	}
	c.prune()
	return nil
}

// collect has save write a file and returns what is in it.
func (c modelCache) collect(save func(path string) error) (saved []byte, err error) {
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(c.dir, ".saving-*")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, c.name+".ort")
	if err := save(file); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
}

// prune removes the saved models of other versions and what was never finished. It does
// what it can: files that stay cost room only.
func (c modelCache) prune() {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		old := c.owns(e.Name()) && e.Name() != filepath.Base(c.path())
		if old || strings.HasPrefix(e.Name(), ".saving-") && abandoned(e) {
			_ = os.RemoveAll(filepath.Join(c.dir, e.Name()))
		}
	}
}

// owns reports whether a file of that name keeps the same model, or did.
func (c modelCache) owns(file string) bool {
	rest, ok := strings.CutPrefix(file, c.name+"-")
	key, saved := strings.CutSuffix(rest, ".ort")
	return ok && saved && !strings.ContainsFunc(key, func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) })
}

func abandoned(e fs.DirEntry) bool {
	info, err := e.Info()
	return err == nil && time.Since(info.ModTime()) > abandonedAfter
}
