-- What is done beyond reading, and what came of it.
--
-- +goose Up

-- The JSON of an inkpool.Steps; '' is the default.
ALTER TABLE jobs ADD COLUMN steps TEXT NOT NULL DEFAULT '';

ALTER TABLE results ADD COLUMN language TEXT NOT NULL DEFAULT ''; -- BCP 47
ALTER TABLE results ADD COLUMN language_score REAL NOT NULL DEFAULT 0;
-- Like the lines, translations and labels are always written and read with their page: a
-- storedTranslation and a storedLabels as JSON, NULL where that was not asked for. The text
-- that a search looks at has a column of its own.
ALTER TABLE results ADD COLUMN translated TEXT;
ALTER TABLE results ADD COLUMN translation TEXT;
ALTER TABLE results ADD COLUMN labels TEXT;

-- What is finished of a translation that is not: a long text is not begun anew when it is
-- stopped. The rows go when the task is finished.
CREATE TABLE sentences (
    id       INTEGER PRIMARY KEY, -- the order in which they came
    task     INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    way      TEXT    NOT NULL,    -- pack, version and languages
    source   TEXT    NOT NULL,
    target   TEXT    NOT NULL,
    doubtful INTEGER NOT NULL CHECK (doubtful IN (0, 1))
) STRICT;

CREATE INDEX sentences_task ON sentences (task);
