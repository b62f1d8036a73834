// The document model of internal/document, as its JSON reads. Told twice, here and in Go; both sides
// run internal/document/testdata/docs.

export type Kind =
  | "paragraph" | "heading" | "list" | "quotation" | "picture" | "gallery" | "table" | "factbox" | "embed" | "rule";

export type MarkType = "source" | "story" | "link" | "lang" | "strong" | "emphasis";

export interface Mark {
  type: MarkType;
  href?: string;
  story?: string;
  source?: string;
  lang?: string;
}

export interface Span {
  text: string;
  marks?: Mark[];
}

export type Inline = Span[];

export interface Item { id: string; text?: Inline }
export interface Cell { id: string; text?: Inline }
export interface Row { id: string; cells: Cell[] }

export interface Picture {
  id: string;
  media: string;
  caption?: Inline;
  alt?: string;
  credit?: string;
}

export interface EmbedRef { url: string; title: string; media?: string }

export interface Block {
  id: string;
  kind: Kind;
  level?: number;
  text?: Inline;
  ordered?: boolean;
  items?: Item[];
  speaker?: string;
  source?: string;
  original?: string;
  originalLang?: string;
  pictures?: Picture[];
  header?: boolean;
  rows?: Row[];
  title?: string;
  blocks?: Block[];
  embed?: EmbedRef;
}

export interface Doc {
  kicker?: string;
  headline?: string;
  lead?: Inline;
  teaser?: string;
  slug?: string;
  picture?: Picture;
  blocks: Block[];
}

/** Fields of the head, as their addresses name them: "head/lead". */
export const headFields = ["kicker", "headline", "lead", "teaser", "slug"] as const;
export type HeadField = (typeof headFields)[number];

/** newID makes a name for a block: 12 characters that Go's document.ID takes. */
export function newID(): string {
  const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  let id = "b";
  for (const byte of crypto.getRandomValues(new Uint8Array(11))) id += alphabet[byte & 31];
  return id;
}

/** plain is the text of an inline without its marks. */
export function plain(text: Inline | undefined): string {
  return (text ?? []).map((s) => s.text).join("");
}

/** same compares two documents or parts of them as the JSON they are stored as. */
export function same(a: unknown, b: unknown): boolean {
  return stable(a) === stable(b);
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) => {
    if (v === null || typeof v !== "object" || Array.isArray(v)) return v;
    return Object.fromEntries(Object.entries(v).filter(([, x]) => x !== undefined).sort(([x], [y]) => (x < y ? -1 : 1)));
  });
}
