import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fromDoc, toDoc } from "./convert.ts";
import { same, type Doc } from "./model.ts";

const folder = "internal/document/testdata/docs/";
const samples = readdirSync(folder);

for (const name of samples.filter((f) => f.startsWith("valid_"))) {
  test(`${name} goes in and comes out unchanged`, () => {
    const doc = JSON.parse(readFileSync(folder + name, "utf8")) as Doc;
    assert.deepEqual(toDoc(fromDoc(doc)), doc);
  });
}

test("same ignores the order of fields and nothing else", () => {
  assert.ok(same({ a: 1, b: [1, { x: 1, y: undefined }] }, { b: [1, { x: 1 }], a: 1 }));
  assert.ok(!same({ a: [1, 2] }, { a: [2, 1] }));
});

// What the schema of the editor can't hold at all; the rest of the invalid samples is for the server.
for (const name of ["invalid_box_content", "invalid_list_empty", "invalid_table_empty", "invalid_mark_unknown"]) {
  test(`${name} is refused`, () => {
    const sample = JSON.parse(readFileSync(folder + name + ".json", "utf8")) as { doc: Doc };
    assert.throws(() => fromDoc(sample.doc));
  });
}
