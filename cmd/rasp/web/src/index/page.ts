// The playground: a program, an input, and what comes of them.
//
// store.ts holds the state, share.ts keeps it in the address. editor/ is where the program is
// written; input.ts the input; live.ts asks the engine as one types. The views are
// values/ (s-ops and selectors), flow.ts, model/ (the compiled model) and puzzle.ts.

import { fill, get, h } from "../lib/dom";
import { call } from "../lib/engine";
import { open, said } from "../lib/shell";
import type { Ran } from "./answers";
import { downloads } from "./download";
import { Editor } from "./editor/editor";
import { listFaults } from "./faults";
import { FlowView } from "./flow";
import { keys } from "./help";
import { Input, isOfInput } from "./input";
import { live } from "./live";
import { first, Menu } from "./menu";
import { modelView } from "./model/view";
import "./page.css";
import { PuzzleView } from "./puzzle";
import { follow, link, read } from "./share";
import { Store } from "./store";
import { tabs } from "./tabs";
import { Values } from "./values/view";

open();
const store = new Store();
const status = get("status");
const tell = (text: string) => fill(status, text);
const failed = (error: unknown) => tell(said(error));

// busy says that something takes its time, and how to end it.
function busy(on: boolean, cancel: () => void) {
  if (on) fill(status, "computing… ", h("button", { type: "button", class: "small", onclick: cancel }, "Cancel"));
  else if (status.textContent?.startsWith("computing")) fill(status);
}

const editor: Editor = new Editor(get("editor"), {
  changed: text => store.set({ text }),
  found: list => listFaults(get("faults"), list, editor),
  pointed: line => values.at(line),
  failed,
});
const values: Values = new Values({ pointed: range => editor.point(range), chosen: range => editor.go(range) });
const input = new Input(store);
get("input").append(input.element);

let last: Ran | null = null;
const run = live<Ran>({
  ask: signal => call<Ran>("run", { text: store.state.text, input: store.state.input }, { signal }),
  got: ran => { last = ran; input.show(ran); values.set(ran); },
  failed: error => {
    if (isOfInput(error)) { input.refuse(error); values.old(); } else { input.accept(); values.refuse(error); }
  },
  busy: on => busy(on, run.cancel),
});
store.on((state, changed) => {
  if (changed.has("text")) editor.write(state.text);
  if (changed.has("text") || changed.has("input")) run.again();
});

const list = [
  { name: "values", title: "Values", view: values },
  { name: "flow", title: "Flow", view: new FlowView(store, busy) },
  { name: "model", title: "Model", view: modelView(store, line => editor.point(line === null ? null : { start: { line: line - 1, character: 0 }, end: { line: line - 1, character: 1000 } })) },
  { name: "puzzle", title: "Puzzle", view: new PuzzleView(store) },
];
const views = tabs(get("tabs"), get("views"), list, store);
const menu = new Menu(get<HTMLSelectElement>("menu"), store, failed);

async function share() {
  const address = await link(store);
  history.replaceState(null, "", address);
  try { await navigator.clipboard.writeText(address); tell("The link is copied: it holds everything."); }
  catch { tell("The address of this page is the link: it holds everything."); }
}

const help = keys(get<HTMLDialogElement>("help"), [
  ...list.map((t, i) => ({ keys: `Alt ${i + 1}`, does: t.title, code: `Digit${i + 1}`, run: () => { store.set({ view: t.name }); get(`tab-${t.name}`).focus(); } })),
  { keys: "Alt P", does: "Go to the program", code: "KeyP", run: () => editor.view.focus() },
  { keys: "Alt I", does: "Go to the input", code: "KeyI", run: () => input.focus() },
  { keys: "Tab", does: "Leave the program for what comes after it" },
  { keys: "Ctrl Space", does: "What could be written here" },
  { keys: "Shift Alt F", does: "Format the program" },
  { keys: "F8", does: "Go to the next fault" },
  { keys: "F12 or Ctrl click", does: "Go to where a name was bound" },
  { keys: "Ctrl Z, Ctrl Y", does: "Undo, redo" },
  { keys: "← →", does: "Between tabs: the next view" },
  { keys: "?", does: "This list, outside of fields" },
]);
fill(get("tools"),
  h("button", { type: "button", id: "format", onclick: () => void editor.format() }, "Format"),
  h("button", { type: "button", id: "share", onclick: () => void share() }, "Share"),
  downloads(store, () => last, failed),
  h("button", { type: "button", id: "keys", "aria-label": "Keys", title: "Keys", onclick: help }, "?"));

// begin with what the address says, or else with a ready-made program.
async function begin() {
  const linked = await read();
  if (linked) store.set(linked);
  views.show(store.state.view);
  follow(store, () => tell("The link is open."));
  await menu.load();
  if (!linked) {
    if (location.hash) tell("The link cannot be read: part of it may be missing.");
    await menu.open(first);
  }
}
begin().catch(failed);
