import { morph } from "../lib/dom.ts";
import { coming, concerns, here, live } from "../lib/live.ts";
import { say } from "../lib/message.ts";
import { t } from "../lib/words.ts";
import { same, type Inline } from "../editor/model.ts";
import type { Begin, Row, RowAnswer } from "./row.ts";

/** What the server says of the rows: by address, and of the whole. */
export interface RowsAnswer {
  revision: number;
  sourceRevision: number;
  rows: Record<string, RowAnswer & { state: string; weight?: string; source: Inline }>;
  progress: string;
  meterHTML: string;
  panelHTML: string;
}

/** rowsAnew asks for rows of the edition that the page shows: those of the addresses, or all. */
export async function rowsAnew(addresses: string[] = []): Promise<RowsAnswer | null> {
  const res = await fetch(`/desk/editions/${here().edition}/rows.json?${new URLSearchParams(addresses.map((a) => ["address", a]))}`, { headers: { Accept: "application/json" }, redirect: "manual" });
  return res.ok ? ((await res.json()) as RowsAnswer) : null;
}

/** follow shows in the rows what happens elsewhere: to the original, and to this edition in other hands. busy tells
 * whether something of a row waits for the server: its text is left alone. It returns how to ask anew by oneself. */
export function follow(rows: ReadonlyMap<string, Row>, busy: (address: string) => boolean, begin: Record<string, Begin>): () => void {
  const refresh = coming(60, async () => {
    const answer = await rowsAnew();
    if (answer) showRows(rows, busy, begin, answer);
  });
  const { story } = here();
  live((news) => concerns(news, story) && refresh());
  return refresh;
}

/** showRows puts an answer into the rows. What is older than what a row shows already is let go. */
export function showRows(rows: ReadonlyMap<string, Row>, busy: (address: string) => boolean, begin: Record<string, Begin>, answer: RowsAnswer): void {
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
  const progress = document.getElementById("units-progress");
  if (progress) progress.textContent = answer.progress;
  const meter = document.querySelector(".progressing .meter");
  if (meter) meter.outerHTML = answer.meterHTML;
  morph(document.getElementById("checklist"), answer.panelHTML);
  const more = Object.keys(answer.rows).filter((a) => !rows.has(a)).length;
  if (more) say(t("rows_new", { n: more }), { name: "rows", stay: true, action: { label: t("rows_show"), run: () => location.reload() } });
}
