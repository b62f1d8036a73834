// What was typed and isn't acknowledged yet, kept by the browser (IndexedDB) through a crash, a closed
// lid, a lost connection. Every open page has drafts of its own; a page that went away leaves them
// to the next one that asks for the same key.

export interface Kept<T> {
  /** key + page, so that two pages on one text don't overwrite each other. */
  name: string;
  key: string;
  at: number;
  value: T;
}

const page = Math.random().toString(36).slice(2);
let opened: Promise<IDBDatabase> | undefined;
let handle: IDBDatabase | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const req = indexedDB.open("depesche", 1);
    req.onupgradeneeded = () => req.result.createObjectStore("drafts", { keyPath: "name" }).createIndex("key", "key");
    req.onsuccess = () => resolve((handle = req.result));
    req.onerror = () => reject(req.error ?? new Error("no storage"));
    req.onblocked = () => reject(new Error("storage is blocked"));
  });
  opened.catch(() => (opened = undefined));
  return opened;
}

/** relaxed survives a crash of the browser, strict one of the machine too; it takes a disk's time. */
type Durability = "relaxed" | "strict";

async function run<T>(mode: IDBTransactionMode, act: (s: IDBObjectStore) => IDBRequest<T>, durability: Durability = "relaxed"): Promise<T> {
  const db = await open();
  return new Promise((resolve, reject) => {
    const tx = db.transaction("drafts", mode, { durability });
    const req = act(tx.objectStore("drafts"));
    tx.oncomplete = () => resolve(req.result);
    tx.onabort = tx.onerror = () => reject(tx.error ?? new Error("not stored"));
  });
}

/** Drafts keeps one value per page under a key. */
export class Drafts<T> {
  private readonly name: string;
  /** What is to be written next; null takes the draft away. One row, so that nothing overtakes. */
  private next: { value: T | null } | undefined;
  private last: { value: T | null } = { value: null };
  private writing: Promise<void> | undefined;
  private settle: ReturnType<typeof setTimeout> | undefined;
  /** The browser refused to keep something; what is typed is in this page only. */
  failed = false;

  constructor(readonly key: string) {
    this.name = `${key}|${page}`;
    // Held as long as the page lives: so others see whose draft is nobody's.
    void navigator.locks?.request(this.lock(this.name), () => new Promise(() => {}));
    addEventListener("pagehide", () => this.now());
  }

  private lock(name: string): string {
    return "depesche draft " + name;
  }

  /** keep stores value at once; while one is being written, only the newest waits. When one pauses it is
   * written to the disk for good. */
  keep(value: T): Promise<void> {
    clearTimeout(this.settle);
    this.settle = setTimeout(() => void this.put("strict"), 1000);
    this.last = this.next = { value };
    return this.put("relaxed");
  }

  /** drop forgets this page's draft: the server has it. */
  drop(): Promise<void> {
    clearTimeout(this.settle);
    this.last = this.next = { value: null };
    return this.put("relaxed");
  }

  private put(durability: Durability): Promise<void> {
    if (durability === "strict") this.next ??= this.last;
    this.writing ??= this.write(durability).finally(() => (this.writing = undefined));
    return this.writing;
  }

  private async write(durability: Durability): Promise<void> {
    while (this.next) {
      const { value } = this.next;
      this.next = undefined;
      try {
        await run("readwrite", (s) => this.request(s, value) as IDBRequest<unknown>, durability);
        this.failed = false;
      } catch {
        this.failed = value !== null;
      }
    }
  }

  private request(s: IDBObjectStore, value: T | null): IDBRequest {
    return value === null ? s.delete(this.name) : s.put({ name: this.name, key: this.key, at: Date.now(), value } satisfies Kept<T>);
  }

  /** now hands over what still waits, in the last moment of the page, and once more what is being written:
   * that ends with the page. */
  now(): void {
    const next = this.next ?? (this.writing && this.last);
    if (!handle || !next) return;
    try {
      const tx = handle.transaction("drafts", "readwrite");
      this.request(tx.objectStore("drafts"), next.value);
      tx.commit?.();
    } catch {
      // The page is going; nobody is left to tell.
    }
  }

  async forget(name: string): Promise<void> {
    try {
      await run("readwrite", (s) => s.delete(name));
    } catch {
      // Left behind; the next page finds that the server has the same text.
    }
  }

  /** orphans are what pages that went away have left, newest first. A page that is just going (a reload)
   * gets a moment to let go of its own; later is told of the drafts of those that stay longer, when they go. */
  async orphans(later: (kept: Kept<T>) => void): Promise<Kept<T>[]> {
    let all: Kept<T>[];
    try {
      all = await run("readonly", (s) => s.index("key").getAll(this.key) as IDBRequest<Kept<T>[]>);
    } catch {
      this.failed = true;
      return [];
    }
    const left = await Promise.all(all.filter((k) => k.name !== this.name).map(async (k) => {
      try {
        return await this.released(k, AbortSignal.timeout(600));
      } catch {
        void this.released(k).then((kept) => kept && later(kept), () => {});
        return undefined; // held by a page that is open elsewhere
      }
    }));
    return left.filter((k): k is Kept<T> => k !== undefined).sort((a, b) => b.at - a.at);
  }

  /** released waits until the draft's page is gone and gives what it has left, if it has. */
  private async released(k: Kept<T>, signal?: AbortSignal): Promise<Kept<T> | undefined> {
    if (!navigator.locks) return k;
    return navigator.locks.request(this.lock(k.name), signal ? { signal } : {}, () =>
      run("readonly", (s) => s.get(k.name) as IDBRequest<Kept<T> | undefined>));
  }
}
