package modelpack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/shirou/gopsutil/v4/disk"

	"github.com/inkpool/inkpool/backend/durable"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// What lies beside the packs on a shelf. No id begins with a dot.
const (
	lockName    = ".lock"         // held by whoever changes the shelf
	stagingName = ".staging"      // has what is being added, and nothing else
	stagedPack  = ".staging/pack" // becomes the pack
	removedPack = ".staging/gone" // was one
)

// staging is where a pack is put together before it is on the shelf. The lock makes sure that
// one process does so at a time; what a killed one has left is removed by the next.
type staging struct {
	dir  string   // of the shelf
	root *os.Root // the same
	lock *flock.Flock
}

// Waiting for another process that changes the shelf.
const (
	lockWait = 30 * time.Second // more than copying a pack takes
	lockPoll = 50 * time.Millisecond
)

// openStaging locks a shelf, and empties what is left of earlier work.
func openStaging(ctx context.Context, dir string) (*staging, error) {
	if dir == "" {
		return nil, inkpool.Errorf(inkpool.CodeInternal, "there is no folder for models")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, shelfError(dir, err)
	}
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeoutCause(ctx, lockWait, errBusy)
	defer cancel()
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return nil, cause
		}
		return nil, shelfError(dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, errors.Join(shelfError(dir, err), lock.Unlock())
	}
	s := &staging{dir: dir, root: root, lock: lock}
	if err := s.empty(); err != nil {
		return nil, errors.Join(shelfError(dir, err), root.Close(), lock.Unlock())
	}
	return s, nil
}

// errBusy is the cause of a context that ended because somebody else held the lock too long.
var errBusy = inkpool.Errorf(inkpool.CodeUnavailable, "another Inkpool is adding or removing models").
	WithHint("Try again when it has finished.")

func (s *staging) empty() error { return s.root.RemoveAll(stagingName) }

// Close removes what was not put on the shelf, and lets others change it.
func (s *staging) Close() error { return errors.Join(s.empty(), s.root.Close(), s.lock.Unlock()) }

// reserve is what models must leave free on the disk, for the history and whoever else writes.
const reserve = 64 << 20

// CheckRoom reports whether so many bytes have room in a folder, which need not be there yet.
func CheckRoom(ctx context.Context, dir string, need int64) error {
	at := dir
	for at != filepath.Dir(at) {
		if _, err := os.Stat(at); err == nil {
			break
		}
		at = filepath.Dir(at)
	}
	room, err := disk.UsageWithContext(ctx, at)
	if err != nil || uint64(need)+reserve <= room.Free {
		return nil // not every file system tells how much there is
	}
	return inkpool.Errorf(inkpool.CodeDiskFull, "there is no room in %s: %d MB are needed, and %d MB are free", dir, (need+reserve)>>20, room.Free>>20).
		WithHint("Free some space and try again.")
}

// copy puts a file into the pack that is made, and returns it as it lies there. want is what
// is known of it.
func (s *staging) copy(ctx context.Context, from fs.FS, want File, more func(n int64)) (File, error) {
	in, err := from.Open(want.Path)
	if err != nil {
		return File{}, unreadable(err)
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return File{}, unreadable(err)
	}
	if err := checkFile(path.Base(want.Path), info); err != nil { // of the file that was opened, whatever was looked at before
		return File{}, err
	}
	if err := checkSize(want, info.Size()); err != nil {
		return File{}, err
	}
	target := path.Join(stagedPack, want.Path)
	if err := s.root.MkdirAll(path.Dir(target), 0o700); err != nil {
		return File{}, shelfError(s.dir, err)
	}
	sum, n, err := s.write(ctx, target, io.LimitReader(in, info.Size()+1), more)
	switch {
	case err != nil:
		return File{}, err
	case n != info.Size():
		return File{}, inkpool.Errorf(inkpool.CodeModelCorrupt, "%s has another size than it said", path.Base(want.Path)).
			WithHint("Try again when nobody changes it any more.")
	case want.SHA256 != "" && want.SHA256 != sum:
		return File{}, inkpool.Errorf(inkpool.CodeModelCorrupt, "%s is not the file that was published: its SHA-256 differs", path.Base(want.Path)).
			WithHint("Get it again.")
	}
	return File{Path: want.Path, Size: n, SHA256: sum}, nil
}

func checkSize(want File, size int64) error {
	name := path.Base(want.Path)
	switch {
	case size == 0:
		return inkpool.Errorf(inkpool.CodeModelCorrupt, "%s is empty", name).WithHint("Get it again.")
	case size > maxFile:
		return inkpool.Errorf(inkpool.CodeTooLarge, "%s has more than 2 GB", name).WithHint("Take a smaller form of the model.")
	case want.Size > 0 && want.Size != size:
		return inkpool.Errorf(inkpool.CodeModelCorrupt, "%s has %d bytes instead of %d", name, size, want.Size).WithHint("Get it again.")
	}
	return nil
}

// write makes a file that nobody may change, and returns its SHA-256 and size.
func (s *staging) write(ctx context.Context, target string, from io.Reader, more func(n int64)) (sum string, size int64, err error) {
	f, err := s.root.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", 0, shelfError(s.dir, err)
	}
	hash := sha256.New()
	out := &marked{Writer: f}
	size, err = copyBytes(ctx, io.MultiWriter(out, hash), from, more)
	switch {
	case out.err != nil:
		err = shelfError(s.dir, out.err)
	case err != nil && ctx.Err() == nil:
		err = unreadable(err)
	}
	if err == nil {
		if err = errors.Join(f.Chmod(0o444), f.Sync()); err != nil {
			err = shelfError(s.dir, err)
		}
	}
	if errClose := f.Close(); err == nil && errClose != nil {
		err = shelfError(s.dir, errClose)
	}
	return hex.EncodeToString(hash.Sum(nil)), size, err
}

// marked remembers that writing went wrong, not reading.
type marked struct {
	io.Writer
	err error
}

func (m *marked) Write(p []byte) (int, error) {
	n, err := m.Writer.Write(p)
	m.err = err
	return n, err
}

// put gives the pack its place on the shelf. Its folders are synced before it has a name and
// after.
func (s *staging) put(m Manifest) error {
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := s.root.WriteFile(path.Join(stagedPack, ManifestName), append(data, '\n'), 0o444); err != nil {
		return shelfError(s.dir, err)
	}
	if err := s.syncStaged(m); err != nil {
		return shelfError(s.dir, err)
	}
	err = errors.Join(s.root.MkdirAll(m.ID, 0o700), s.root.Rename(stagedPack, path.Join(m.ID, m.Version)))
	if err == nil {
		err = errors.Join(durable.SyncFolder(filepath.Join(s.dir, m.ID)), durable.SyncFolder(s.dir))
	}
	if err != nil {
		return shelfError(s.dir, err)
	}
	return nil
}

func (s *staging) syncStaged(m Manifest) error {
	f, err := s.root.Open(path.Join(stagedPack, ManifestName))
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil && !errors.Is(err, fs.ErrPermission) { // Windows syncs no file that was opened to be read
		return err
	}
	folders := []string{""}
	for _, file := range m.Files {
		for dir := path.Dir(file.Path); dir != "."; dir = path.Dir(dir) {
			folders = append(folders, dir)
		}
	}
	slices.Sort(folders)
	for _, dir := range slices.Compact(folders) {
		if err := durable.SyncFolder(filepath.Join(s.dir, filepath.FromSlash(path.Join(stagedPack, dir)))); err != nil {
			return err
		}
	}
	return nil
}

// takeAway removes a version of a pack from the shelf: first its name, then its files.
func (s *staging) takeAway(id, version string) error {
	err := errors.Join(s.root.RemoveAll(removedPack), s.root.MkdirAll(stagingName, 0o700),
		s.root.Rename(path.Join(id, version), removedPack))
	if err == nil {
		err = durable.SyncFolder(filepath.Join(s.dir, id))
	}
	if err == nil {
		err = s.root.RemoveAll(removedPack)
	}
	if err != nil {
		return shelfError(s.dir, err)
	}
	return nil
}

// shelfError says why the folder of packs cannot be changed.
func shelfError(dir string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return inkpool.Errorf(inkpool.CodeDiskFull, "there is no room left on the disk of %s", dir).WithCause(err).
			WithHint("Free some space and try again.")
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return inkpool.Errorf(inkpool.CodePermission, "Inkpool cannot write to %s", dir).WithCause(err).
			WithHint("Make that folder writable, or choose another home with --home FOLDER.")
	default:
		return inkpool.Errorf(inkpool.CodeUnavailable, "the folder of models %s cannot be changed", dir).WithCause(err).
			WithHint("Check that the disk is connected and healthy.")
	}
}
