// What happens elsewhere, as the server tells it: kinds and IDs, never text. One tab of a browser holds the
// line and passes on to the others what it hears, since a browser has six lines to a house at most. Where
// tabs can't agree (over plain HTTP browsers give them no locks) each has its own.

/** News is something that happened. "reload" stands for all that may have happened. */
export interface News {
  kind: string;
  story?: string;
  edition?: string;
  lang?: string;
}

const event = "depesche:news";
const name = "depesche-live";

/** here is the story and the edition that the page is about, "" if about none. */
export function here(): { story: string; edition: string } {
  const { story = "", edition = "" } = document.querySelector<HTMLMetaElement>('meta[name="live"]')?.dataset ?? {};
  return { story, edition };
}

/** live calls hear for all that happens, until the function it returns is called. All scripts of a page may use it. */
export function live(hear: (news: News) => void): () => void {
  const on = (e: Event): void => hear((e as CustomEvent<News>).detail);
  document.addEventListener(event, on);
  return () => document.removeEventListener(event, on);
}

/** concerns tells whether news may change what is shown of a story. */
export function concerns(news: News, story: string): boolean {
  return news.kind === "reload" || news.story === story;
}

/** coming calls fn soon after it is asked for, once at a time; what is asked for meanwhile is done after. */
export function coming(ms: number, fn: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let busy = false;
  let again = false;
  const run = async (): Promise<void> => {
    timer = undefined;
    busy = true;
    try {
      await fn();
    } catch {
      // The line is cut; the next news, or the next page, brings it.
    } finally {
      busy = false;
    }
    if (!again) return;
    again = false;
    timer = setTimeout(() => void run(), ms);
  };
  return () => {
    if (busy) again = true;
    else timer ??= setTimeout(() => void run(), ms);
  };
}

/** listen begins to hear, for the whole page. */
export function listen(): void {
  const mark = document.querySelector<HTMLMetaElement>('meta[name="live"]')?.content;
  // All scripts of the page shall have said by then that they want to hear.
  if (mark && "EventSource" in globalThis) addEventListener("load", () => new Line(mark).start(), { once: true });
}

/** behind tells whether a page of mark misses what was told until the other mark. */
export function behind(mark: string, other: string): boolean {
  const [node, seq, ms] = mark.split(".");
  const [otherNode, otherSeq, otherMs] = other.split(".");
  if (node === otherNode) return Number(otherSeq) > Number(seq);
  return Number(otherMs) > Number(ms) - 10_000; // nodes hear of the same at different times
}

interface Passed {
  news?: News;
  at?: string;
  ask?: boolean;
}

class Line {
  private channel: BroadcastChannel | null = null;
  private source: EventSource | null = null;
  private tries = 0;
  private asked = false;

  constructor(private mark: string) {}

  start(): void {
    if (!navigator.locks || !("BroadcastChannel" in globalThis)) return this.open();
    this.channel = new BroadcastChannel(name);
    this.channel.addEventListener("message", (e: MessageEvent<Passed>) => this.passed(e.data));
    this.asked = true;
    this.channel.postMessage({ ask: true } satisfies Passed);
    // Whoever holds the lock holds the line, until its page goes.
    void navigator.locks.request(name, () => new Promise<never>(() => this.open()));
  }

  private passed({ news, at, ask }: Passed): void {
    if (ask) {
      if (this.source) this.channel?.postMessage({ at: this.mark } satisfies Passed);
      return;
    }
    if (this.source || at === undefined) return;
    if (!news) {
      // The answer to what this page asked when it came.
      if (this.asked && behind(this.mark, at)) tell({ kind: "reload" });
      this.asked = false;
    }
    this.mark = at;
    if (news) tell(news);
  }

  private open(): void {
    this.asked = false;
    const source = new EventSource(`/desk/events?since=${encodeURIComponent(this.mark)}`);
    this.source = source;
    source.addEventListener("hello", (e: MessageEvent) => {
      this.tries = 0;
      if (e.lastEventId) this.mark = e.lastEventId;
    });
    source.addEventListener("news", (e: MessageEvent<string>) => {
      const news = JSON.parse(e.data) as News;
      this.mark = e.lastEventId;
      this.channel?.postMessage({ news, at: this.mark } satisfies Passed);
      tell(news);
    });
    // The session has ended. Who signs in again in another tab hears here, too.
    source.addEventListener("end", () => this.later(60_000));
    source.addEventListener("error", () => {
      // The browser comes again by itself, unless it was refused.
      if (source.readyState === EventSource.CLOSED) this.later(Math.min(60_000, 5000 * 2 ** this.tries++));
    });
  }

  private later(ms: number): void {
    this.source?.close();
    setTimeout(() => this.open(), ms);
  }
}

function tell(news: News): void {
  document.dispatchEvent(new CustomEvent(event, { detail: news }));
}
