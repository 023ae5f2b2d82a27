// The state of the playground: what a link holds. Views listen, and set what the user moves.

export interface Change { [field: string]: unknown } // of the model; api's intervention

export interface State {
  text: string;       // the program
  input: string;      // text of one token a character, or a JSON list
  level: number;      // of optimization
  robust: boolean;
  view: string;       // the tab that is open
  changes: Change[];  // to the model: weights, heads, s-ops
  puzzle: string;     // the one that is being solved, "" for none
}

export const fresh: State = { text: "", input: "", level: 1, robust: false, view: "values", changes: [], puzzle: "" };

export class Store {
  private listeners: ((state: State, changed: Set<keyof State>) => void)[] = [];
  state: State = { ...fresh };

  // on tells of each change, with the fields that have another value.
  on(listener: (state: State, changed: Set<keyof State>) => void) { this.listeners.push(listener); }

  set(some: Partial<State>) {
    const changed = new Set((Object.keys(some) as (keyof State)[]).filter(k => JSON.stringify(this.state[k]) !== JSON.stringify(some[k])));
    if (changed.size === 0) return;
    this.state = { ...this.state, ...some };
    for (const listener of this.listeners) listener(this.state, changed);
  }
}
