-- +goose Up
-- The desk shows a person the stories begun, signed or written in by them, and a section its stories, however few among
-- many they are. A reader's page asks what kind of author bears a name.
CREATE INDEX story_created_by ON story (created_by);
CREATE INDEX story_section ON story (section_id, updated_at DESC, id DESC);
CREATE INDEX author_staff ON author (staff_id) WHERE staff_id IS NOT NULL;
CREATE INDEX author_name_name ON author_name (lang, name);
CREATE INDEX revision_by ON revision (by_id, edition_id);
