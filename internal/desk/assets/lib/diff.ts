// Word by word difference of two short texts (a block, a segment): the longest common row of words.

export interface Piece {
  kind: "same" | "del" | "ins";
  text: string;
}

/** words cuts a text into words, spaces and signs; joined again they are the text. */
export function words(text: string, lang?: string): string[] {
  if (typeof Intl.Segmenter === "function") {
    return Array.from(new Intl.Segmenter(lang, { granularity: "word" }).segment(text), (s) => s.segment);
  }
  return text.match(/[\p{L}\p{M}\p{N}]+|\s+|[^\p{L}\p{M}\p{N}\s]/gu) ?? [];
}

/** diff tells what to take out of a and what to put in to get b. */
export function diff(a: string, b: string, lang?: string): Piece[] {
  const x = words(a, lang);
  const y = words(b, lang);
  let start = 0;
  while (start < x.length && start < y.length && x[start] === y[start]) start++;
  let end = 0;
  while (end < x.length - start && end < y.length - start && x[x.length - 1 - end] === y[y.length - 1 - end]) end++;
  const out: Piece[] = [];
  const push = (kind: Piece["kind"], text: string): void => {
    if (!text) return;
    const last = out[out.length - 1];
    if (last?.kind === kind) last.text += text;
    else out.push({ kind, text });
  };
  push("same", x.slice(0, start).join(""));
  middle(x.slice(start, x.length - end), y.slice(start, y.length - end), push);
  push("same", x.slice(x.length - end).join(""));
  return out;
}

function middle(x: string[], y: string[], push: (kind: Piece["kind"], text: string) => void): void {
  // Beyond this the table costs more than the reader gains.
  if (x.length * y.length > 4_000_000) {
    push("del", x.join(""));
    push("ins", y.join(""));
    return;
  }
  const w = y.length + 1;
  const len = new Uint32Array((x.length + 1) * w);
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = y.length - 1; j >= 0; j--) {
      len[i * w + j] = x[i] === y[j] ? len[(i + 1) * w + j + 1] + 1 : Math.max(len[(i + 1) * w + j], len[i * w + j + 1]);
    }
  }
  let i = 0;
  let j = 0;
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) {
      push("same", x[i++]);
      j++;
    } else if (i < x.length && (j >= y.length || len[(i + 1) * w + j] >= len[i * w + j + 1])) {
      push("del", x[i++]);
    } else {
      push("ins", y[j++]);
    }
  }
}
