// What can be taken away: the program, its picture, a notebook, the values.

import { h } from "../lib/dom";
import type { Ran } from "./answers";
import { drawn } from "./flow";
import { notebook } from "./notebook";
import type { Store } from "./store";

// menu of downloads.
export function downloads(store: Store, ran: () => Ran | null, failed: (error: unknown) => void): HTMLElement {
  const box = h("details", { class: "menu" });
  const item = (title: string, make: () => Promise<[string, Blob]>) => h("button", {
    type: "button", onclick: async () => {
      box.open = false;
      try { save(...await make()); } catch (error) { failed(error); }
    },
  }, title);
  box.append(h("summary", {}, "Download"), h("div", { class: "items" },
    item("Program (.rasp)", async () => ["program.rasp", new Blob([store.state.text], { type: "text/plain" })]),
    item("Picture (.svg)", async () => ["flow.svg", new Blob([await drawn(store)], { type: "image/svg+xml" })]),
    item("Picture (.png)", async () => ["flow.png", await png(await drawn(store))]),
    item("Notebook (.ipynb)", async () => ["program.ipynb", new Blob([notebook(store.state, ran()?.examples[0] ?? "")], { type: "application/x-ipynb+json" })]),
    item("Values (.csv)", async () => ["values.csv", new Blob([csv(ran())], { type: "text/csv" })])));
  box.addEventListener("keydown", event => { if (event.key === "Escape") { box.open = false; box.querySelector("summary")!.focus(); } });
  document.addEventListener("click", event => { if (!box.contains(event.target as Node)) box.open = false; });
  return box;
}

export function save(name: string, content: Blob) {
  const address = URL.createObjectURL(content);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// png paints a picture at twice its size.
async function png(text: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = h("canvas", { width: 2 * image.width, height: 2 * image.height });
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, failed) => canvas.toBlob(b => b ? done(b) : failed(new Error("the picture is too large to paint")), "image/png"));
  } finally { URL.revokeObjectURL(address); }
}

// csv has a line for each s-op, and for each row of a selector.
function csv(ran: Ran | null): string {
  if (!ran) throw new Error("there are no values yet");
  const quoted = (x: string) => /[",\n]/.test(x) ? `"${x.replaceAll('"', '""')}"` : x;
  const lines = [["name", "query", ...ran.input.map((_, i) => String(i))], ["tokens", "", ...ran.input]];
  for (const r of ran.rows) {
    const name = r.name ?? r.text!;
    if (r.values) lines.push([name, "", ...r.values]);
    r.selected?.forEach((row, i) => lines.push([name, String(i), ...row]));
  }
  return lines.map(line => line.map(quoted).join(",")).join("\n") + "\n";
}
