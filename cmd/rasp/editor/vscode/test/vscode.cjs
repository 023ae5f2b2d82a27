// A stand-in for the module "vscode", which only VS Code has: what the client and its library use of it, and a
// record of what they showed.
"use strict";
const { pathToFileURL, fileURLToPath } = require("node:url");

class Disposable {
  constructor(end = () => {}) { this.end = end; }
  dispose() { this.end(); }
  static from(...all) { return new Disposable(() => all.forEach((d) => d.dispose())); }
}

class EventEmitter {
  constructor() {
    this.listeners = new Set();
    this.event = (listener, self) => {
      const bound = self ? listener.bind(self) : listener;
      this.listeners.add(bound);
      return new Disposable(() => this.listeners.delete(bound));
    };
  }
  async fire(e) { for (const listener of this.listeners) await listener(e); }
  dispose() { this.listeners.clear(); }
}

class CancellationTokenSource {
  constructor() {
    const emitter = new EventEmitter();
    this.token = { isCancellationRequested: false, onCancellationRequested: emitter.event };
    this.cancel = () => { this.token.isCancellationRequested = true; void emitter.fire(); };
    this.dispose = () => emitter.dispose();
  }
}

class Uri {
  constructor(text) { this.text = text; this.scheme = text.slice(0, text.indexOf(":")); }
  static parse(text) { return new Uri(text); }
  static file(path) { return new Uri(pathToFileURL(path).href); }
  get fsPath() { return fileURLToPath(this.text); }
  toString() { return this.text; }
}

class Position { constructor(line, character) { Object.assign(this, { line, character }); } }
class Range {
  constructor(a, b, c, d) { [this.start, this.end] = c === undefined ? [a, b] : [new Position(a, b), new Position(c, d)]; }
}
class Diagnostic { constructor(range, message, severity) { Object.assign(this, { range, message, severity }); } }

/** What was shown and registered since reset. */
const seen = {};
const settings = new Map();
const configuration = new EventEmitter();
const opened = new EventEmitter();
const workspaceEvents = new Map([["onDidChangeConfiguration", configuration], ["onDidOpenTextDocument", opened]]);

function reset() {
  Object.assign(seen, { messages: [], lines: [], panels: [], providers: [], diagnostics: new Map(), commands: new Map(), executed: [], progress: [], answer: undefined });
  settings.clear();
  workspace.textDocuments = [];
}

function message(kind) {
  return async (text, ...choices) => {
    seen.messages.push({ kind, text, choices });
    return choices.find((c) => c === seen.answer);
  };
}

/** An object whose missing members are functions that give a thing to dispose, or events. */
function lenient(known) {
  return new Proxy(known, {
    get(target, name) {
      if (name in target || typeof name === "symbol") return target[name];
      if (!workspaceEvents.has(name)) workspaceEvents.set(name, new EventEmitter());
      return name.startsWith("on") ? workspaceEvents.get(name).event : () => new Disposable();
    },
  });
}

const workspace = lenient({
  textDocuments: [],
  notebookDocuments: [],
  workspaceFolders: undefined,
  isTrusted: true,
  onDidChangeConfiguration: configuration.event,
  onDidOpenTextDocument: opened.event,
  getWorkspaceFolder: () => undefined,
  getConfiguration: (section) => ({
    get: (name, fallback) => settings.get(`${section}.${name}`) ?? fallback,
    inspect: () => undefined,
    has: (name) => settings.has(`${section}.${name}`),
  }),
});

const window = lenient({
  activeTextEditor: undefined,
  visibleTextEditors: [],
  tabGroups: { all: [], onDidChangeTabs: () => new Disposable(), onDidChangeTabGroups: () => new Disposable() },
  showErrorMessage: message("error"),
  showInformationMessage: message("information"),
  showWarningMessage: message("warning"),
  createOutputChannel: (name) => ({
    name, append() {}, clear() {}, replace() {}, show() {}, hide() {}, dispose() {},
    trace() {}, debug() {}, info() {}, warn() {}, error() {}, logLevel: 3, onDidChangeLogLevel: () => new Disposable(),
    appendLine: (text) => seen.lines.push({ channel: name, text }),
  }),
  createWebviewPanel(type, title, place, options) {
    const gone = new EventEmitter();
    const panel = { type, title, place, options, webview: { html: "" }, revealed: 0, reveal() { panel.revealed++; }, onDidDispose: gone.event, dispose: () => void gone.fire() };
    seen.panels.push(panel);
    return panel;
  },
  withProgress: (options, task) => {
    const source = new CancellationTokenSource();
    seen.progress.push({ ...options, cancel: source.cancel });
    return task({ report() {} }, source.token);
  },
});

const commands = {
  registerCommand(name, run) {
    seen.commands.set(name, run);
    return new Disposable(() => seen.commands.delete(name));
  },
  executeCommand: async (...all) => void seen.executed.push(all),
};

const languages = new Proxy({}, {
  get: (_, name) => {
    if (name === "match") return (selector, document) => ([selector].flat().some((s) => s.language === document.languageId && (!s.scheme || s.scheme === document.uri.scheme)) ? 10 : 0);
    if (name === "createDiagnosticCollection") {
      return () => ({ set: (uri, list) => seen.diagnostics.set(String(uri), list), delete() {}, clear() {}, dispose() {}, has: () => false, get: () => [], forEach() {} });
    }
    return () => { seen.providers.push(name); return new Disposable(); };
  },
});

/** A text that is open in the editor. */
async function open(uri, text) {
  const document = { uri: Uri.parse(uri), fileName: uri, languageId: "rasp", version: 1, isClosed: false, isDirty: false, getText: () => text };
  workspace.textDocuments.push(document);
  await opened.fire(document);
  return document;
}

class CodeActionKind {
  static Empty = new CodeActionKind("");
  constructor(value) { this.value = value; }
  append(part) { return new CodeActionKind(this.value ? `${this.value}.${part}` : part); }
}

const known = {
  CodeActionKind, Disposable, EventEmitter, CancellationTokenSource, Uri, Position, Range, Diagnostic,
  CancellationError: class extends Error {},
  workspace, window, commands, languages,
  env: { language: "en", appName: "a stand-in", openExternal: async () => true },
  extensions: { all: [], getExtension: () => undefined, onDidChange: () => new Disposable() },
  version: "1.91.0",
  ViewColumn: { Beside: -2 },
  ProgressLocation: { Window: 10, Notification: 15 },
  DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
  LogLevel: { Off: 0, Trace: 1, Debug: 2, Info: 3, Warning: 4, Error: 5 },
  standIn: { seen, settings, configuration, open, reset },
};

reset();

// What the library extends or names, and these tests do not look at.
for (const name of [
  "CallHierarchyItem", "CodeAction", "CodeLens", "CompletionItem", "CompletionItemKind", "CompletionItemTag",
  "CompletionList", "CompletionTriggerKind", "DiagnosticTag", "DocumentLink", "FileType", "FoldingRangeKind", "InlayHint",
  "InlineCompletionTriggerKind", "MarkdownString", "RelativePattern", "SemanticTokensLegend", "SignatureHelpTriggerKind", "SymbolInformation", "SymbolKind", "SymbolTag",
  "TabInputCustom", "TabInputNotebook", "TabInputText", "TabInputTextDiff", "TextDocumentSaveReason", "TextEdit", "TypeHierarchyItem",
]) {
  known[name] ??= class {};
}

module.exports = known;
