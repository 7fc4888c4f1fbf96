-- Names of files, folders and entities by three characters in a row. Both engines index the folded column as it stands
-- (name_fold), so that what an index finds and what LIKE finds on that column agree. See docs/decisions/name-search.md.

-- only sqlite
-- FTS5 over the tables' own rows: an index and no copy of the names. No positions are kept (detail=none), so that it
-- gives candidates, and LIKE on the row decides. Triggers keep it right in the transaction that changes the row, cascades
-- included; nothing else writes to it.
CREATE VIRTUAL TABLE node_search USING fts5 (
    name_fold, content='node', content_rowid='id', tokenize='trigram case_sensitive 1', detail=none, columnsize=0
);
CREATE TRIGGER node_search_insert AFTER INSERT ON node BEGIN
    INSERT INTO node_search (rowid, name_fold) VALUES (new.id, new.name_fold);
END;
CREATE TRIGGER node_search_delete AFTER DELETE ON node BEGIN
    INSERT INTO node_search (node_search, rowid, name_fold) VALUES ('delete', old.id, old.name_fold);
END;
CREATE TRIGGER node_search_update AFTER UPDATE OF name_fold ON node WHEN old.name_fold <> new.name_fold BEGIN
    INSERT INTO node_search (node_search, rowid, name_fold) VALUES ('delete', old.id, old.name_fold);
    INSERT INTO node_search (rowid, name_fold) VALUES (new.id, new.name_fold);
END;
INSERT INTO node_search (node_search) VALUES ('rebuild');

CREATE VIRTUAL TABLE entity_search USING fts5 (
    name_fold, content='entity', content_rowid='id', tokenize='trigram case_sensitive 1', detail=none, columnsize=0
);
CREATE TRIGGER entity_search_insert AFTER INSERT ON entity BEGIN
    INSERT INTO entity_search (rowid, name_fold) VALUES (new.id, new.name_fold);
END;
CREATE TRIGGER entity_search_delete AFTER DELETE ON entity BEGIN
    INSERT INTO entity_search (entity_search, rowid, name_fold) VALUES ('delete', old.id, old.name_fold);
END;
CREATE TRIGGER entity_search_update AFTER UPDATE OF name_fold ON entity WHEN old.name_fold <> new.name_fold BEGIN
    INSERT INTO entity_search (entity_search, rowid, name_fold) VALUES ('delete', old.id, old.name_fold);
    INSERT INTO entity_search (rowid, name_fold) VALUES (new.id, new.name_fold);
END;
INSERT INTO entity_search (entity_search) VALUES ('rebuild');

-- only postgres
-- The operator class lives in whatever schema the extension was installed in, which need not be in the search path. The
-- owner of a database may install it since PostgreSQL 13, where the server has it.
DO $$
DECLARE
    home TEXT;
BEGIN
    SELECT n.nspname INTO home FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname = 'pg_trgm';
    IF home IS NULL THEN
        BEGIN
            CREATE EXTENSION pg_trgm SCHEMA public;
            home := 'public';
        EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file OR invalid_schema_name THEN
            RAISE EXCEPTION 'search by name needs the PostgreSQL extension pg_trgm, which this user cannot install (%): let an administrator of the server run CREATE EXTENSION pg_trgm in this database (the extension comes with PostgreSQL, on some systems in a package postgresql-contrib) and start again', SQLERRM;
        END;
    END IF;
    EXECUTE format('CREATE INDEX node_search ON node USING gin (name_fold %I.gin_trgm_ops)', home);
    EXECUTE format('CREATE INDEX entity_search ON entity USING gin (name_fold %I.gin_trgm_ops)', home);
END
$$;

-- both
-- Files and folders together by their last change: a search for both.
CREATE INDEX node_updated ON node (deleted_type, updated_ms, id);
-- The folders below a folder, without looking at its files.
CREATE INDEX node_subfolder ON node (parent_id, deleted_type) WHERE kind = 'folder';

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
