import { Plugin, type EditorState, type Transaction } from "prosemirror-state";
import { schema } from "./schema.ts";

// The slug takes what an address may hold, and everything else becomes so while it is typed: what is
// in this one field must never keep the text from being saved. The rules are internal/document's.

const longest = 120;

/** tidy gives for every character what stands in its place. */
function tidy(text: string): string[] {
  let before = "-"; // none at the start
  let count = 0;
  return [...text].map((c) => {
    const small = c.toLowerCase();
    let put = /^[\p{L}\p{M}\p{N}]+$/u.test(small) ? small : /^[\s\p{Pd}_./]$/u.test(c) ? "-" : "";
    if (put === "-" && before === "-") put = "";
    if (put !== "") before = put;
    count += [...put].length;
    return count > longest ? "" : put;
  });
}

/** slugOf is the slug that a text makes; a hyphen at the end waits for more only in the field. */
export function slugOf(text: string): string {
  return tidy(text).join("").replace(/-+$/, "");
}

function mend(trs: readonly Transaction[], _before: EditorState, after: EditorState): Transaction | null {
  // A method of input that is still composing must keep its characters until it is done.
  if (!trs.some((tr) => tr.docChanged) || trs.some((tr) => tr.getMeta("composition") !== undefined)) return null;
  const field = after.doc.lastChild!;
  if (field.type !== schema.nodes.slug) return null;
  const text = field.textContent;
  const chars = [...text];
  const puts = tidy(text);
  if (puts.every((p, i) => p === chars[i])) return null;
  const tr = after.tr;
  let to = after.doc.content.size - 1;
  for (let i = chars.length - 1; i >= 0; i--) {
    const from = to - chars[i].length;
    if (puts[i] !== chars[i]) tr.insertText(puts[i], from, to);
    to = from;
  }
  return tr;
}

export function slugs(): Plugin {
  return new Plugin({ appendTransaction: mend });
}
