import { toggleMark } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { NodeSelection, type Command } from "prosemirror-state";
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, findTable, isInTable } from "prosemirror-tables";
import type { EditorView } from "prosemirror-view";
import type { Icon } from "../lib/dom.ts";
import { t, type Key } from "../lib/words.ts";
import { blockDepth, insert, insertRule, isField, move, newFactBox, newTable, setBlock, toggleList } from "./commands.ts";
import { markSource, type Context } from "./context.ts";
import { langDialog, linkDialog, pictureDialog } from "./dialogs.ts";
import { fits, type Choice } from "./menu.ts";
import { newID } from "./model.ts";
import { schema } from "./schema.ts";

// What the toolbar, the block menu and the keys can do, in one place.

const n = schema.nodes;

/** A thing to do: run without a view tells whether it can be done now. */
export interface Action {
  name: string;
  word: Key;
  run: (view: EditorView) => void;
  can?: Command;
  on?: (view: EditorView) => boolean;
  className?: string;
  /** Shown in the place of the word. */
  icon?: Icon;
}

function doing(command: Command): (view: EditorView) => void {
  return (view) => {
    command(view.state, view.dispatch.bind(view), view);
    view.focus();
  };
}

const inBlock = (type: string, attrs: Record<string, unknown> = {}) => (view: EditorView): boolean => {
  const { $from } = view.state.selection;
  const node = type === "item" ? ($from.depth > 1 ? $from.node(-1) : null) : $from.parent;
  return (type === "item" ? node?.type === n.list : node?.type.name === type) && Object.entries(attrs).every(([k, v]) => node?.attrs[k] === v);
};

const hasMark = (name: string) => (view: EditorView): boolean => {
  const { from, to, empty, $from } = view.state.selection;
  const type = schema.marks[name];
  return empty ? Boolean(type.isInSet(view.state.storedMarks ?? $from.marks())) : view.state.doc.rangeHasMark(from, to, type);
};

const richText: Command = (state) => state.selection.$from.parent.inlineContent && state.selection.$from.parent.type.spec.marks !== "";

/** nextTitle goes round the three levels, and back to text. */
const nextTitle: Command = (state, dispatch, view) => {
  const { parent } = state.selection.$from;
  if (parent.type !== n.heading) return setBlock(n.heading, { level: 2 })(state, dispatch, view);
  const level = Number(parent.attrs.level);
  return level < 4 ? setBlock(n.heading, { level: level + 1 })(state, dispatch, view) : setBlock(n.paragraph)(state, dispatch, view);
};

/** toggleBlock makes a block of this kind, or text again. */
const toggleBlock = (kind: "quotation"): Command => (state, dispatch, view) =>
  setBlock(state.selection.$from.parent.type === n[kind] ? n.paragraph : n[kind])(state, dispatch, view);

/** deleteBlock takes the caret's block out; the head's fields stay. */
export const deleteBlock: Command = (state, dispatch) => {
  const { $from } = state.selection;
  if (state.selection instanceof NodeSelection && $from.depth === 0) {
    dispatch?.(state.tr.deleteSelection().scrollIntoView());
    return true;
  }
  if ($from.depth === 0) return false;
  const depth = blockDepth($from);
  const node = $from.node(depth);
  if (isField(node) && node.type !== n.leadpicture) return false;
  if (depth === 2 && $from.node(1).childCount < 3) return false;
  dispatch?.(state.tr.delete($from.before(depth), $from.after(depth)).scrollIntoView());
  return true;
};

/** insertPicture puts a picture of the library into the text; into a gallery or picture, as one more. */
export function insertPicture(view: EditorView, media: string): void {
  const { $from } = view.state.selection;
  const figure = n.figure.create({ id: newID(), media });
  const inPictures = $from.depth >= 2 && $from.node(1).type === n.pictures;
  if (inPictures) view.dispatch(view.state.tr.insert($from.after(2), figure).scrollIntoView());
  else insert(() => n.pictures.create({ id: newID() }, figure))(view.state, view.dispatch.bind(view));
  view.focus();
}

/** setLeadPicture puts a picture above the text, in the place of the one there. */
export function setLeadPicture(view: EditorView, media: string): void {
  let at = 0;
  let old = 0;
  view.state.doc.forEach((c, pos) => {
    if (c.type === n.lead) at = pos + c.nodeSize;
    if (c.type === n.leadpicture) old = c.nodeSize;
  });
  const node = n.leadpicture.create(null, n.figure.create({ id: newID(), media }));
  view.dispatch(view.state.tr.replaceWith(at, at + old, node).scrollIntoView());
}

export interface Actions {
  bar: (Action | null)[];
  table: Action[];
  blocks: Action[];
}

export function actions(ctx: Context, openSources: (view: EditorView) => void): Actions {
  const a = (name: string, word: Key, command: Command, more: Partial<Action> = {}): Action => ({ name, word, run: doing(command), can: command, ...more });
  const pictures = (take: (view: EditorView, media: string) => void) => (view: EditorView): void => pictureDialog(view, ctx, (media) => take(view, media));
  const text = a("text", "tool_text", setBlock(n.paragraph), { on: inBlock("paragraph"), can: undefined });
  const quote = a("quote", "tool_quote", toggleBlock("quotation"), { on: inBlock("quotation") });
  const list = a("list", "tool_list", toggleList(false), { on: inBlock("item", { ordered: false }) });
  const numbers = a("numbers", "tool_numbers", toggleList(true), { on: inBlock("item", { ordered: true }) });
  const picture: Action = { name: "picture", word: "tool_picture", run: pictures(insertPicture) };
  const lead: Action = { name: "lead-picture", word: "tool_lead_picture", run: pictures(setLeadPicture) };
  const factbox = a("factbox", "tool_factbox", insert(newFactBox), { can: undefined });
  const table = a("table", "tool_table", insert(() => newTable(3, 2)), { can: undefined });
  const embed = a("embed", "tool_embed", insert(() => n.embed.create({ id: newID() })), { can: undefined });
  const rule = a("rule", "tool_rule", insertRule, { can: undefined });
  const titles = [2, 3, 4].map((level) => a(`title-${level}`, "label_heading", setBlock(n.heading, { level })));
  return {
    bar: [
      text, a("title", "tool_title", nextTitle, { on: inBlock("heading") }), quote, list, numbers, null,
      a("strong", "tool_strong", toggleMark(schema.marks.strong), { on: hasMark("strong"), className: "strong" }),
      a("emphasis", "tool_emphasis", toggleMark(schema.marks.emphasis), { on: hasMark("emphasis"), className: "emphasis" }),
      { name: "link", word: "tool_link", run: (v) => void linkDialog(v, ctx), can: richText, on: (v) => hasMark("link")(v) || hasMark("story")(v) },
      { name: "lang", word: "tool_lang", run: (v) => void langDialog(v, ctx), can: (s) => !s.selection.empty && richText(s), on: hasMark("lang") }, null,
      { name: "source", word: "tool_source", run: openSources, can: richText, on: hasMark("source") },
      picture, factbox, table, embed, null,
      a("up", "tool_up", move(-1), { can: undefined, icon: "up" }), a("down", "tool_down", move(1), { can: undefined, icon: "down" }), a("delete", "tool_delete", deleteBlock, { icon: "trash" }), null,
      a("undo", "undo", undo, { icon: "undo" }), a("redo", "redo", redo, { icon: "redo" }),
    ],
    table: [
      a("row-add", "row_add", addRowAfter), a("row-remove", "row_remove", deleteRow), a("column-add", "column_add", addColumnAfter), a("column-remove", "column_remove", deleteColumn),
      a("header", "header_row", (state, dispatch) => {
        const found = isInTable(state) ? findTable(state.selection.$from) : null;
        if (!found) return false;
        dispatch?.(state.tr.setNodeAttribute(found.pos, "header", !found.node.attrs.header));
        return true;
      }, { on: (v) => Boolean(isInTable(v.state) && findTable(v.state.selection.$from)?.node.attrs.header) }),
      a("table-remove", "table_remove", deleteTable),
    ],
    blocks: [...titles, quote, list, numbers, picture, lead, factbox, table, embed, rule],
  };
}

/** blockChoices are the entries of the / menu. */
export function blockChoices(blocks: Action[], query: string): Choice[] {
  return blocks
    .map((b): Choice & { also: string } => b.name.startsWith("title-")
      ? { label: t("label_heading", { n: Number(b.name.slice(6)) }), also: t("tool_title"), run: b.run }
      : { label: t(b.word), also: "", run: b.run })
    .filter((c) => fits(`${c.label} ${c.also}`, query));
}

/** sourceChoices are the entries of the @ menu. */
export function sourceChoices(ctx: Context, query: string): Choice[] {
  return ctx.sources.filter((s) => fits(s.name, query)).map((s) => ({ label: s.name, hint: s.kind, run: (view: EditorView) => void markSource(view, s.id) }));
}
