import type { Node } from "prosemirror-model";
import { Plugin, type EditorState, type Transaction } from "prosemirror-state";
import { Mapping } from "prosemirror-transform";
import { newID } from "./model.ts";

// Readers' links, open translations and findings point at IDs, so: each is there once, and the node
// that had it keeps it. The first half of a split block, the first of two that were joined and a block
// that was moved or cut and pasted are the ones that had it; a copy gets a new one.

/** hasID tells whether nodes of this type have an identity. */
export function hasID(node: Node): boolean {
  return node.type.spec.attrs !== undefined && "id" in node.type.spec.attrs;
}

/** places lists where each ID stands; null collects the nodes without one. */
function places(doc: Node): Map<string | null, number[]> {
  const found = new Map<string | null, number[]>();
  doc.descendants((node, pos) => {
    if (hasID(node)) {
      const id = node.attrs.id as string | null;
      const list = found.get(id);
      if (list) list.push(pos);
      else found.set(id, [pos]);
    }
    return !node.isTextblock;
  });
  return found;
}

/** fixIDs gives every node an ID of its own, or returns null if that is so already. */
export function fixIDs(trs: readonly Transaction[], before: EditorState, after: EditorState): Transaction | null {
  if (!trs.some((tr) => tr.docChanged)) return null;
  const now = places(after.doc);
  const renew = now.get(null) ?? [];
  let old: Map<string | null, number[]> | undefined;
  for (const [id, at] of now) {
    if (id === null || at.length < 2) continue;
    old ??= places(before.doc);
    const keeper = stayed(trs, old.get(id)?.[0], at);
    renew.push(...at.filter((pos) => pos !== keeper));
  }
  if (renew.length === 0) return null;
  const tr = after.tr;
  for (const pos of renew) tr.setNodeAttribute(pos, "id", newID());
  return tr;
}

function stayed(trs: readonly Transaction[], was: number | undefined, at: number[]): number {
  if (was === undefined) return at[0];
  const mapping = new Mapping(trs.flatMap((tr) => tr.mapping.maps));
  const result = mapping.mapResult(was, 1);
  return !result.deletedAfter && at.includes(result.pos) ? result.pos : at[0];
}

export function uniqueIDs(): Plugin {
  return new Plugin({ appendTransaction: fixIDs });
}

/** findID is the position of the node with this ID, or -1. */
export function findID(doc: Node, id: string): number {
  let found = -1;
  doc.descendants((node, pos) => {
    if (found < 0 && hasID(node) && node.attrs.id === id) found = pos;
    return found < 0 && !node.isTextblock;
  });
  return found;
}

/** findAddress is the position of the node that an address means: "head/lead", "<id>/text". */
export function findAddress(doc: Node, address: string): number {
  const [name, field] = address.split("/");
  if (name !== "head") return findID(doc, name);
  let found = -1;
  doc.forEach((node, pos) => {
    if (node.type.name === field || (field === "picture" && node.type.name === "leadpicture")) found = pos;
  });
  return found;
}
