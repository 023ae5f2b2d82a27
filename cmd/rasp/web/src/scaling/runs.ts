// The runs: made from the law and chance, or somebody's own.

import { call, latest } from "../lib/engine";
import { fill, h, number, slider } from "../lib/dom";
import { saved } from "../lib/controls";
import { showFault } from "../lib/shell";
import type { Page } from "./page";

export interface Point { n: number; d: number; loss: number; flops: number; kept: boolean; off: number }
interface Runs { runs: Point[]; derived: number; small: boolean }

export function runs(page: Page, where: HTMLElement) {
  const s = page.state, told = h("div", { id: "runs-say" });
  const made = h("div", { class: "controls", id: "made" },
    slider({ label: "chance", min: 0, max: 0.03, step: 0.0005, value: s.noise, show: x => `${number(100 * x, 3)}% of the loss`, change: noise => page.set({ noise, leave: [] }) }),
    slider({ label: "runs that went wrong", min: 0, max: 10, step: 1, value: s.failed, change: failed => page.set({ failed, leave: [] }) }),
    h("button", { type: "button", id: "anew", onclick: () => page.set({ seed: s.seed + 1, leave: [] }) }, "Train them again"));
  const area = h("textarea", { rows: 8, id: "csv", "aria-label": "Runs as CSV", value: s.csv, placeholder: "N,D,loss\n1e8,2e9,3.45\n…", onchange: () => page.set({ csv: area.value, leave: [] }) });
  const file = h("input", { type: "file", id: "file", accept: ".csv,.tsv,.txt,text/csv", "aria-label": "A file of runs", onchange: () => { if (file.files?.[0]) void take(file.files[0]); } });
  const own = h("div", { id: "own-runs" }, area, h("div", { class: "row" }, file),
    h("p", { class: "quiet" }, "A file with the columns N, D (or the FLOPs of training) and loss, in nats a token; drop it here. It stays on this machine. The 245 runs that Besiroglu et al. read off figure 4 of Hoffmann et al. are ", h("code", {}, "data/svg_extracted_data.csv"), " of ", h("a", { href: "https://github.com/epoch-research/analyzing-chinchilla", rel: "noreferrer" }, "their repository"), ": this page reads them as they are."));
  const pick = (name: string, text: string) => h("button", { type: "button", id: `from-${name}`, "aria-pressed": s.source === name, onclick: () => page.set({ source: name, leave: [] }) }, text);
  const choice = h("div", { class: "row", role: "group", "aria-label": "Which runs" }, pick("made", "Runs that are made"), pick("own", "Runs of your own"));
  fill(where, choice, made, own, told);

  async function take(f: File) {
    area.value = await f.text();
    page.set({ source: "own", csv: area.value, leave: [] });
  }
  where.addEventListener("dragover", event => event.preventDefault());
  where.addEventListener("drop", event => { event.preventDefault(); const f = event.dataTransfer?.files[0]; if (f) void take(f); });

  const load = latest(async signal => {
    made.hidden = s.source !== "made"; own.hidden = s.source !== "own";
    for (const b of choice.querySelectorAll("button")) b.setAttribute("aria-pressed", String(b.id === `from-${s.source}`));
    const csv = s.source === "own" ? s.csv : (await call<{ csv: string }>("scaling.made", { noise: s.noise, failed: s.failed, seed: s.seed }, { signal })).csv;
    page.csv = "";
    if (!csv.trim()) { fill(told); page.tell("runs"); return; }
    let r: Runs;
    try {
      r = await call<Runs>("scaling.runs", { csv }, { signal });
    } catch (error) {
      if (!signal.aborted) page.tell("runs"); // the fit of other runs is not theirs
      throw error;
    }
    page.csv = csv;
    fill(told, h("p", {}, `${number(r.runs.length)} runs. `, saved("runs.csv", csv)),
      r.derived ? h("p", { class: "quiet" }, `D is FLOP / (6 N) in ${number(r.derived)} of them.`) : null,
      r.small ? h("p", { class: "bad" }, "N or D is never as large as 10,000: logarithms, millions or billions? Write them out, such as 7e9; what is said of budgets holds for these units only.") : null);
    page.tell("runs");
  }, error => showFault(told, error));
  page.on(["source", "csv", "noise", "failed", "seed"], load);
  load();
}
