import { DOMSerializer, Fragment, Slice, type Node } from "prosemirror-model";
import { Plugin, TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { say } from "../lib/message.ts";
import { t } from "../lib/words.ts";
import { insertPicture } from "./actions.ts";
import { blocksSlice, intoBody } from "./commands.ts";
import { markSource, type Context } from "./context.ts";
import { fromBlock } from "./convert.ts";
import { newID, type Block } from "./model.ts";
import { inert, pasted, plainBlocks } from "./paste.ts";
import { cleanHref, schema } from "./schema.ts";

// What comes by clipboard or is dropped: text of our own keeps everything, text from elsewhere is read
// anew, pictures go to the library first, a source dropped on a sentence stands for it.

const n = schema.nodes;
const sourceType = "application/x-depesche-source";

export function clipboard(ctx: Context): Plugin {
  return new Plugin({
    props: {
      clipboardSerializer: new Marked(DOMSerializer.nodesFromSchema(schema), DOMSerializer.marksFromSchema(schema)),
      // ProseMirror parses before it asks; what handlePaste reads by itself need not be parsed twice.
      transformPastedHTML: (html) => (ours(html) ? html : ""),
      handlePaste(view, event) {
        const data = event.clipboardData;
        if (!data) return false;
        const files = pictures(data);
        const html = data.getData("text/html");
        if (files.length && !html) return upload(view, ctx, files);
        if (ours(html)) return false; // ProseMirror reads it by the schema
        const plain = data.getData("text/plain");
        if (html) return put(view, pasted(new DOMParser().parseFromString(inert(html), "text/html").body), plain);
        return plain ? link(view, plain) || put(view, plainBlocks(plain), plain) : false;
      },
      handleDrop(view, event) {
        const data = event.dataTransfer;
        if (!data) return false;
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos;
        const source = data.getData(sourceType);
        if (source && at !== undefined) {
          view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(at))));
          markSource(view, source);
          view.focus();
          event.preventDefault();
          return true;
        }
        const files = pictures(data);
        if (!files.length) return false;
        if (at !== undefined) view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(intoBody(view.state.doc, at)))));
        event.preventDefault();
        return upload(view, ctx, files);
      },
    },
  });
}

/** Marked says in what is copied that it is ours: other editors are made of ProseMirror too. */
class Marked extends DOMSerializer {
  override serializeFragment(...args: Parameters<DOMSerializer["serializeFragment"]>): HTMLElement | DocumentFragment {
    const out = super.serializeFragment(...args);
    out.firstElementChild?.setAttribute("data-depesche", "");
    return out;
  }
}

function ours(html: string): boolean {
  return html.includes("data-depesche") && html.includes("data-pm-slice");
}

function pictures(data: DataTransfer): File[] {
  return Array.from(data.files).filter((f) => f.type.startsWith("image/"));
}

function upload(view: EditorView, ctx: Context, files: File[]): boolean {
  for (const f of files) {
    const message = say(t("uploading", { name: f.name }), { stay: true });
    ctx.upload(f).then((media) => insertPicture(view, media), (e: Error) => say(t("upload_failed", { name: f.name, why: e.message }), { tone: "signal" })).finally(() => message.close());
  }
  return true;
}

/** link makes the selected words a link when an address is pasted over them. */
function link(view: EditorView, plain: string): boolean {
  const { from, to, empty, $from, $to } = view.state.selection;
  const href = cleanHref(plain.trim());
  if (empty || !href || !/^https?:/.test(href) || !$from.sameParent($to) || $from.parent.type.spec.marks === "") return false;
  view.dispatch(view.state.tr.addMark(from, to, schema.marks.link.create({ href })));
  return true;
}

/** put places blocks at the caret as its block takes them: as lines of a list, one text in a field, or blocks. */
export function put(view: EditorView, blocks: Block[], plain: string): boolean {
  if (!blocks.length) return plain.trim() === "";
  const { $from } = view.state.selection;
  const { parent } = $from;
  const tr = view.state.tr;
  const nodes = blocks.map(fromBlock);
  if (!parent.inlineContent || parent.type === n.paragraph || parent.type === n.heading || parent.type === n.quotation) {
    const inBox = $from.depth > 1 && $from.node(1).type === n.factbox;
    tr.replaceSelection(blocksSlice(inBox ? nodes.map(simple) : nodes));
  } else if (parent.type === n.item) {
    const items = nodes.flatMap(lines).map((content) => n.item.create({ id: newID() }, content));
    if (!items.length) return true; // a line or an embed has no text to put here
    tr.replaceSelection(new Slice(Fragment.fromArray(items), 1, 1));
  } else {
    const rich = parent.type.spec.marks !== "";
    const texts = nodes.flatMap(lines);
    const joined: Node[] = [];
    for (const [i, text] of texts.entries()) {
      if (i > 0) joined.push(rich ? n.br.create() : schema.text(" "));
      joined.push(...(rich ? text : text.map((x) => schema.text(x.text ?? " "))));
    }
    tr.replaceSelection(new Slice(Fragment.fromArray(joined), 0, 0));
  }
  view.dispatch(tr.scrollIntoView().setMeta("paste", true));
  return true;
}

/** simple is a block as a fact box takes it. */
function simple(node: Node): Node {
  return node.type === n.paragraph || node.type === n.list ? node : n.paragraph.create({ id: newID() }, lines(node).flat());
}

/** lines are the texts in a block. */
function lines(node: Node): Node[][] {
  const out: Node[][] = [];
  const read = (x: Node): void => {
    if (x.isTextblock) out.push(Array.from({ length: x.childCount }, (_, i) => x.child(i)));
    else x.forEach(read);
  };
  read(node);
  return out.filter((l) => l.length);
}

/** dragSources lets the cards of the panel be dragged onto a sentence. */
export function dragSources(root: ParentNode): void {
  for (const card of root.querySelectorAll<HTMLElement>(".card[data-source]")) {
    card.draggable = true;
    card.addEventListener("dragstart", (e) => {
      e.dataTransfer?.setData(sourceType, card.dataset.source!);
      e.dataTransfer?.setData("text/plain", "");
    });
  }
}
