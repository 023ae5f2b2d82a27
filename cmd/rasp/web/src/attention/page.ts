// The page of attention. Each section has a file of its own; they share a state, which the
// address holds.

import { held } from "../lib/held";
import { open } from "../lib/shell";
import { headSection } from "./head";
import { maskSection } from "./mask";
import { recallSection } from "./recall";
import { tableSection } from "./table";
import "./page.css";

export interface State {
  query: number[];
  keys: number[][];
  values: number[];
  sharpness: number;
  causal: boolean;
  name: string;
  words: number;
  order: number;
  program: string;
  input: string;
  head: string;
  at: number; // the query of the real head that is shown
}

const fresh: State = {
  query: [1.5, 0.5], keys: [[2, 0], [1, 1.5], [-1, 1.5], [-0.5, -1.5]], values: [10, 20, 30, 40], sharpness: 1, causal: true,
  name: "ada", words: 4, order: 3, program: "shift", input: "", head: "", at: 2,
};

open();
void held(fresh).then(({ state, save }) => {
  if (state.query.length !== 2 || state.keys.length !== state.values.length || state.keys.length < 1 || state.keys.some(k => k.length !== 2)) Object.assign(state, fresh);
  const mask = maskSection(state, save);
  tableSection(state, () => { save(); mask(); });
  mask();
  recallSection(state, save);
  headSection(state, save);
});
