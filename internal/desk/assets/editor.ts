import { EditorElement } from "./editor/element.ts";

customElements.define("depesche-editor", EditorElement);
