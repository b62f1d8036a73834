import { Fragment, type Mark as PMMark, type Node } from "prosemirror-model";
import { schema } from "./schema.ts";
import { slugOf } from "./slug.ts";
import { newID, type Block, type Cell, type Doc, type Inline, type Item, type Mark, type Picture, type Row, type Span } from "./model.ts";

// Between internal/document's JSON and ProseMirror's document, without loss in either direction.

const n = schema.nodes;

/** fromDoc builds the editor's document. It throws on what the schema can't hold. */
export function fromDoc(doc: Doc): Node {
  const children = [
    n.kicker.create(null, textOnly(doc.kicker)),
    n.headline.create(null, textOnly(doc.headline)),
    n.lead.create(null, fromInline(doc.lead)),
  ];
  if (doc.picture) children.push(n.leadpicture.create(null, fromPicture(doc.picture)));
  for (const b of doc.blocks) children.push(fromBlock(b));
  children.push(n.teaser.create(null, textOnly(doc.teaser)), n.slug.create(null, textOnly(doc.slug)));
  const node = n.doc.create(null, children);
  node.check();
  return node;
}

/** fromBlock builds one block. */
export function fromBlock(b: Block): Node {
  const id = b.id;
  switch (b.kind) {
    case "paragraph":
      return n.paragraph.create({ id }, fromInline(b.text));
    case "heading":
      return n.heading.create({ id, level: b.level }, fromInline(b.text));
    case "list":
      return n.list.create({ id, ordered: b.ordered ?? false }, (b.items ?? []).map((i) => n.item.create({ id: i.id }, fromInline(i.text))));
    case "quotation":
      return n.quotation.create(
        { id, speaker: b.speaker ?? "", source: b.source ?? "", original: b.original ?? "", originalLang: b.originalLang ?? "" },
        fromInline(b.text),
      );
    case "picture":
    case "gallery":
      return n.pictures.create({ id }, (b.pictures ?? []).map(fromPicture));
    case "table":
      return n.table.create({ id, header: b.header ?? false }, (b.rows ?? []).map((r) =>
        n.row.create({ id: r.id }, r.cells.map((c) => n.cell.create({ id: c.id }, n.line.create(null, fromInline(c.text)))))));
    case "factbox":
      return n.factbox.create({ id }, [n.facttitle.create(null, textOnly(b.title)), ...(b.blocks ?? []).map(fromBlock)]);
    case "embed":
      return n.embed.create({ id, url: b.embed?.url ?? "", title: b.embed?.title ?? "", media: b.embed?.media ?? "" });
    case "rule":
      return n.rule.create({ id });
  }
}

function fromPicture(p: Picture): Node {
  return n.figure.create({ id: p.id, media: p.media, alt: p.alt ?? "", credit: p.credit ?? "" }, fromInline(p.caption));
}

function textOnly(text: string | undefined): Node[] {
  return text ? [schema.text(text)] : [];
}

/** fromInline turns spans into text nodes; a line break in a span becomes a br with its marks. */
export function fromInline(inline: Inline | undefined): Node[] {
  const out: Node[] = [];
  for (const span of inline ?? []) {
    const marks = (span.marks ?? []).map(fromMark);
    span.text.split("\n").forEach((line, i) => {
      if (i > 0) out.push(n.br.create(null, null, marks));
      if (line !== "") out.push(schema.text(line, marks));
    });
  }
  return Fragment.fromArray(out).content.slice();
}

function fromMark(m: Mark): PMMark {
  const { type, ...attrs } = m;
  return schema.mark(type, attrs);
}

/** toDoc reads the editor's document. Nodes without an ID, which ids.ts doesn't leave behind, get one. */
export function toDoc(node: Node): Doc {
  const doc: Doc = { blocks: [] };
  node.forEach((child) => {
    switch (child.type.name) {
      case "kicker":
      case "headline":
      case "teaser":
        if (child.textContent) doc[child.type.name] = child.textContent;
        break;
      case "slug": {
        const slug = slugOf(child.textContent);
        if (slug) doc.slug = slug;
        break;
      }
      case "lead":
        if (child.childCount) doc.lead = toInline(child);
        break;
      case "leadpicture":
        doc.picture = toPicture(child.firstChild!);
        break;
      default:
        doc.blocks.push(toBlock(child));
    }
  });
  return doc;
}

/** toBlock reads one block. */
export function toBlock(b: Node): Block {
  const id = idOf(b);
  switch (b.type.name) {
    case "heading":
      return { id, kind: "heading", level: Number(b.attrs.level), ...text(b) };
    case "list": {
      const items = children(b, (i): Item => ({ id: idOf(i), ...text(i) }));
      return { id, kind: "list", ...(b.attrs.ordered ? { ordered: true } : {}), items };
    }
    case "quotation":
      return { id, kind: "quotation", ...text(b), ...filled(b, "speaker", "source", "original", "originalLang") };
    case "pictures":
      return { id, kind: b.childCount > 1 ? "gallery" : "picture", pictures: children(b, toPicture) };
    case "table":
      return {
        id,
        kind: "table",
        ...(b.attrs.header ? { header: true } : {}),
        rows: children(b, (r): Row => ({ id: idOf(r), cells: children(r, (c): Cell => ({ id: idOf(c), ...text(c.firstChild!) })) })),
      };
    case "factbox": {
      const title = b.firstChild!.textContent;
      const blocks: Block[] = [];
      b.forEach((c, _, i) => {
        if (i > 0) blocks.push(toBlock(c));
      });
      return { id, kind: "factbox", ...(title ? { title } : {}), blocks };
    }
    case "embed":
      return { id, kind: "embed", embed: { url: String(b.attrs.url), title: String(b.attrs.title), ...filled(b, "media") } };
    case "rule":
      return { id, kind: "rule" };
    default:
      return { id, kind: "paragraph", ...text(b) };
  }
}

function toPicture(f: Node): Picture {
  return { id: idOf(f), media: String(f.attrs.media), ...(f.childCount ? { caption: toInline(f) } : {}), ...filled(f, "alt", "credit") };
}

function idOf(b: Node): string {
  return (b.attrs.id as string | null) ?? newID();
}

function text(b: Node): { text?: Inline } {
  return b.childCount ? { text: toInline(b) } : {};
}

function filled(b: Node, ...names: string[]): Record<string, string> {
  return Object.fromEntries(names.filter((x) => b.attrs[x]).map((x) => [x, String(b.attrs[x])]));
}

function children<T>(b: Node, read: (c: Node) => T): T[] {
  const out: T[] = [];
  b.forEach((c) => out.push(read(c)));
  return out;
}

/** toInline reads running text: neighbours with equal marks become one span. */
export function toInline(parent: Node): Inline {
  const out: Span[] = [];
  let last: readonly PMMark[] | null = null;
  parent.forEach((c) => {
    const piece = c.isText ? c.text! : "\n";
    if (last && sameMarks(last, c.marks)) {
      out[out.length - 1]!.text += piece;
      return;
    }
    last = c.marks;
    const marks = c.marks.map((m): Mark => ({ type: m.type.name as Mark["type"], ...(m.attrs as Partial<Mark>) }));
    out.push({ text: piece, ...(marks.length ? { marks } : {}) });
  });
  return out;
}

function sameMarks(a: readonly PMMark[], b: readonly PMMark[]): boolean {
  return a.length === b.length && a.every((m, i) => m.eq(b[i]!));
}
