-- A public link: whoever has its address may read a file, or a folder and all below it, without signing in.
CREATE TABLE public_link (
    id %ID%,
    node_id BIGINT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
    code_hash %TEXT% NOT NULL UNIQUE,      -- SHA-256 of the code in the address, hex
    nonce TEXT NOT NULL,                   -- 32 random hex digits; the code follows from them and the signing key
    is_standing BIGINT NOT NULL,           -- 1 for the link that is returned whenever somebody asks for the node's
    password_hash TEXT NOT NULL,           -- '' when no password is asked
    expires_ms BIGINT,                     -- null: never
    max_downloads BIGINT,                  -- null: any number
    downloads BIGINT NOT NULL,             -- counted so far
    created_ms BIGINT NOT NULL,
    created_by BIGINT NOT NULL,            -- who asked for it first
    revoked_ms BIGINT,                     -- null while it may be used
    CHECK (is_standing = 0 OR revoked_ms IS NULL)
);
CREATE UNIQUE INDEX public_link_standing ON public_link (node_id) WHERE is_standing = 1;
CREATE INDEX public_link_node ON public_link (node_id);
