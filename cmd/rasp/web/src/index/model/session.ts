// The compiled model of the playground's program, as its parts share it: what was made, for
// which program and input, with which changes, and which layer and position are looked at.

import { call } from "../../lib/engine";
import { live } from "../live";
import type { Change, Store } from "../store";

export interface Head { head: number; name: string; line?: number }
export interface SOp { name: string; line?: number; held: boolean; why_not?: string; values: string[] }
export interface Tensor { name: string; shape: number[] }

// Made is the answer of compile: api.Made.
export interface Made {
  warnings: { message: string }[];
  predicts: boolean;
  longest: number;
  tokens: string[];
  sops: SOp[];
  parts: Head[][];
  neurons: number[];
  tensors: Tensor[];
  stream: unknown; // picture.Stream
  [size: string]: unknown; // open.Sizes
}

export type Moment = "made" | "refused" | "input" | "changes" | "place" | "busy";

// Session compiles while the tab is shown, and tells its parts of each change.
export class Session {
  made: Made | null = null;
  refused: unknown = null;
  computing = false;
  layer = -1;    // that is looked at; -1: the embedding
  position = 0;
  private shown = false;
  private stale = true; // what was made is of another program
  private listeners: ((moment: Moment) => void)[] = [];
  private compiling = live<Made>({
    ask: signal => call<Made>("compile", this.program(), { signal, heavy: true }),
    got: made => { this.made = made; this.refused = null; this.tell("made"); },
    failed: error => { this.made = null; this.refused = error; this.tell("refused"); },
    busy: on => { this.computing = on; this.tell("busy"); },
  });

  // point marks a line of the program, from 1, in the editor; null marks none.
  constructor(readonly store: Store, readonly point: (line: number | null) => void) {
    store.on((_, changed) => {
      if (changed.has("text") || changed.has("level") || changed.has("robust")) { this.stale = true; if (this.shown) this.compile(); }
      else if (changed.has("input")) this.tell("input");
      else if (changed.has("changes")) this.tell("changes");
    });
  }

  // program is that of all requests about the model.
  program() {
    const { text, level, robust } = this.store.state;
    return { text, level, robust };
  }

  // at is a request about the model at work: the program, the input, the changes.
  at() { return { program: this.program(), input: this.store.state.input, changes: this.store.state.changes }; }

  on(listener: (moment: Moment) => void) { this.listeners.push(listener); }
  show() { this.shown = true; if (this.stale) this.compile(); }
  private compile() { this.stale = false; this.compiling.again(); }
  hide() { this.shown = false; }
  cancel() { this.compiling.cancel(); }
  look(layer: number, position: number) { this.layer = layer; this.position = position; this.tell("place"); }
  change(c: Change) { this.store.set({ changes: [...this.store.state.changes, c] }); }
  undo(i: number) { this.store.set({ changes: this.store.state.changes.filter((_, j) => j !== i) }); }
  private tell(moment: Moment) { for (const listener of this.listeners) listener(moment); }
}

// Part is a section of the tab.
export interface Part { element: HTMLElement }
