// The Markdown of a segment as a translator sees it. Sources and stories are named in it by long IDs
// that nobody can type: on the screen each has a short number instead, and what is saved has the ID.

/** A mark of the original, to put round words of the translation. */
export interface Mark { to: string; text: string }

// What stands in the brackets of a link whose closing bracket isn't escaped.
const target = /(?<=(?<!\\)(?:\\\\)*\]\()(?:<[^<>\n]*>|[^\s()<>]+)(?=\))/g;
const link = /\[((?:\\.|[^[\]\\])*)\]\((<[^<>\n]*>|[^\s()<>]+)\)/g;
const reference = /(?<=^|[<\s])(source|story):([\w-]+)/g;
const isNumber = /^\d{1,3}$/;

/** Numbers keeps which number stands for which ID in one segment: the original's come first. */
export class Numbers {
  private readonly known: string[] = [];
  /** The original's marks, each once. */
  readonly marks: Mark[] = [];

  constructor(source: string) {
    for (const [, text, to] of this.short(source).matchAll(link)) {
      if (!this.marks.some((m) => m.to === to)) this.marks.push({ to, text: text.replace(/\\(.)|[*]/g, "$1") });
    }
  }

  private number(ref: string): number {
    const at = this.known.indexOf(ref);
    return at < 0 ? this.known.push(ref) : at + 1;
  }

  /** short is the text for the screen. */
  short(text: string): string {
    return text.replace(target, (to) => to.replace(reference, (ref: string, kind: string, id: string) => (isNumber.test(id) ? ref : `${kind}:${this.number(ref)}`)));
  }

  /** long is the text to save. A number that nothing stands for stays, and the server says so. */
  long(text: string): string {
    return text.replace(target, (to) => to.replace(reference, (ref: string, kind: string, id: string) => {
      const known = isNumber.test(id) ? this.known[Number(id) - 1] : undefined;
      return known?.startsWith(kind + ":") ? known : ref;
    }));
  }
}
