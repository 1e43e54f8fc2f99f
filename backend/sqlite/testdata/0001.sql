-- What a history of schema 0001 may hold: a job with a task in every state, one that has
-- crashed once, and an empty job.
INSERT INTO jobs (title, created_ms) VALUES (CAST('every state' AS BLOB), 1000), (CAST('empty' AS BLOB), 2000);
INSERT INTO tasks (job, idx, path, name, page, state, kind, attempt, crashes, owner, error_code, error_message, error_hint, created_ms, started_ms, ended_ms) VALUES
    (1, 0, x'2fff2e706e67', x'ff2e706e67', 1, 'done',        'image', 1, 0, '',         NULL, NULL, NULL, 1000, 1100, 1200),
    (1, 1, x'2f31',         x'31',         1, 'failed',      'image', 2, 0, '',         'invalid', 'bad', 'Look.', 1000, 1100, 1200),
    (1, 2, x'2f32',         x'32',         1, 'cancelled',   '',      0, 0, '',         'cancelled', 'stopped', '', 1000, NULL, 1200),
    (1, 3, x'2f33',         x'33',         1, 'quarantined', 'image', 3, 3, '',         'engine_crashed', 'crashed', '', 1000, 1100, 1200),
    (1, 4, x'2f34',         x'34',         1, 'running',     '',      1, 0, 'instance', NULL, NULL, NULL, 1000, 1100, NULL),
    (1, 5, x'2f35',         x'35',         1, 'queued',      '',      1, 1, '',         NULL, NULL, NULL, 1000, NULL, NULL),
    (1, 6, x'2f36',         x'36',         2, 'queued',      '',      0, 0, '',         NULL, NULL, NULL, 1000, NULL, NULL),
    (1, 7, x'2f37',         x'37',         3, 'queued',      'text',  0, 0, '',         NULL, NULL, NULL, 1000, NULL, NULL);
INSERT INTO results (task, kind, width, height, text, lines, total_ns, wait_ns, infer_ns) VALUES
    (1, 'image', 640, 480, '墨池', '[["墨池",0.5,[1,2,3,2,3,4,1,4],0,false]]', 300, 100, 200);
INSERT INTO task_log (task, at_ms, attempt, what, detail) SELECT id, 1000, 0, 'queued', '' FROM tasks;
INSERT INTO task_log (task, at_ms, attempt, what, detail, took_ns) VALUES (1, 1200, 1, 'done', 'waited 100ns', 300);
