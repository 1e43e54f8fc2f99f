package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/sqlite"
)

func TestStoreError(t *testing.T) {
	known := inkpool.Errorf(inkpool.CodeNotFound, "there is no job 7")
	cases := []struct {
		name string
		err  error
		want inkpool.Code
	}{
		{"nothing", nil, ""},
		{"full", sqlite3.Error{Code: sqlite3.ErrFull}, inkpool.CodeDiskFull},
		{"full, shared memory", sqlite3.Error{Code: sqlite3.ErrIoErr, SystemErrno: syscall.ENOSPC}, inkpool.CodeDiskFull},
		{"quota", sqlite3.Error{Code: sqlite3.ErrIoErr, SystemErrno: syscall.EDQUOT}, inkpool.CodeDiskFull},
		{"i/o", sqlite3.Error{Code: sqlite3.ErrIoErr, SystemErrno: syscall.EIO}, inkpool.CodeUnavailable},
		{"read-only", sqlite3.Error{Code: sqlite3.ErrReadonly}, inkpool.CodePermission},
		{"moved away", sqlite3.Error{Code: sqlite3.ErrReadonly, ExtendedCode: sqlite3.ErrReadonlyDbMoved}, inkpool.CodeUnavailable},
		{"cannot open", sqlite3.Error{Code: sqlite3.ErrCantOpen}, inkpool.CodePermission},
		{"no permission", sqlite3.Error{Code: sqlite3.ErrPerm}, inkpool.CodePermission},
		{"corrupt", sqlite3.Error{Code: sqlite3.ErrCorrupt}, inkpool.CodeInvalid},
		{"no database", sqlite3.Error{Code: sqlite3.ErrNotADB}, inkpool.CodeInvalid},
		{"busy", sqlite3.Error{Code: sqlite3.ErrBusy}, inkpool.CodeUnavailable},
		{"locked", sqlite3.Error{Code: sqlite3.ErrLocked}, inkpool.CodeUnavailable},
		{"no memory", sqlite3.Error{Code: sqlite3.ErrNomem}, inkpool.CodeOutOfMemory},
		{"too big", sqlite3.Error{Code: sqlite3.ErrTooBig}, inkpool.CodeTooLarge},
		{"interrupted", sqlite3.Error{Code: sqlite3.ErrInterrupt}, inkpool.CodeCancelled},
		{"constraint", sqlite3.Error{Code: sqlite3.ErrConstraint}, inkpool.CodeInternal},
		{"wrapped", fmt.Errorf("insert: %w", sqlite3.Error{Code: sqlite3.ErrFull}), inkpool.CodeDiskFull},
		{"joined", errors.Join(errors.New("other"), sqlite3.Error{Code: sqlite3.ErrFull}), inkpool.CodeDiskFull},
		{"known", fmt.Errorf("read: %w", known), inkpool.CodeNotFound},
		{"context", context.Canceled, inkpool.CodeCancelled},
		{"deadline", context.DeadlineExceeded, inkpool.CodeTimeout},
		{"transaction ended by its context", sql.ErrTxDone, inkpool.CodeCancelled},
		{"other", sql.ErrConnDone, inkpool.CodeInternal},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := sqlite.StoreError("/data/history.db", "add job", c.err)
			if got := inkpool.CodeOf(err); got != c.want {
				t.Errorf("got %q (%v), want %q", got, err, c.want)
			}
			if c.err != nil && (!errors.Is(err, c.err) || !strings.HasPrefix(err.Error(), "add job: ")) {
				t.Errorf("got %q, want it to wrap the cause and say what was done", err)
			}
			var e sqlite3.Error
			if errors.As(c.err, &e) && c.want != inkpool.CodeCancelled && inkpool.AsError(err).Hint == "" {
				t.Errorf("got no hint, want one")
			}
		})
	}
}

func TestClosedStore(t *testing.T) {
	s := mustOpen(t, t.TempDir()+"/history.db")
	closeStore(t, s)
	if _, err := s.Jobs(t.Context(), 0, 1); err == nil {
		t.Error("Jobs: got no error, want one")
	}
	if _, err := s.AddJob(t.Context(), inkpool.NewJob{}); err == nil {
		t.Error("AddJob: got no error, want one")
	}
	closeStore(t, s) // closing twice is harmless
}
