import { BoardElement } from "./islands/board.ts";
import { CropElement } from "./islands/crop.ts";
import { DialogElement } from "./islands/dialog.ts";
import { forms } from "./islands/forms.ts";
import { keys } from "./islands/keys.ts";
import { panel } from "./islands/panel.ts";
import { UploadElement } from "./islands/upload.ts";
import { adopt } from "./lib/message.ts";

customElements.define("depesche-board", BoardElement);
customElements.define("depesche-crop", CropElement);
customElements.define("depesche-dialog", DialogElement);
customElements.define("depesche-upload", UploadElement);
adopt();
forms();
keys();
panel();
