-- Times are milliseconds since 1970 UTC (suffix _ms), sizes bytes, flags 0 or 1. "Who" columns hold a person's id,
-- 0 for the system itself (amoCRM: robot) and -1 for a client of the company.

-- Facts about the account as a whole: one row per name, values as text.
CREATE TABLE setting (
    name %TEXT% NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Who may sign in or act. Never deleted, only made inactive.
CREATE TABLE person (
    id %ID%,
    login %TEXT% NOT NULL UNIQUE,          -- folded; what the person types to sign in
    email %TEXT% NOT NULL,                   -- '' when unknown
    name %TEXT% NOT NULL,                  -- given name
    last_name %TEXT% NOT NULL,
    work_position %TEXT% NOT NULL,
    email_fold %TEXT% NOT NULL,            -- the four above folded: order and patterns
    name_fold %TEXT% NOT NULL,
    last_name_fold %TEXT% NOT NULL,
    work_position_fold %TEXT% NOT NULL,
    gender TEXT NOT NULL,                  -- 'M', 'F' or ''
    time_zone TEXT NOT NULL,               -- IANA name; '' means the account's
    is_admin BIGINT NOT NULL,
    is_active BIGINT NOT NULL,
    password_hash TEXT NOT NULL,           -- '' when the person has no password
    created_ms BIGINT NOT NULL
);

-- Departments a person belongs to; the ids are the portal's own and nothing more.
CREATE TABLE person_department (
    person_id BIGINT NOT NULL REFERENCES person (id),
    department_id BIGINT NOT NULL,
    PRIMARY KEY (person_id, department_id)
);

CREATE TABLE work_group (
    id %ID%,
    name TEXT NOT NULL,
    owner_id BIGINT NOT NULL REFERENCES person (id)
);

CREATE TABLE work_group_member (
    group_id BIGINT NOT NULL REFERENCES work_group (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    PRIMARY KEY (group_id, person_id)
);

CREATE TABLE application (
    id %ID%,
    client_id %TEXT% NOT NULL UNIQUE,
    secret_hash %TEXT% NOT NULL,           -- SHA-256 of the secret, hex
    title TEXT NOT NULL,
    scopes TEXT NOT NULL,                  -- space-separated
    redirect_uri TEXT NOT NULL,            -- '' when none is registered
    created_ms BIGINT NOT NULL,
    revoked_ms BIGINT                      -- null while it may be used
);

-- What a caller shows to be let in: an incoming webhook's code or an access token. Only the hash is kept.
CREATE TABLE credential (
    id %ID%,
    kind TEXT NOT NULL,                    -- 'webhook', 'bitrix24' or 'amocrm'
    secret_hash %TEXT% NOT NULL UNIQUE,    -- SHA-256 of the code or token, hex
    person_id BIGINT NOT NULL REFERENCES person (id),
    application_id BIGINT REFERENCES application (id),  -- null for a webhook
    title TEXT NOT NULL,
    scopes TEXT NOT NULL,                  -- space-separated
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT,                     -- null: never
    revoked_ms BIGINT                      -- null while it may be used
);
CREATE INDEX credential_person ON credential (person_id);

-- A drive.
CREATE TABLE storage (
    id %ID%,
    kind %TEXT% NOT NULL,                  -- 'user', 'common', 'group', 'restapp' or 'chat'
    owner_id BIGINT NOT NULL,              -- person, group or application; 0 for 'common' and 'chat'
    name TEXT NOT NULL,
    name_fold %TEXT% NOT NULL,             -- folded name: order and patterns
    code %TEXT%,
    root_id BIGINT NOT NULL,               -- the root folder; 0 only inside the transaction that creates both
    UNIQUE (kind, owner_id)
);

-- A folder or a file.
CREATE TABLE node (
    id %ID%,
    uuid %TEXT% NOT NULL UNIQUE,           -- random version 4, lower case
    storage_id BIGINT NOT NULL REFERENCES storage (id),
    parent_id BIGINT REFERENCES node (id), -- null for a root folder
    kind %TEXT% NOT NULL,                  -- 'folder' or 'file'
    name TEXT NOT NULL,                    -- as typed
    name_fold %TEXT% NOT NULL,             -- NFC and case folded: order and patterns
    name_key %TEXT%,                       -- name_fold, or null where equal names may stand side by side
    code %TEXT%,                           -- symbolic code; null for nearly all
    equal_names BIGINT NOT NULL,           -- folder: 1 when its children may share a name
    deleted_type BIGINT NOT NULL,          -- 0 alive, 3 trashed itself, 4 trashed with a parent
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL,
    deleted_ms BIGINT,                     -- when last trashed; kept after a restore, as the vendor does
    created_by BIGINT NOT NULL,
    updated_by BIGINT NOT NULL,
    deleted_by BIGINT,
    -- files only; 0 or '' for folders
    version_id BIGINT NOT NULL,            -- the active version
    content_number BIGINT NOT NULL,        -- how many contents the file has had, from 1; never goes back
    version_count BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,            -- of the active version
    extension %TEXT% NOT NULL,             -- lower case, without the dot
    media_type TEXT NOT NULL,              -- as declared; '' when unknown; never trusted for serving
    source_id BIGINT                       -- where the file came from (messenger, form); null for API uploads
);
CREATE UNIQUE INDEX node_name ON node (parent_id, name_key) WHERE deleted_type = 0;
CREATE INDEX node_by_id ON node (parent_id, deleted_type, id);
CREATE INDEX node_by_name ON node (parent_id, deleted_type, name_fold, id);
CREATE INDEX node_by_created ON node (parent_id, deleted_type, created_ms, id);
CREATE INDEX node_by_updated ON node (parent_id, deleted_type, updated_ms, id);
CREATE INDEX node_file_created ON node (kind, deleted_type, created_ms, id);
CREATE INDEX node_file_updated ON node (kind, deleted_type, updated_ms, id);

-- An explicit right on a folder or file; it holds for everything below.
CREATE TABLE node_grant (
    node_id BIGINT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
    subject %TEXT% NOT NULL,               -- 'U7' person, '*' everyone, 'D1' / 'DR1' department, 'SG3' group
    level BIGINT NOT NULL,                 -- 1 read, 2 add, 3 edit, 4 full
    PRIMARY KEY (node_id, subject)
);
CREATE INDEX node_grant_subject ON node_grant (subject, node_id);

-- Bytes we have hashed, once each.
CREATE TABLE blob (
    id %ID%,
    sha256 %TEXT% NOT NULL UNIQUE,         -- lower-case hex
    size_bytes BIGINT NOT NULL,
    bytes %BYTES%,                         -- small contents; null when they are in blob storage
    key %TEXT% UNIQUE,                     -- the key in blob storage; null when the bytes are in the row
    created_ms BIGINT NOT NULL
);

-- One content a file has or had.
CREATE TABLE version (
    id %ID%,
    uuid %TEXT% NOT NULL UNIQUE,
    node_id BIGINT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,                -- the file's content_number when this content came
    blob_id BIGINT NOT NULL REFERENCES blob (id),
    name TEXT NOT NULL,                    -- the file's name when the version was made, or since renamed as active
    name_fold %TEXT% NOT NULL,
    extension %TEXT% NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    source_id BIGINT,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    updated_by BIGINT NOT NULL,
    session_id BIGINT                      -- the upload session it came in by; null otherwise
);
CREATE INDEX version_node ON version (node_id, id);
CREATE INDEX version_blob ON version (blob_id);

-- An upload in parts. Parts are appended to one staging area in order.
CREATE TABLE upload (
    id %ID%,
    person_id BIGINT NOT NULL,             -- who opened it
    file_name TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,            -- declared
    media_type TEXT NOT NULL,
    node_id BIGINT,                        -- the file that gets a new version; null: a new file
    wants_preview BIGINT NOT NULL,
    staging_key TEXT NOT NULL,
    received_bytes BIGINT NOT NULL,        -- durable so far
    next_part BIGINT NOT NULL,             -- number of the part expected next, from 1
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    sha256 TEXT,                           -- of the whole, set once every byte is in; the blob may not be made yet
    result_node_id BIGINT,                 -- set when the file or version was made
    result_version_id BIGINT
);
CREATE INDEX upload_expires ON upload (expires_ms);

-- A part that was received, so that the same part sent again can be compared and gets the same answer.
CREATE TABLE upload_part (
    upload_id BIGINT NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,                -- from 1
    offset_bytes BIGINT NOT NULL,          -- where it starts in the file
    size_bytes BIGINT NOT NULL,
    PRIMARY KEY (upload_id, number)
);

-- Tickets that work once (two-step uploads), remembered until they would have expired anyway.
CREATE TABLE used_ticket (
    nonce %TEXT% NOT NULL PRIMARY KEY,
    expires_ms BIGINT NOT NULL
);

-- A Bitrix24 attached object: a file tied to a task (or, later, a comment or a post).
CREATE TABLE attachment (
    id %ID%,
    node_id BIGINT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
    module TEXT NOT NULL,                  -- 'tasks'
    entity_type TEXT NOT NULL,             -- 'tasks_task'
    entity_id BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    UNIQUE (entity_type, entity_id, node_id)
);
CREATE INDEX attachment_node ON attachment (node_id);

CREATE TABLE chat (
    id %ID%,
    kind TEXT NOT NULL,                    -- 'chat', 'open', 'private' or 'group'
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    color TEXT NOT NULL,
    owner_id BIGINT NOT NULL,
    entity_type TEXT NOT NULL,             -- '' when the chat is bound to nothing
    entity_id TEXT NOT NULL,
    dialog_key %TEXT% UNIQUE,              -- 'low:high' person ids (private), 'sg7' (group), 'task8' (task); else null
    folder_id BIGINT,                      -- the chat's folder, made when first needed
    created_ms BIGINT NOT NULL
);
CREATE INDEX chat_entity ON chat (entity_type, entity_id);
CREATE INDEX chat_folder ON chat (folder_id);

CREATE TABLE chat_member (
    chat_id BIGINT NOT NULL REFERENCES chat (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    joined_ms BIGINT NOT NULL,
    sees_from BIGINT NOT NULL,             -- messages with a smaller id are hidden from the member; 0: none are
    PRIMARY KEY (chat_id, person_id)
);
CREATE INDEX chat_member_person ON chat_member (person_id, chat_id);

CREATE TABLE message (
    id %ID%,
    chat_id BIGINT NOT NULL REFERENCES chat (id),
    author_id BIGINT NOT NULL,             -- 0: the system
    text TEXT NOT NULL,
    is_deleted BIGINT NOT NULL,            -- 1 when its author took it back; the text then says so
    reply_to_id BIGINT,                    -- the message of the same chat it answers; null: none
    created_ms BIGINT NOT NULL
);
CREATE INDEX message_chat ON message (chat_id, id);

CREATE TABLE message_file (
    message_id BIGINT NOT NULL REFERENCES message (id),
    node_id BIGINT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
    PRIMARY KEY (message_id, node_id)
);
CREATE INDEX message_file_node ON message_file (node_id);

CREATE TABLE task (
    id %ID%,
    guid TEXT NOT NULL,                    -- version 4, lower case, no braces
    title TEXT NOT NULL,
    title_fold %TEXT% NOT NULL,
    description TEXT NOT NULL,
    status BIGINT NOT NULL,                -- 2 pending, 3 in progress, 4 awaiting review, 5 completed, 6 deferred
    priority BIGINT NOT NULL,              -- 0 low, 1 normal, 2 high
    parent_id BIGINT REFERENCES task (id),
    group_id BIGINT NOT NULL,              -- 0: none
    created_by BIGINT NOT NULL,
    responsible_id BIGINT NOT NULL,
    changed_by BIGINT NOT NULL,
    closed_by BIGINT,
    status_changed_by BIGINT,              -- null until the status was changed
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    status_changed_ms BIGINT NOT NULL,
    closed_ms BIGINT,
    deadline_ms BIGINT,
    start_plan_ms BIGINT,
    end_plan_ms BIGINT,
    crm_links TEXT NOT NULL,               -- CRM bindings as 'C_627 D_10'; '' when none
    is_deleted BIGINT NOT NULL
);
CREATE INDEX task_responsible ON task (responsible_id);
CREATE INDEX task_created_by ON task (created_by);

CREATE TABLE task_member (
    task_id BIGINT NOT NULL REFERENCES task (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,                    -- 'accomplice' or 'auditor'
    PRIMARY KEY (task_id, person_id, role)
);
CREATE INDEX task_member_person ON task_member (person_id, task_id);

-- A lead, contact, company or customer: as deep as linking files needs.
CREATE TABLE entity (
    id %ID%,
    kind %TEXT% NOT NULL,                  -- 'leads', 'contacts', 'companies' or 'customers'
    name TEXT NOT NULL,
    name_fold %TEXT% NOT NULL,
    first_name TEXT NOT NULL,              -- contacts
    last_name TEXT NOT NULL,               -- contacts
    price BIGINT NOT NULL,                 -- leads: budget; customers: next_price
    status_id BIGINT NOT NULL,
    pipeline_id BIGINT NOT NULL,
    next_date_ms BIGINT,                   -- customers: expected next purchase
    responsible_id BIGINT NOT NULL,
    group_id BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    updated_by BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL,
    closed_ms BIGINT,                      -- leads in a final status
    is_deleted BIGINT NOT NULL
);
CREATE INDEX entity_kind ON entity (kind, id);

-- An amoCRM link between a file and an entity; the row's id is the link id clients page by.
CREATE TABLE entity_link (
    id %ID%,
    entity_id BIGINT NOT NULL REFERENCES entity (id),
    node_id BIGINT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
    created_ms BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    UNIQUE (entity_id, node_id)
);
CREATE INDEX entity_link_node ON entity_link (node_id, entity_id);
