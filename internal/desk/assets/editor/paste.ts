import { newID, type Block, type Cell, type Inline, type Item, type Mark, type Row } from "./model.ts";
import { cleanHref } from "./schema.ts";

// From a clipboard's HTML (Word, Google Docs, web pages) to blocks: the text, its structure, strong,
// emphasis and links. Everything else, from styles to scripts, has no place to go in the model and
// so stays behind. Pictures come from the library, not from a clipboard.

interface Context {
  marks: Mark[];
  /** Inside a heading or table head, bold is only how it looked. */
  bold: boolean;
}

const skipped = new Set([
  "SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "IFRAME", "OBJECT", "EMBED", "SVG", "MATH", "CANVAS", "VIDEO", "AUDIO", "PICTURE", "IMG", "FORM",
  "BUTTON", "INPUT", "SELECT", "TEXTAREA", "NAV", "HEAD", "META", "LINK", "TITLE", "XML", "DEL", "S", "STRIKE", "MAP", "DIALOG", "O:P", "V:SHAPE", "W:SDTPR",
]);
const containers = new Set(["DIV", "SECTION", "ARTICLE", "MAIN", "HEADER", "FOOTER", "ASIDE", "BODY", "HTML", "CENTER", "FIGURE", "DETAILS", "DL", "FIELDSET", "ADDRESS", "HGROUP"]);
const lineEnds = new Set(["P", "DT", "DD", "FIGCAPTION", "SUMMARY", "PRE", "CAPTION", "LEGEND"]);

/** pasted reads the body of a clipboard's HTML. */
export function pasted(body: ParentNode): Block[] {
  return new Reader().read(body);
}

class Reader {
  private readonly blocks: Block[] = [];
  private text: Inline = [];
  private kind: Partial<Block> = { kind: "paragraph" };
  /** Word's lists are paragraphs that say in their style that they are one. */
  private wordList: Block | null = null;

  read(body: ParentNode): Block[] {
    this.walk(body, { marks: [], bold: true });
    this.end();
    return this.blocks;
  }

  /** end closes the text that is being read and makes it a block, if there is something in it.
   * Two line breaks are how pages without paragraphs part them. */
  private end(): void {
    const text = tidy(this.text);
    this.text = [];
    for (const piece of parted(text)) {
      this.wordList = null;
      this.blocks.push({ id: newID(), kind: "paragraph", ...this.kind, text: piece });
    }
  }

  /** quotation keeps who said it, where the page marks that; what is only indented stays what it is. */
  private quotation(el: Element, ctx: Context): void {
    this.end();
    if (el.querySelector("ul, ol, table, h1, h2, h3, h4, h5, h6, blockquote")) return this.walk(el, ctx);
    const copy = el.cloneNode(true) as Element;
    const cite = copy.querySelector("cite, footer");
    const speaker = (cite?.textContent ?? "").replace(/\s+/g, " ").replace(/^[\s–—―-]+/, "").trim();
    cite?.remove();
    const text = inlineOf(copy, ctx, []);
    if (text.length) this.blocks.push({ id: newID(), kind: "quotation", text, ...(speaker ? { speaker } : {}) });
    this.wordList = null;
  }

  private within(kind: Partial<Block>, el: Element, ctx: Context): void {
    this.end();
    const before = this.kind;
    this.kind = kind;
    this.walk(el, ctx);
    this.end();
    this.kind = before;
  }

  private walk(parent: ParentNode, ctx: Context): void {
    for (const node of Array.from(parent.childNodes)) {
      if (node.nodeType === 3) this.add(node.nodeValue ?? "", ctx, parent as Element);
      else if (node.nodeType === 1) this.element(node as Element, ctx);
    }
  }

  private add(text: string, ctx: Context, parent: Element): void {
    const flat = preserves(parent) ? text : text.replace(/[ \t\r\n\f]+/g, " ");
    if (flat) this.text.push({ text: flat, ...(ctx.marks.length ? { marks: ctx.marks } : {}) });
  }

  private element(el: Element, ctx: Context): void {
    const tag = el.tagName.toUpperCase();
    if (skipped.has(tag) || hidden(el)) return;
    // How browsers copy the space beside a link or a bold word. A no-break space of the page stands bare.
    if (tag === "SPAN" && el.children.length === 0 && el.textContent === "\u00a0") return this.add(" ", ctx, el);
    switch (tag) {
      case "BR":
        if (el.classList.contains("Apple-interchange-newline")) return;
        this.text.push({ text: "\n" });
        return;
      case "HR":
        this.end();
        this.blocks.push({ id: newID(), kind: "rule" });
        return;
      case "H1":
      case "H2":
        return this.within({ kind: "heading", level: 2 }, el, { ...ctx, bold: false });
      case "H3":
        return this.within({ kind: "heading", level: 3 }, el, { ...ctx, bold: false });
      case "H4":
      case "H5":
      case "H6":
        return this.within({ kind: "heading", level: 4 }, el, { ...ctx, bold: false });
      case "BLOCKQUOTE":
        return this.quotation(el, ctx);
      case "SUP":
        // The number of a footnote that stays behind.
        if (el.querySelector("a[href^='#']")) return;
        break;
      case "UL":
      case "OL":
        this.end();
        return this.list(el, tag === "OL", ctx);
      case "LI":
        return this.within({ kind: "paragraph" }, el, ctx);
      case "TABLE":
        this.end();
        return this.table(el, ctx);
    }
    if (lineEnds.has(tag)) {
      const item = wordItem(el);
      if (item) return this.wordLine(el, item.ordered, ctx);
      return this.within(this.kind, el, ctx);
    }
    if (containers.has(tag)) {
      this.end();
      this.walk(el, ctx);
      return this.end();
    }
    this.walk(el, this.marked(el, tag, ctx));
  }

  /** marked is the context inside an inline element. */
  private marked(el: Element, tag: string, ctx: Context): Context {
    let marks = ctx.marks;
    const style = styleOf(el);
    const weight = /(?:^|[;\s])font-weight\s*:\s*(\w+)/i.exec(style)?.[1]?.toLowerCase();
    const bold = weight ? weight.startsWith("bold") || Number(weight) >= 600 : tag === "B" || tag === "STRONG";
    const slant = /(?:^|[;\s])font-style\s*:\s*(\w+)/i.exec(style)?.[1]?.toLowerCase();
    const italic = slant ? slant === "italic" || slant === "oblique" : tag === "I" || tag === "EM" || tag === "CITE" || tag === "DFN";
    if (tag === "A") {
      const href = cleanHref(unwrap(el.getAttribute("href") ?? ""));
      if (href) marks = set(marks, { type: "link", href });
    }
    if (bold && ctx.bold) marks = set(marks, { type: "strong" });
    if (italic) marks = set(marks, { type: "emphasis" });
    return marks === ctx.marks ? ctx : { ...ctx, marks };
  }

  private list(el: Element, ordered: boolean, ctx: Context): void {
    const items: Item[] = [];
    const collect = (list: Element): void => {
      for (const child of Array.from(list.children)) {
        const tag = child.tagName.toUpperCase();
        if (tag === "UL" || tag === "OL") collect(child); // Word and Docs nest lists without an item
        else if (tag === "LI" && !hidden(child)) {
          const nested = Array.from(child.children).filter((c) => /^[UO]L$/i.test(c.tagName));
          const text = inlineOf(child, ctx, nested);
          if (text.length) items.push({ id: newID(), text });
          nested.forEach(collect);
        }
      }
    };
    collect(el);
    if (items.length) this.blocks.push({ id: newID(), kind: "list", ...(ordered ? { ordered } : {}), items });
    this.wordList = null;
  }

  private wordLine(el: Element, ordered: boolean, ctx: Context): void {
    this.end();
    const text = inlineOf(el, ctx, []);
    if (!text.length) return;
    if (!this.wordList || Boolean(this.wordList.ordered) !== ordered) {
      this.wordList = { id: newID(), kind: "list", ...(ordered ? { ordered } : {}), items: [] };
      this.blocks.push(this.wordList);
    }
    this.wordList.items!.push({ id: newID(), text });
  }

  private table(el: Element, ctx: Context): void {
    const lines = Array.from(el.querySelectorAll("tr")).filter((tr) => tr.closest("table") === el && !hidden(tr));
    const cells = (tr: Element): Element[] => Array.from(tr.children).filter((c) => /^T[DH]$/i.test(c.tagName));
    const columns = Math.max(0, ...lines.map((tr) => cells(tr).reduce((sum, c) => sum + span(c), 0)));
    const isHead = (tr: Element | undefined): boolean => !!tr && cells(tr).length > 0 && cells(tr).every((c) => c.tagName.toUpperCase() === "TH");
    const header = isHead(lines[0]) || lines[0]?.parentElement?.tagName.toUpperCase() === "THEAD";
    // One column is a layout, not a table: what is in it counts.
    if (columns < 2) {
      for (const tr of lines) for (const c of cells(tr)) this.within(this.kind, c, ctx);
      return;
    }
    const rows: Row[] = [];
    for (const tr of lines) {
      const row: Cell[] = [];
      for (const c of cells(tr)) {
        const text = inlineOf(c, { ...ctx, bold: !(header && rows.length === 0) }, []);
        row.push({ id: newID(), ...(text.length ? { text } : {}) });
        for (let i = 1; i < span(c); i++) row.push({ id: newID() });
      }
      while (row.length < columns) row.push({ id: newID() });
      if (row.some((c) => c.text)) rows.push({ id: newID(), cells: row });
    }
    if (rows.length) this.blocks.push({ id: newID(), kind: "table", ...(header ? { header: true } : {}), rows });
    this.wordList = null;
  }
}

/** inlineOf is everything in el as one running text; lines inside are kept as line breaks. */
function inlineOf(el: Element, ctx: Context, without: Element[]): Inline {
  const copy = el.cloneNode(true) as Element;
  const own = Array.from(el.children);
  for (const w of without) copy.children[own.indexOf(w)].setAttribute("data-left-out", "");
  for (const gone of Array.from(copy.querySelectorAll("[data-left-out]"))) gone.remove();
  const parts = new Reader().read(wrap(copy));
  const out: Inline = [];
  const append = (text: Inline | undefined): void => {
    if (!text?.length) return;
    if (out.length) out.push({ text: "\n" });
    out.push(...text);
  };
  for (const b of parts) {
    append(b.text);
    for (const i of b.items ?? []) append(i.text);
    for (const r of b.rows ?? []) append(r.cells.flatMap((c, i) => (c.text ? [...(i > 0 ? [{ text: " " }] : []), ...c.text] : [])));
  }
  return tidy(out.map((s) => (ctx.marks.length ? { text: s.text, marks: ctx.marks.reduce((m, x) => set(m, x), s.marks ?? []) } : s)).map((s) => (ctx.bold ? s : unbold(s))));
}

function unbold(s: Inline[number]): Inline[number] {
  const marks = (s.marks ?? []).filter((m) => m.type !== "strong");
  return marks.length ? { text: s.text, marks } : { text: s.text };
}

/** wrap gives the reader the element's children as if they stood alone. */
function wrap(el: Element): ParentNode {
  if (!/^(LI|TD|TH|P|BLOCKQUOTE)$/i.test(el.tagName)) return el;
  const div = el.ownerDocument.createElement("div");
  while (el.firstChild) div.appendChild(el.firstChild);
  return div;
}

/** set adds a mark in the order in which marks nest. */
function set(marks: Mark[], mark: Mark): Mark[] {
  const order = ["source", "story", "link", "lang", "strong", "emphasis"];
  return [...marks.filter((m) => m.type !== mark.type), mark].sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
}

/** parted cuts a text at its empty lines. */
function parted(text: Inline): Inline[] {
  const out: Inline[] = [[]];
  for (const s of text) {
    s.text.split("\n\n").forEach((piece, i) => {
      if (i > 0) out.push([]);
      if (piece) out[out.length - 1].push({ ...s, text: piece });
    });
  }
  return out.map(tidy).filter((t) => t.length);
}

/** tidy joins equal neighbours, takes spaces from the ends and round line breaks, and doubled ones. */
function tidy(text: Inline): Inline {
  const spans: Inline = text.map((s) => ({ ...s }));
  let before = "\n"; // what stands before: at a line's start a space goes
  for (const s of spans) {
    let out = "";
    for (const ch of s.text) {
      if (ch === " " && (before === " " || before === "\n")) continue;
      if (ch === "\u00a0" && before === " ") continue; // an editor's way to write two spaces
      if (ch === "\n" && before === "\n" && out === "" && s === spans[0]) continue;
      out += ch;
      before = ch;
    }
    s.text = out.replace(/ +\n/g, "\n").replace(/\n{3,}/g, "\n\n");
  }
  for (let i = spans.length - 1; i >= 0; i--) {
    spans[i].text = spans[i].text.replace(/[ \n]+$/, "");
    if (spans[i].text) break;
  }
  const out: Inline = [];
  for (const s of spans) {
    if (!s.text) continue;
    const last = out[out.length - 1];
    if (last?.text.endsWith(" ") && s.text.startsWith("\n")) last.text = last.text.trimEnd();
    if (last && JSON.stringify(last.marks ?? []) === JSON.stringify(s.marks ?? [])) last.text += s.text;
    else out.push(s);
  }
  if (out[0]) out[0].text = out[0].text.replace(/^[ \n]+/, "");
  const kept = out.filter((s) => s.text);
  // A no-break space alone is how Word and mail programs write an empty line.
  return kept.every((s) => /^[\s\u00a0\u200b\ufeff]*$/.test(s.text)) ? [] : kept;
}

function styleOf(el: Element): string {
  return el.getAttribute("data-style") ?? el.getAttribute("style") ?? "";
}

/** inert takes out of a clipboard's HTML what a page's content policy would complain of while it is parsed,
 * and keeps the styles readable under another name. */
export function inert(html: string): string {
  return html
    .replace(/<(style|script)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(\s)style(\s*=)/gi, "$1data-style$2"));
}

function hidden(el: Element): boolean {
  const style = styleOf(el);
  return /display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden|mso-list\s*:\s*ignore/i.test(style)
    || el.hasAttribute("hidden") || el.getAttribute("aria-hidden") === "true" || /\b(sr-only|visually-hidden|screen-reader-text)\b/.test(el.getAttribute("class") ?? "");
}

function preserves(el: Element): boolean {
  return el.tagName?.toUpperCase() === "PRE" || /white-space\s*:\s*(pre|pre-wrap|break-spaces)\b/i.test(el.tagName ? styleOf(el) : "");
}

function span(cell: Element): number {
  return Math.min(Math.max(Number(cell.getAttribute("colspan")) || 1, 1), 50);
}

/** wordItem tells whether a paragraph of Word's is a list's line, and of which kind. */
function wordItem(el: Element): { ordered: boolean } | null {
  const style = styleOf(el);
  if (!/mso-list\s*:/i.test(style) || /mso-list\s*:\s*(none|skip|ignore)/i.test(style)) return null;
  const marker = Array.from(el.querySelectorAll("[style], [data-style]")).find((s) => /mso-list\s*:\s*ignore/i.test(styleOf(s)))?.textContent ?? "";
  return { ordered: /^\s*\(?(\d+|[a-z]|[ivxlc]+)[.)]/i.test(marker) };
}

/** unwrap takes the real address out of the redirects that mail and document services put round links. */
function unwrap(href: string): string {
  try {
    const url = new URL(href.trim());
    if (/(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url") return url.searchParams.get("q") ?? url.searchParams.get("url") ?? href;
    if (url.hostname.endsWith(".safelinks.protection.outlook.com")) return url.searchParams.get("url") ?? href;
  } catch {
    // Not an address; cleanHref says so too.
  }
  return href;
}

/** plainBlocks reads plain text: paragraphs stand between empty lines, or each line is one. */
export function plainBlocks(text: string): Block[] {
  const lines = text.replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "").trim();
  const parts = /\n[ \t]*\n/.test(lines) ? lines.split(/\n(?:[ \t]*\n)+/) : lines.split("\n");
  return parts
    .map((p) => p.split("\n").map((l) => l.trim()).join("\n").trim())
    .filter((p) => p !== "")
    .map((p): Block => ({ id: newID(), kind: "paragraph", text: [{ text: p }] }));
}
