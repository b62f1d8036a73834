import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, TextSelection } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
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
