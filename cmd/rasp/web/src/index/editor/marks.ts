// A piece of the program that is marked because something that it computes is pointed at.

import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";
import type { Range } from "../answers";
import { spanOf } from "./places";

const setMark = StateEffect.define<{ from: number; to: number } | null>();
const line = Decoration.line({ class: "pointed-line" }), piece = Decoration.mark({ class: "pointed" });

export const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, tr) {
    set = set.map(tr.changes);
    for (const e of tr.effects) {
      if (!e.is(setMark)) continue;
      set = Decoration.none;
      if (e.value && e.value.to <= tr.state.doc.length && e.value.from < e.value.to) {
        set = Decoration.set([line.range(tr.state.doc.lineAt(e.value.from).from), piece.range(e.value.from, e.value.to)], true);
      }
    }
    return set;
  },
  provide: field => EditorView.decorations.from(field),
});

// mark a piece, or nothing.
export function mark(view: EditorView, range: Range | null) {
  view.dispatch({ effects: setMark.of(range && spanOf(view.state.doc, range)) });
}
