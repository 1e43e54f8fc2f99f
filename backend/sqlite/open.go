package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// busyTimeout is how long a connection waits for a lock before it gives up. One process
// has one writer, so only a foreign program (a backup, a database browser) can hold one.
const busyTimeout = 5 * time.Second

// maxReaders is how many reads run at once: the window, an export and a search, and one to
// spare. An idle connection costs up to 2 MB of page cache.
const maxReaders = 4

// connectionPragmas are set on every connection besides what the address says.
//
//   - trusted_schema and cell_size_check guard against a file that was tampered with
//     (https://sqlite.org/security.html, "untrusted SQLite database files").
//   - journal_size_limit gives the disk space of a long write back: 64 MiB is more than a
//     job of 100,000 tasks needs.
const connectionPragmas = `PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA journal_size_limit = 67108864;`

// Store is an inkpool.Store on one SQLite file. Close it when done.
type Store struct {
	writer  *sql.DB // one connection; the same as readers when opened read-only
	readers *sql.DB
	path    string
	clock   func() time.Time

	line    writers
	doubted bool // the disk failed under the writer; only who leads the line looks at it
}

var _ inkpool.Store = (*Store)(nil)

// Option changes how a Store works.
type Option func(*options)

type options struct {
	clock      func() time.Time
	migrations fs.FS
}

// WithClock makes the store take the time from now instead of time.Now.
func WithClock(now func() time.Time) Option {
	return func(o *options) { o.clock = now }
}

func newOptions(opts []Option) options {
	o := options{clock: time.Now, migrations: embeddedMigrations()}
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

// Open opens the history at path for reading and writing, makes the file (mode 0600) and
// its folder (mode 0700) where they are missing, and brings an older schema up to date. Of
// a history that it changes so it first leaves a copy beside it, once: history.db becomes
// history.db.before-0002, where 2 is the new version of the schema.
//
// Errors: CodeInvalid for a file that is no history, CodeConflict for one that a newer
// version has written (neither is changed), CodePermission, CodeDiskFull (the old history
// is as it was).
func Open(ctx context.Context, path string, opts ...Option) (*Store, error) {
	o := newOptions(opts)
	path, err := prepareFile(path)
	if err != nil {
		return nil, err
	}
	have, want, err := checkWritable(ctx, path, o.migrations)
	if err != nil {
		return nil, err
	}
	s := &Store{writer: openPool(path, writing), readers: openPool(path, reading), path: path, clock: o.clock}
	if have > 0 && have < want {
		if err := s.keepCopy(ctx, want); err != nil {
			return nil, errors.Join(s.fault("copy history", err), s.Close())
		}
	}
	if err := migrate(ctx, s.writer, o.migrations); err != nil {
		return nil, errors.Join(s.fault("migrate history", err), s.Close())
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fileError(path, err), s.Close())
	}
	return s, nil
}

// OpenReadOnly opens the history at path for reading, also while another process writes
// it. Methods that change something give CodePermission.
//
// Errors: CodeNotFound when there is no history at path yet, CodeInvalid for a file that
// is none, CodeConflict for one of a newer version or of an older one that has not been
// brought up to date, CodeUnavailable for one that was cut off while it was made and that
// Open has not put in order yet, CodePermission.
func OpenReadOnly(ctx context.Context, path string, opts ...Option) (*Store, error) {
	o := newOptions(opts)
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, noHistory(path)
	}
	if err := mustBeFile(path); err != nil {
		return nil, err
	}
	if err := checkReadable(ctx, path, o.migrations); err != nil {
		return nil, err
	}
	pool := openPool(path, reading)
	return &Store{writer: pool, readers: pool, path: path, clock: o.clock}, nil
}

// Close ends all connections and moves what is in the write-ahead log into the file.
func (s *Store) Close() error {
	// The writer goes last: only it may move the log into the file.
	if err := errors.Join(s.readers.Close(), s.writer.Close()); err != nil {
		return s.fault("close history", err)
	}
	return nil
}

// prepareFile makes the folder and an empty file where they are missing, so that both have
// their modes from the start, and returns the absolute path.
func prepareFile(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fileError(path, err)
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o700); err != nil {
		return "", fileError(abs, err)
	}
	f, err := os.OpenFile(abs, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return abs, mustBeFile(abs)
	case err != nil:
		return "", fileError(abs, err)
	}
	if err := f.Close(); err != nil {
		return "", fileError(abs, err)
	}
	return abs, nil
}

func mustBeFile(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fileError(path, err)
	}
	if !info.Mode().IsRegular() {
		return inkpool.Errorf(inkpool.CodeInvalid, "%s is not a file", path).
			WithHint("Choose another place for the history.")
	}
	return nil
}

// access is what a connection may do.
type access int

const (
	reading   access = iota // many; cannot change anything
	writing                 // one
	restoring               // one; as it is, without switching the file to the write-ahead log
)

// openPool describes connections to the file at path; the first one is made on first use.
func openPool(path string, a access) *sql.DB {
	pool := sql.OpenDB(connector{
		address: address(path, a),
		driver:  &sqlite3.SQLiteDriver{ConnectHook: setPragmas},
	})
	n := maxReaders
	if a != reading {
		n = 1
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	return pool
}

// address returns the driver's name for a file: a URI (https://sqlite.org/uri.html) whose
// path is escaped, because names may hold '?', '#' and '%'.
func address(path string, a access) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/x
	}
	q := url.Values{
		"_busy_timeout": {fmt.Sprint(busyTimeout.Milliseconds())},
		"_foreign_keys": {"1"},
		"_synchronous":  {"FULL"}, // the driver's default, NORMAL, loses commits at a power cut
		"_txlock":       {"immediate"},
		// Every statement that is in use stays prepared: there are some 25 of them.
		"_stmt_cache_size": {"32"},
	}
	switch a {
	case reading:
		q.Set("mode", "ro")
		q.Set("_query_only", "1")
	case writing:
		q.Set("mode", "rw")
		q.Set("_journal_mode", "WAL")
	case restoring:
		q.Set("mode", "rw")
	}
	return (&url.URL{Scheme: "file", Path: slashed, RawQuery: q.Encode()}).String()
}

func setPragmas(conn *sqlite3.SQLiteConn) error {
	if _, err := conn.Exec(connectionPragmas, nil); err != nil {
		return fmt.Errorf("set pragmas: %w", err)
	}
	return nil
}

// connector makes connections without the global list of drivers, which cannot hold a hook
// of ours without a name that others could take.
type connector struct {
	address string
	driver  *sqlite3.SQLiteDriver
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.address) }

func (c connector) Driver() driver.Driver { return c.driver }
