-- A version whose previews were asked for. The row stays when the work is over, with what came of it.
CREATE TABLE preview_job (
    version_id BIGINT NOT NULL PRIMARY KEY REFERENCES version (id) ON DELETE CASCADE,
    attempts BIGINT NOT NULL,              -- how often the work was begun
    due_ms BIGINT,                         -- when it may be begun (again); null: it is over, with previews or without
    lease %TEXT%,                          -- random, of the worker that is at it; it has until due_ms; null: nobody is
    reason TEXT NOT NULL                   -- why there is no preview (yet), for the administrator; '' when there is none
);
CREATE INDEX preview_job_due ON preview_job (due_ms);

-- A small picture of a version's content.
CREATE TABLE preview (
    version_id BIGINT NOT NULL REFERENCES version (id) ON DELETE CASCADE,
    edge BIGINT NOT NULL,                  -- the square it fits into, pixels a side: 200 or 800
    blob_id BIGINT NOT NULL REFERENCES blob (id),
    format TEXT NOT NULL,                  -- 'jpeg' or 'png'
    width BIGINT NOT NULL,                 -- pixels
    height BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,            -- of the blob; counts against the previews' own budget
    created_ms BIGINT NOT NULL,            -- the oldest go first when the budget is used up
    PRIMARY KEY (version_id, edge)
);
CREATE INDEX preview_blob ON preview (blob_id);
CREATE INDEX preview_created ON preview (created_ms, version_id);
