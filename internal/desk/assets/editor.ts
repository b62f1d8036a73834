import { EditorElement } from "./editor/element.ts";
import { UnitsElement } from "./units/element.ts";

customElements.define("depesche-editor", EditorElement);
customElements.define("depesche-units", UnitsElement);
