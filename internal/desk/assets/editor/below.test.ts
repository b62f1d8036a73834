import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorState, TextSelection } from "prosemirror-state";
import { lastLine, textEnd } from "./below.ts";
import { fromDoc, toDoc } from "./convert.ts";
import type { Doc } from "./model.ts";

function at(doc: Doc): EditorState {
  const node = fromDoc(doc);
  return EditorState.create({ doc: node, selection: TextSelection.atEnd(node) });
}

test("the last line is the text's, never the slug's", () => {
  const cases: [Doc, number, string][] = [
    [{ slug: "x", blocks: [] }, 1, ""],
    [{ slug: "x", teaser: "y", blocks: [{ id: "p1", kind: "paragraph", text: [{ text: "eins" }] }] }, 1, "eins"],
    [{ blocks: [{ id: "h1", kind: "heading", level: 2, text: [{ text: "Titel" }] }] }, 2, ""],
    [{ blocks: [{ id: "r1", kind: "rule" }] }, 2, ""],
  ];
  for (const [doc, blocks, text] of cases) {
    let state = at(doc);
    lastLine(state, (tr) => (state = state.apply(tr)));
    assert.equal(toDoc(state.doc).blocks.length, blocks);
    assert.equal(state.selection.$from.parent.type.name, "paragraph");
    assert.equal(state.selection.$from.parent.textContent, text);
    assert.equal(state.selection.$from.parentOffset, text.length);
    assert.equal(toDoc(state.doc).slug, doc.slug);
  }
});

test("the key for the end goes to the text's, then on", () => {
  let state = at({ slug: "x", blocks: [{ id: "p1", kind: "paragraph", text: [{ text: "eins" }] }] });
  assert.equal(textEnd(state), false);
  state = state.apply(state.tr.setSelection(TextSelection.atStart(state.doc)));
  assert.equal(textEnd(state, (tr) => (state = state.apply(tr))), true);
  assert.equal(state.selection.$from.parent.textContent, "eins");
  assert.equal(textEnd(state), false);
});
