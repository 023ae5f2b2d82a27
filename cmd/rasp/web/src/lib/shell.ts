// What every page does: the theme, the line that says which engine computes, faults in words.

import { call, isServer, RaspError } from "./engine";
import { get, h, fill } from "./dom";

const protocol = 1; // api.Protocol

// open begins a page; every page calls it once.
export function open() {
  theme();
  call<{ version: string; protocol: number }>("version")
    .then(v => fill(get("engine"), v.protocol === protocol
      ? `rasp ${v.version}, ${isServer ? "on this machine" : "in this page"}`
      : "this page is of another version than its engine: load it again"))
    .catch(error => fill(get("engine"), said(error)));
  if (!isServer && "serviceWorker" in navigator) navigator.serviceWorker.register("offline.js").catch(() => {}); // not over plain http
}

function theme() {
  const root = document.documentElement;
  const apply = (name: string | null) => { if (name) root.dataset.theme = name; };
  const stored = (() => { try { return localStorage.getItem("rasp-theme"); } catch { return null; } })();
  apply(stored);
  get("theme").addEventListener("click", () => {
    const dark = getComputedStyle(root).colorScheme === "dark" || root.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches;
    apply(dark ? "light" : "dark");
    try { localStorage.setItem("rasp-theme", root.dataset.theme!); } catch { /* a page may be kept from storing */ }
  });
}

// said is an error in words.
export function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// showFault puts an error where a result would stand.
export function showFault(where: Element, error: unknown) {
  const text = error instanceof RaspError && error.text ? error.text : said(error);
  const hint = error instanceof RaspError && error.hint && !text.includes(error.hint) ? h("p", { class: "quiet" }, error.hint) : null;
  fill(where, h("pre", { class: "fault", role: "alert" }, text.trimEnd()), hint);
}
