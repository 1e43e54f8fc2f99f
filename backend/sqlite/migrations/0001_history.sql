-- The history: jobs, their tasks, what came out of them, and what happened to them.
--
-- Times are Unix milliseconds (UTC), durations nanoseconds. Ids are AUTOINCREMENT, so that
-- an id that was shown once never comes to mean something else.
--
-- +goose Up

-- The six counts are kept by the triggers below, whatever statement changes a task: a list
-- of 200 jobs is 200 rows however many tasks they have, and no code can forget to count.
CREATE TABLE jobs (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    title       BLOB    NOT NULL, -- names of files are bytes, not always UTF-8
    created_ms  INTEGER NOT NULL,
    queued      INTEGER NOT NULL DEFAULT 0 CHECK (queued >= 0),
    running     INTEGER NOT NULL DEFAULT 0 CHECK (running >= 0),
    done        INTEGER NOT NULL DEFAULT 0 CHECK (done >= 0),
    failed      INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0),
    cancelled   INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
    quarantined INTEGER NOT NULL DEFAULT 0 CHECK (quarantined >= 0)
) STRICT;

CREATE TABLE tasks (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    job           INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    idx           INTEGER NOT NULL,
    path          BLOB    NOT NULL,
    name          BLOB    NOT NULL,
    page          INTEGER NOT NULL,
    state         TEXT    NOT NULL
                  CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'quarantined')),
    kind          TEXT    NOT NULL DEFAULT '',
    attempt       INTEGER NOT NULL DEFAULT 0,
    crashes       INTEGER NOT NULL DEFAULT 0, -- how often its process died while it ran
    owner         TEXT    NOT NULL DEFAULT '',
    error_code    TEXT,
    error_message TEXT,
    error_hint    TEXT,
    created_ms    INTEGER NOT NULL,
    started_ms    INTEGER,
    ended_ms      INTEGER,
    UNIQUE (job, idx),
    CHECK ((state = 'running') = (owner <> '')),
    CHECK ((state IN ('queued', 'running')) = (ended_ms IS NULL)),
    CHECK ((state IN ('queued', 'running', 'done')) = (error_code IS NULL)),
    CHECK ((error_code IS NULL) = (error_message IS NULL)),
    CHECK ((error_code IS NULL) = (error_hint IS NULL))
) STRICT;

-- The next task to claim, of all jobs or of one, is the first entry: those that may have
-- killed a process last, then oldest job first, then by index.
CREATE INDEX tasks_queued ON tasks (crashes, job, idx) WHERE state = 'queued';
CREATE INDEX tasks_queued_of_job ON tasks (job, crashes, idx) WHERE state = 'queued';
-- Recovery at start looks at what was running, not at the whole history.
CREATE INDEX tasks_running ON tasks (owner) WHERE state = 'running';

-- +goose StatementBegin
CREATE TRIGGER tasks_count_new AFTER INSERT ON tasks BEGIN
    UPDATE jobs SET
        queued      = queued      + (NEW.state = 'queued'),
        running     = running     + (NEW.state = 'running'),
        done        = done        + (NEW.state = 'done'),
        failed      = failed      + (NEW.state = 'failed'),
        cancelled   = cancelled   + (NEW.state = 'cancelled'),
        quarantined = quarantined + (NEW.state = 'quarantined')
    WHERE id = NEW.job;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tasks_count_changed AFTER UPDATE OF state ON tasks BEGIN
    UPDATE jobs SET
        queued      = queued      + (NEW.state = 'queued')      - (OLD.state = 'queued'),
        running     = running     + (NEW.state = 'running')     - (OLD.state = 'running'),
        done        = done        + (NEW.state = 'done')        - (OLD.state = 'done'),
        failed      = failed      + (NEW.state = 'failed')      - (OLD.state = 'failed'),
        cancelled   = cancelled   + (NEW.state = 'cancelled')   - (OLD.state = 'cancelled'),
        quarantined = quarantined + (NEW.state = 'quarantined') - (OLD.state = 'quarantined')
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
        quarantined = quarantined - (OLD.state = 'quarantined')
    WHERE id = OLD.job;
END;
-- +goose StatementEnd

-- The lines of a page are always written and read together and never looked for one by
-- one (a search looks at text), so they are one JSON array per page, not a table: 30,000
-- pages of 50 lines are 30,000 rows instead of 1,500,000 and one insert per page instead
-- of 50. One line is ["text", score, [x, y, x, y, x, y, x, y], block, vertical].
CREATE TABLE results (
    task     INTEGER PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
    kind     TEXT    NOT NULL,
    width    INTEGER NOT NULL, -- pixels of the upright page
    height   INTEGER NOT NULL,
    text     TEXT    NOT NULL,
    lines    TEXT,             -- NULL for texts
    total_ns INTEGER NOT NULL,
    wait_ns  INTEGER NOT NULL,
    infer_ns INTEGER NOT NULL
) STRICT;

CREATE TABLE task_log (
    id      INTEGER PRIMARY KEY, -- grows with time: the order of the log
    task    INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    at_ms   INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    what    TEXT    NOT NULL,
    detail  TEXT    NOT NULL DEFAULT '',
    took_ns INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX task_log_task ON task_log (task);
