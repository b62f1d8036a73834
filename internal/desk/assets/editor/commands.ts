import { joinTextblockBackward, joinTextblockForward, splitBlockAs } from "prosemirror-commands";
import { Fragment, type Node, type NodeType, type ResolvedPos, Slice } from "prosemirror-model";
import { NodeSelection, Selection, TextSelection, type Command, type EditorState, type Transaction } from "prosemirror-state";
import { findTable, isInTable, goToNextCell, addRowAfter } from "prosemirror-tables";
import { headFields, newID } from "./model.ts";
import { schema } from "./schema.ts";

// What the keys and the menus do to blocks. IDs of new nodes are left to ids.ts.

const n = schema.nodes;
const fields = new Set<string>([...headFields, "leadpicture"]);

export function isField(node: Node | null | undefined): boolean {
  return !!node && fields.has(node.type.name);
}

/** blockDepth is the depth of the block that can be moved and changed as one: 1, or inside a fact box 2. */
export function blockDepth($pos: ResolvedPos): number {
  return $pos.depth >= 2 && $pos.node(1).type === n.factbox && $pos.node(2).type !== n.facttitle ? 2 : 1;
}

/** rich tells whether the caret's text takes marks and line breaks. */
export function rich(state: EditorState): boolean {
  const { parent } = state.selection.$from;
  return parent.inlineContent && parent.type.spec.marks !== "";
}

/** emptyParagraph is the default for what follows. */
const emptyParagraph = (): Node => n.paragraph.create({ id: newID() });

function caret(tr: Transaction, pos: number): Transaction {
  return tr.setSelection(Selection.near(tr.doc.resolve(pos), 1)).scrollIntoView();
}

/** enterField: Enter leads from one field of the head to the next, and from the lead into the text. */
export const enterField: Command = (state, dispatch) => {
  const { $from, $to } = state.selection;
  const field = $from.depth > 0 ? $from.node(1) : null;
  if (!isField(field) || $to.depth < 1 || $to.node(1) !== field) return false;
  if (!dispatch) return true;
  const tr = state.tr;
  if (field!.type === n.lead) {
    const rest = field!.content.cut($to.parentOffset);
    tr.delete($from.pos, $from.end());
    let at = tr.mapping.map($from.after(1), -1);
    if (tr.doc.nodeAt(at)?.type === n.leadpicture) at += tr.doc.nodeAt(at)!.nodeSize;
    const next = tr.doc.nodeAt(at);
    if (rest.size === 0 && next?.type === n.paragraph && next.childCount === 0) return dispatch(caret(tr, at + 1)), true;
    tr.insert(at, n.paragraph.create({ id: newID() }, rest));
    dispatch(caret(tr, at + 1));
    return true;
  }
  const after = $from.after(1);
  if (after < state.doc.content.size) dispatch(caret(tr, after + 1));
  return true;
};

/** enterBefore: Enter at the start of a text opens a line above; the text keeps its ID. */
export const enterBefore: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const { parent } = $from;
  if (!empty || $from.parentOffset > 0 || parent.content.size === 0) return false;
  const fresh = parent.type === n.item ? n.item.create({ id: newID() })
    : [n.paragraph, n.heading, n.quotation].includes(parent.type) ? emptyParagraph() : null;
  if (!fresh) return false;
  dispatch?.(state.tr.insert($from.before(), fresh).scrollIntoView());
  return true;
};

/** leaveBlock: Enter in an empty list item, an empty last line of a fact box, or a caption leads out. */
export const leaveBlock: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty) return false;
  const { parent } = $from;
  if (parent.type === n.item && parent.content.size === 0) return liftItem(state, dispatch);
  if (parent.type === n.facttitle) {
    dispatch?.(caret(state.tr, $from.after() + 1));
    return true;
  }
  if (parent.type === n.figure) {
    if ($from.node(1).type === n.leadpicture) return false;
    const after = $from.after(1);
    dispatch?.(caret(state.tr.insert(after, emptyParagraph()), after + 1));
    return true;
  }
  if (blockDepth($from) === 2 && parent.type === n.paragraph && parent.content.size === 0) {
    const box = $from.node(1);
    if ($from.index(1) !== box.childCount - 1 || box.childCount < 3) return false;
    if (!dispatch) return true;
    const tr = state.tr.delete($from.before(2), $from.after(2));
    const at = tr.mapping.map($from.after(1));
    dispatch(caret(tr.insert(at, n.paragraph.create({ id: parent.attrs.id as string })), at + 1));
    return true;
  }
  return false;
};

/** enterCell: Enter in a table goes to the cell below, from the last row out of the table. */
export const enterCell: Command = (state, dispatch) => {
  if (!isInTable(state)) return false;
  const { $from } = state.selection;
  const table = findTable($from);
  if (!table) return false;
  const row = $from.index(table.depth);
  const column = $from.index(table.depth + 1);
  if (!dispatch) return true;
  if (row + 1 >= table.node.childCount) {
    const after = table.pos + table.node.nodeSize;
    dispatch(caret(state.tr.insert(after, emptyParagraph()), after + 1));
    return true;
  }
  let pos = table.start;
  for (let r = 0; r <= row; r++) pos += table.node.child(r).nodeSize;
  pos += 1;
  for (let c = 0; c < column; c++) pos += table.node.child(row + 1).child(c).nodeSize;
  dispatch(caret(state.tr, pos + 2));
  return true;
};

/** nextCell: Tab goes on, and opens a row behind the last cell. */
export const nextCell: Command = (state, dispatch, view) => {
  if (!isInTable(state)) return false;
  if (goToNextCell(1)(state, dispatch)) return true;
  if (!addRowAfter(state, dispatch)) return false;
  if (view) goToNextCell(1)(view.state, view.dispatch.bind(view));
  return true;
};

/** enter splits what is left: both halves get the ID, and ids.ts takes it from the second. At the end of
 * a title or a quotation text goes on. Behind a selected block it opens a line. */
export const enter: Command = (state, dispatch) => {
  const { selection } = state;
  if (selection instanceof NodeSelection && selection.node.isBlock) {
    const at = selection.$from.depth === 0 ? intoBody(state.doc, selection.to) : selection.$from.after(1);
    dispatch?.(caret(state.tr.insert(at, emptyParagraph()), at + 1));
    return true;
  }
  return split(state, dispatch);
};

// What follows is said, since the schema's own default after a block may be the teaser.
const split = splitBlockAs((node, atEnd) => (atEnd ? { type: node.type === n.item ? n.item : n.paragraph } : null));

/** lineBreak is Shift-Enter, where the text takes one. */
export const lineBreak: Command = (state, dispatch) => {
  if (!rich(state)) return isField(state.selection.$from.parent);
  dispatch?.(state.tr.replaceSelectionWith(n.br.create(), true).scrollIntoView());
  return true;
};

/** liftItem takes the caret's item out of its list as a paragraph with the same ID. */
export const liftItem: Command = (state, dispatch) => {
  const { $from } = state.selection;
  if ($from.parent.type !== n.item) return false;
  if (!dispatch) return true;
  const list = $from.node(-1);
  const index = $from.index(-1);
  const pieces: Node[] = [];
  const cut = (from: number, to: number, id: string | null): void => {
    const items = Array.from({ length: to - from }, (_, i) => list.child(from + i));
    if (items.length) pieces.push(n.list.create({ ...list.attrs, id }, items));
  };
  cut(0, index, list.attrs.id as string);
  const at = $from.before(-1) + pieces.reduce((sum, p) => sum + p.nodeSize, 0);
  pieces.push(n.paragraph.create({ id: $from.parent.attrs.id as string }, $from.parent.content));
  cut(index + 1, list.childCount, index === 0 ? (list.attrs.id as string) : newID());
  const tr = state.tr.replaceWith($from.before(-1), $from.after(-1), pieces);
  dispatch(tr.setSelection(TextSelection.create(tr.doc, at + 1 + $from.parentOffset)).scrollIntoView());
  return true;
};

/** backspace joins backwards, but never text into a field of the head or into a picture's caption. */
export const backspace: Command = (state, dispatch, view) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parentOffset > 0 || !$from.parent.isTextblock) return false;
  const { parent } = $from;
  if (isField(parent)) return true;
  if (parent.type === n.item) {
    if ($from.index(-1) === 0) return liftItem(state, dispatch);
    dispatch?.(state.tr.join($from.before()).scrollIntoView());
    return true;
  }
  if (parent.type === n.facttitle || parent.type === n.figure || parent.type === n.line) return true;
  if (parent.type === n.heading || parent.type === n.quotation) {
    if (parent.type === n.quotation && parent.content.size > 0) return setBlock(n.paragraph)(state, dispatch);
    if (parent.content.size === 0) return setBlock(n.paragraph)(state, dispatch);
  }
  const before = state.doc.resolve($from.before()).nodeBefore;
  if (isField(before) || before?.type === n.facttitle) {
    // An empty first line goes if others follow; text stays where it is.
    const container = $from.node(-1);
    const others = container === state.doc ? bodySize(state.doc) > 1 : container.childCount > 2;
    if (parent.content.size === 0 && others && dispatch) {
      dispatch(caretBack(state.tr.delete($from.before(), $from.after()), $from.before()));
    }
    return true;
  }
  if (before && !before.isTextblock && before.type !== n.list) {
    if (parent.content.size === 0 && dispatch) {
      const tr = state.tr.delete($from.before(), $from.after());
      dispatch(tr.setSelection(NodeSelection.create(tr.doc, $from.before() - before.nodeSize)).scrollIntoView());
      return true;
    }
    dispatch?.(state.tr.setSelection(NodeSelection.create(state.doc, $from.before() - before.nodeSize)).scrollIntoView());
    return true;
  }
  return joinTextblockBackward(state, dispatch, view);
};

function caretBack(tr: Transaction, pos: number): Transaction {
  return tr.setSelection(Selection.near(tr.doc.resolve(pos), -1)).scrollIntoView();
}

/** forwardDelete is backspace's mirror image. */
export const forwardDelete: Command = (state, dispatch, view) => {
  const { $from, empty } = state.selection;
  const { parent } = $from;
  if (!empty || !parent.isTextblock || $from.parentOffset < parent.content.size) return false;
  if (isField(parent) || parent.type === n.facttitle || parent.type === n.figure || parent.type === n.line) return true;
  if (parent.type === n.item && $from.index(-1) < $from.node(-1).childCount - 1) {
    dispatch?.(state.tr.join($from.after()).scrollIntoView());
    return true;
  }
  const end = parent.type === n.item ? $from.after(-1) : $from.after();
  const next = state.doc.resolve(end).nodeAfter;
  if (!next || isField(next)) return true;
  if (!next.isTextblock && next.type !== n.list) {
    dispatch?.(state.tr.setSelection(NodeSelection.create(state.doc, end)).scrollIntoView());
    return true;
  }
  return joinTextblockForward(state, dispatch, view);
};

function bodySize(doc: Node): number {
  let count = 0;
  doc.forEach((c) => {
    if (!isField(c)) count++;
  });
  return count;
}

/** setBlock turns the selected texts into blocks of one kind; they keep their IDs. */
export function setBlock(type: NodeType, attrs: Record<string, unknown> = {}): Command {
  return (state, dispatch, view) => {
    if (state.selection.$from.parent.type === n.item) {
      if (!dispatch) return true;
      let lifted: EditorState = state;
      liftItem(state, (tr) => {
        lifted = state.apply(tr);
        dispatch(tr);
      });
      return setBlock(type, attrs)(view?.state ?? lifted, view ? view.dispatch.bind(view) : dispatch);
    }
    const { from, to } = state.selection;
    let fits = false;
    state.doc.nodesBetween(from, to, (node, _pos, parent, index) => {
      if ([n.paragraph, n.heading, n.quotation].includes(node.type)) {
        if (parent!.canReplaceWith(index, index + 1, type)) fits = true;
      }
      return !fits;
    });
    if (!fits) return false;
    if (dispatch) {
      const tr = state.tr;
      state.doc.nodesBetween(from, to, (node, pos, parent, index) => {
        if (![n.paragraph, n.heading, n.quotation].includes(node.type)) return true;
        if (parent!.canReplaceWith(index, index + 1, type)) tr.setNodeMarkup(pos, type, { id: node.attrs.id as string, ...attrs });
        return false;
      });
      dispatch(tr.scrollIntoView());
    }
    return true;
  };
}

/** toggleList makes the selected paragraphs one list, changes the list's kind, or makes it paragraphs again.
 * A line keeps its ID through all of it: it is the same segment. */
export function toggleList(ordered: boolean): Command {
  return (state, dispatch) => {
    const { $from, $to } = state.selection;
    if ($from.parent.type === n.item) {
      const list = $from.node(-1);
      const pos = $from.before(-1);
      if (!dispatch) return true;
      const tr = state.tr;
      if (Boolean(list.attrs.ordered) !== ordered) dispatch(tr.setNodeAttribute(pos, "ordered", ordered));
      else {
        const lines: Node[] = [];
        list.forEach((item) => lines.push(n.paragraph.create({ id: item.attrs.id as string }, item.content)));
        const offset = state.selection.from;
        tr.replaceWith(pos, pos + list.nodeSize, lines);
        dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(offset - 1, tr.doc.content.size)))));
      }
      return true;
    }
    const range = $from.blockRange($to, (p) => p.type === state.doc.type || p.type === n.factbox);
    if (!range) return false;
    const items: Node[] = [];
    for (let i = range.startIndex; i < range.endIndex; i++) {
      const line = range.parent.child(i);
      if (line.type !== n.paragraph) return false;
      items.push(n.item.create({ id: line.attrs.id as string }, line.content));
    }
    if (!dispatch) return true;
    const tr = state.tr.replaceWith(range.start, range.end, n.list.create({ id: newID(), ordered }, items));
    dispatch(tr.setSelection(TextSelection.create(tr.doc, $from.pos + 1, $to.pos + 1)).scrollIntoView());
    return true;
  };
}

/** move carries the caret's item, picture of a gallery, line in a box, or block one place up (-1) or down (1). */
export function move(direction: -1 | 1): Command {
  return (state, dispatch) => {
    const { $from } = state.selection;
    if (!(state.selection instanceof NodeSelection) && $from.depth === 0) return false;
    const depths = state.selection instanceof NodeSelection && $from.depth === 0 ? [1]
      : [...([n.item, n.figure].includes($from.parent.type) ? [$from.depth] : []), blockDepth($from), 1];
    for (const depth of depths) {
      const parent = $from.node(depth - 1);
      const index = $from.index(depth - 1);
      const node = parent.child(index);
      const other = index + direction >= 0 && index + direction < parent.childCount ? parent.child(index + direction) : null;
      if (isField(node)) return false;
      if (!other || isField(other) || other.type === n.facttitle) continue;
      if (!dispatch) return true;
      const start = $from.posAtIndex(index, depth - 1);
      const tr = state.tr;
      const to = direction < 0 ? start - other.nodeSize : start + other.nodeSize;
      tr.delete(start, start + node.nodeSize).insert(to, node);
      const shift = to - start;
      tr.setSelection(state.selection instanceof NodeSelection
        ? NodeSelection.create(tr.doc, state.selection.from + shift)
        : moved(tr.doc, state.selection, start, start + node.nodeSize, shift));
      dispatch(tr.scrollIntoView());
      return true;
    }
    return true; // at the end of its way: the key is still ours, not the browser's
  };
}

/** moved is a selection after its block was; what reaches beyond the block is left behind. */
function moved(doc: Node, s: Selection, start: number, end: number, shift: number): Selection {
  const clamp = (pos: number): number => Math.min(Math.max(pos, start + 1), end - 1) + shift;
  return TextSelection.between(doc.resolve(clamp(s.anchor)), doc.resolve(clamp(s.head)));
}

/** insert puts a block behind the caret's, or in the place of an empty paragraph; the caret goes into it. */
export function insert(make: () => Node): Command {
  return (state, dispatch) => {
    const { $from } = state.selection;
    if (!dispatch) return true;
    const node = make();
    const depth = $from.depth === 0 ? 0 : node.type === n.paragraph || node.type === n.list ? blockDepth($from) : 1;
    const tr = state.tr;
    let at: number;
    const current = depth ? $from.node(depth) : null;
    if (current?.type === n.paragraph && current.content.size === 0) {
      at = $from.before(depth);
      tr.replaceWith(at, at + current.nodeSize, node);
    } else {
      at = depth ? $from.after(depth) : state.selection.to;
      at = intoBody(tr.doc, at);
      tr.insert(at, node);
    }
    tr.setSelection(node.isAtom || node.isLeaf ? NodeSelection.create(tr.doc, at) : Selection.near(tr.doc.resolve(at + 1), 1));
    dispatch(tr.scrollIntoView());
    return true;
  };
}

/** intoBody moves a position among the head's fields into the text. */
export function intoBody(doc: Node, pos: number): number {
  let start = 0;
  let end = doc.content.size;
  doc.forEach((c, offset) => {
    if (["kicker", "headline", "lead", "leadpicture"].includes(c.type.name)) start = offset + c.nodeSize;
    if (c.type.name === "teaser") end = offset;
  });
  return Math.min(Math.max(pos, start), end);
}

/** insertRule puts a line and a paragraph after it. */
export const insertRule: Command = (state, dispatch) => {
  if (!insert(() => n.rule.create({ id: newID() }))(state, undefined)) return false;
  insert(() => n.rule.create({ id: newID() }))(state, (tr) => {
    const at = tr.selection.to;
    tr.insert(at, emptyParagraph());
    dispatch?.(caret(tr, at + 1));
  });
  return true;
};

export const newTable = (rows: number, columns: number): Node =>
  n.table.create({ id: newID(), header: true }, Array.from({ length: rows }, () =>
    n.row.create({ id: newID() }, Array.from({ length: columns }, () => n.cell.create({ id: newID() }, n.line.create())))));

export const newFactBox = (): Node => n.factbox.create({ id: newID() }, [n.facttitle.create(), emptyParagraph()]);

/** sentenceAt is the range of the sentence before or around a place in a text. */
export function sentenceAt(parent: Node, start: number, offset: number, lang: string): { from: number; to: number } {
  const text = parent.textBetween(0, parent.content.size, undefined, "\n");
  let from = 0;
  let to = text.length;
  if (typeof Intl.Segmenter === "function") {
    for (const s of new Intl.Segmenter(lang, { granularity: "sentence" }).segment(text)) {
      if (s.index < Math.max(offset, 1)) {
        from = s.index;
        to = s.index + s.segment.trimEnd().length;
      }
    }
  }
  return { from: start + from, to: start + to };
}

/** replaceBlocks is the slice for a row of blocks, open where the first and last are paragraphs. */
export function blocksSlice(blocks: Node[]): Slice {
  const open = (b: Node | undefined): number => (b?.type === n.paragraph ? 1 : 0);
  return new Slice(Fragment.fromArray(blocks), open(blocks[0]), open(blocks[blocks.length - 1]));
}
