import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, TextSelection } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { h, icon } from "../lib/dom.ts";
import { findAddress } from "./ids.ts";

/** A finding of the checklist: at an address, and where in the text it is by the words themselves. */
export interface Finding {
  severity: "error" | "warning" | "note";
  message: string;
  address: string;
  quote?: string;
}

export const findingsKey = new PluginKey<DecorationSet>("findings");

/** findings underlines what the checks have found; typing in the words takes the line away until the next save. */
export function findings(first: Finding[]): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: findingsKey,
    state: {
      init: (_, state) => decorate(state.doc, first),
      apply(tr, set) {
        const fresh = tr.getMeta(findingsKey) as Finding[] | undefined;
        if (fresh) return decorate(tr.doc, fresh);
        return tr.docChanged ? set.map(tr.mapping, tr.doc) : set;
      },
    },
    props: { decorations: (state) => findingsKey.getState(state) },
  });
}

/** Refusal is why the server did not store a text, and at which address. */
export interface Refusal { field: string; message: string }

export const refusalsKey = new PluginKey<DecorationSet>("refusals");

/** refusals says below a block or a field of the head why it could not be stored, until the next answer. */
export function refusals(): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: refusalsKey,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, set) {
        const fresh = tr.getMeta(refusalsKey) as Refusal[] | undefined;
        return fresh ? refused(tr.doc, fresh) : tr.docChanged ? set.map(tr.mapping, tr.doc) : set;
      },
    },
    props: { decorations: (state) => refusalsKey.getState(state) },
  });
}

function refused(doc: Node, list: Refusal[]): DecorationSet {
  const out: Decoration[] = [];
  for (const r of list) {
    const pos = findAddress(doc, r.field);
    if (pos < 0) continue;
    // Parts of a block (an item, a cell) have their sentence below the whole.
    const at = doc.resolve(pos).depth > 0 ? doc.resolve(pos).before(1) : pos;
    const end = at + doc.nodeAt(at)!.nodeSize;
    out.push(
      Decoration.node(at, end, { "data-refused": "" }),
      Decoration.widget(end, () => h("p", { class: "error refusal", role: "alert", contenteditable: "false" }, icon("error"), h("span", {}, r.message)), { side: -1, key: r.field + r.message, ignoreSelection: true }));
  }
  return DecorationSet.create(doc, out);
}

function decorate(doc: Node, list: Finding[]): DecorationSet {
  const out: Decoration[] = [];
  for (const f of list) {
    const range = f.quote ? locate(doc, f.address, f.quote) : null;
    if (range) out.push(Decoration.inline(range.from, range.to, { class: "miss", "data-severity": f.severity, title: f.message }, { inclusiveStart: false, inclusiveEnd: false }));
  }
  return DecorationSet.create(doc, out);
}

/** locate is where words stand in the text of an address. */
export function locate(doc: Node, address: string, quote: string): { from: number; to: number } | null {
  const pos = findAddress(doc, address);
  const node = pos < 0 ? null : doc.nodeAt(pos);
  if (!node) return null;
  let found: { from: number; to: number } | null = null;
  const look = (n: Node, start: number): void => {
    const at = n.textBetween(0, n.content.size, undefined, "\n").indexOf(quote);
    if (at >= 0) found ??= { from: start + at, to: start + at + quote.length };
  };
  if (node.isTextblock) look(node, pos + 1);
  else node.descendants((n, p) => (n.isTextblock && !found ? (look(n, pos + 1 + p + 1), false) : !found));
  return found;
}

/** show leads the caret to a finding. */
export function show(view: EditorView, address: string, quote = ""): boolean {
  const [id, part] = address.split("/");
  // A picture's alternative text, a quotation's speaker: they stand in small fields below their block.
  const control = id === "head" ? null : document.getElementById("b-" + id)?.querySelector<HTMLElement>(`[data-attr="${CSS.escape(part ?? "")}"]`);
  if (control) {
    control.focus();
    control.scrollIntoView({ block: "center" });
    return true;
  }
  const range = quote ? locate(view.state.doc, address, quote) : null;
  let selection;
  if (range) selection = TextSelection.create(view.state.doc, range.from, range.to);
  else {
    const pos = findAddress(view.state.doc, address);
    if (pos < 0) return false;
    selection = TextSelection.near(view.state.doc.resolve(pos + 1));
  }
  view.dispatch(view.state.tr.setSelection(selection).scrollIntoView());
  view.focus();
  const dom = view.domAtPos(selection.from).node;
  (dom instanceof Element ? dom : dom.parentElement)?.scrollIntoView({ block: "center" });
  return true;
}
