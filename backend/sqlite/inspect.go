package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// checkWritable refuses a file that Open must not touch, and returns the version of its
// schema, and ours.
func checkWritable(ctx context.Context, path string, migrations fs.FS) (have, want int64, err error) {
	have, want, err = versions(ctx, path, migrations)
	if !needsRollback(err) {
		return have, want, err
	}
	if err := rollBack(ctx, path); err != nil {
		return 0, 0, err
	}
	return versions(ctx, path, migrations)
}

// checkReadable refuses a file whose schema is not exactly ours, and one that needs to be
// rolled back first.
func checkReadable(ctx context.Context, path string, migrations fs.FS) error {
	have, want, err := versions(ctx, path, migrations)
	switch {
	case needsRollback(err):
		return cutOff(path).WithCause(err)
	case err != nil:
		return err
	case have == 0:
		return noHistory(path)
	case have < want:
		return inkpool.Errorf(inkpool.CodeConflict, "the history at %s was written by an older version of Inkpool", path).
			WithHint("Start Inkpool once to bring it up to date.")
	}
	return nil
}

// versions returns the version of the schema in the file at path, and ours. A file of a
// newer version is CodeConflict.
func versions(ctx context.Context, path string, migrations fs.FS) (have, want int64, err error) {
	if have, err = fileVersion(ctx, path); err != nil {
		return 0, 0, err
	}
	if want, err = latestVersion(migrations); err != nil {
		return 0, 0, err
	}
	if have > want {
		return 0, 0, inkpool.Errorf(inkpool.CodeConflict, "the history at %s was written by a newer version of Inkpool", path).
			WithHint("Update Inkpool, or choose another folder for its data.")
	}
	return have, want, nil
}

// fileVersion reads the version of the schema in the file at path without changing the
// file: 0 for a file that is still empty, CodeInvalid for one that is no history.
func fileVersion(ctx context.Context, path string) (version int64, err error) {
	if err := checkHeader(path); err != nil {
		return 0, err
	}
	db := openPool(path, reading)
	defer func() { err = errors.Join(err, db.Close()) }()

	var tables, id int64
	row := db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM sqlite_schema), application_id FROM pragma_application_id`)
	if err := row.Scan(&tables, &id); err != nil {
		return 0, storeError(path, "look at history", err)
	}
	if tables == 0 {
		return 0, nil
	}
	if id != applicationID {
		return 0, inkpool.Errorf(inkpool.CodeInvalid, "%s is not an Inkpool history", path).
			WithHint("It belongs to another program and was left as it is. Choose another place for the history.")
	}
	row = db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`)
	if err := row.Scan(&version); err != nil {
		return 0, storeError(path, "read schema version", err)
	}
	return version, nil
}

// checkHeader refuses a file that is neither empty nor a database. SQLite would refuse most
// of them too, but takes one of a few bytes for empty and writes over it.
func checkHeader(path string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return fileError(path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()

	const magic = "SQLite format 3\x00" // https://sqlite.org/fileformat.html#the_database_header
	head := make([]byte, len(magic))
	n, err := io.ReadFull(f, head)
	switch {
	case errors.Is(err, io.EOF), string(head) == magic: // EOF: not one byte
		return nil
	case n > 0:
		return notDatabase(path).WithCause(fmt.Errorf("%s starts with %q", path, head[:n]))
	}
	return fileError(path, err)
}

// needsRollback reports whether a reader found a transaction that a crash left unfinished
// in the rollback journal. Only a file that died while it was switched to the write-ahead
// log, in its first milliseconds, has one.
func needsRollback(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && e.ExtendedCode == sqlite3.ErrReadonlyRollback
}

// rollBack opens the file for writing once, which lets SQLite undo what was unfinished.
func rollBack(ctx context.Context, path string) error {
	db := openPool(path, restoring)
	var tables int
	err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables)
	return storeError(path, "roll back history", errors.Join(err, db.Close()))
}
