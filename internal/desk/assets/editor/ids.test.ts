import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AllSelection, EditorState, NodeSelection, Selection, TextSelection, type Command, type Transaction } from "prosemirror-state";
import { baseKeymap, deleteSelection } from "prosemirror-commands";
import { history, undo } from "prosemirror-history";
import * as c from "./commands.ts";
import type { EditorView } from "prosemirror-view";
import { deleteBlock } from "./actions.ts";
import { put } from "./clipboard.ts";
import { fromDoc, toDoc } from "./convert.ts";
import { hasID, uniqueIDs } from "./ids.ts";
import { newID, type Doc } from "./model.ts";
import { schema } from "./schema.ts";

/** random numbers that are the same each time. */
function dice(seed: number): (n: number) => number {
  return (n) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return Math.floor((seed / 0x7fffffff) * n) % n;
  };
}

const n = schema.nodes;
const foreign = [...sample("valid_factbox").blocks, ...sample("valid_lists").blocks, ...sample("valid_headings").blocks, ...sample("valid_table").blocks].map((b) => ({ ...b }));
const commands: Record<string, Command> = {
  enterField: c.enterField, enterBefore: c.enterBefore, leaveBlock: c.leaveBlock, enter: c.enter, enterCell: c.enterCell, backspace: c.backspace, forwardDelete: c.forwardDelete,
  liftItem: c.liftItem, list: c.toggleList(false), ordered: c.toggleList(true), up: c.move(-1), down: c.move(1), heading: c.setBlock(n.heading, { level: 3 }), text: c.setBlock(n.paragraph),
  quote: c.setBlock(n.quotation), factbox: c.insert(c.newFactBox), table: c.insert(() => c.newTable(2, 2)), rule: c.insertRule, lineBreak: c.lineBreak, deleteSelection, deleteBlock,
  backspaceBase: baseKeymap.Backspace, deleteBase: baseKeymap.Delete, undo,
  paste: (s, d) => put({ state: s, dispatch: d } as unknown as EditorView, foreign, "x"),
  pasteOwn: (s, d) => put({ state: s, dispatch: d } as unknown as EditorView, toDoc(s.doc).blocks.slice(0, 2), ""),
  type: (s, d) => (s.selection.$from.parent.inlineContent ? (d?.(s.tr.insertText("x")), true) : false),
};

function sample(name: string): Doc {
  return JSON.parse(readFileSync(`internal/document/testdata/docs/${name}.json`, "utf8")) as Doc;
}

test("whatever is done, the document fits the schema and every ID is there once", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const roll = dice(seed * 7919);
    const names = ["valid_article", "valid_factbox", "valid_lists", "valid_table", "valid_empty_texts", "valid_pictures", "valid_minimal"];
    let state = EditorState.create({ doc: fromDoc(sample(names[roll(names.length)])), plugins: [uniqueIDs(), history()] });
    const done: string[] = [];
    for (let i = 0; i < 60; i++) {
      const size = state.doc.content.size;
      const a = Selection.near(state.doc.resolve(roll(size)), 1);
      let selection: Selection = a;
      if (roll(6) === 0) selection = TextSelection.between(a.$from, state.doc.resolve(roll(size)));
      else if (roll(40) === 0) selection = new AllSelection(state.doc);
      else if (roll(15) === 0 && a.$from.depth > 0 && NodeSelection.isSelectable(a.$from.node(1))) selection = NodeSelection.create(state.doc, a.$from.before(1));
      state = state.apply(state.tr.setSelection(selection));
      const name = Object.keys(commands)[roll(Object.keys(commands).length)];
      done.push(`${name}@${selection.from}-${selection.to}`);
      try {
        commands[name](state, (tr: Transaction) => (state = state.apply(tr)));
        state.doc.check();
      } catch (e) {
        throw new Error(`seed ${seed}: ${done.join(" ")}: ${(e as Error).stack}`);
      }
      const seen = new Set<string>();
      state.doc.descendants((node) => {
        if (!hasID(node)) return;
        const id = node.attrs.id as string | null;
        assert.ok(id && /^[A-Za-z0-9_-]{1,40}$/.test(id) && !seen.has(id), `seed ${seed}: ID ${id} after ${done.join(" ")}`);
        seen.add(id);
      });
      const doc = toDoc(state.doc);
      assert.deepEqual(toDoc(fromDoc(doc)), doc, `seed ${seed}`);
    }
  }
});

function at(doc: Doc, id: string, offset: number): EditorState {
  const state = EditorState.create({ doc: fromDoc(doc), plugins: [uniqueIDs()] });
  let pos = -1;
  state.doc.descendants((node, p) => {
    if (hasID(node) && node.attrs.id === id) pos = p + 1 + offset;
  });
  return state.apply(state.tr.setSelection(TextSelection.create(state.doc, pos)));
}

function after(state: EditorState, command: Command): Doc {
  let out = state;
  assert.ok(command(state, (tr) => (out = out.apply(tr))));
  return toDoc(out.doc);
}

const three: Doc = { blocks: ["a", "b", "c"].map((id) => ({ id, kind: "paragraph", text: [{ text: "word " + id }] })) };

test("a split leaves the ID with the first half, a join with the first of the two", () => {
  const split = after(at(three, "b", 4), c.enter);
  assert.deepEqual(split.blocks.map((b) => b.id === "b" || b.id === "a" || b.id === "c"), [true, true, false, true]);
  const joined = after(at(three, "b", 0), c.backspace);
  assert.deepEqual(joined.blocks.map((b) => b.id), ["a", "c"]);
  assert.equal(joined.blocks[0].text![0].text, "word aword b");
});

test("a moved block and a list's lines keep their IDs", () => {
  assert.deepEqual(after(at(three, "b", 1), c.move(-1)).blocks.map((b) => b.id), ["b", "a", "c"]);
  const list = after(at(three, "b", 1), c.toggleList(false));
  assert.equal(list.blocks[1].items![0].id, "b");
  assert.deepEqual(after(at(list, "b", 1), c.toggleList(false)).blocks.map((b) => b.id), ["a", "b", "c"]);
});

test("a picture moves within its gallery, then the gallery", () => {
  const doc: Doc = { blocks: [three.blocks[0], { id: "g", kind: "gallery", pictures: ["x", "y"].map((id) => ({ id, media: id, caption: [{ text: id }] })) }] };
  const once = after(at(doc, "y", 0), c.move(-1));
  assert.deepEqual(once.blocks[1].pictures!.map((p) => p.id), ["y", "x"]);
  assert.deepEqual(after(at(once, "y", 0), c.move(-1)).blocks.map((b) => b.id), ["g", "a"]);
});

test("a copy gets a new ID and the one that was there keeps its own", () => {
  const state = at(three, "c", 0);
  const copy = state.doc.child(3).copy(state.doc.child(3).content); // block a
  assert.equal(copy.attrs.id, "a");
  const before = state.apply(state.tr.insert(state.doc.child(0).nodeSize + state.doc.child(1).nodeSize + state.doc.child(2).nodeSize, copy));
  const ids = toDoc(before.doc).blocks.map((b) => b.id);
  assert.equal(ids.length, 4);
  assert.deepEqual(ids.slice(1), ["a", "b", "c"]);
  assert.notEqual(ids[0], "a");
});

test("newID is what Go's document.ID takes", () => {
  for (let i = 0; i < 100; i++) assert.match(newID(), /^b[0-9a-z]{11}$/);
});
