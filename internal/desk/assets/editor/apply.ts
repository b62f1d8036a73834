import type { Node } from "prosemirror-model";
import type { EditorState, Transaction } from "prosemirror-state";
import { fromDoc } from "./convert.ts";
import { isField } from "./commands.ts";
import type { Block, Doc, HeadField, Inline, Picture } from "./model.ts";
import { headFields, same } from "./model.ts";

// Bringing a document from the server into the open text, block by block: the caret and the undo
// history of everything else stay.

function keyOf(node: Node): string {
  return isField(node) ? "head/" + node.type.name : String(node.attrs.id);
}

/** replaceDoc makes the state's document equal to doc and touches only what differs. */
export function replaceDoc(state: EditorState, doc: Doc): Transaction {
  const next = fromDoc(doc);
  const tr = state.tr;
  const old = Array.from({ length: state.doc.childCount }, (_, i) => state.doc.child(i));
  const now = Array.from({ length: next.childCount }, (_, i) => next.child(i));
  let pos = state.doc.content.size;
  // From the end, so that positions before stay as they are.
  for (const { a, b } of align(old, now).reverse()) {
    const from = a ? pos - a.nodeSize : pos;
    if (a && b) {
      if (!a.eq(b)) replaceNode(tr, from, a, b);
    } else if (a) tr.delete(from, pos);
    else if (b) tr.insert(pos, b);
    pos = from;
  }
  return tr.docChanged && !tr.doc.eq(next) ? state.tr.replaceWith(0, state.doc.content.size, next.content) : tr;
}

/** replaceNode changes only the text between the first and the last difference, where that is enough. */
function replaceNode(tr: Transaction, pos: number, a: Node, b: Node): void {
  if (a.sameMarkup(b)) {
    const start = a.content.findDiffStart(b.content, 0);
    const end = a.content.findDiffEnd(b.content);
    if (start === null || !end) return;
    const overlap = Math.max(0, start - Math.min(end.a, end.b));
    tr.replace(pos + 1 + start, pos + 1 + end.a + overlap, b.slice(start, end.b + overlap));
    return;
  }
  tr.replaceWith(pos, pos + a.nodeSize, b);
}

/** align pairs the nodes of two documents by their keys, in order (longest common row). */
function align(old: Node[], now: Node[]): { a?: Node; b?: Node }[] {
  const x = old.map(keyOf);
  const y = now.map(keyOf);
  const w = y.length + 1;
  const len = new Uint32Array((x.length + 1) * w);
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = y.length - 1; j >= 0; j--) {
      len[i * w + j] = x[i] === y[j] ? len[(i + 1) * w + j + 1] + 1 : Math.max(len[(i + 1) * w + j], len[i * w + j + 1]);
    }
  }
  const out: { a?: Node; b?: Node }[] = [];
  let i = 0;
  let j = 0;
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) out.push({ a: old[i++], b: now[j++] });
    else if (i < x.length && (j >= y.length || len[(i + 1) * w + j] >= len[i * w + j + 1])) out.push({ a: old[i++] });
    else out.push({ b: now[j++] });
  }
  return out;
}

/** Piece is what one address holds: a block, a field of the head, or nothing any more. */
export type Piece = Block | Picture | Inline | string | null | undefined;

/** asPiece reads what the server says stands at an address: a piece as it is, or in an object that names
 * its kind ({block}, {text}, {picture}). */
export function asPiece(address: string, raw: unknown): Piece {
  if (typeof raw === "string") return raw || null;
  if (typeof raw !== "object" || raw === null) return null;
  const flat = address === "head/lead" || !address.startsWith("head/");
  const text = (inline: Inline): Piece => (inline.length === 0 ? null : flat ? inline : inline.map((s) => s.text).join(""));
  if (Array.isArray(raw)) return text(raw as Inline);
  if ("kind" in raw || "media" in raw) return raw as Block | Picture;
  const value = Object.fromEntries(Object.entries(raw).map(([k, v]) => [k.toLowerCase(), v as unknown]));
  if (value.block) return value.block as Block;
  if (value.picture) return value.picture as Picture;
  return Array.isArray(value.text) ? text(value.text as Inline) : null;
}

/** pieceAt reads an address: "head/lead", or a block's ID with or without a field behind it. */
export function pieceAt(doc: Doc, address: string): Piece {
  const [id, field] = address.split("/");
  if (id === "head") return field === "picture" ? (doc.picture ?? null) : (doc[field as HeadField] || null);
  return doc.blocks.find((b) => b.id === id) ?? null;
}

/** withPiece is doc with something else at an address; a block that isn't there goes to where it stood in `like`. */
export function withPiece(doc: Doc, address: string, piece: Piece, like: Doc): Doc {
  const [id, field] = address.split("/");
  if (id === "head") {
    const out: Doc = { ...doc };
    const name = field as HeadField | "picture";
    delete out[name];
    if (piece !== null && piece !== undefined && piece !== "") Object.assign(out, { [name]: piece });
    return out;
  }
  const rest = doc.blocks.filter((b) => b.id !== id);
  if (!piece || typeof piece === "string" || Array.isArray(piece)) return { ...doc, blocks: rest };
  const at = doc.blocks.findIndex((b) => b.id === id);
  if (at >= 0) return { ...doc, blocks: doc.blocks.map((b) => (b.id === id ? (piece as Block) : b)) };
  const order = like.blocks.map((b) => b.id);
  const before = order.slice(0, Math.max(order.indexOf(id), 0)).reverse().find((x) => rest.some((b) => b.id === x));
  const index = before ? rest.findIndex((b) => b.id === before) + 1 : 0;
  return { ...doc, blocks: [...rest.slice(0, index), piece as Block, ...rest.slice(index)] };
}

/** addresses lists all places of one or both documents. */
function addresses(...docs: Doc[]): string[] {
  const all = new Set<string>([...headFields.map((f) => "head/" + f), "head/picture"]);
  for (const d of docs) for (const b of d.blocks) all.add(b.id);
  return [...all];
}

/** changes counts the places in which two documents differ. */
export function changes(a: Doc, b: Doc): number {
  return addresses(a, b).filter((x) => !same(pieceAt(a, x), pieceAt(b, x))).length;
}

export interface Clash {
  address: string;
  mine: Piece;
  theirs: Piece;
  by?: string;
  at?: string;
}

/** merge joins what the server made of the text that was sent with what was typed since. Places that both
 * changed are clashes; in merged they hold mine. */
export function merge(sent: Doc, mine: Doc, theirs: Doc): { merged: Doc; clashes: Clash[] } {
  let merged = mine;
  const clashes: Clash[] = [];
  for (const address of addresses(sent, mine, theirs)) {
    const base = pieceAt(sent, address);
    const a = pieceAt(mine, address);
    const b = pieceAt(theirs, address);
    if (same(base, b) || same(a, b)) continue;
    if (same(base, a)) merged = withPiece(merged, address, b, theirs);
    else clashes.push({ address, mine: a, theirs: b });
  }
  // Theirs in a new order, mine in the old one: take their order.
  const order = (d: Doc): string => d.blocks.map((b) => b.id).join();
  if (order(mine) === order(sent) && order(theirs) !== order(sent)) {
    const place = new Map(theirs.blocks.map((b, i) => [b.id, i]));
    merged = { ...merged, blocks: [...merged.blocks].sort((x, y) => (place.get(x.id) ?? 1e9) - (place.get(y.id) ?? 1e9)) };
  }
  return { merged, clashes };
}

/** among reports whether one of these documents has a piece at an address. */
export function among(docs: Doc[], address: string, piece: Piece): boolean {
  return docs.some((d) => same(pieceAt(d, address), piece));
}

/** ahead is the server's document with what was sent last in each place where it has what was sent before: that
 * isn't somebody else's, and was taken back or written anew since. */
export function ahead(sent: Doc, server: Doc, before: Doc[]): Doc {
  let out = server;
  for (const address of addresses(sent, server)) {
    const has = pieceAt(server, address);
    const wanted = pieceAt(sent, address);
    if (!same(has, wanted) && among(before, address, has)) out = withPiece(out, address, wanted, sent);
  }
  return out;
}
