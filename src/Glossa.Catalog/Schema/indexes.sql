-- Made after the tables are filled: that is several times faster than keeping them up to date meanwhile.
CREATE UNIQUE INDEX rule_slug ON rule (family, slug);
CREATE INDEX rule_rule_id ON rule (rule_id);
CREATE INDEX rule_file ON rule (file_id);
CREATE INDEX rule_logic ON rule (logic_hash) WHERE logic_hash IS NOT NULL;
CREATE INDEX diagnostic_file ON diagnostic (file_id);
CREATE INDEX rule_use_name ON rule_use (name COLLATE NOCASE);
CREATE INDEX attack_technique ON attack (technique);
CREATE INDEX relation_other ON relation (other);
CREATE INDEX attack_tactic ON attack (tactic);
CREATE INDEX predicate_concept ON predicate (concept) WHERE concept IS NOT NULL;
CREATE INDEX predicate_field ON predicate (field COLLATE NOCASE);
CREATE UNIQUE INDEX lookup_key_value ON lookup_key (value, subject, kind);
CREATE INDEX predicate_value_key ON predicate_value (key_id);
