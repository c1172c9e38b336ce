-- Times are milliseconds since the Unix epoch; ids are 16 bytes.

CREATE TABLE store (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    incarnation   BLOB    NOT NULL CHECK (length(incarnation) = 16),
    issuer        TEXT,
    -- The latest time this store ever used: its clock does not run backwards.
    high_water    INTEGER NOT NULL,
    -- The number of the latest revocation.
    revocation_seq INTEGER NOT NULL DEFAULT 0,
    epoch         INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE clients (
    id    TEXT    PRIMARY KEY,
    epoch INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id                 BLOB    PRIMARY KEY CHECK (length(id) = 16),
    username           TEXT    NOT NULL,
    username_key       TEXT    NOT NULL UNIQUE,
    email              TEXT,
    state              TEXT    NOT NULL CHECK (state IN ('active', 'disabled')),
    password_hash      TEXT    NOT NULL,
    credential_version INTEGER NOT NULL DEFAULT 1,
    epoch              INTEGER NOT NULL DEFAULT 0,
    created_at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id              BLOB    PRIMARY KEY CHECK (length(id) = 16),
    user_id         BLOB    NOT NULL REFERENCES users (id),
    client_id       TEXT    NOT NULL REFERENCES clients (id),
    s_hash          BLOB    NOT NULL CHECK (length(s_hash) = 32),
    cnf             BLOB    CHECK (length(cnf) = 32),
    epoch_all       INTEGER NOT NULL,
    epoch_client    INTEGER NOT NULL,
    epoch_subject   INTEGER NOT NULL,
    generation      INTEGER NOT NULL DEFAULT 0 CHECK (generation BETWEEN 0 AND 4294967295),
    rotated_at_1    INTEGER,
    rotated_at_2    INTEGER,
    rotated_at_3    INTEGER,
    rotated_at_4    INTEGER,
    incarnation     BLOB    NOT NULL CHECK (length(incarnation) = 16),
    device          TEXT,
    created_at      INTEGER NOT NULL,
    idle_expires_at INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    revoked_at      INTEGER,
    revoke_cause    TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user_id) WHERE revoked_at IS NULL;

CREATE TABLE signing_keys (
    kid        TEXT    PRIMARY KEY,
    algorithm  TEXT    NOT NULL,
    purpose    TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('pending', 'active', 'retiring', 'gone')),
    key_epoch  INTEGER NOT NULL,
    sealed     BLOB    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One active key for each purpose, whatever the program believes.
CREATE UNIQUE INDEX one_active_key ON signing_keys (purpose) WHERE state = 'active';

CREATE TABLE revocations (
    seq        INTEGER PRIMARY KEY,
    kind       TEXT    NOT NULL,
    -- sid, jti, kid, sub or client_id as the token writes it; empty for 'all'.
    key        TEXT    NOT NULL,
    epoch      INTEGER,
    at         INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    cause      TEXT    NOT NULL
) STRICT;

CREATE INDEX revocations_by_expiry ON revocations (expires_at);
