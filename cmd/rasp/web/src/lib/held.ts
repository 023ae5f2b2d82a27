// What readers move on a page of a formula is in its address, so that a link or a bookmark
// shows the same.

import { pack, unpack } from "./state";

// held is the state that the address has, each field of the kind that it has in fresh; others
// stay as they are in fresh. save puts the state into the address, or what is kept of it.
export async function held<T extends object>(fresh: T): Promise<{ state: T; save: (kept?: T) => void }> {
  const state = { ...fresh };
  try {
    const found: Partial<T> = await unpack<Partial<T>>(location.hash) ?? {};
    for (const key of Object.keys(fresh) as (keyof T)[]) if (alike(fresh[key], found[key])) state[key] = found[key]!;
  } catch { /* what is no state is none */ }
  let last = 0, own = location.hash;
  const save = (kept = state) => {
    clearTimeout(last);
    last = window.setTimeout(async () => { own = await pack(kept); history.replaceState(null, "", own); }, 150);
  };
  addEventListener("hashchange", () => { if (location.hash !== own && location.hash.startsWith("#v1.")) location.reload(); });
  return { state, save };
}

// alike reports that a value may stand where another does: of the same type, lists with
// elements like its first.
function alike(a: unknown, b: unknown): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && b.length <= 64 && (a.length === 0 || b.every(x => alike(a[0], x)));
  return typeof a === typeof b && (typeof b !== "number" || Number.isFinite(b));
}
