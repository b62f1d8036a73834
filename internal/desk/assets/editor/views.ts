import type { Node } from "prosemirror-model";
import type { EditorView, NodeView, NodeViewConstructor, ViewMutationRecord } from "prosemirror-view";
import { field, h } from "../lib/dom.ts";
import { t } from "../lib/words.ts";
import type { Context } from "./context.ts";

// Blocks that have more to say than their text: their further fields are small inputs below it. Each
// change goes into the document at once, so that undo, saving and merging know of it.

type Place = () => number | undefined;

/** Inset is the row of inputs of one node. */
abstract class Inset implements NodeView {
  abstract dom: HTMLElement;
  contentDOM?: HTMLElement;
  protected readonly inset = h("div", { class: "inset", contenteditable: "false" });
  private readonly controls = new Map<string, HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>();

  constructor(protected node: Node, protected readonly view: EditorView, protected readonly place: Place) {}

  protected control<C extends HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(name: string, el: C): C {
    el.value = String(this.node.attrs[name] ?? "");
    el.dataset.attr = name;
    el.addEventListener("input", () => {
      const pos = this.place();
      if (pos !== undefined && el.value !== this.node.attrs[name]) this.view.dispatch(this.view.state.tr.setNodeAttribute(pos, name, el.value));
    });
    this.controls.set(name, el);
    if (!this.view.editable) el.disabled = true;
    return el;
  }

  protected button(label: string, run: () => void): HTMLElement {
    return h("button", { type: "button", class: "button quiet small", onclick: run, disabled: !this.view.editable }, label);
  }

  update(node: Node): boolean {
    if (node.type !== this.node.type) return false;
    this.node = node;
    for (const [name, el] of this.controls) {
      const value = String(node.attrs[name] ?? "");
      if (el.value !== value) el.value = value;
    }
    this.changed();
    return true;
  }

  protected changed(): void {}

  stopEvent(event: Event): boolean {
    return this.inset.contains(event.target as HTMLElement);
  }

  ignoreMutation(record: ViewMutationRecord): boolean {
    if (record.type === "selection") return this.inset.contains(record.target as HTMLElement);
    return !this.contentDOM?.contains(record.target as HTMLElement);
  }
}

class QuotationView extends Inset {
  dom: HTMLElement;
  override contentDOM: HTMLElement;

  constructor(node: Node, view: EditorView, place: Place, ctx: Context) {
    super(node, view, place);
    this.contentDOM = h("blockquote", { class: "quote" });
    const source = h("select", {}, h("option", { value: "" }, t("no_source")), ...ctx.sources.map((s) => h("option", { value: s.id }, s.name)));
    const own = String(node.attrs.source ?? "");
    if (own && !ctx.sources.some((s) => s.id === own)) source.append(h("option", { value: own }, own));
    this.inset.append(
      h("div", { class: "row" }, field(t("speaker"), this.control("speaker", h("input", { type: "text", lang: ctx.lang }))), field(t("quote_source"), this.control("source", source))),
      h("div", { class: "row" },
        field(t("original"), this.control("original", h("textarea", { rows: 1, class: "serif" }))),
        field(t("original_lang"), this.control("originalLang", langSelect(ctx, String(node.attrs.originalLang ?? ""))))),
    );
    this.dom = h("div", { class: "block", "data-kind": "quotation" }, this.contentDOM, this.inset);
    this.changed();
  }

  protected override changed(): void {
    setID(this.dom, this.node);
  }
}

class FigureView extends Inset {
  dom: HTMLElement;
  override contentDOM: HTMLElement;
  private readonly frame = h("div", { contenteditable: "false" });
  private readonly alt: HTMLInputElement;
  private readonly credit: HTMLInputElement;
  private shown: string | undefined;

  constructor(node: Node, view: EditorView, place: Place, private readonly ctx: Context, pick: (at: number) => void) {
    super(node, view, place);
    this.contentDOM = h("figcaption", { class: "caption" });
    this.alt = this.control("alt", h("input", { type: "text", lang: ctx.lang }));
    this.credit = this.control("credit", h("input", { type: "text" }));
    this.inset.append(
      h("div", { class: "row" }, field(t("alt"), this.alt), field(t("credit"), this.credit)),
      h("div", { class: "buttons" },
        this.button(t("picture_replace"), () => {
          const pos = this.place();
          if (pos !== undefined) pick(pos);
        }),
        this.button(t("picture_remove"), () => this.remove())),
    );
    this.dom = h("figure", { class: "figure" }, this.frame, this.contentDOM, this.inset);
    this.changed();
  }

  /** remove takes the picture out, and its block if it was the last one. */
  private remove(): void {
    const pos = this.place();
    if (pos === undefined) return;
    const $pos = this.view.state.doc.resolve(pos);
    const [from, to] = $pos.parent.childCount > 1 ? [pos, pos + this.node.nodeSize] : [$pos.before(), $pos.after()];
    this.view.dispatch(this.view.state.tr.delete(from, to));
    this.view.focus();
  }

  protected override changed(): void {
    const media = String(this.node.attrs.media);
    const known = this.ctx.pictures[media];
    setID(this.dom, this.node);
    this.contentDOM.classList.toggle("empty-field", this.node.content.size === 0);
    this.contentDOM.dataset.placeholder = known?.caption || t("empty_caption");
    this.alt.placeholder = known?.alt ? t("from_library", { text: known.alt }) : "";
    this.credit.placeholder = known?.credit ? t("from_library", { text: known.credit }) : "";
    if (this.shown === media) return;
    this.shown = media;
    this.frame.replaceChildren(known?.thumb
      ? h("img", { src: known.thumb, alt: String(this.node.attrs.alt || known.alt || ""), width: known.width, height: known.height, draggable: "false" })
      : h("div", { class: "thumb-missing" }, t("picture_missing")));
  }
}

class EmbedView extends Inset {
  dom: HTMLElement;

  constructor(node: Node, view: EditorView, place: Place, ctx: Context) {
    super(node, view, place);
    this.inset.append(h("div", { class: "row" },
      field(t("embed_url"), this.control("url", h("input", { type: "url", placeholder: "https://" }))),
      field(t("embed_title"), this.control("title", h("input", { type: "text", lang: ctx.lang })))));
    this.dom = h("div", { class: "block", "data-kind": "embed" }, h("div", { class: "embed-box" }, this.inset));
    this.changed();
    if (!node.attrs.url) setTimeout(() => this.inset.querySelector("input")?.focus());
  }

  protected override changed(): void {
    setID(this.dom, this.node);
  }
}

function setID(dom: HTMLElement, node: Node): void {
  if (node.attrs.id) dom.id = "b-" + String(node.attrs.id);
}

function langSelect(ctx: Context, own: string): HTMLSelectElement {
  const el = h("select", {}, h("option", { value: "" }, "–"), ...ctx.langs.map((l) => h("option", { value: l.tag }, l.name)));
  if (own && !ctx.langs.some((l) => l.tag === own)) el.append(h("option", { value: own }, own));
  return el;
}

/** views are the node views of the editor; pick opens the picture library for the figure at a place. */
export function views(ctx: Context, pick: (at: number) => void): Record<string, NodeViewConstructor> {
  return {
    quotation: (node, view, place) => new QuotationView(node, view, place, ctx),
    figure: (node, view, place) => new FigureView(node, view, place, ctx, pick),
    embed: (node, view, place) => new EmbedView(node, view, place, ctx),
  };
}
