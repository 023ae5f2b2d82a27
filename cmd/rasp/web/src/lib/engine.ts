// The engine: rasp itself, behind one function. It is the server that the page came from
// (POST api) or WebAssembly in a worker; <html data-engine> says which. Both answer the same
// JSON-RPC requests with the same bytes (cmd/rasp/web/api).

export interface Fault { line: number; col: number; severity: "error" | "warning" | "note"; kind: string; message: string; hint?: string; text: string }

// RaspError is an error of a request: of the program, of its input, of wrong use.
export class RaspError extends Error {
  constructor(readonly code: number, message: string, readonly text = "", readonly hint = "", readonly faults: Fault[] = []) {
    super(message);
  }
}

export interface Options {
  signal?: AbortSignal; // ends the request
  heavy?: boolean;      // takes long, such as compiling: quick requests do not wait for it
}

interface Answer { id: number; result?: unknown; error?: { code: number; message: string; data?: { text?: string; hint?: string; faults?: Fault[] } } }

// call asks the engine for a method of cmd/rasp/web/api.
export async function call<T>(method: string, params: object = {}, options: Options = {}): Promise<T> {
  options.signal?.throwIfAborted();
  const id = ++last;
  const request = JSON.stringify({ jsonrpc: "2.0", id, method, params });
  const answer = JSON.parse(await (isServer ? post(request, options) : lane(options).send(id, request, options))) as Answer;
  if (answer.error) {
    const { code, message, data } = answer.error;
    throw new RaspError(code, message, data?.text, data?.hint, data?.faults);
  }
  return answer.result as T;
}

let last = 0;
export const isServer = document.documentElement.dataset.engine === "server";

async function post(request: string, options: Options): Promise<string> {
  const response = await fetch("api", { method: "POST", headers: { "Content-Type": "application/json" }, body: request, signal: options.signal ?? null });
  const text = await response.text();
  if (!response.ok) throw new RaspError(response.status, text.trim() || `the server answers with ${response.status}`);
  return text;
}

// Lane is a worker with the requests that wait for it. A worker has one thread and hears of
// nothing while it computes, so a request that is no longer wanted ends it, and the others
// that waited go to a new one.
class Lane {
  private worker: Worker | null = null;
  private waiting = new Map<number, { request: string; done: (answer: string) => void; failed: (error: unknown) => void }>();

  send(id: number, request: string, options: Options): Promise<string> {
    return new Promise((done, failed) => {
      this.waiting.set(id, { request, done, failed });
      options.signal?.addEventListener("abort", () => {
        if (!this.waiting.delete(id)) return;
        failed(options.signal!.reason);
        this.restart();
      });
      this.start().postMessage({ id, request });
    });
  }

  start(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker("worker.js");
    this.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<{ id: number; answer?: string; fault?: string }>) => {
      const waits = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if (data.fault === undefined) waits?.done(data.answer!);
      else { waits?.failed(new RaspError(-32603, data.fault)); this.restart(); }
    };
    worker.onerror = event => {
      for (const waits of this.waiting.values()) waits.failed(new RaspError(-32603, `the engine did not start: ${event.message}`));
      this.waiting.clear();
      this.worker = null;
    };
    return worker;
  }

  private restart() {
    this.worker?.terminate();
    this.worker = null;
    for (const [id, { request }] of this.waiting) this.start().postMessage({ id, request });
  }
}

const quick = new Lane(), heavy = new Lane();
const lane = (options: Options) => options.heavy ? heavy : quick;
if (!isServer) quick.start(); // before anything else of the page

// latest makes a function of one that asks the engine: only the answer to its last call
// counts, and the calls before are ended.
export function latest<A extends unknown[]>(work: (signal: AbortSignal, ...args: A) => Promise<void>, failed: (error: unknown) => void): (...args: A) => void {
  let running: AbortController | null = null;
  return (...args) => {
    running?.abort();
    const mine = running = new AbortController();
    work(mine.signal, ...args).catch(error => { if (!mine.signal.aborted) failed(error); }).finally(() => { if (running === mine) running = null; });
  };
}
