-- +goose Up
-- Which revision of a translation somebody read beside its source, or approved after such a check.
-- Only ever inserted. What readers are told of a text follows from the revision they see: it was a
-- flag of the edition before, which outlived the text that was checked.
CREATE TABLE revision_check (
    edition_id TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL, -- as readers are told
    at         TEXT NOT NULL,
    PRIMARY KEY (edition_id, revision),
    FOREIGN KEY (edition_id, revision) REFERENCES revision (edition_id, number) ON DELETE CASCADE
);

-- The audit knows which revisions were checked: its detail is {"revision":7}.
INSERT INTO revision_check (edition_id, revision, by_id, by_name, at)
SELECT r.edition_id, r.number, a.actor, COALESCE(s.name, e.checked_by), a.at
FROM audit a
JOIN revision r ON a.subject = 'edition:' || r.edition_id AND a.detail = '{"revision":' || r.number || '}'
JOIN edition e ON e.id = r.edition_id
LEFT JOIN staff s ON s.id = a.actor
WHERE a.act = 'edition.checked'
ORDER BY a.id
ON CONFLICT (edition_id, revision) DO NOTHING;

UPDATE edition SET made = 'human' WHERE made = 'human_checked';
UPDATE edition SET made = 'machine' WHERE made = 'machine_checked';
ALTER TABLE edition DROP COLUMN checked_by;
