package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// applicationID is "Ink1" in the header of the file: it tells our files from those of other
// programs (https://sqlite.org/pragma.html#pragma_application_id).
const applicationID = 0x496e6b31

//go:embed migrations/*.sql
var migrationFiles embed.FS

func embeddedMigrations() fs.FS {
	sub, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		panic("sqlite: internal error: " + err.Error()) // the name is a constant
	}
	return sub
}

// migrate applies the migrations that the database does not have yet.
func migrate(ctx context.Context, db *sql.DB, migrations fs.FS) error {
	if err := claimFile(ctx, db); err != nil {
		return err
	}
	p, err := newProvider(db, migrations)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("apply migrations: %w", err)
	}
	return nil
}

// claimFile marks an empty file as ours. It is committed before the first table is made:
// a file that holds tables and no mark belongs to somebody else, wherever a crash hits us.
func claimFile(ctx context.Context, db *sql.DB) error {
	var id int64
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return fmt.Errorf("read application id: %w", err)
	}
	if id == applicationID {
		return nil
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID)); err != nil {
		return fmt.Errorf("write application id: %w", err)
	}
	return nil
}

func newProvider(db *sql.DB, migrations fs.FS) (*goose.Provider, error) {
	p, err := goose.NewProvider(goose.DialectSQLite3, db, migrations,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

// latestVersion returns the number of the last migration.
func latestVersion(migrations fs.FS) (int64, error) {
	sources, err := fs.Glob(migrations, "*.sql")
	if err != nil {
		return 0, fmt.Errorf("list migrations: %w", err)
	}
	var latest int64
	for _, name := range sources {
		v, err := goose.NumericComponent(name)
		if err != nil {
			return 0, fmt.Errorf("number of migration %q: %w", name, err)
		}
		latest = max(latest, v)
	}
	return latest, nil
}
