import { morph } from "../lib/dom.ts";
import { t } from "../lib/words.ts";
import type { Row } from "./row.ts";

interface Proposed { offersHTML?: string; error?: string; message?: string; failures?: string[] }

/** How long one waits before a sign of it is shown, in milliseconds. */
const patience = 400;

/** Proposals asks the engines for a row. What they say is offered below it and puts nothing in. */
export class Proposals {
  private readonly asked = new Set<Row>();

  constructor(private readonly url: string, private readonly tell: (text: string) => void) {}

  async ask(row: Row): Promise<void> {
    if (this.asked.has(row)) return;
    this.asked.add(row);
    const button = row.tr.querySelector<HTMLElement>("[name=propose]");
    const sign = setTimeout(() => {
      button?.setAttribute("aria-busy", "true");
      row.tr.dataset.asking = t("unit_asking");
      this.tell(t("unit_asking"));
    }, patience);
    try {
      const res = await fetch(this.url, { method: "POST", body: new URLSearchParams({ address: row.address }), headers: { Accept: "application/json" }, signal: AbortSignal.timeout(90_000), redirect: "manual" });
      const answer = (await res.json().catch(() => ({}))) as Proposed;
      if (res.ok) {
        morph(row.tr.querySelector(".unit-offers"), answer.offersHTML);
        row.wait("");
        this.tell(t("unit_proposed", { n: row.number }));
      } else {
        const why = answer.failures?.length ? answer.failures.join("; ") : (answer.error ?? answer.message ?? t("server_trouble"));
        row.wait(why);
        this.tell(why);
      }
    } catch {
      row.wait(t("offline"));
    } finally {
      clearTimeout(sign);
      delete row.tr.dataset.asking;
      row.tr.querySelector("[name=propose]")?.removeAttribute("aria-busy");
      this.asked.delete(row);
    }
  }
}
