// The page of GEMM. Each section has a file of its own; they share a state, which the
// address holds.

import { held } from "../lib/held";
import { open } from "../lib/shell";
import { countSection } from "./counts";
import { measureSection } from "./measure";
import { roofSection } from "./roof";
import { stepSection } from "./steps";
import "./page.css";

export interface State {
  n: number;         // of the matrices that are drawn
  tile: number;      // of their kernel; 0: none
  step: number;      // how many steps are done
  size: number;      // n of the counts
  peak: number;      // GFLOP/s
  bandwidth: number; // GB/s
  roofTile: number;
  side: number;      // n of what is measured
}

const fresh: State = { n: 8, tile: 4, step: 0, size: 64, peak: 67000, bandwidth: 3350, roofTile: 16, side: 256 };

open();
void held(fresh).then(({ state, save }) => {
  stepSection(state, save);
  countSection(state, save);
  roofSection(state, save);
  measureSection(state, save);
});

// What the engine says of a run of a kernel.
export interface Counted { loads: number; formula: number; shared: number; stores: number; flops: number; intensity: number }

export const tiles = [0, 2, 4, 8, 16, 32];
export const kernelName = (tile: number) => tile ? `tiles of ${tile} × ${tile}` : "one thread an element";
