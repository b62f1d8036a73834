import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { EditorState, TextSelection } from "prosemirror-state";
import { ahead, among, asPiece, changes, merge, pieceAt, replaceDoc, withPiece } from "./apply.ts";
import { fromDoc, toDoc } from "./convert.ts";
import type { Block, Doc } from "./model.ts";

const para = (id: string, text: string): Block => ({ id, kind: "paragraph", text: [{ text }] });
const doc = (...blocks: Block[]): Doc => ({ headline: "H", blocks });

test("replaceDoc ends with the wanted document and keeps the caret's place", () => {
  const mine = doc(para("a", "one"), para("b", "two"), para("c", "three"));
  const state = EditorState.create({ doc: fromDoc(mine) });
  const at = state.doc.content.size - 10; // inside block c
  const withCaret = state.apply(state.tr.setSelection(TextSelection.create(state.doc, at)));
  const word = withCaret.selection.$from.parent.textContent;
  const theirs = doc(para("x", "new"), para("a", "one more"), para("c", "three"));
  const tr = replaceDoc(withCaret, theirs);
  assert.deepEqual(toDoc(tr.doc), theirs);
  assert.equal(tr.selection.$from.parent.textContent, word);
});

test("replaceDoc between all pairs of samples", () => {
  const folder = "internal/document/testdata/docs/";
  const samples = ["article", "empty_texts", "factbox", "lists", "marks", "minimal", "pictures", "quotation", "table"].map(
    (x) => JSON.parse(readFileSync(`${folder}valid_${x}.json`, "utf8")) as Doc);
  for (const a of samples) {
    for (const b of samples) {
      assert.deepEqual(toDoc(replaceDoc(EditorState.create({ doc: fromDoc(a) }), b).doc), b);
    }
  }
});

test("merge keeps what both typed", () => {
  const base = doc(para("a", "one"), para("b", "two"), para("c", "three"));
  const mine = doc(para("a", "one, mine"), para("b", "two"), para("n", "new, mine"), para("c", "three"));
  const theirs = doc(para("a", "one"), para("b", "two, theirs"), para("c", "three"), para("m", "new, theirs"));
  const { merged, clashes } = merge(base, mine, theirs);
  assert.deepEqual(clashes, []);
  assert.deepEqual(merged, doc(para("a", "one, mine"), para("b", "two, theirs"), para("n", "new, mine"), para("c", "three"), para("m", "new, theirs")));
});

test("merge tells of places that both changed", () => {
  const base: Doc = { headline: "H", blocks: [para("a", "one"), para("b", "two")] };
  const mine: Doc = { headline: "H mine", blocks: [para("a", "one, mine")] };
  const theirs: Doc = { headline: "H theirs", blocks: [para("a", "one"), para("b", "two, theirs")] };
  const { merged, clashes } = merge(base, mine, theirs);
  assert.deepEqual(clashes, [
    { address: "head/headline", mine: "H mine", theirs: "H theirs" },
    { address: "b", mine: null, theirs: para("b", "two, theirs") },
  ]);
  assert.deepEqual(merged, mine);
});

test("a block is put back to where it stood", () => {
  const like = doc(para("a", "1"), para("b", "2"), para("c", "3"));
  const without = doc(para("a", "1"), para("c", "3"));
  assert.deepEqual(withPiece(without, "b", para("b", "2"), like), like);
  assert.deepEqual(withPiece(like, "b", null, like), without);
  assert.equal(pieceAt(without, "b"), null);
  assert.equal(changes(like, without), 1);
  assert.equal(changes(like, like), 0);
});

test("asPiece reads all ways to say a piece", () => {
  const block = para("a", "one");
  assert.deepEqual(asPiece("a", block), block);
  assert.deepEqual(asPiece("a", { Block: block, Text: null }), block);
  assert.equal(asPiece("a", { Block: null }), null);
  assert.equal(asPiece("head/headline", { text: [{ text: "H" }] }), "H");
  assert.deepEqual(asPiece("head/lead", { Text: [{ text: "L" }] }), [{ text: "L" }]);
  assert.equal(asPiece("head/headline", "H"), "H");
  assert.equal(asPiece("head/lead", []), null);
  assert.deepEqual(asPiece("head/picture", { picture: { id: "p", media: "m" } }), { id: "p", media: "m" });
});

test("what was sent before is one's own, in the head as in blocks", () => {
  const before: Doc = { headline: "H", blocks: [para("a", "one, longer")] };
  assert.ok(among([before], "a", asPiece("a", para("a", "one, longer"))));
  assert.ok(!among([before], "a", para("a", "one, theirs")));
  assert.ok(among([before], "b", asPiece("b", null)));
  assert.ok(among([before], "head/kicker", asPiece("head/kicker", "")), "a part of the head that was emptied");
  assert.ok(among([before], "head/lead", asPiece("head/lead", null)));
});

test("ahead takes back what was taken back since, and nothing of anybody else's", () => {
  const sent = doc(para("a", "one"), para("b", "two"), para("c", "three"), para("e", "five"));
  // Sent before and not answered: a longer, b not there, d new.
  const before = doc(para("a", "one, longer"), para("c", "three"), para("d", "four"), para("e", "five"));
  const server = doc(para("a", "one, longer"), para("c", "three, theirs"), para("d", "four"), para("x", "new, theirs"));
  assert.deepEqual(ahead(sent, server, [before]), doc(para("a", "one"), para("b", "two"), para("c", "three, theirs"), para("x", "new, theirs")));
  assert.deepEqual(ahead(sent, server, []), server);
});
