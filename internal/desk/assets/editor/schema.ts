import { Schema, type NodeSpec, type MarkSpec, type DOMOutputSpec, type Node } from "prosemirror-model";

// The document as ProseMirror sees it: the head's fields, the blocks, then teaser and slug, which are
// written when the text stands. Every node that has an identity in internal/document has the
// attribute `id`; ids.ts keeps them unique.
//
// Pictures and galleries are one node, `pictures`: with one figure it is a picture, with more a
// gallery. So a picture becomes a gallery by getting a second figure, and back.

/** labels are the keys of the words in the margin (see the catalogue island.*.json). */
function block(kind: string, extra: (n: Node) => Record<string, string> = () => ({})) {
  return (n: Node): Record<string, string> => ({
    class: "block",
    "data-kind": kind,
    ...(n.attrs.id ? { id: "b-" + String(n.attrs.id) } : {}),
    ...extra(n),
  });
}

const id = { id: { default: null as string | null } };

function headField(kind: string, rich: boolean): NodeSpec {
  return {
    content: rich ? "inline*" : "text*",
    marks: rich ? "_" : "",
    isolating: true,
    defining: true,
    selectable: false,
    toDOM: () => ["div", { class: "block", "data-kind": kind, "data-field": kind }, 0],
    parseDOM: [{ tag: `div[data-field=${kind}]` }],
  };
}

const nodes: Record<string, NodeSpec> = {
  doc: { content: "kicker headline lead leadpicture? block* teaser slug" },
  kicker: headField("kicker", false),
  headline: headField("headline", false),
  lead: headField("lead", true),
  leadpicture: {
    content: "figure",
    isolating: true,
    draggable: true,
    toDOM: () => ["div", { class: "block", "data-kind": "picture", "data-lead": "" }, 0],
  },
  teaser: headField("teaser", false),
  slug: headField("slug", false),

  paragraph: {
    group: "block box",
    content: "inline*",
    attrs: id,
    toDOM: (n): DOMOutputSpec => ["p", block("paragraph")(n), 0],
    parseDOM: [{ tag: "p", getAttrs: idOf }],
  },
  heading: {
    group: "block",
    content: "inline*",
    attrs: { ...id, level: { default: 2 } },
    defining: true,
    toDOM: (n): DOMOutputSpec => ["h" + String(n.attrs.level), block("heading", (m) => ({ "data-level": String(m.attrs.level) }))(n), 0],
    parseDOM: [
      { tag: "h1", getAttrs: (d) => ({ ...idOf(d), level: 2 }) },
      { tag: "h2", getAttrs: (d) => ({ ...idOf(d), level: 2 }) },
      { tag: "h3", getAttrs: (d) => ({ ...idOf(d), level: 3 }) },
      { tag: "h4", getAttrs: (d) => ({ ...idOf(d), level: 4 }) },
      { tag: "h5", getAttrs: (d) => ({ ...idOf(d), level: 4 }) },
      { tag: "h6", getAttrs: (d) => ({ ...idOf(d), level: 4 }) },
    ],
  },
  list: {
    group: "block box",
    content: "item+",
    attrs: { ...id, ordered: { default: false } },
    toDOM: (n): DOMOutputSpec => ["div", block("list")(n), [n.attrs.ordered ? "ol" : "ul", 0]],
    parseDOM: [
      { tag: "ul", getAttrs: (d) => ({ ...idOf(d), ordered: false }) },
      { tag: "ol", getAttrs: (d) => ({ ...idOf(d), ordered: true }) },
    ],
  },
  item: {
    content: "inline*",
    attrs: id,
    defining: true,
    toDOM: (n): DOMOutputSpec => ["li", n.attrs.id ? { id: "b-" + String(n.attrs.id) } : {}, 0],
    parseDOM: [{ tag: "li", getAttrs: idOf }],
  },
  quotation: {
    group: "block",
    content: "inline*",
    attrs: { ...id, speaker: { default: "" }, source: { default: "" }, original: { default: "" }, originalLang: { default: "" } },
    defining: true,
    toDOM: (n): DOMOutputSpec => ["blockquote", {
      ...block("quotation")(n),
      ...dataset(n, "speaker", "source", "original", "originalLang"),
    }, 0],
    parseDOM: [{ tag: "blockquote", getAttrs: (d) => ({ ...idOf(d), ...fromDataset(d, "speaker", "source", "original", "originalLang") }) }],
  },
  pictures: {
    group: "block",
    content: "figure+",
    attrs: id,
    isolating: true,
    draggable: true,
    toDOM: (n): DOMOutputSpec => ["div", { ...block(n.childCount > 1 ? "gallery" : "picture")(n), "data-pictures": "" }, 0],
    parseDOM: [{ tag: "div[data-pictures]", getAttrs: idOf }],
  },
  figure: {
    content: "inline*",
    attrs: { ...id, media: { default: "" }, alt: { default: "" }, credit: { default: "" } },
    isolating: true,
    toDOM: (n): DOMOutputSpec => ["figure", { ...(n.attrs.id ? { id: "b-" + String(n.attrs.id) } : {}), ...dataset(n, "media", "alt", "credit") }, 0],
    parseDOM: [{ tag: "figure[data-media]", getAttrs: (d) => ({ ...idOf(d), ...fromDataset(d, "media", "alt", "credit") }) }],
  },
  table: {
    group: "block",
    content: "row+",
    attrs: { ...id, header: { default: false } },
    tableRole: "table",
    isolating: true,
    toDOM: (n): DOMOutputSpec => ["div", { ...block("table")(n), ...(n.attrs.header ? { "data-header": "" } : {}) }, ["table", ["tbody", 0]]],
    parseDOM: [{ tag: "table", getAttrs: (d) => ({ ...idOf(d), header: hasHeader(d) }) }],
  },
  row: {
    content: "cell+",
    attrs: id,
    tableRole: "row",
    toDOM: (): DOMOutputSpec => ["tr", 0],
    parseDOM: [{ tag: "tr", getAttrs: idOf }],
  },
  cell: {
    content: "line",
    // colspan and rowspan are always 1: prosemirror-tables asks for them.
    attrs: { ...id, colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null } },
    tableRole: "cell",
    isolating: true,
    toDOM: (n): DOMOutputSpec => ["td", n.attrs.id ? { id: "b-" + String(n.attrs.id) } : {}, 0],
    parseDOM: [{ tag: "td", getAttrs: idOf }, { tag: "th", getAttrs: idOf }],
  },
  line: { content: "inline*", toDOM: (): DOMOutputSpec => ["p", { class: "line" }, 0], parseDOM: [{ tag: "p.line" }, { tag: "p", context: "cell/" }] },
  factbox: {
    group: "block",
    content: "facttitle box+",
    attrs: id,
    isolating: true,
    defining: true,
    toDOM: (n): DOMOutputSpec => ["div", { ...block("factbox")(n), "data-factbox": "" }, 0],
    parseDOM: [{ tag: "div[data-factbox]", getAttrs: idOf }],
  },
  facttitle: {
    content: "text*",
    marks: "",
    defining: true,
    selectable: false,
    toDOM: (): DOMOutputSpec => ["div", { class: "fact-title", "data-facttitle": "" }, 0],
    parseDOM: [{ tag: "div[data-facttitle]" }],
  },
  embed: {
    group: "block",
    atom: true,
    draggable: true,
    attrs: { ...id, url: { default: "" }, title: { default: "" }, media: { default: "" } },
    toDOM: (n): DOMOutputSpec => ["div", { ...block("embed")(n), "data-embed": "", ...dataset(n, "url", "title", "media") }],
    parseDOM: [{ tag: "div[data-embed]", getAttrs: (d) => ({ ...idOf(d), ...fromDataset(d, "url", "title", "media") }) }],
  },
  rule: {
    group: "block",
    attrs: id,
    draggable: true,
    toDOM: (n): DOMOutputSpec => ["div", block("rule")(n), ["hr"]],
    parseDOM: [{ tag: "hr" }, { tag: "div[data-kind=rule]", getAttrs: idOf }],
  },
  br: {
    group: "inline",
    inline: true,
    selectable: false,
    toDOM: (): DOMOutputSpec => ["br"],
    parseDOM: [{ tag: "br" }],
    leafText: () => "\n",
  },
  text: { group: "inline" },
};

// In the order in which marks nest from outside to inside: the same as internal/document's.
const marks: Record<string, MarkSpec> = {
  source: {
    attrs: { source: {} },
    inclusive: false,
    toDOM: (m) => ["span", { class: "claim", "data-source": String(m.attrs.source) }, 0],
    parseDOM: [{ tag: "span[data-source]", getAttrs: (d) => ({ source: (d as HTMLElement).dataset.source }) }],
  },
  story: {
    attrs: { story: {} },
    inclusive: false,
    excludes: "story link",
    toDOM: (m) => ["a", { "data-story": String(m.attrs.story) }, 0],
    parseDOM: [{ tag: "a[data-story]", priority: 60, getAttrs: (d) => ({ story: (d as HTMLElement).dataset.story }) }],
  },
  link: {
    attrs: { href: {} },
    inclusive: false,
    excludes: "story link",
    toDOM: (m) => ["a", { href: String(m.attrs.href), rel: "noopener" }, 0],
    parseDOM: [{
      tag: "a[href]",
      getAttrs: (d) => {
        const href = cleanHref((d as HTMLElement).getAttribute("href") ?? "");
        return href ? { href } : false;
      },
    }],
  },
  lang: {
    attrs: { lang: {} },
    toDOM: (m) => ["span", { class: "foreign", lang: String(m.attrs.lang) }, 0],
    parseDOM: [{ tag: "span.foreign[lang]", getAttrs: (d) => ({ lang: (d as HTMLElement).lang }) }],
  },
  strong: { toDOM: () => ["strong", 0], parseDOM: [{ tag: "strong" }, { tag: "b" }] },
  emphasis: { toDOM: () => ["em", 0], parseDOM: [{ tag: "em" }, { tag: "i" }] },
};

export const schema = new Schema({ nodes, marks });

/** cleanHref gives the address if a document may hold it: http(s), mailto or tel; else "". */
export function cleanHref(raw: string): string {
  const href = raw.trim();
  if (href === "" || /[\u0000-\u0020\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"<>\\^`{|}]/.test(href)) return "";
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return "";
  }
  switch (url.protocol) {
    case "http:":
    case "https:":
      return url.hostname !== "" && url.username === "" && url.password === "" && /^https?:\/\/[^/]/i.test(href) ? href : "";
    case "mailto:":
    case "tel:":
      return url.pathname === "" ? "" : href;
    default:
      return "";
  }
}

function idOf(dom: HTMLElement | string): { id: string | null } {
  const raw = typeof dom === "string" ? "" : dom.id;
  return { id: /^b-[A-Za-z0-9_-]{1,40}$/.test(raw) ? raw.slice(2) : null };
}

function hasHeader(dom: HTMLElement | string): boolean {
  if (typeof dom === "string") return false;
  if (dom.closest?.("[data-header]")) return true;
  const first = dom.querySelector("tr");
  return first !== null && first.querySelector("th") !== null && first.querySelector("td") === null;
}

function dataset(n: Node, ...names: string[]): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of names) {
    if (n.attrs[name]) out["data-" + name.toLowerCase()] = String(n.attrs[name]);
  }
  return out;
}

function fromDataset(dom: HTMLElement | string, ...names: string[]): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of names) out[name] = typeof dom === "string" ? "" : (dom.getAttribute("data-" + name.toLowerCase()) ?? "");
  return out;
}
