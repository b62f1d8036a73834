import { TextSelection, type Command } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { isField } from "./commands.ts";
import { newID } from "./model.ts";
import { schema } from "./schema.ts";

// Below the text stand the teaser and the slug, which are written when it is done. Who points below
// the text or goes to its end means the text, not them.

/** lastLine puts the caret at the end of the text's last paragraph, and opens one if it ends otherwise. */
export const lastLine: Command = (state, dispatch) => {
  let end = 0;
  let last = null;
  state.doc.forEach((node, offset) => {
    if (node.type === schema.nodes.teaser || node.type === schema.nodes.slug) return;
    end = offset + node.nodeSize;
    last = isField(node) ? null : node.type;
  });
  if (!dispatch) return true;
  const tr = state.tr;
  if (last !== schema.nodes.paragraph) {
    tr.insert(end, schema.nodes.paragraph.create({ id: newID() }));
    end += 2;
  }
  dispatch(tr.setSelection(TextSelection.create(tr.doc, end - 1)).scrollIntoView());
  return true;
};

/** textEnd is the key for the end of the text: a second time it leads on into the fields below. */
export const textEnd: Command = (state, dispatch) => {
  const { $head } = state.selection;
  const below = $head.depth > 0 && [schema.nodes.teaser, schema.nodes.slug].includes($head.node(1).type);
  const teaser = state.doc.child(state.doc.childCount - 2);
  const slug = state.doc.lastChild!;
  const end = state.doc.content.size - slug.nodeSize - teaser.nodeSize;
  if (below || $head.pos === end - 1) return false;
  dispatch?.(state.tr.setSelection(TextSelection.near(state.doc.resolve(end), -1)).scrollIntoView());
  return true;
};

/** pressBelow leads a press into the empty space of the column into the text. */
export function pressBelow(view: EditorView, column: HTMLElement): void {
  column.addEventListener("mousedown", (e) => {
    const target = e.target as HTMLElement;
    if (e.button !== 0 || e.shiftKey || (target !== view.dom && view.dom.contains(target)) || target.closest("a, button, input, textarea, select")) return;
    const blocks = [...view.dom.children];
    const fields = blocks.filter((b) => ["teaser", "slug"].includes((b as HTMLElement).dataset.kind ?? ""));
    const last = blocks.filter((b) => !fields.includes(b)).at(-1);
    if (!last || e.clientY <= last.getBoundingClientRect().bottom) return;
    // Beside a field its own line is meant.
    if (fields.some((f) => f.getBoundingClientRect().top <= e.clientY && e.clientY <= f.getBoundingClientRect().bottom)) return;
    e.preventDefault();
    lastLine(view.state, view.dispatch.bind(view));
    view.focus();
  });
}
