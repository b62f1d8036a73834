import type { EditorView } from "prosemirror-view";
import { schema } from "./schema.ts";
import { sentenceAt } from "./commands.ts";

// What the editor's parts know of the page they are on.

export interface Source { id: string; name: string; kind?: string; lang?: string }
export interface Language { tag: string; name: string }
/** A picture of the library, as the server tells of it. */
export interface LibraryPicture { id?: string; thumb?: string; alt?: string; credit?: string; caption?: string; name?: string; width?: number; height?: number }
export interface Story { id: string; headline: string; lang?: string; section?: string; date?: string; state?: string }

export class Context {
  sources: Source[] = [];
  langs: Language[] = [];
  /** What is known of the pictures in the document, by media ID. */
  pictures: Record<string, LibraryPicture> = {};

  constructor(readonly lang: string, readonly endpoints: { pictures: string; upload: string; stories: string }) {}

  async searchPictures(q: string): Promise<(LibraryPicture & { id: string })[]> {
    const found = await this.ask<{ pictures?: (LibraryPicture & { id: string })[] }>(this.endpoints.pictures, q);
    for (const p of found.pictures ?? []) this.pictures[p.id] = p;
    return found.pictures ?? [];
  }

  async searchStories(q: string): Promise<Story[]> {
    return (await this.ask<{ stories?: Story[] }>(this.endpoints.stories, q)).stories ?? [];
  }

  async upload(file: File): Promise<string> {
    const form = new FormData();
    form.set("file", file);
    const res = await fetch(this.endpoints.upload, { method: "POST", body: form, headers: { Accept: "application/json" } });
    const answer = (await res.json().catch(() => ({}))) as LibraryPicture & { errors?: { message: string }[]; message?: string };
    if (!res.ok || !answer.id) throw new Error(answer.errors?.[0]?.message ?? answer.message ?? String(res.status));
    this.pictures[answer.id] = answer;
    return answer.id;
  }

  private async ask<T>(endpoint: string, q: string): Promise<T> {
    if (!endpoint) return {} as T;
    const url = new URL(endpoint, location.href);
    url.searchParams.set("q", q);
    const res = await fetch(url, { headers: { Accept: "application/json" } });
    if (!res.ok) throw new Error(String(res.status));
    return (await res.json()) as T;
  }

  sourceName(id: string): string {
    return this.sources.find((s) => s.id === id)?.name ?? id;
  }
}

/** markSource says who stands for the selected words, or for the sentence at the caret. */
export function markSource(view: EditorView, source: string | null): boolean {
  const { state } = view;
  const { $from, $to, empty } = state.selection;
  if (!$from.parent.inlineContent || $from.parent.type.spec.marks === "") return false;
  let { from, to } = state.selection;
  const type = schema.marks.source;
  if (empty) {
    const inside = type.isInSet($from.marks()) ?? type.isInSet($from.nodeAfter?.marks ?? []);
    if (inside) ({ from, to } = markRange(view, $from.pos, inside.attrs.source as string));
    else ({ from, to } = sentenceAt($from.parent, $from.start(), $from.parentOffset, (view.dom as HTMLElement).lang));
  } else if (!$from.sameParent($to)) {
    to = $from.end();
  }
  if (from >= to) return false;
  const tr = state.tr.removeMark(from, to, type);
  if (source) tr.addMark(from, to, type.create({ source }));
  view.dispatch(tr.removeStoredMark(type).scrollIntoView());
  return true;
}

/** markRange is how far the same source reaches to both sides. */
function markRange(view: EditorView, pos: number, source: string): { from: number; to: number } {
  const $pos = view.state.doc.resolve(pos);
  let from = pos;
  let to = pos;
  $pos.parent.forEach((child, offset) => {
    const start = $pos.start() + offset;
    const has = schema.marks.source.isInSet(child.marks)?.attrs.source === source;
    if (has && start <= pos && start + child.nodeSize >= pos) {
      from = Math.min(from, start);
      to = Math.max(to, start + child.nodeSize);
    }
  });
  return { from, to };
}

