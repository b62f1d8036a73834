import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorState, TextSelection } from "prosemirror-state";
import { fromDoc, toDoc } from "./convert.ts";
import { double, rules, single, type Typography } from "./rules.ts";

const ty: Record<string, Typography> = {
  de: { quote: ["„", "“"], nested: ["‚", "‘"], apostrophe: "’", dash: "–", ellipsis: "…", inner: "" },
  uk: { quote: ["«", "»"], nested: ["„", "“"], apostrophe: "’", dash: "—", ellipsis: "…", inner: "" },
  en: { quote: ["‘", "’"], nested: ["“", "”"], apostrophe: "’", dash: "–", ellipsis: "…", inner: "" },
  us: { quote: ["“", "”"], nested: ["‘", "’"], apostrophe: "’", dash: "—", ellipsis: "…", inner: "" },
  fr: { quote: ["«", "»"], nested: ["“", "”"], apostrophe: "’", dash: "–", ellipsis: "…", inner: "\u202f" },
};

/** typed is what becomes of keys, one after the other. */
function typed(lang: string, keys: string): string {
  let out = "";
  for (const k of keys) out += k === '"' ? double(out, ty[lang]) : k === "'" ? single(out, ty[lang]) : k;
  return out;
}

const cases: [string, string, string][] = [
  ["de", 'Er sagte: "Es geht."', "Er sagte: „Es geht.“"],
  ["de", '"Das \'Ende\' naht", hieß es', "„Das ‚Ende‘ naht“, hieß es"],
  ["de", "Wie geht's?", "Wie geht’s?"],
  ["de", '("Nato")', "(„Nato“)"],
  ["de", '"Eins" und "zwei"', "„Eins“ und „zwei“"],
  ["uk", 'газета "Ле Монд"', "газета «Ле Монд»"],
  ["uk", "п'ять", "п’ять"],
  ["en", '"It said so", he wrote', "‘It said so’, he wrote"],
  ["en", "It's", "It’s"],
  ["en", "'He said \"no\" twice'", "‘He said “no” twice’"],
  ["us", '"It\'s," she said', "“It’s,” she said"],
  ["us", "\"He said 'no' twice\"", "“He said ‘no’ twice”"],
  ["fr", 'Le "Monde" écrit', "Le «\u202fMonde\u202f» écrit"],
  ["fr", "l'Otan", "l’Otan"],
];
for (const [lang, keys, want] of cases) {
  test(`${lang}: ${keys}`, () => assert.equal(typed(lang, keys), want));
}

test("markdown-like beginnings make blocks and keep the paragraph's ID", () => {
  for (const [keys, kind] of [["## ", "heading"], ["#### ", "heading"], ["- ", "list"], ["1. ", "list"], ["> ", "quotation"]] as const) {
    const plugin = rules(ty.de);
    let state = EditorState.create({ doc: fromDoc({ blocks: [{ id: "p", kind: "paragraph", text: [{ text: "Text" }] }] }), plugins: [plugin] });
    let at = 0;
    state.doc.descendants((n, pos) => {
      if (n.isText && n.text === "Text") at = pos;
    });
    state = state.apply(state.tr.setSelection(TextSelection.create(state.doc, at)));
    const view = { composing: false, get state() { return state; }, dispatch: (tr: Parameters<typeof state.apply>[0]) => { state = state.apply(tr); } };
    for (const k of keys) {
      const from = state.selection.from;
      if (!plugin.props.handleTextInput!.call(plugin, view as never, from, from, k, () => state.tr)) state = state.apply(state.tr.insertText(k));
    }
    const [block] = toDoc(state.doc).blocks;
    assert.equal(block.kind, kind, keys);
    assert.equal(kind === "list" ? block.items![0].id : block.id, "p", keys);
    assert.deepEqual(kind === "list" ? block.items![0].text : block.text, [{ text: "Text" }], keys);
  }
});
