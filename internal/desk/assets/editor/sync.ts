import { Drafts, type Kept } from "../lib/store.ts";
import { say, unsay } from "../lib/message.ts";
import { t } from "../lib/words.ts";
import { ahead, among, asPiece, changes, merge, pieceAt, type Clash } from "./apply.ts";
import type { Finding } from "./findings.ts";
import { same, type Doc } from "./model.ts";

// Saving: soon after one pauses, at once on Ctrl-S and on leaving, and until the server has
// acknowledged, in the browser's storage too. A lost connection, a session that ended or a server that has trouble
// stop nothing but the acknowledgement.

/** What is kept on the device. */
export interface Draft {
  doc: Doc;
  base: number;
  version: number;
  /** What was sent and not answered, the newest last: the server may have one of them. */
  unsure?: Doc[];
}

interface Answer {
  version?: number;
  revision?: number;
  savedAt?: string;
  doc?: Doc;
  clashes?: Clash[];
  errors?: { field: string; message: string }[];
  message?: string;
  findings?: Finding[];
  checklistHTML?: string;
  stateHTML?: string;
}

export interface Host {
  /** The document as it is now. */
  doc(): Doc;
  /** Brings a document into the open text. */
  apply(doc: Doc): void;
  /** Asks for the text of places that two changed; null: later. */
  resolve(doc: Doc, clashes: Clash[]): Promise<Doc | null>;
  /** What else the server said. */
  told(answer: Answer): void;
  /** Leads to an address of the text. */
  show(address: string): void;
  line(state: "saved" | "saving" | "waiting" | "failed", text: string): void;
  time(at: string | number): string;
}

export interface Options {
  save: string;
  signIn: string;
  key: string;
  base: number;
  version: number;
  doc: Doc;
}

const pause = 2_000;
const longest = 20_000;
/** How long sending waits for the device, in ms, and how many texts without an answer are remembered. */
const deviceTime = 1_000;
const mostUnsure = 6;

export class Sync {
  private base: number;
  private version: number;
  /** What the server has acknowledged. */
  private acknowledged: Doc;
  private readonly drafts: Drafts<Draft>;
  private unsure: Doc[] = [];
  private dirty = false;
  private since = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy: Promise<boolean> | null = null;
  private tries = 0;
  /** Clashes that wait for an answer; until then saving would only ask again. */
  private open: { doc: Doc; clashes: Clash[]; sent: Doc; base: number; version: number } | null = null;
  private stopped = "";

  constructor(private readonly host: Host, private readonly o: Options) {
    this.base = o.base;
    this.version = o.version;
    this.acknowledged = o.doc;
    this.drafts = new Drafts(o.key);
    addEventListener("online", () => this.retry());
    addEventListener("focus", () => this.waiting && this.retry());
    document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? void this.save() : this.waiting && this.retry()));
    addEventListener("pagehide", () => this.last());
    addEventListener("beforeunload", (e) => {
      if (this.dirty && this.drafts.failed) e.preventDefault();
    });
  }

  get pending(): boolean {
    return this.dirty || this.busy !== null;
  }

  get fields(): { base: string; version: string } {
    return { base: String(this.base), version: String(this.version) };
  }

  private get waiting(): boolean {
    return this.dirty && this.tries > 0;
  }

  /** restore looks for what an earlier page could not save any more and puts it back into the text. */
  async restore(): Promise<void> {
    for (const k of await this.drafts.orphans((left) => void this.found(left))) await this.found(k);
    if (this.drafts.failed) say(t("not_kept"), { tone: "signal", name: "kept" });
  }

  /** found takes a draft if nothing was typed here that it would cover, and offers it otherwise. */
  private async found(k: Kept<Draft>): Promise<void> {
    if (same(k.value.doc, this.acknowledged)) return this.drafts.forget(k.name);
    if (this.dirty || this.took) return this.offer(k);
    await this.take(k);
  }

  private offer(k: Kept<Draft>): void {
    const run = async (): Promise<void> => ((await this.save(true)) ? this.take(k) : this.offer(k));
    say(t("older_kept", { time: this.host.time(k.at) }), { stay: true, action: { label: t("take_it"), run: () => void run() } });
  }
  private took = false;

  private async take(k: Kept<Draft>): Promise<void> {
    const server = { doc: this.acknowledged, base: this.base, version: this.version };
    this.took = true;
    this.unsure = k.value.unsure ?? [];
    if (!this.unsure.some((u) => same(u, this.acknowledged))) { // else the server took it, and only the answer was lost
      this.base = k.value.base;
      this.version = k.value.version;
    }
    this.host.apply(k.value.doc);
    this.changed();
    await this.keep();
    await this.drafts.forget(k.name);
    say(t("restored", { time: this.host.time(k.at) }), {
      stay: true,
      action: {
        label: t("take_saved"), run: () => {
          // Saved as a change of its own: what was restored stays in the revisions if it was stored already.
          if (this.base === k.value.base) Object.assign(this, { base: server.base, version: server.version });
          this.host.apply(server.doc);
          this.changed();
        },
      },
    });
    await this.save();
  }

  /** changed is called at every change of the text. */
  changed(): void {
    const now = Date.now();
    if (!this.dirty) this.since = now;
    this.dirty = true;
    this.stopped = "";
    void this.keep().then(() => {
      if (this.drafts.failed) say(t("not_kept"), { tone: "signal", name: "kept" });
    });
    if (this.tries > 0) this.host.line("waiting", this.count());
    else if (!this.busy) this.host.line("saving", t("unsaved"));
    clearTimeout(this.timer);
    if (!this.open) this.timer = setTimeout(() => void this.save(), this.tries > 0 ? this.delay() : Math.max(0, Math.min(pause, this.since + longest - now)));
  }

  private keep(): Promise<void> {
    return this.drafts.keep({ doc: this.host.doc(), base: this.base, version: this.version, ...(this.unsure.length ? { unsure: this.unsure } : {}) });
  }

  /** sends notes on the device what is about to be sent: whatever becomes of the answer, the next page then knows
   * what of the server's text is its own. */
  private async sends(doc: Doc): Promise<void> {
    if (!same(this.unsure.at(-1), doc)) this.unsure = [...this.unsure, doc];
    // The oldest is what came there before the line broke, the newest what does on one that comes and goes.
    if (this.unsure.length > mostUnsure) this.unsure.splice(mostUnsure / 2, 1);
    await Promise.race([this.keep(), new Promise((done) => setTimeout(done, deviceTime))]);
  }

  private delay(): number {
    return Math.min(60_000, pause * 2 ** Math.min(this.tries, 5)) * (0.75 + Math.random() / 2);
  }

  private count(): string {
    return t("waiting", { n: Math.max(1, changes(this.acknowledged, this.host.doc())) });
  }

  private retry(): void {
    if (!this.dirty) return;
    clearTimeout(this.timer);
    void this.save();
  }

  /** save stores what was typed, now. It tells whether the server has all of it afterwards. Asked for by a
   * person, it first asks back about the places that two changed. */
  async save(asked = false): Promise<boolean> {
    while (this.busy) await this.busy;
    if (!this.dirty) return true;
    if (this.open) return asked ? this.decide() : false;
    clearTimeout(this.timer);
    this.busy = this.send().finally(() => (this.busy = null));
    return this.busy;
  }

  private async send(): Promise<boolean> {
    const sent = this.host.doc();
    if (this.tries === 0) this.host.line("saving", t("saving"));
    await this.sends(sent);
    let res: Response;
    let answer: Answer;
    try {
      res = await fetch(this.o.save, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: this.body(sent),
        signal: AbortSignal.timeout(30_000),
        redirect: "manual", // a redirect is the way to the sign-in
      });
      answer = (await res.json().catch(() => ({}))) as Answer;
    } catch {
      return this.later(t("offline"));
    }
    if (res.status === 401 || res.type === "opaqueredirect") return this.signedOut();
    if (res.status === 409 && answer.clashes) return this.clashed(sent, answer, answer.clashes);
    if (res.status === 429 || res.status >= 500) return this.later(t("server_trouble"));
    if (!res.ok) return this.refused(answer, res.status);
    return this.stored(sent, answer);
  }

  /** clashed asks about the places that two changed. Where the server has what was sent from here without an answer,
   * nobody else did: what was typed since goes on upon that. */
  private clashed(sent: Doc, answer: Answer, all: Clash[]): Promise<boolean> | false {
    this.tries = 0;
    const clashes = all.map((c) => ({ ...c, mine: asPiece(c.address, c.mine), theirs: asPiece(c.address, c.theirs) }))
      .filter((c) => !among(this.unsure, c.address, c.theirs));
    const now = this.host.doc();
    const { merged, clashes: since } = merge(sent, now, ahead(sent, answer.doc ?? sent, this.unsure));
    const { revision: base = this.base, version = this.version } = answer;
    if (clashes.length || since.length) {
      this.open = { doc: merged, clashes: [...clashes, ...since], sent: now, base, version };
      void this.decide();
      return false;
    }
    Object.assign(this, { base, version, unsure: [] });
    this.host.apply(merged);
    this.changed();
    clearTimeout(this.timer);
    return this.send();
  }

  private body(doc: Doc): URLSearchParams {
    return new URLSearchParams({ doc: JSON.stringify(doc), base: String(this.base), version: String(this.version), why: "" });
  }

  /** stored takes note of what the server has, and brings in what others did meanwhile. */
  private stored(sent: Doc, answer: Answer): boolean {
    if (this.tries > 0) unsay("sync");
    this.tries = 0;
    this.base = answer.revision ?? this.base;
    this.version = answer.version ?? this.version;
    const server = answer.doc ?? sent;
    const theirs = ahead(sent, server, this.unsure);
    this.unsure = [];
    this.acknowledged = server;
    const now = this.host.doc();
    if (!same(theirs, now)) {
      const { merged, clashes } = merge(sent, now, theirs);
      if (!same(merged, now)) {
        this.host.apply(merged);
        if (!same(theirs, sent)) say(t("merged"), { name: "merged" });
      }
      if (clashes.length) {
        this.open = { doc: merged, clashes, sent: merged, base: this.base, version: this.version };
        void this.decide();
      }
    }
    this.host.told(answer);
    this.dirty = !same(this.host.doc(), server);
    if (this.dirty) {
      this.changed();
      return false;
    }
    void this.drafts.drop();
    this.host.line("saved", t("saved", { time: this.host.time(answer.savedAt ?? Date.now()) }));
    return true;
  }

  /** decide shows the places that two changed, and saves what is chosen. */
  private async decide(): Promise<boolean> {
    const open = this.open;
    if (!open || this.deciding) return false;
    this.deciding = true;
    this.host.line("failed", t("clash_open"));
    // What was typed since is mine too, and may be where the other's text isn't seen here yet.
    const now = this.host.doc();
    const { merged, clashes } = merge(open.sent, now, open.doc);
    open.clashes.push(...clashes.filter((c) => !open.clashes.some((known) => known.address === c.address)));
    open.doc = merged;
    open.sent = now;
    for (const c of open.clashes) c.mine = pieceAt(open.doc, c.address);
    const chosen = await this.host.resolve(open.doc, open.clashes).finally(() => (this.deciding = false));
    if (!chosen) {
      say(t("clash_open"), { stay: true, name: "clash", action: { label: t("decide"), run: () => void this.decide() } });
      return false;
    }
    this.open = null;
    this.unsure = [];
    this.base = open.base;
    this.version = open.version;
    this.host.apply(chosen);
    this.changed();
    return this.save();
  }
  private deciding = false;

  private later(why: string): false {
    if (this.tries++ === 0) say(why, { name: "sync", stay: true, tone: "amber" });
    this.host.line("waiting", this.count());
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), this.delay());
    return false;
  }

  private signedOut(): false {
    if (this.tries++ === 0) say(t("signed_out"), { name: "sync", tone: "signal", link: { label: t("sign_in"), href: this.o.signIn, blank: true } });
    this.host.line("waiting", this.count());
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), this.delay());
    return false;
  }

  /** refused: the same text would be refused again, so it waits for the next change. */
  private refused(answer: Answer, status: number): false {
    this.unsure.pop();
    const why = answer.errors?.[0]?.message ?? answer.message ?? String(status);
    this.host.line("failed", t("not_saved", { why }));
    const place = answer.errors?.find((e) => e.field.includes("/"))?.field;
    const action = place === undefined ? undefined : { label: t("show_place"), run: () => this.host.show(place) };
    if (this.stopped !== why) say(t("not_saved", { why }), { name: "sync", tone: "signal", action });
    this.stopped = why;
    this.host.told(answer);
    return false;
  }

  /** last is the attempt while the page goes away; the draft on the device stays until a page sees it stored. */
  private last(): void {
    if (!this.dirty || this.open) return;
    const doc = this.host.doc();
    const body = this.body(doc);
    void this.sends(doc);
    this.drafts.now();
    if (body.toString().length < 60_000) void fetch(this.o.save, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } }).catch(() => {});
  }
}
