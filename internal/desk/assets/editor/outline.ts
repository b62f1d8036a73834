import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, type EditorState } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { t, type Key } from "../lib/words.ts";
import { findID } from "./ids.ts";

// What stands round the text and isn't part of it: the kind's name in the margin, the block with the
// caret, counters, what an empty field is for, and who else is where.

export interface Person {
  name: string;
  initials: string;
  tone?: string;
  block?: string;
}

/** Advice, as the guide has it: search results show about 60 characters of a headline. */
const limits: Record<string, number> = { headline: 65, teaser: 160 };

export const outlineKey = new PluginKey<Person[]>("outline");

export function outline(): Plugin<Person[]> {
  return new Plugin<Person[]>({
    key: outlineKey,
    state: {
      init: () => [],
      apply: (tr, people) => (tr.getMeta(outlineKey) as Person[] | undefined) ?? people,
    },
    props: { decorations: decorate },
  });
}

function decorate(state: EditorState): DecorationSet {
  const out: Decoration[] = [];
  const { $from } = state.selection;
  const active = $from.depth > 0 ? $from.before(1) : state.selection.from;
  state.doc.forEach((node, pos) => {
    const attrs: Record<string, string> = { "data-label": label(node) };
    if (pos === active) attrs.class = "active";
    const max = limits[node.type.name];
    if (max && node.content.size > 0) {
      attrs["data-count"] = t("count", { n: length(node.textContent), max });
      if (length(node.textContent) > max) attrs["data-over"] = "";
    }
    out.push(Decoration.node(pos, pos + node.nodeSize, attrs));
    empties(node, pos, state, out);
  });
  for (const p of outlineKey.getState(state) ?? []) {
    const pos = p.block ? findID(state.doc, p.block) : -1;
    if (pos >= 0) out.push(Decoration.node(pos, pos + state.doc.nodeAt(pos)!.nodeSize, { "data-who": p.name, "data-tone": p.tone ?? "violet" }));
  }
  return DecorationSet.create(state.doc, out);
}

/** length counts what a reader would call characters. */
export function length(text: string): number {
  if (typeof Intl.Segmenter !== "function") return [...text].length;
  return [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)].length;
}

export function label(node: Node): string {
  if (node.type.name === "heading") return t("label_heading", { n: Number(node.attrs.level) });
  if (node.type.name === "leadpicture") return t("label_picture");
  if (node.type.name === "pictures") return t(node.childCount > 1 ? "label_gallery" : "label_picture");
  return t(`label_${node.type.name}` as Key);
}

/** empties says in an empty text what it is for. */
function empties(node: Node, pos: number, state: EditorState, out: Decoration[]): void {
  const mark = (n: Node, at: number, key: Key): void => {
    if (n.content.size === 0) out.push(Decoration.node(at, at + n.nodeSize, { class: "empty-field", "data-placeholder": t(key) }));
  };
  switch (node.type.name) {
    case "kicker":
    case "headline":
    case "lead":
    case "teaser":
    case "slug":
      return mark(node, pos, `empty_${node.type.name}`);
    case "quotation":
      return mark(node, pos, "empty_quotation");
    case "factbox":
      return mark(node.firstChild!, pos + 1, "empty_facttitle");
    case "paragraph":
      // One hint is enough: where the caret is.
      if (state.selection.$from.parent === node) mark(node, pos, "empty_paragraph");
  }
}
