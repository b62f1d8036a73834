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

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const req = indexedDB.open("depesche", 1);
    req.onupgradeneeded = () => req.result.createObjectStore("drafts", { keyPath: "name" }).createIndex("key", "key");
    req.onsuccess = () => resolve(req.result);
    req.onerror = () => reject(req.error ?? new Error("no storage"));
    req.onblocked = () => reject(new Error("storage is blocked"));
  });
  opened.catch(() => (opened = undefined));
  return opened;
}

async function run<T>(mode: IDBTransactionMode, act: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  return new Promise((resolve, reject) => {
    // strict: the browser tells us only when it is on the disk.
    const tx = db.transaction("drafts", mode, { durability: mode === "readwrite" ? "strict" : "default" });
    const req = act(tx.objectStore("drafts"));
    tx.oncomplete = () => resolve(req.result);
    tx.onabort = tx.onerror = () => reject(tx.error ?? new Error("not stored"));
  });
}

/** Drafts keeps one value per page under a key. */
export class Drafts<T> {
  private readonly name: string;
  private next: { value: T } | undefined;
  private writing: Promise<void> | undefined;
  /** The browser refused to keep something; what is typed is in this page only. */
  failed = false;

  constructor(readonly key: string) {
    this.name = `${key}|${page}`;
    // Held as long as the page lives: so others see whose draft is nobody's.
    void navigator.locks?.request(this.lock(this.name), () => new Promise(() => {}));
  }

  private lock(name: string): string {
    return "depesche draft " + name;
  }

  /** keep stores value now; while one is being written, only the newest waits. */
  keep(value: T): Promise<void> {
    this.next = { value };
    this.writing ??= this.write().finally(() => (this.writing = undefined));
    return this.writing;
  }

  private async write(): Promise<void> {
    while (this.next) {
      const { value } = this.next;
      this.next = undefined;
      try {
        await run("readwrite", (s) => s.put({ name: this.name, key: this.key, at: Date.now(), value } satisfies Kept<T>));
        this.failed = false;
      } catch {
        this.failed = true;
      }
    }
  }

  /** drop forgets this page's draft: the server has it. */
  async drop(): Promise<void> {
    this.next = undefined;
    await this.writing;
    await this.forget(this.name);
  }

  async forget(name: string): Promise<void> {
    try {
      await run("readwrite", (s) => s.delete(name));
    } catch {
      // Left behind; the next page finds that the server has the same text.
    }
  }

  /** orphans are what pages that went away have left, newest first. A page that is just going (a reload)
   * gets a moment to let go of its own. */
  async orphans(): Promise<Kept<T>[]> {
    let all: Kept<T>[];
    try {
      all = await run("readonly", (s) => s.index("key").getAll(this.key) as IDBRequest<Kept<T>[]>);
    } catch {
      this.failed = true;
      return [];
    }
    const left = await Promise.all(all.map(async (k) => k.name !== this.name && (await this.released(k.name))));
    return all.filter((_, i) => left[i]).sort((a, b) => b.at - a.at);
  }

  private async released(name: string): Promise<boolean> {
    if (!navigator.locks) return true;
    try {
      return await navigator.locks.request(this.lock(name), { signal: AbortSignal.timeout(600) }, () => true);
    } catch {
      return false; // held by a page that is open elsewhere
    }
  }
}
