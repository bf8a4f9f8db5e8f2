-- The catalog of Glossa, version 1 (PRAGMA user_version; PRAGMA application_id is 0x476C6F73, "Glos").
-- The file is the product: anyone may query it. What is promised to stay as long as user_version is the same: tables, columns, their meaning.
-- A rule's lasting name is (family, slug), its author's name for it is rule_id. Integer keys hold within one file only.
-- Texts are as the rule's author wrote them, hostile ones too: whoever shows them must encode them.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,          -- built_by, built_at (UTC, ISO 8601), compared_with (built_at of the catalog it took the place of;
                                     -- absent where there was none that could be read), inputs (JSON list of the paths given), value_lists (hash of those given)
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every rule file that was found, readable or not.
CREATE TABLE file (
    id           INTEGER PRIMARY KEY,
    root         TEXT NOT NULL,      -- the folder (or the folder of the file) that was given
    path         TEXT NOT NULL,      -- below root, with '/'
    family       TEXT,               -- null where nothing in it could be read
    size         INTEGER NOT NULL,   -- bytes
    modified     INTEGER NOT NULL,   -- time of last change: ticks of 100 ns since 0001-01-01 UTC
    content_hash TEXT NOT NULL,      -- '' where it could not be read
    text         TEXT,               -- decoded; null where no rule of it needs it
    UNIQUE (root, path)
) STRICT;

-- Each query text of a file and how well it was read; numbered within the file.
CREATE TABLE query (
    file_id   INTEGER NOT NULL REFERENCES file (id),
    ordinal   INTEGER NOT NULL,
    language  TEXT NOT NULL,
    parsed    INTEGER NOT NULL,      -- 1: read whole, without an error
    fidelity  TEXT,                  -- exact, approximate, unsupported, noLogic; null for a query that belongs to no rule
    operators TEXT NOT NULL,         -- JSON list of what it uses
    PRIMARY KEY (file_id, ordinal)
) STRICT, WITHOUT ROWID;

-- What was found wrong while reading a file. file_id is null for what concerns no single file.
CREATE TABLE diagnostic (
    id       INTEGER PRIMARY KEY,
    file_id  INTEGER REFERENCES file (id),
    severity INTEGER NOT NULL,       -- 0 info, 1 warning, 2 error
    code     TEXT NOT NULL,
    message  TEXT NOT NULL,
    path     TEXT NOT NULL,
    line     INTEGER,                -- with column: from 1; null where the whole file is meant
    column   INTEGER,
    label    TEXT,                   -- a few words at that place
    notes    TEXT NOT NULL           -- JSON list of texts
) STRICT;

-- What a file defines for others, and what reading it asked others for, found or not: why a change elsewhere makes it be read again.
CREATE TABLE definition (
    file_id INTEGER NOT NULL REFERENCES file (id),
    role    TEXT NOT NULL CHECK (role IN ('provides', 'asks')),
    kind    TEXT NOT NULL,
    name    TEXT NOT NULL,
    PRIMARY KEY (file_id, role, kind, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE rule (
    id          INTEGER PRIMARY KEY,
    file_id     INTEGER NOT NULL REFERENCES file (id),
    document    INTEGER NOT NULL,    -- which document of the file, from 0
    family      TEXT NOT NULL,       -- sigma, splunk, elastic, panther, microsoft, chronicle
    slug        TEXT NOT NULL,       -- address within the family
    rule_id     TEXT NOT NULL,       -- the author's, or one derived from file and document
    name        TEXT,                -- a short name other rules refer to it by
    title       TEXT NOT NULL,
    kind        TEXT NOT NULL,       -- rule, correlation
    language    TEXT NOT NULL,       -- of its query
    fidelity    TEXT NOT NULL,       -- exact, approximate, unsupported, noLogic
    severity    INTEGER,             -- 0 info, 1 low, 2 medium, 3 high, 4 critical
    status      TEXT,
    author      TEXT,
    created     TEXT,
    modified    TEXT,
    product     TEXT,
    service     TEXT,
    category    TEXT,
    logic_hash  TEXT,                -- equal: the same logic; null without logic
    tests       INTEGER NOT NULL,    -- how many tests it brings
    fired       INTEGER NOT NULL     -- 1: an event made from its logic fired it
) STRICT;

-- The record of `show --json` without the first body's text (that is file.text), counts, and what other rules decide. JSON.
CREATE TABLE rule_record (
    rule_id INTEGER PRIMARY KEY REFERENCES rule (id),
    record  TEXT NOT NULL
) STRICT;

-- Constructs that keep a rule from being exact.
CREATE TABLE reason (
    rule_id   INTEGER NOT NULL REFERENCES rule (id),
    ordinal   INTEGER NOT NULL,
    construct TEXT NOT NULL,
    text      TEXT NOT NULL,
    PRIMARY KEY (rule_id, ordinal)
) STRICT, WITHOUT ROWID;

-- What a rule's query is written with, understood or not: modifiers, operators, forms of values and of conditions; those of query.operators.
CREATE TABLE rule_use (
    rule_id INTEGER NOT NULL REFERENCES rule (id),
    name    TEXT NOT NULL,
    PRIMARY KEY (rule_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag (
    rule_id INTEGER NOT NULL REFERENCES rule (id),
    tag     TEXT NOT NULL,
    PRIMARY KEY (rule_id, tag)
) STRICT, WITHOUT ROWID;

-- ATT&CK coverage. A tactic without a technique has technique ''; a technique that belongs to no tactic has tactic ''.
CREATE TABLE attack (
    rule_id   INTEGER NOT NULL REFERENCES rule (id),
    tactic    TEXT NOT NULL,         -- TA0002
    technique TEXT NOT NULL,         -- T1059.001
    PRIMARY KEY (rule_id, tactic, technique)
) STRICT, WITHOUT ROWID;

-- Rules that a rule names: related ones, and the members of a correlation (type 'member'). Not all are in the catalog.
CREATE TABLE relation (
    rule_id INTEGER NOT NULL REFERENCES rule (id),
    type    TEXT NOT NULL,
    other   TEXT NOT NULL,           -- the other's rule_id or name, as written
    PRIMARY KEY (rule_id, type, other)
) STRICT, WITHOUT ROWID;

-- Comparisons: one row a leaf of the rule's logic.
CREATE TABLE predicate (
    rule_id   INTEGER NOT NULL REFERENCES rule (id),
    row       INTEGER NOT NULL,      -- in the order written, from 0
    role      INTEGER NOT NULL,      -- 0 indicator, 1 exclusion, 2 exception (inside an exclusion, takes it back)
    field     TEXT NOT NULL,         -- as written; '' for keywords
    concept   TEXT,                  -- what vendors share under different names
    kind      TEXT NOT NULL,         -- eq in contains starts_with ends_with wildcard regex cidr lt le gt ge keyword in_list present missing has_value is_empty field_compare computed
    match_all INTEGER NOT NULL,      -- 1: every value must fit; 0: one is enough
    cased     INTEGER NOT NULL,      -- 1: letter case counts
    scope     TEXT NOT NULL,         -- rule, branch (in an alternative), absence (in a step that must not happen)
    stage     INTEGER NOT NULL,
    PRIMARY KEY (rule_id, row)
) STRICT, WITHOUT ROWID;

-- What is looked for, each thing once: two rules look for the same where they share a key.
CREATE TABLE lookup_key (
    id      INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,           -- the concept, or family:folded field name
    kind    TEXT NOT NULL,           -- reduced: one value of an in is an eq
    value   TEXT NOT NULL            -- canonical and folded; '' for questions without a value
) STRICT;

-- The values of a comparison. A value that stands for several (encodings, kinds of dashes) has one line for each, told apart by part.
CREATE TABLE predicate_value (
    rule_id INTEGER NOT NULL,
    row     INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    part    INTEGER NOT NULL,
    key_id  INTEGER NOT NULL REFERENCES lookup_key (id),
    value   TEXT NOT NULL,           -- as written
    PRIMARY KEY (rule_id, row, ordinal, part)
) STRICT, WITHOUT ROWID;

-- Words. rowid is rule.id; the texts themselves are in rule_record.
CREATE VIRTUAL TABLE rule_text USING fts5 (
    title, value, field, tag, author, description,
    content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2"
);

-- What became of rules from one build to the next: one row a rule and build in which something changed, of the last builds 2,000 rows. Rules of two
-- builds are the same by family, rule_id and document, wherever their files are.
CREATE TABLE change (
    id              INTEGER PRIMARY KEY,
    built_at        TEXT NOT NULL,   -- the build that found it: its meta.built_at
    previous        TEXT NOT NULL,   -- built_at of the catalog it was compared with
    kind            TEXT NOT NULL CHECK (kind IN ('new', 'removed', 'changed')),
    family          TEXT NOT NULL,
    rule_id         TEXT NOT NULL,
    document        INTEGER NOT NULL,
    slug            TEXT NOT NULL,   -- its address then; of a removed rule, its last one
    title           TEXT NOT NULL,
    logic           INTEGER NOT NULL, -- 1: logic_hash is another
    severity_before TEXT,            -- the word, '' for none; with severity_after null where it is as it was
    severity_after  TEXT,
    fidelity_before TEXT,            -- with fidelity_after null where it is as it was
    fidelity_after  TEXT,
    same_file       INTEGER NOT NULL  -- 1: its file is byte for byte what it was, so it is read otherwise, or what it refers to changed
) STRICT;

-- Addresses that rules had in earlier builds, so that links to them are not lost. One that another rule has by now is that rule's.
CREATE TABLE former_slug (
    family   TEXT NOT NULL,
    slug     TEXT NOT NULL,
    rule_id  TEXT NOT NULL,
    document INTEGER NOT NULL,
    PRIMARY KEY (family, slug)
) STRICT, WITHOUT ROWID;
