-- 1: only the people in application_person may use it; 0: everybody may.
ALTER TABLE application ADD COLUMN is_restricted BIGINT NOT NULL DEFAULT 0;

-- Who may use a restricted application.
CREATE TABLE application_person (
    application_id BIGINT NOT NULL REFERENCES application (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    PRIMARY KEY (application_id, person_id)
);

-- A person said in a browser that an application may act for them. One authorization code comes of it, and all tokens
-- that follow from the code belong to it.
CREATE TABLE consent (
    id %ID%,
    kind TEXT NOT NULL,                    -- the door it was given at, 'bitrix24' or 'amocrm', as credential.kind
    application_id BIGINT NOT NULL REFERENCES application (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    scopes TEXT NOT NULL,                  -- space-separated
    is_full BIGINT NOT NULL,               -- 1: an administrator's, with their rights for good, blocked or not
    code_hash %TEXT% NOT NULL UNIQUE,      -- SHA-256 of the authorization code, hex
    code_expires_ms BIGINT NOT NULL,
    code_used_ms BIGINT,                   -- null until the code was exchanged
    created_ms BIGINT NOT NULL,
    revoked_ms BIGINT                      -- null while its tokens may be used
);

-- What an application shows to get its next pair of tokens. Only the hash is kept; how the pair follows from the token
-- shown is in TokenDerivation.swift.
CREATE TABLE refresh_token (
    id %ID%,
    consent_id BIGINT NOT NULL REFERENCES consent (id),
    token_hash %TEXT% NOT NULL UNIQUE,     -- SHA-256, hex
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    used_ms BIGINT                         -- when it was first exchanged; null: not yet
);
CREATE INDEX refresh_token_consent ON refresh_token (consent_id);

-- The consent an access token came of; null for webhooks and for tokens made by a command.
ALTER TABLE credential ADD COLUMN consent_id BIGINT REFERENCES consent (id);
CREATE INDEX credential_consent ON credential (consent_id, id);

-- Somebody signed in with a browser.
CREATE TABLE browser_session (
    id %ID%,
    secret_hash %TEXT% NOT NULL UNIQUE,    -- SHA-256 of what the cookie carries, hex
    person_id BIGINT NOT NULL REFERENCES person (id),
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX browser_session_person ON browser_session (person_id);
