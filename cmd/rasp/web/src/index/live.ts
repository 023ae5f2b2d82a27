// Requests that follow what somebody types: at most one is under way, and when it ends the
// newest state is asked for. Nothing waits in a queue.

const patience = 400; // milliseconds after which a request that is out of date is ended
const silence = 250;  // milliseconds before a page says that it computes

export interface Live<T> {
  ask: (signal: AbortSignal) => Promise<T>;
  got: (answer: T) => void;
  failed: (error: unknown) => void;
  busy: (computing: boolean) => void; // long enough to say so
}

// live gives a function that asks anew, and one that ends what is under way.
export function live<T>(work: Live<T>): { again: () => void; cancel: () => void } {
  let running: AbortController | null = null, since = 0, wanted = false, ended = false;
  const go = async () => {
    const mine = running = new AbortController();
    since = performance.now();
    wanted = ended = false;
    const say = setTimeout(() => work.busy(true), silence);
    try {
      const answer = await work.ask(mine.signal);
      if (!wanted) work.got(answer);
    } catch (error) {
      if (!wanted) work.failed(ended ? new Error("Cancelled.") : error);
    } finally {
      clearTimeout(say);
      work.busy(false);
      running = null;
      if (wanted) void go();
    }
  };
  return {
    again() {
      wanted = true;
      if (!running) void go();
      else if (performance.now() - since > patience) running.abort();
    },
    cancel() {
      ended = true;
      wanted = false;
      running?.abort();
    },
  };
}
