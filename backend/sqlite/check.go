package sqlite

import (
	"context"
	"fmt"
	"strings"
)

// Check reads the whole history and looks for damage, which takes about a second for each
// 500 MB. Errors: CodeInvalid, with the path, when it finds some.
func (s *Store) Check(ctx context.Context) error {
	for _, check := range []string{
		`SELECT integrity_check FROM pragma_integrity_check`,
		`SELECT 'row ' || coalesce(rowid, '?') || ' of ' || "table" || ' points to nothing in ' || parent FROM pragma_foreign_key_check`,
	} {
		rows, err := s.readers.QueryContext(ctx, check)
		if err != nil {
			return s.readFault("check history", err)
		}
		found, err := collect(rows, func(row scanner) (line string, err error) { return line, row.Scan(&line) })
		if err != nil {
			return s.readFault("check history", err)
		}
		if len(found) > 0 && found[0] != "ok" {
			return damaged(s.path).WithCause(fmt.Errorf("check history: %s", strings.Join(found, "; ")))
		}
	}
	return nil
}
