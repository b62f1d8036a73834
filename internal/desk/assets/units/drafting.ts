import { morph } from "../lib/dom.ts";

interface State { open: boolean; text?: string; revision?: number; html?: string }

/** How often one asks how far the engines are, in milliseconds. */
const every = 1000;

/** Drafting follows the drafting of an edition, as long as it is open, and has the rows filled as they come. */
export class Drafting {
  private readonly form = document.getElementById("drafting");
  private revision = 0;

  constructor(private readonly changed: () => Promise<void>, private readonly tell: (text: string) => void) {
    if (this.form?.hasAttribute("data-open")) this.later();
  }

  private later(): void {
    setTimeout(() => void this.look(), every);
  }

  private async look(): Promise<void> {
    if (document.hidden) return this.later();
    let state: State;
    try {
      const res = await fetch(this.form?.dataset.drafting ?? "", { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10_000), redirect: "manual" });
      if (!res.ok) return res.status >= 500 ? this.later() : undefined;
      state = (await res.json()) as State;
      if (state.revision !== this.revision) await this.changed();
    } catch {
      return this.later();
    }
    this.revision = state.revision ?? 0;
    morph(this.form, state.html);
    if (state.open) return this.later();
    this.form?.removeAttribute("data-open");
    this.tell(state.text ?? "");
  }
}
