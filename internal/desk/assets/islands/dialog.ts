/**
 * <depesche-dialog> opens its <dialog> instead of the page that its link [data-open] leads to. The first
 * focus is on [autofocus]: the safe choice, where something would be lost.
 */
export class DialogElement extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", (e) => {
      const dialog = this.querySelector("dialog");
      const opener = (e.target as Element).closest("[data-open]");
      if (!dialog) return;
      if (opener && this.contains(opener)) {
        e.preventDefault();
        dialog.showModal();
      } else if (e.target === dialog) {
        // On the veil, not on what stands in the dialog.
        const box = dialog.getBoundingClientRect();
        if (e.clientX < box.left || e.clientX > box.right || e.clientY < box.top || e.clientY > box.bottom) dialog.close();
      }
    });
  }
}
