import { baseKeymap, chainCommands, deleteSelection, selectNodeBackward, selectNodeForward, joinBackward, joinForward, selectParentNode, toggleMark } from "prosemirror-commands";
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { history, redo, undo } from "prosemirror-history";
import { undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import type { Command, Plugin } from "prosemirror-state";
import { goToNextCell, tableEditing } from "prosemirror-tables";
import { t } from "../lib/words.ts";
import { blockChoices, sourceChoices, type Actions } from "./actions.ts";
import { backspace, enter, enterBefore, enterCell, enterField, forwardDelete, leaveBlock, lineBreak, move, nextCell, setBlock, toggleList } from "./commands.ts";
import { textEnd } from "./below.ts";
import { clipboard } from "./clipboard.ts";
import type { Context } from "./context.ts";
import { linkDialog } from "./dialogs.ts";
import { findings, refusals, type Finding } from "./findings.ts";
import { uniqueIDs } from "./ids.ts";
import { blockMatch, menus, sourceMatch } from "./menu.ts";
import { outline } from "./outline.ts";
import { rules, type Typography } from "./rules.ts";
import { schema } from "./schema.ts";
import { slugs } from "./slug.ts";

/** keys are the editor's own; what they don't take goes to ProseMirror's and the browser's. */
export function keys(ctx: Context, save: () => void): Record<string, Command> {
  return {
    Enter: chainCommands(enterField, enterCell, leaveBlock, enterBefore, enter),
    "Shift-Enter": lineBreak,
    Backspace: chainCommands(undoInputRule, deleteSelection, backspace, joinBackward, selectNodeBackward),
    "Mod-Backspace": chainCommands(deleteSelection, backspace, joinBackward, selectNodeBackward),
    Delete: chainCommands(deleteSelection, forwardDelete, joinForward, selectNodeForward),
    "Mod-Delete": chainCommands(deleteSelection, forwardDelete, joinForward, selectNodeForward),
    Tab: nextCell,
    "Shift-Tab": goToNextCell(-1),
    Escape: selectParentNode,
    "Alt-ArrowUp": move(-1),
    "Alt-ArrowDown": move(1),
    // Right after a sign was made the language's own, undo gives back the typed one.
    "Mod-z": chainCommands(undoInputRule, undo),
    "Shift-Mod-z": redo,
    "Mod-y": redo,
    "Mod-b": toggleMark(schema.marks.strong),
    "Mod-i": toggleMark(schema.marks.emphasis),
    "Mod-k": (_state, _dispatch, view) => (view ? linkDialog(view, ctx) : false),
    "Mod-Alt-0": setBlock(schema.nodes.paragraph),
    "Mod-Alt-2": setBlock(schema.nodes.heading, { level: 2 }),
    "Mod-Alt-3": setBlock(schema.nodes.heading, { level: 3 }),
    "Mod-Alt-4": setBlock(schema.nodes.heading, { level: 4 }),
    "Mod-Shift-8": toggleList(false),
    "Mod-Shift-7": toggleList(true),
    "Ctrl-End": textEnd,
    "Cmd-ArrowDown": textEnd,
    "Mod-s": () => (save(), true),
  };
}

export function plugins(ctx: Context, actions: Actions, typography: Typography | null, found: Finding[], save: () => void): Plugin[] {
  return [
    menus([
      { match: blockMatch, choices: (_view, query) => blockChoices(actions.blocks, query) },
      { match: sourceMatch, choices: (_view, query) => sourceChoices(ctx, query), none: ctx.sources.length ? undefined : () => t("no_sources") },
    ]),
    rules(typography),
    keymap(keys(ctx, save)),
    keymap(baseKeymap),
    clipboard(ctx),
    tableEditing(),
    history(),
    dropCursor({ color: false, class: "drop-line", width: 2 }),
    gapCursor(),
    uniqueIDs(),
    slugs(),
    outline(),
    findings(found),
    refusals(),
  ];
}
