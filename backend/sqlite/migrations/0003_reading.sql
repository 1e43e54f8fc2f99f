-- How the pages of a job are read, and by how much a page had to be turned.
--
-- +goose Up

-- The JSON of an inkpool.Reading; '' is the default.
ALTER TABLE jobs ADD COLUMN reading TEXT NOT NULL DEFAULT '';
ALTER TABLE results ADD COLUMN rotation INTEGER NOT NULL DEFAULT 0 CHECK (rotation IN (0, 90, 180, 270));
