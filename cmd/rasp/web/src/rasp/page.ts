// The page of RASP. Each section has a file of its own; they share a state, which the
// address holds.

import { held } from "../lib/held";
import { open } from "../lib/shell";
import { puzzleSection } from "./puzzle";
import { walkSection } from "./walk";
import "./page.css";

export interface State {
  program: string; // before or previous
  input: string;
  at: number;      // the query
  puzzle: string;
  text: string;    // of its solution, "" for what it begins with
}

const fresh: State = { program: "before", input: "", at: 3, puzzle: "shift", text: "" };

open();
void held(fresh).then(({ state, save }) => {
  walkSection(state, save);
  puzzleSection(state, save);
});
