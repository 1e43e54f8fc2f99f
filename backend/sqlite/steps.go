package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// AddSteps implements inkpool.Store. Tasks that are queued do all steps in one go; those that
// have failed do them when they are tried again.
func (s *Store) AddSteps(ctx context.Context, id inkpool.JobID, more inkpool.Steps) error {
	return s.write(ctx, "add steps", func(ctx context.Context, tx *sql.Tx) error {
		j, err := jobByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if j.Counts.Running > 0 {
			return inkpool.Errorf(inkpool.CodeConflict, "what is being read now cannot be given more to do").
				WithHint("Wait until it is finished, or cancel it.")
		}
		all := j.Steps.With(more)
		if err := all.Check(); err != nil {
			return err
		}
		steps, err := encodeSettings(all)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE jobs SET steps = ?, paused = 0 WHERE id = ?`, steps, id); err != nil {
			return fmt.Errorf("update job: %w", err)
		}
		again := edit{set: `state = 'queued', ended_ms = NULL, crashes = 0`, what: string(inkpool.StateQueued), detail: "more to do", at: s.now()}
		_, err = again.apply(ctx, tx, chosen{`job = ? AND state = 'done'`, []any{id}})
		return err
	})
}

// KeepProgress implements inkpool.Store.
func (s *Store) KeepProgress(ctx context.Context, owner string, id inkpool.TaskID, p inkpool.Progress) error {
	var read resultColumns
	if p.Read != nil {
		var err error
		if read, err = encodeResult(*p.Read); err != nil {
			return s.fault("keep progress", err)
		}
	}
	return s.write(ctx, "keep progress", func(ctx context.Context, tx *sql.Tx) error {
		task, err := taskByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if task.State != inkpool.StateRunning || task.Owner != owner {
			return notRunning(ctx, tx, id)
		}
		if p.Read != nil {
			if err := putResult(ctx, tx, id, read); err != nil {
				return err
			}
		}
		return addSentences(ctx, tx, id, p.Finished)
	})
}

func addSentences(ctx context.Context, tx *sql.Tx, id inkpool.TaskID, finished []inkpool.Sentence) error {
	for _, one := range finished {
		_, err := tx.ExecContext(ctx, `INSERT INTO sentences (task, way, source, target, doubtful) VALUES (?, ?, ?, ?, ?)`,
			id, one.Way, one.Source, one.Target, one.Doubtful)
		if err != nil {
			return fmt.Errorf("insert sentence: %w", err)
		}
	}
	return nil
}

// before completes a claimed task with what earlier runs have left of it.
func before(ctx context.Context, tx *sql.Tx, task *inkpool.Task) error {
	r, err := resultByTask(ctx, tx, task.ID)
	switch {
	case err == nil:
		task.Before = &r
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	if task.Steps.Translate == nil {
		return nil
	}
	task.Finished, err = sentencesOf(ctx, tx, task.ID)
	return err
}

func sentencesOf(ctx context.Context, tx *sql.Tx, id inkpool.TaskID) ([]inkpool.Sentence, error) {
	rows, err := tx.QueryContext(ctx, `SELECT way, source, target, doubtful FROM sentences WHERE task = ? ORDER BY id`, id)
	if err != nil {
		return nil, fmt.Errorf("read sentences: %w", err)
	}
	return collect(rows, func(row scanner) (one inkpool.Sentence, err error) {
		return one, row.Scan(&one.Way, &one.Source, &one.Target, &one.Doubtful)
	})
}

// forgetSentences deletes what was kept of a task's translation.
func forgetSentences(ctx context.Context, tx *sql.Tx, id inkpool.TaskID) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM sentences WHERE task = ?`, id); err != nil {
		return fmt.Errorf("delete sentences: %w", err)
	}
	return nil
}

// noteCancelled puts why into the results of tasks that are not translated or labelled after
// all, in place of what is missing.
func noteCancelled(ctx context.Context, tx *sql.Tx, tasks chosen, why *inkpool.Error) error {
	jobs, err := jobIDs(ctx, tx, `SELECT DISTINCT job FROM tasks WHERE `+tasks.where, tasks.args...)
	if err != nil {
		return err
	}
	for _, id := range jobs {
		j, err := jobByID(ctx, tx, id)
		if err != nil {
			return err
		}
		of := tasks.and(`job = ?`)
		of.args = append(slices.Clone(of.args), id)
		if err := noteMissing(ctx, tx, of, j.Steps, why); err != nil {
			return err
		}
	}
	return nil
}

func noteMissing(ctx context.Context, tx *sql.Tx, tasks chosen, steps inkpool.Steps, why *inkpool.Error) error {
	missing := inkpool.Result{}
	if t := steps.Translate; t != nil {
		missing.Translation = &inkpool.Translation{From: t.From, To: t.To, Pack: t.Pack, Error: why}
	}
	if steps.Label != nil {
		missing.LabelError = why
	}
	c, err := encodeResult(missing)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE results SET translated = coalesce(translated, ?), translation = coalesce(translation, ?),
		labels = coalesce(labels, ?) WHERE task IN (SELECT id FROM tasks WHERE `+tasks.where+`)`,
		slices.Concat([]any{c.translated, c.translation, c.labels}, tasks.args)...)
	if err != nil {
		return fmt.Errorf("update results: %w", err)
	}
	return nil
}
