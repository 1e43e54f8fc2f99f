-- Jobs that go first, jobs and tasks that wait for a person, tasks that wait for their time.
--
-- +goose Up

ALTER TABLE jobs ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0 CHECK (urgent IN (0, 1));
ALTER TABLE jobs ADD COLUMN paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1));
-- How many tasks of the job are ready: queued, not held, due, and never met when the engine
-- died. Kept by the triggers, like the other counts, and what makes a claim cheap: a job of
-- which nothing is ready, because it is paused or all of it is held, is not looked at.
ALTER TABLE jobs ADD COLUMN ready INTEGER NOT NULL DEFAULT 0 CHECK (ready >= 0);

ALTER TABLE tasks ADD COLUMN held INTEGER NOT NULL DEFAULT 0
    CHECK (held IN (0, 1) AND (held = 0 OR state IN ('queued', 'running')));
-- 0: due. A claim sets those to 0 whose time has come, so that the ones that wait are in
-- the way of nobody.
ALTER TABLE tasks ADD COLUMN not_before_ms INTEGER NOT NULL DEFAULT 0
    CHECK (not_before_ms >= 0 AND (not_before_ms = 0 OR state = 'queued'));

UPDATE jobs SET ready = (SELECT count(*) FROM tasks WHERE job = jobs.id AND state = 'queued' AND crashes = 0);

DROP INDEX tasks_queued;
DROP INDEX tasks_queued_of_job;

-- The next task is the first entry of the first job: urgent jobs first, then older ones.
CREATE INDEX jobs_ready ON jobs (urgent DESC, id) WHERE ready > 0 AND paused = 0;
CREATE INDEX tasks_ready ON tasks (job, idx)
    WHERE state = 'queued' AND held = 0 AND not_before_ms = 0 AND crashes = 0;
-- Few: those over which the engine has died once.
CREATE INDEX tasks_suspect ON tasks (job, idx)
    WHERE state = 'queued' AND held = 0 AND not_before_ms = 0 AND crashes > 0;
CREATE INDEX tasks_later ON tasks (not_before_ms) WHERE not_before_ms > 0;

DROP TRIGGER tasks_count_new;
DROP TRIGGER tasks_count_changed;
DROP TRIGGER tasks_count_gone;

-- +goose StatementBegin
CREATE TRIGGER tasks_count_new AFTER INSERT ON tasks BEGIN
    UPDATE jobs SET
        queued      = queued      + (NEW.state = 'queued'),
        running     = running     + (NEW.state = 'running'),
        done        = done        + (NEW.state = 'done'),
        failed      = failed      + (NEW.state = 'failed'),
        cancelled   = cancelled   + (NEW.state = 'cancelled'),
        quarantined = quarantined + (NEW.state = 'quarantined'),
        ready       = ready       + (NEW.state = 'queued' AND NEW.held = 0 AND NEW.not_before_ms = 0 AND NEW.crashes = 0)
    WHERE id = NEW.job;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tasks_count_changed AFTER UPDATE OF state, held, not_before_ms, crashes ON tasks BEGIN
    UPDATE jobs SET
        queued      = queued      + (NEW.state = 'queued')      - (OLD.state = 'queued'),
        running     = running     + (NEW.state = 'running')     - (OLD.state = 'running'),
        done        = done        + (NEW.state = 'done')        - (OLD.state = 'done'),
        failed      = failed      + (NEW.state = 'failed')      - (OLD.state = 'failed'),
        cancelled   = cancelled   + (NEW.state = 'cancelled')   - (OLD.state = 'cancelled'),
        quarantined = quarantined + (NEW.state = 'quarantined') - (OLD.state = 'quarantined'),
        ready       = ready
            + (NEW.state = 'queued' AND NEW.held = 0 AND NEW.not_before_ms = 0 AND NEW.crashes = 0)
            - (OLD.state = 'queued' AND OLD.held = 0 AND OLD.not_before_ms = 0 AND OLD.crashes = 0)
    WHERE id = NEW.job;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tasks_count_gone AFTER DELETE ON tasks BEGIN
    UPDATE jobs SET
        queued      = queued      - (OLD.state = 'queued'),
        running     = running     - (OLD.state = 'running'),
        done        = done        - (OLD.state = 'done'),
        failed      = failed      - (OLD.state = 'failed'),
        cancelled   = cancelled   - (OLD.state = 'cancelled'),
        quarantined = quarantined - (OLD.state = 'quarantined'),
        ready       = ready       - (OLD.state = 'queued' AND OLD.held = 0 AND OLD.not_before_ms = 0 AND OLD.crashes = 0)
    WHERE id = OLD.job;
END;
-- +goose StatementEnd
