-- amoCRM entities in full: what an entity has beyond its names and dates, custom fields that hold files, notes.

ALTER TABLE entity ADD COLUMN loss_reason_id BIGINT;                -- leads: why it was lost; null: not said
ALTER TABLE entity ADD COLUMN periodicity BIGINT NOT NULL DEFAULT 0; -- customers: days between purchases; 0: none

-- A label of one kind of entity. Stays when nothing carries it any more.
CREATE TABLE entity_tag (
    id %ID%,
    kind %TEXT% NOT NULL,                  -- as entity.kind
    name TEXT NOT NULL,                    -- as first typed
    name_fold %TEXT% NOT NULL,
    UNIQUE (kind, name_fold)
);

CREATE TABLE entity_tagged (
    entity_id BIGINT NOT NULL REFERENCES entity (id),
    tag_id BIGINT NOT NULL REFERENCES entity_tag (id),
    PRIMARY KEY (entity_id, tag_id)
);

-- A company or contact of a lead, contact or customer.
CREATE TABLE entity_related (
    entity_id BIGINT NOT NULL REFERENCES entity (id),
    other_id BIGINT NOT NULL REFERENCES entity (id),   -- the company or contact
    is_main BIGINT NOT NULL,               -- contacts: 1 for the main one
    PRIMARY KEY (entity_id, other_id)
);
CREATE INDEX entity_related_other ON entity_related (other_id, entity_id);

-- A field an administrator added to one kind of entity. Its type is always 'file'.
CREATE TABLE custom_field (
    id %ID%,
    kind %TEXT% NOT NULL,                  -- as entity.kind
    name TEXT NOT NULL,
    code %TEXT%,                           -- another name in writes; null: none
    sort BIGINT NOT NULL,                  -- place among the fields of the kind
    is_api_only BIGINT NOT NULL,           -- 1: forms do not offer it for editing
    required_stages TEXT NOT NULL,         -- stages it must be filled for, as 'pipeline:status pipeline:status'
    UNIQUE (kind, code)
);

-- A file in a custom field of an entity. Goes with the field and, at the file's purge, with the file.
CREATE TABLE field_value (
    field_id BIGINT NOT NULL REFERENCES custom_field (id) ON DELETE CASCADE,
    entity_id BIGINT NOT NULL REFERENCES entity (id),
    node_id BIGINT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
    version_id BIGINT REFERENCES version (id) ON DELETE SET NULL,  -- the one named, or the active one when written
    keeps_version BIGINT NOT NULL,         -- 1: version_id was named and stays; 0: the active version is meant
    file_name TEXT,                        -- as the client named it; null: the version's own
    file_size BIGINT,                      -- bytes of version_id as the client said; null: the version's own
    PRIMARY KEY (field_id, entity_id)
);
CREATE INDEX field_value_entity ON field_value (entity_id);
CREATE INDEX field_value_node ON field_value (node_id);
CREATE INDEX field_value_version ON field_value (version_id);

-- A note in the feed of an entity.
CREATE TABLE note (
    id %ID%,
    entity_id BIGINT NOT NULL REFERENCES entity (id),
    note_type %TEXT% NOT NULL,             -- 'common', 'attachment', 'call_in', ...
    params TEXT NOT NULL,                  -- JSON object as the client wrote it; '' for an attachment
    -- attachments only; null for the rest
    node_id BIGINT REFERENCES node (id) ON DELETE SET NULL,  -- null also once the file was purged
    file_uuid TEXT,                        -- stays when the file goes
    version_uuid TEXT,                     -- the one named, or the active one when written
    keeps_version BIGINT NOT NULL,         -- 1: version_uuid was named and stays; 0: the active version is meant
    file_name TEXT,                        -- as the client named it, or the file's name when written
    file_text TEXT,                        -- what the client wrote beside it; null: nothing
    is_pinned BIGINT NOT NULL,
    responsible_id BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    updated_by BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL
);
CREATE INDEX note_entity ON note (entity_id, id);
CREATE INDEX note_updated ON note (updated_ms, id);
CREATE INDEX note_node ON note (node_id);
