import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorState, TextSelection } from "prosemirror-state";
import { fromDoc, toDoc } from "./convert.ts";
import { slugOf, slugs } from "./slug.ts";

test("slugOf", () => {
  const cases: [string, string][] = [
    ["selenskyj-biden", "selenskyj-biden"],
    ["Selenskyj hofft", "selenskyj-hofft"],
    ["  a – b / c_d  ", "a-b-c-d"],
    ["Ліс і „Гроші“!", "ліс-і-гроші"],
    ["Straße 7", "straße-7"],
    ["?!", ""],
    ["---", ""],
    ["İstanbul", "i̇stanbul"],
    ["x".repeat(200), "x".repeat(120)],
  ];
  for (const [text, want] of cases) assert.equal(slugOf(text), want, text);
  for (const [, want] of cases) assert.equal(slugOf(want), want);
});

test("a slug is mended while it is typed, and the caret stays behind what was typed", () => {
  let state = EditorState.create({ doc: fromDoc({ slug: "ab", blocks: [{ id: "p1", kind: "paragraph" }] }), plugins: [slugs()] });
  const end = (): number => state.doc.content.size - 1;
  state = state.apply(state.tr.setSelection(TextSelection.create(state.doc, end() - 1)));
  for (const key of "X !ß ") state = state.apply(state.tr.insertText(key));
  assert.equal(state.doc.lastChild!.textContent, "ax-ß-b");
  assert.equal(state.selection.from, end() - 1);
  state = state.apply(state.tr.insertText(" ", end()));
  assert.equal(state.doc.lastChild!.textContent, "ax-ß-b-");
  assert.equal(toDoc(state.doc).slug, "ax-ß-b");
});
