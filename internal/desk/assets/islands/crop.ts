import { h } from "../lib/dom.ts";
import { t } from "../lib/words.ts";

type Box = { x: number; y: number; w: number; h: number };

const whole: Box = { x: 0, y: 0, w: 1000, h: 1000 };
const smallest = 50;

/** parse reads "x,y,w,h" in thousandths; "" and nonsense are the whole picture. */
export function parse(text: string): Box {
  const [x, y, w, hh] = text.split(",").map((v) => Math.round(Number(v)));
  if (![x, y, w, hh].every((v) => Number.isFinite(v)) || w <= 0 || hh <= 0) return { ...whole };
  return limit({ x, y, w, h: hh });
}

/** limit keeps a frame inside the picture and not too small. */
export function limit(b: Box): Box {
  const w = Math.min(Math.max(b.w, smallest), 1000);
  const hh = Math.min(Math.max(b.h, smallest), 1000);
  return { x: Math.min(Math.max(b.x, 0), 1000 - w), y: Math.min(Math.max(b.y, 0), 1000 - hh), w, h: hh };
}

/** print writes it back; the whole picture is "". */
export function print(b: Box): string {
  return b.x === 0 && b.y === 0 && b.w === 1000 && b.h === 1000 ? "" : [b.x, b.y, b.w, b.h].join(",");
}

/** fit is the part of a frame that a picture of this ratio shows: as much as goes, round the focus. All in
 * thousandths of the picture, whose own ratio is `natural`. */
export function fit(frame: Box, focus: { x: number; y: number }, ratio: number, natural: number): Box {
  const own = (frame.w / frame.h) * natural;
  let { w, h: hh } = frame;
  if (own > ratio) w = (frame.h * ratio) / natural;
  else hh = (frame.w * natural) / ratio;
  const between = (v: number, min: number, max: number): number => Math.min(Math.max(v, min), max);
  return {
    x: between(focus.x - w / 2, frame.x, frame.x + frame.w - w),
    y: between(focus.y - hh / 2, frame.y, frame.y + frame.h - hh),
    w, h: hh,
  };
}

const previews: [string, number][] = [["16 : 9", 16 / 9], ["3 : 2", 3 / 2], ["1 : 1", 1], ["4 : 5", 4 / 5]];

/**
 * <depesche-crop>: what of a picture may be shown (a frame) and where its subject is (the focus). By
 * pointer or with the arrow keys; the values stand in the form's own fields, which stay usable.
 */
export class CropElement extends HTMLElement {
  private frame = { ...whole };
  private focusAt = { x: 500, y: 500 };
  private img!: HTMLImageElement;
  private readonly frameEl = h("div", { class: "crop-frame", tabindex: "0", role: "group", "aria-label": t("crop_frame") });
  private readonly dot = h("button", { type: "button", class: "crop-focus", "aria-label": t("focus_point") });
  private readonly handles = ["nw", "ne", "sw", "se"].map((c) => h("button", { type: "button", class: "crop-handle", "data-corner": c, "aria-label": t("crop_corner") }));

  connectedCallback(): void {
    const place = this.querySelector<HTMLElement>(".crop");
    const img = place?.querySelector("img");
    if (!place || !img || this.contains(this.dot)) return;
    this.img = img;
    this.read();
    this.frameEl.append(...this.handles);
    place.append(h("div", { class: "crop-stage" }, this.frameEl), this.dot);
    const toggle = h("button", { type: "button", class: "button small" });
    toggle.addEventListener("click", () => {
      this.frame = print(this.frame) ? { ...whole } : { x: 100, y: 100, w: 800, h: 800 };
      this.write();
      if (print(this.frame)) this.frameEl.focus();
    });
    place.after(h("div", { class: "buttons" }, toggle));
    this.drag(this.dot, (dx, dy, from) => (this.focusAt = { x: from.focus.x + dx, y: from.focus.y + dy }));
    this.drag(this.frameEl, (dx, dy, from) => (this.frame = limit({ ...from.frame, x: from.frame.x + dx, y: from.frame.y + dy })));
    for (const handle of this.handles) this.drag(handle, (dx, dy, from) => this.resize(handle.dataset.corner!, dx, dy, from.frame));
    place.addEventListener("click", (e) => {
      if (e.target !== img && !(e.target as Element).matches(".crop-stage")) return;
      const box = img.getBoundingClientRect();
      this.focusAt = { x: ((e.clientX - box.left) / box.width) * 1000, y: ((e.clientY - box.top) / box.height) * 1000 };
      this.write();
    });
    this.addEventListener("keydown", (e) => this.key(e));
    for (const f of this.querySelectorAll<HTMLInputElement>("[data-crop]")) f.addEventListener("change", () => (this.read(), this.write()));
    this.onshow = () => {
      toggle.textContent = print(this.frame) ? t("crop_all") : t("crop_start");
    };
    if (!img.complete) img.addEventListener("load", () => this.show());
    this.show();
  }
  private onshow: () => void = () => {};

  private field(name: string): HTMLInputElement | null {
    return this.querySelector(`[data-crop="${name}"]`);
  }

  private read(): void {
    this.focusAt = { x: Number(this.field("x")?.value ?? 500), y: Number(this.field("y")?.value ?? 500) };
    this.frame = parse(this.field("crop")?.value ?? "");
  }

  /** write puts the values into the fields and tells the form that they changed. */
  private write(): void {
    const clamp = (v: number): number => Math.round(Math.min(Math.max(v, 0), 1000));
    this.focusAt = { x: clamp(this.focusAt.x), y: clamp(this.focusAt.y) };
    const r = (v: number): number => Math.round(v);
    this.frame = limit({ x: r(this.frame.x), y: r(this.frame.y), w: r(this.frame.w), h: r(this.frame.h) });
    for (const [name, value] of [["x", this.focusAt.x], ["y", this.focusAt.y], ["crop", print(this.frame)]] as const) {
      const f = this.field(name);
      if (!f || f.value === String(value)) continue;
      f.value = String(value);
      f.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.show();
  }

  private show(): void {
    const percent = (v: number): string => `${v / 10}%`;
    this.dot.style.left = percent(this.focusAt.x);
    this.dot.style.top = percent(this.focusAt.y);
    const f = this.frame;
    this.frameEl.hidden = print(f) === "";
    Object.assign(this.frameEl.style, { left: percent(f.x), top: percent(f.y), width: percent(f.w), height: percent(f.h) });
    for (const handle of this.handles) {
      const c = handle.dataset.corner!;
      handle.style.left = c.includes("w") ? "-0.5rem" : "calc(100% - 0.5rem)";
      handle.style.top = c.includes("n") ? "-0.5rem" : "calc(100% - 0.5rem)";
    }
    this.onshow();
    this.preview();
  }

  private preview(): void {
    const place = this.querySelector(".crop-previews");
    const natural = (Number(this.img.getAttribute("width")) || this.img.naturalWidth) / (Number(this.img.getAttribute("height")) || this.img.naturalHeight || 1);
    if (!place || !Number.isFinite(natural) || natural <= 0) return;
    if (!place.childElementCount) {
      place.replaceChildren(...previews.map(([name]) => h("figure", {}, h("div", { class: "frame" }, h("img", { src: this.img.src, alt: "" })), h("figcaption", {}, name))));
    }
    previews.forEach(([, ratio], i) => {
      const box = place.children[i].firstElementChild as HTMLElement;
      const img = box.firstElementChild as HTMLElement;
      const height = 104;
      const part = fit(this.frame, this.focusAt, ratio, natural);
      const width = height * ratio;
      Object.assign(box.style, { width: `${width}px`, height: `${height}px` });
      const full = (width * 1000) / part.w;
      Object.assign(img.style, { width: `${full}px`, height: `${full / natural}px`, left: `${(-part.x / 1000) * full}px`, top: `${((-part.y / 1000) * full) / natural}px` });
    });
  }

  private resize(corner: string, dx: number, dy: number, from: Box): void {
    const right = from.x + from.w;
    const bottom = from.y + from.h;
    const x = corner.includes("w") ? Math.min(Math.max(from.x + dx, 0), right - smallest) : from.x;
    const y = corner.includes("n") ? Math.min(Math.max(from.y + dy, 0), bottom - smallest) : from.y;
    this.frame = limit({
      x, y,
      w: corner.includes("w") ? right - x : Math.min(from.w + dx, 1000 - from.x),
      h: corner.includes("n") ? bottom - y : Math.min(from.h + dy, 1000 - from.y),
    });
  }

  private drag(el: HTMLElement, move: (dx: number, dy: number, from: { frame: Box; focus: { x: number; y: number } }) => void): void {
    el.addEventListener("pointerdown", (e) => {
      if (e.target !== el) return;
      e.preventDefault();
      e.stopPropagation();
      el.focus();
      el.setPointerCapture(e.pointerId);
      const from = { frame: { ...this.frame }, focus: { ...this.focusAt } };
      const box = this.img.getBoundingClientRect();
      const go = (m: PointerEvent): void => {
        move(((m.clientX - e.clientX) / box.width) * 1000, ((m.clientY - e.clientY) / box.height) * 1000, from);
        this.write();
      };
      el.addEventListener("pointermove", go);
      const end = (): void => el.removeEventListener("pointermove", go);
      el.addEventListener("pointerup", end, { once: true });
      el.addEventListener("pointercancel", end, { once: true });
    });
    // A click at the end of a drag is none on the picture.
    el.addEventListener("click", (e) => e.stopPropagation());
  }

  private key(e: KeyboardEvent): void {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key] ?? [0, 0];
    if (!dx && !dy) return;
    const step = e.ctrlKey || e.metaKey ? 1 : 10;
    const target = e.target as HTMLElement;
    if (target === this.dot) this.focusAt = { x: this.focusAt.x + dx * step, y: this.focusAt.y + dy * step };
    else if (target === this.frameEl && e.shiftKey) this.frame = limit({ ...this.frame, w: Math.min(this.frame.w + dx * step, 1000 - this.frame.x), h: Math.min(this.frame.h + dy * step, 1000 - this.frame.y) });
    else if (target === this.frameEl) this.frame = limit({ ...this.frame, x: this.frame.x + dx * step, y: this.frame.y + dy * step });
    else if (target.dataset.corner) this.resize(target.dataset.corner, dx * step, dy * step, this.frame);
    else return;
    e.preventDefault();
    this.write();
  }
}
