import { coming, concerns, here, live } from "../lib/live.ts";
import { say } from "../lib/message.ts";
import { t } from "../lib/words.ts";
import { same, type Inline } from "../editor/model.ts";
import type { Begin, Row, RowAnswer } from "./row.ts";

/** What the server says of the translation as a whole. */
export interface Whole {
  progress?: string;
  meterHTML?: string;
  panelHTML?: string;
  termsHTML?: string;
}

/** What it says of all rows, by address, and of the whole. */
interface Anew extends Whole {
  revision: number;
  rows: Record<string, RowAnswer & { source: Inline }>;
}

/** How the rows are followed: busy tells whether something of a row waits for the server, whose text is left
 * alone then; whole shows the rest. */
interface Following {
  rows: ReadonlyMap<string, Row>;
  begin: Record<string, Begin>;
  busy: (address: string) => boolean;
  whole: (answer: Whole) => void;
}

/** follow shows in the rows what happens elsewhere: to the original, and to this edition in other hands. It
 * returns how to look by oneself. */
export function follow(f: Following): () => Promise<void> {
  const { story, edition } = here();
  const look = async (): Promise<void> => {
    const res = await fetch(`/desk/editions/${edition}/rows.json`, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(30_000), redirect: "manual" });
    if (res.ok) showRows(f, (await res.json()) as Anew);
  };
  const soon = coming(60, look);
  live((news) => concerns(news, story) && soon());
  return look;
}

/** showRows puts an answer into the rows. What is older than what a row shows already is let go. */
function showRows({ rows, begin, busy, whole }: Following, answer: Anew): void {
  for (const [address, fresh] of Object.entries(answer.rows)) {
    const row = rows.get(address);
    // Two texts that wait to be chosen from stay; the choice is a save, and that brings the rest.
    if (!row || answer.revision < row.base || row.tr.querySelector(".clash-note")) continue;
    if (begin[address]) begin[address].source = fresh.source;
    if (busy(address) || !same(row.value, row.saved)) {
      // What is being written was begun before the change was seen: it is stored as made from what was seen then.
      const seen = row.sourceRev;
      row.show(fresh, false);
      row.sourceRev = seen;
      continue;
    }
    if (answer.revision > row.base) {
      if (fresh.text && !same(row.saved, fresh.text)) {
        row.saved = fresh.text;
        row.set(fresh.text);
      }
      row.base = answer.revision;
    }
    row.show(fresh, true);
  }
  whole(answer);
  const more = Object.keys(answer.rows).filter((a) => !rows.has(a)).length;
  if (more) say(t("rows_new", { n: more }), { name: "rows", stay: true, action: { label: t("rows_show"), run: () => location.reload() } });
}
