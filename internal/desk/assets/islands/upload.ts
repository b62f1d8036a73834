import { h } from "../lib/dom.ts";
import { t } from "../lib/words.ts";

interface Uploaded { id?: string; url?: string; thumb?: string; name?: string; errors?: { field?: string; message: string }[]; message?: string }

/** <depesche-upload>: several pictures at once, dropped or chosen, each with its progress. */
export class UploadElement extends HTMLElement {
  private readonly list = h("ul", { class: "uploads", "aria-live": "polite" });
  private queue: Promise<void> = Promise.resolve();

  connectedCallback(): void {
    const form = this.querySelector("form");
    const input = form?.querySelector<HTMLInputElement>("input[type=file]");
    if (!form || !input || !this.dataset.action) return;
    form.after(this.list);
    form.addEventListener("submit", (e) => {
      if (!input.files?.length) return;
      e.preventDefault();
      e.stopImmediatePropagation();
      this.add(form, input.name, [...input.files]);
      input.value = "";
    });
    const over = (on: boolean) => (e: DragEvent): void => {
      if (!e.dataTransfer?.types.includes("Files")) return;
      e.preventDefault();
      form.toggleAttribute("data-over", on);
    };
    form.addEventListener("dragenter", over(true));
    form.addEventListener("dragover", over(true));
    form.addEventListener("dragleave", (e) => form.contains(e.relatedTarget as Node | null) || form.removeAttribute("data-over"));
    form.addEventListener("drop", (e) => {
      over(false)(e);
      const files = [...(e.dataTransfer?.files ?? [])];
      if (files.length) this.add(form, input.name, files);
    });
  }

  /** add sends one after the other: so a slow line brings at least the first ones. */
  private add(form: HTMLFormElement, field: string, files: File[]): void {
    for (const file of files) {
      const bar = h("progress", { class: "meter", max: 1, value: 0, "aria-label": t("uploading", { name: file.name }) });
      const row = h("li", {}, h("span", {}, file.name), bar, h("span"));
      this.list.append(row);
      const data = new FormData(form);
      data.delete(field);
      data.set(field, file);
      this.queue = this.queue.then(() => this.send(data, file, row, bar));
    }
  }

  private send(data: FormData, file: File, row: HTMLElement, bar: HTMLProgressElement): Promise<void> {
    return new Promise((done) => {
      const req = new XMLHttpRequest(); // fetch tells no progress of what is sent
      const failed = (why: string): void => {
        row.replaceChildren(h("span", {}, file.name), h("span", { class: "failed", role: "alert" }, t("upload_failed", { name: file.name, why })));
        done();
      };
      req.open("POST", this.dataset.action!);
      req.setRequestHeader("Accept", "application/json");
      req.responseType = "json";
      req.upload.onprogress = (e) => e.lengthComputable && (bar.value = e.loaded / e.total);
      req.onerror = () => failed(t("upload_offline"));
      req.onload = () => {
        const answer = (req.response ?? {}) as Uploaded;
        if (req.status >= 400 || !answer.id) return failed(answer.errors?.[0]?.message ?? answer.message ?? String(req.status));
        const text = t("upload_done", { name: file.name });
        row.replaceChildren(answer.url ? h("a", { href: answer.url }, text) : h("span", {}, text));
        this.show(answer, file);
        this.dispatchEvent(new CustomEvent("uploaded", { detail: answer, bubbles: true }));
        done();
      };
      req.send(data);
    });
  }

  /** show puts the new picture first in the grid of the page. */
  private show(p: Uploaded, file: File): void {
    const grid = document.querySelector(".pictures");
    if (!grid || !p.url) return;
    grid.prepend(h("li", {}, h("a", { href: p.url }, h("span", { class: "thumb" }, p.thumb ? h("img", { src: p.thumb, alt: "" }) : null), h("b", {}, p.name ?? file.name))));
  }
}
