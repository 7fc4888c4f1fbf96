-- How many living things lie directly in a folder, kept by triggers in the transaction that changes them. The sum over
-- a folder's rows counts: on PostgreSQL each connection has one of sixteen, so that two that write into one folder at once
-- seldom change the same row; on SQLite, where one writes at a time, there is one. No row: none was ever there.
CREATE TABLE folder_count (
    folder_id BIGINT NOT NULL,             -- the folder's node; goes with it
    shard BIGINT NOT NULL,                 -- from 0
    living BIGINT NOT NULL,                -- alone it may be negative, the sum may not
    PRIMARY KEY (folder_id, shard)
);
INSERT INTO folder_count (folder_id, shard, living)
    SELECT parent_id, 0, count(*) FROM node WHERE parent_id IS NOT NULL AND deleted_type = 0 GROUP BY parent_id;

-- only sqlite
CREATE TRIGGER folder_count_insert AFTER INSERT ON node WHEN new.parent_id IS NOT NULL AND new.deleted_type = 0 BEGIN
    INSERT INTO folder_count (folder_id, shard, living) VALUES (new.parent_id, 0, 1)
        ON CONFLICT (folder_id, shard) DO UPDATE SET living = living + 1;
END;
CREATE TRIGGER folder_count_delete AFTER DELETE ON node BEGIN
    UPDATE folder_count SET living = living - 1 WHERE folder_id = old.parent_id AND old.deleted_type = 0;
    DELETE FROM folder_count WHERE folder_id = old.id;
END;
CREATE TRIGGER folder_count_update AFTER UPDATE OF parent_id, deleted_type ON node
    WHEN old.parent_id IS NOT new.parent_id OR old.deleted_type <> new.deleted_type
BEGIN
    UPDATE folder_count SET living = living - 1 WHERE folder_id = old.parent_id AND old.deleted_type = 0;
    INSERT INTO folder_count (folder_id, shard, living)
        SELECT new.parent_id, 0, 1 WHERE new.parent_id IS NOT NULL AND new.deleted_type = 0
        ON CONFLICT (folder_id, shard) DO UPDATE SET living = living + 1;
END;

-- only postgres
CREATE FUNCTION count_children() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO folder_count (folder_id, shard, living)
            SELECT old.parent_id, pg_backend_pid() % 16, -1
            WHERE old.deleted_type = 0 AND EXISTS (SELECT 1 FROM node p WHERE p.id = old.parent_id)
            ON CONFLICT (folder_id, shard) DO UPDATE SET living = folder_count.living - 1;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO folder_count (folder_id, shard, living)
            SELECT new.parent_id, pg_backend_pid() % 16, 1 WHERE new.parent_id IS NOT NULL AND new.deleted_type = 0
            ON CONFLICT (folder_id, shard) DO UPDATE SET living = folder_count.living + 1;
    ELSE
        DELETE FROM folder_count WHERE folder_id = old.id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER folder_count_change AFTER INSERT OR DELETE OR UPDATE OF parent_id, deleted_type ON node
    FOR EACH ROW EXECUTE FUNCTION count_children();
