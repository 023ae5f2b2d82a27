// The editor: text in, text out, and where somebody points.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, isolateHistory, undoDepth } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { lintKeymap, nextDiagnostic } from "@codemirror/lint";
import { EditorState, Transaction } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { call } from "../../lib/engine";
import type { Edit, Finding, Range } from "../answers";
import { calls, completion, faults, hovers } from "./assist";
import { colours, rasp } from "./language";
import { mark, marks } from "./marks";
import { changesOf, positionOf, spanOf } from "./places";

export interface Listeners {
  changed: (text: string) => void;
  found: (list: Finding[]) => void;
  pointed: (line: number | null) => void; // from 0
  failed: (error: unknown) => void;
}

export class Editor {
  readonly view: EditorView;

  constructor(parent: Element, private readonly hear: Listeners) {
    const point = (line: number | null) => hear.pointed(line);
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          lineNumbers(), EditorView.lineWrapping, highlightSpecialChars(), history(), drawSelection(), indentUnit.of("    "), indentOnInput(), bracketMatching(), closeBrackets(),
          highlightActiveLine(), highlightActiveLineGutter(), rasp, colours, marks, completion, hovers, calls, faults((_, list) => hear.found(list)),
          keymap.of([
            { key: "Shift-Alt-f", run: () => { void this.format(); return true; } },
            { key: "F12", run: () => { void this.define(this.view.state.selection.main.head); return true; } },
            { key: "F8", run: nextDiagnostic },
            ...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap,
          ]),
          EditorView.contentAttributes.of({ "aria-label": "Program. Tab leaves the editor.", autocapitalize: "off", spellcheck: "false" }),
          EditorView.updateListener.of(u => {
            if (u.docChanged) hear.changed(u.state.doc.toString());
            if (u.selectionSet || u.docChanged) point(u.state.doc.lineAt(u.state.selection.main.head).number - 1);
          }),
          EditorView.domEventHandlers({
            mousemove: (event, view) => {
              const offset = view.posAtCoords({ x: event.clientX, y: event.clientY });
              point(offset === null ? null : view.state.doc.lineAt(offset).number - 1);
            },
            mouseleave: () => point(null),
            mousedown: (event, view) => {
              const offset = event.ctrlKey || event.metaKey ? view.posAtCoords({ x: event.clientX, y: event.clientY }) : null;
              if (offset !== null) void this.define(offset);
              return offset !== null;
            },
          }),
        ],
      }),
    });
  }

  get text(): string { return this.view.state.doc.toString(); }

  // write replaces the text, unless it is that already. What was there before comes back by
  // undo, but for the empty text with which a page begins.
  write(text: string) {
    if (text === this.text) return;
    const isFirst = this.view.state.doc.length === 0 && undoDepth(this.view.state) === 0;
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: text }, selection: { anchor: 0 },
      annotations: isFirst ? Transaction.addToHistory.of(false) : isolateHistory.of("full"),
    });
  }

  point(range: Range | null) { mark(this.view, range); }

  // go selects a piece.
  go(range: Range) {
    const { from, to } = spanOf(this.view.state.doc, range);
    this.view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
    this.view.focus();
  }

  async format() {
    const doc = this.view.state.doc;
    try {
      const edits = await call<Edit[]>("format", { text: doc.toString() });
      if (this.view.state.doc === doc && edits.length > 0) this.view.dispatch({ changes: changesOf(doc, edits) });
    } catch (error) { this.hear.failed(error); }
  }

  private async define(offset: number) {
    const doc = this.view.state.doc;
    const range = await call<Range | null>("definition", { text: doc.toString(), position: positionOf(doc, offset) }).catch(() => null);
    if (range && this.view.state.doc === doc) this.go(range);
  }
}
