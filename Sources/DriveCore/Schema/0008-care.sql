-- Blobs that lost something that pointed at them, to be looked at once the grace time has passed: whether anything
-- points at them is then computed, never remembered.
CREATE TABLE blob_garbage (
    blob_id BIGINT NOT NULL PRIMARY KEY REFERENCES blob (id) ON DELETE CASCADE,
    since_ms BIGINT NOT NULL               -- when the last pointer was removed
);
CREATE INDEX blob_garbage_since ON blob_garbage (since_ms);

-- What was left behind before there was this table.
INSERT INTO blob_garbage (blob_id, since_ms)
    SELECT b.id, 0 FROM blob b WHERE NOT EXISTS (SELECT 1 FROM version v WHERE v.blob_id = b.id);

-- What the trash keeps, oldest first.
CREATE INDEX node_trashed ON node (deleted_ms, id) WHERE deleted_type = 3;
CREATE INDEX upload_sha256 ON upload (sha256) WHERE sha256 IS NOT NULL;
