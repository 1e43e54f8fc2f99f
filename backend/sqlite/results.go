package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Result implements inkpool.Store.
func (s *Store) Result(ctx context.Context, id inkpool.TaskID) (inkpool.Result, error) {
	r, err := resultByTask(ctx, s.readers, id)
	if errors.Is(err, sql.ErrNoRows) {
		err = s.noResult(ctx, id)
	}
	return r, s.readFault("read result", err)
}

// noResult says why a task has no result: there is no such task, or it is not done.
func (s *Store) noResult(ctx context.Context, id inkpool.TaskID) error {
	task, err := taskByID(ctx, s.readers, id)
	if err != nil {
		return err
	}
	return inkpool.Errorf(inkpool.CodeNotFound, "task %d has no result, it is %s", id, task.State)
}

func resultByTask(ctx context.Context, q querier, id inkpool.TaskID) (inkpool.Result, error) {
	var r inkpool.Result
	var lines, translated, translation, labels sql.Null[string]
	row := q.QueryRowContext(ctx, `SELECT kind, width, height, rotation, text, lines, total_ns, wait_ns, infer_ns,
		language, language_score, translated, translation, labels FROM results WHERE task = ?`, id)
	err := row.Scan(&r.Kind, &r.WidthPx, &r.HeightPx, &r.Rotation, &r.Text, &lines, &r.Timing.Total, &r.Timing.Wait, &r.Timing.Infer,
		&r.Language.Code, &r.Language.Score, &translated, &translation, &labels)
	if err != nil {
		return r, err
	}
	if lines.Valid {
		r.Lines, err = decodeLines(lines.V)
	}
	if err == nil {
		r.Translation, err = decodeTranslation(translated, translation)
	}
	if err == nil {
		err = decodeLabels(labels, &r)
	}
	return r, err
}

// resultColumns are what is stored of a result, encoded.
type resultColumns struct {
	inkpool.Result
	lines, translated, translation, labels sql.Null[string]
}

func encodeResult(r inkpool.Result) (c resultColumns, err error) {
	c.Result = r
	if c.lines, err = encodeLines(r.Lines); err != nil {
		return c, err
	}
	if c.translated, c.translation, err = encodeTranslation(r.Translation); err != nil {
		return c, fmt.Errorf("encode translation: %w", err)
	}
	if c.labels, err = encodeLabels(r); err != nil {
		return c, fmt.Errorf("encode labels: %w", err)
	}
	return c, nil
}

// putResult stores a result, in place of an earlier one.
func putResult(ctx context.Context, tx *sql.Tx, id inkpool.TaskID, c resultColumns) error {
	_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO results (task, kind, width, height, rotation, text, lines,
			total_ns, wait_ns, infer_ns, language, language_score, translated, translation, labels)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, c.Kind, c.WidthPx, c.HeightPx, c.Rotation, c.Text, c.lines,
		c.Timing.Total, c.Timing.Wait, c.Timing.Infer, c.Language.Code, c.Language.Score, c.translated, c.translation, c.labels)
	if err != nil {
		return fmt.Errorf("insert result: %w", err)
	}
	return nil
}

// storedLine is a line as the column "lines" holds it: an array, which costs half of what
// an object with field names costs.
type storedLine inkpool.Line

// MarshalJSON writes ["text", score, [x, y, x, y, x, y, x, y], block, vertical].
func (l storedLine) MarshalJSON() ([]byte, error) {
	q := l.Quad
	quad := [8]float64{q[0].X, q[0].Y, q[1].X, q[1].Y, q[2].X, q[2].Y, q[3].X, q[3].Y}
	return marshal([]any{l.Text, l.Score, quad, l.Block, l.Vertical})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (l *storedLine) UnmarshalJSON(data []byte) error {
	var quad [8]float64
	fields := []any{&l.Text, &l.Score, &quad, &l.Block, &l.Vertical}
	n := len(fields)
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	if len(fields) != n {
		return fmt.Errorf("a line of %d fields, not %d", len(fields), n)
	}
	for i := range l.Quad {
		l.Quad[i] = inkpool.Point{X: quad[2*i], Y: quad[2*i+1]}
	}
	return nil
}

// encodeLines returns the column "lines": NULL for no lines.
func encodeLines(lines []inkpool.Line) (sql.Null[string], error) {
	if lines == nil {
		return sql.Null[string]{}, nil
	}
	stored := make([]storedLine, len(lines))
	for i, l := range lines {
		stored[i] = storedLine(l)
	}
	b, err := marshal(stored)
	if err != nil {
		return sql.Null[string]{}, fmt.Errorf("encode lines: %w", err)
	}
	return sql.Null[string]{V: string(b), Valid: true}, nil
}

func decodeLines(column string) ([]inkpool.Line, error) {
	var stored []storedLine
	if err := json.Unmarshal([]byte(column), &stored); err != nil {
		return nil, damagedResult("lines", err)
	}
	lines := make([]inkpool.Line, len(stored))
	for i, l := range stored {
		lines[i] = inkpool.Line(l)
	}
	return lines, nil
}

// damagedResult says that a column of a result makes no sense.
func damagedResult(column string, err error) error {
	return inkpool.Errorf(inkpool.CodeInvalid, "a stored result is damaged").
		WithHint("Read the file again.").WithCause(fmt.Errorf("decode %s: %w", column, err))
}

// marshal is json.Marshal without escapes for HTML, which make "<" six bytes.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
