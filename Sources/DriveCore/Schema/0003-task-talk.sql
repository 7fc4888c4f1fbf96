-- 0003-task-talk: what is said and ticked off in tasks. Times, flags and "who" columns are as in step 1.

-- A comment on a task. Its files are attachments of the entity type 'forum_message'.
CREATE TABLE task_comment (
    id %ID%,
    task_id BIGINT NOT NULL REFERENCES task (id),
    author_id BIGINT NOT NULL REFERENCES person (id),  -- in whose name it stands, which need not be who wrote it
    text TEXT NOT NULL,                    -- BBCode, never empty
    posted_ms BIGINT NOT NULL              -- the date it bears; a client may set it
);
CREATE INDEX task_comment_task ON task_comment (task_id, id);

-- A comment pinned as a result of its task. A comment has at most one open result, and any number of closed ones.
CREATE TABLE task_result (
    id %ID%,
    task_id BIGINT NOT NULL REFERENCES task (id),
    comment_id BIGINT NOT NULL REFERENCES task_comment (id),
    created_by BIGINT NOT NULL,            -- who pinned it
    created_ms BIGINT NOT NULL,            -- the comment's date when it was pinned
    updated_ms BIGINT NOT NULL,            -- likewise, or when the comment last changed or the result was closed
    is_closed BIGINT NOT NULL              -- 1 once the task was completed, and for good
);
CREATE UNIQUE INDEX task_result_open ON task_result (comment_id) WHERE is_closed = 0;
CREATE INDEX task_result_task ON task_result (task_id, id);
CREATE INDEX task_result_comment ON task_result (comment_id);

-- A checklist of a task (parent_id null, the title is its name) or an item in one. Its files are attachments of the
-- entity type 'tasks_task_checklist'.
CREATE TABLE checklist_item (
    id %ID%,
    task_id BIGINT NOT NULL REFERENCES task (id),
    parent_id BIGINT REFERENCES checklist_item (id),   -- of the same task
    created_by BIGINT NOT NULL,
    title TEXT NOT NULL,
    title_fold %TEXT% NOT NULL,            -- folded title: order
    sort_index BIGINT NOT NULL,            -- among its siblings, smaller first; equal ones go by id
    is_complete BIGINT NOT NULL,
    is_important BIGINT NOT NULL,
    toggled_by BIGINT,                     -- who last changed is_complete; null: nobody yet
    toggled_ms BIGINT                      -- when that was
);
CREATE INDEX checklist_item_task ON checklist_item (task_id, id);
CREATE INDEX checklist_item_parent ON checklist_item (parent_id);

CREATE TABLE checklist_member (
    item_id BIGINT NOT NULL REFERENCES checklist_item (id) ON DELETE CASCADE,
    person_id BIGINT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,                    -- 'accomplice' or 'auditor', as in task_member
    PRIMARY KEY (item_id, person_id)
);
