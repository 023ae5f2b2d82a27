// What the engine says while one writes: faults, hovers, completions, calls.

import { autocompletion, snippet, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { linter, type Diagnostic } from "@codemirror/lint";
import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { EditorView, hoverTooltip, showTooltip, ViewPlugin, type Tooltip, type ViewUpdate } from "@codemirror/view";
import { call } from "../../lib/engine";
import { h } from "../../lib/dom";
import type { Edit, Finding, Range } from "../answers";
import { changesOf, offsetOf, positionOf, spanOf } from "./places";
import { said } from "./words";

const at = (view: EditorView, offset: number) => ({ text: view.state.doc.toString(), position: positionOf(view.state.doc, offset) });

// faults are asked for after a short silence, and told to a listener, too.
export function faults(found: (view: EditorView, list: Finding[]) => void): Extension {
  return linter(async view => {
    const asked = view.state.doc;
    const list = await call<Finding[]>("check", { text: asked.toString() }).catch(() => [] as Finding[]);
    if (view.state.doc !== asked) return [];
    found(view, list);
    return list.map(f => diagnostic(view, f));
  }, { delay: 120 });
}

function diagnostic(view: EditorView, f: Finding): Diagnostic {
  return {
    ...spanOf(view.state.doc, f.range), message: f.message, severity: f.severity === 1 ? "error" : f.severity === 2 ? "warning" : "info",
    actions: (f.fixes ?? []).map(fix => ({ name: fix.title, apply: (v: EditorView) => mend(v, fix.edits) })),
  };
}

// mend carries out edits of a fix.
export function mend(view: EditorView, edits: Edit[]) {
  view.dispatch({ changes: changesOf(view.state.doc, edits), userEvent: "input.fix" });
  view.focus();
}

export const hovers = hoverTooltip(async (view, offset) => {
  const hover = await call<{ contents: { value: string }; range: Range } | null>("hover", at(view, offset)).catch(() => null);
  if (!hover) return null;
  const { from, to } = spanOf(view.state.doc, hover.range);
  return { pos: from, end: to, create: () => ({ dom: said(hover.contents.value) }) };
}, { hideOnChange: true });

interface Item { label: string; kind: number; detail?: string; documentation: { value: string }; sortText: string; insertTextFormat: number; textEdit: Edit }

const kinds: Record<number, string> = { 3: "function", 6: "variable", 10: "property", 14: "keyword", 21: "constant" };

async function completions(context: CompletionContext): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\w#:]+/);
  if (!word && !context.explicit) return null;
  const doc = context.state.doc;
  const list = await call<Item[]>("complete", { text: doc.toString(), position: positionOf(doc, context.pos) }).catch(() => [] as Item[]);
  if (list.length === 0 || context.aborted) return null;
  const options = list.map((item): Completion => ({
    label: item.label, type: kinds[item.kind] ?? "text", boost: item.sortText.startsWith("1") ? 1 : 0,
    ...(item.detail ? { detail: item.detail } : {}),
    ...(item.documentation.value ? { info: () => said(item.documentation.value) } : {}),
    apply: item.insertTextFormat === 2 ? snippet(item.textEdit.newText.replace(/\$(\d)/g, (_, n: string) => `\${${n === "0" ? 9 : n}}`)) : item.textEdit.newText,
  }));
  return { from: offsetOf(doc, list[0]!.textEdit.range.start), options, validFor: /^[\w#:]*$/ };
}

export const completion = autocompletion({ override: [completions], icons: false, activateOnTypingDelay: 60 });

interface Help { signatures: { label: string; documentation: { value: string }; parameters: { label: string }[] }[]; activeParameter: number }

const setHelp = StateEffect.define<Tooltip | null>();
const helpField = StateField.define<Tooltip | null>({
  create: () => null,
  update(now, tr) {
    for (const e of tr.effects) if (e.is(setHelp)) return e.value;
    return now && tr.docChanged ? { ...now, pos: tr.changes.mapPos(now.pos) } : now;
  },
  provide: field => showTooltip.from(field),
});

// calls shows what the call around the cursor takes, while one writes in it.
const callPlugin = ViewPlugin.fromClass(class {
  timer = 0;
  update(u: ViewUpdate) {
    if (!u.docChanged && !u.selectionSet) return;
    clearTimeout(this.timer);
    const head = u.state.selection.main.head, line = u.state.doc.lineAt(head);
    const inCall = u.view.hasFocus && u.state.selection.main.empty && line.text.slice(0, head - line.from).includes("(");
    if (inCall && u.docChanged || u.state.field(helpField)) this.timer = window.setTimeout(() => void this.ask(u.view, inCall), 80);
  }
  async ask(view: EditorView, inCall: boolean) {
    const doc = view.state.doc, head = view.state.selection.main.head;
    const help = inCall ? await call<Help | null>("signature", at(view, head)).catch(() => null) : null;
    if (view.state.doc !== doc || view.state.selection.main.head !== head) return;
    const shown = view.state.field(helpField);
    if (help || shown) view.dispatch({ effects: setHelp.of(help && { pos: head, above: true, create: () => ({ dom: drawHelp(help) }) }) });
  }
  destroy() { clearTimeout(this.timer); }
});

function drawHelp(help: Help): HTMLElement {
  const s = help.signatures[0]!;
  const open = s.label.indexOf("(");
  const parts = s.parameters.flatMap((p, i) => [i > 0 ? ", " : null, h(i === help.activeParameter ? "b" : "span", {}, p.label)]);
  return h("div", { class: "said call" }, h("pre", {}, s.label.slice(0, open + 1), ...parts, ")"), said(s.documentation.value));
}

export const calls: Extension = [helpField, callPlugin];
