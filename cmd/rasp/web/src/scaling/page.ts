// The page about scale: what its parts share, and what an address holds of it.

import "./page.css";
import { held } from "../lib/held";
import { open, showFault } from "../lib/shell";
import { get } from "../lib/dom";
import { surface } from "./surface";
import { budget } from "./budget";
import { life } from "./life";
import { runs } from "./runs";
import { fitting } from "./fit";
import { sureness } from "./sure";
import { exercises } from "./exercises";

export interface Law { E: number; A: number; B: number; alpha: number; beta: number }

export interface State {
  n: number; d: number;    // decimal logarithms: a model of one's own
  flops: number;           // likewise: the budget of training
  inference: number;       // likewise: tokens of use, least for none
  source: string;          // of the runs: "made" or "own"
  csv: string;             // the runs of one's own
  noise: number; failed: number; seed: number; // of those that are made
  objective: string; drop: number; leave: number[];
  samples: number;         // of the bootstrap
  law: string;             // "chinchilla", or "fitted": that of section 4
}

export const noUse = 8; // of inference: 10^8 tokens cost nothing beside training

const fresh: State = {
  n: 11.45, d: 11.5, flops: 23.75, inference: 13, source: "made", csv: "", noise: 0.005, failed: 3, seed: 1,
  objective: "sum", drop: 0, leave: [], samples: 100, law: "chinchilla",
};

const longestInLink = 30000; // characters of runs

// Page is what the parts see: the state, the runs, the law.
export class Page {
  private listeners: { fields: string[]; tell: () => void }[] = [];
  csv = "";                  // the runs that are fitted
  fitted: Law | null = null; // of section 4
  constructor(readonly state: State, private save: (kept: State) => void) {}

  on(fields: (keyof State | "runs" | "fitted")[], tell: () => void) { this.listeners.push({ fields, tell }); }

  tell(...fields: string[]) {
    for (const l of this.listeners) if (l.fields.some(f => fields.includes(f))) l.tell();
  }

  set(some: Partial<State>) {
    Object.assign(this.state, some);
    this.save(this.state.csv.length > longestInLink ? { ...this.state, csv: "", source: "made", leave: [] } : this.state);
    this.tell(...Object.keys(some));
  }

  // law is what the engine's methods take: that of Chinchilla without one.
  law(): { law?: Law } { return this.state.law === "fitted" && this.fitted ? { law: this.fitted } : {}; }

  // chosen are the runs and how they are fitted.
  chosen() {
    const { objective, drop, leave } = this.state;
    return { csv: this.csv, objective, drop, leave };
  }
}

async function start() {
  open();
  const { state, save } = await held(fresh);
  const page = new Page(state, save);
  surface(page, get("surface"));
  budget(page, get("budget"));
  life(page, get("life"));
  fitting(page, get("fit"));
  sureness(page, get("sure"));
  exercises(page);
  runs(page, get("data")); // the last: the others hear of the runs
}

start().catch(error => showFault(get("surface"), error));
