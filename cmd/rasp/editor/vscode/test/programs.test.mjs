// The TextMate grammar on every program of the repository: each token gets the scope that its kind has, by a scanner of
// its own, and the words that the grammar knows are those of the language and of the library.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import textmate from "vscode-textmate";
import oniguruma from "vscode-oniguruma";

const root = join(import.meta.dirname, "../../../../..");
const grammarFile = "syntaxes/rasp.tmLanguage.json";

async function loadGrammar() {
  const wasm = join(dirname(createRequire(import.meta.url).resolve("vscode-oniguruma")), "onig.wasm");
  await oniguruma.loadWASM(readFileSync(wasm).buffer);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(grammarFile, "utf8"), grammarFile),
  });
  return registry.loadGrammar("source.rasp");
}
const grammar = await loadGrammar();

/** The scope that the character at a place has, innermost, for each line of a text. */
function scopes(text) {
  let state = textmate.INITIAL;
  return text.split("\n").map((line) => {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    return (at) => result.tokens.find((t) => t.startIndex <= at && at < t.endIndex).scopes;
  });
}

// The tokens of lang/syntax/scan.go, and what the scope of each begins with.
const kinds = [
  ["comment", /#.*/y, /^(comment|meta\.(directive|example))\b/],
  ["string", /"[^"]*"/y, /^string\./],
  ["number", /\d+(\.\d+)?/y, /^constant\.numeric\./],
  ["builtin", /(select|aggregate|range|zip|len)(?=\()|(round|indicator)\b/y, /^support\.function\.builtin\./],
  ["keyword", /s-op|full seq display|(and|or|in|not|if|else|def|return|for|load|draw|set|show|examples?|selector|on|off|exit|quit)\b/y, /^(keyword|storage)\./],
  ["name", /[A-Za-z_]\w*/y, /^(variable|entity\.name|support\.function\.library|constant\.language)\./],
  ["operator", /==|!=|<=|>=|[-+*/%^<>=]/y, /^keyword\.operator\./],
  ["punctuation", /[,:;()[\]{}]/y, /^punctuation\./],
];

function check(file, text) {
  const scopeOf = scopes(text);
  let tokens = 0;
  text.split("\n").forEach((line, row) => {
    for (let at = 0; at < line.length; ) {
      if (/\s/.test(line[at])) {
        at++;
        continue;
      }
      const [kind, pattern, wanted] = kinds.find(([, pattern]) => ((pattern.lastIndex = at), pattern.test(line))) ?? assert.fail(`${file}:${row + 1}: ${line.slice(at)}`);
      const token = line.slice(at, pattern.lastIndex);
      const found = scopeOf[row](at);
      const where = `${file}:${row + 1}:${at + 1}: ${kind} ${token} has ${found.join(" ")}`;
      assert.ok(found.slice(1).some((scope) => wanted.test(scope)), where);
      assert.ok(!found.some((scope) => scope.startsWith("invalid")), where);
      tokens++;
      at += token.length;
    }
  });
  return tokens;
}

test("every token of every program", () => {
  // Those of testdata/check are faulty on purpose, and elsewhere those that expect a fault at a place.
  const files = ["stdlib", "testdata/language", "testdata/load", "testdata/compile"]
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith(".rasp"));
  assert.ok(files.length > 50, `${files.length} programs`);
  let tokens = 0;
  for (const file of files) {
    const programs = readFileSync(join(root, file), "utf8").split(/^(?=#==)/m);
    for (const program of programs.filter((p) => !/^#( *\^|<)/m.test(p))) tokens += check(file, program);
  }
  assert.ok(tokens > 10000, `${tokens} tokens`);
});

test("the words of the grammar are those of the language and its library", () => {
  const text = readFileSync(grammarFile, "utf8").replaceAll("\\\\b", " ").replaceAll("examples?", "example examples");
  const words = new Set(text.match(/[a-z_]+/g));
  const language = readFileSync(join(root, "lang/syntax/token.go"), "utf8").match(/"[a-z]+": *(operator|keyword)Token/g).map((m) => m.match(/[a-z]+/)[0]);
  const library = readFileSync(join(root, "stdlib/library.rasp"), "utf8").match(/^(def [a-z_]+|[a-z_]+ =)/gm).map((m) => m.replace(/^def | =$/g, ""));
  assert.ok(language.length > 20 && library.length > 15);
  assert.deepEqual([...language, ...library].filter((word) => !words.has(word)), []);
});

test("a line with an open bracket sets the next one in, a closing bracket sets its own out", () => {
  const { indentationRules } = JSON.parse(readFileSync("language-configuration.json", "utf8"));
  const more = (line) => new RegExp(indentationRules.increaseIndentPattern).test(line);
  const less = (line) => new RegExp(indentationRules.decreaseIndentPattern).test(line);
  for (const line of ["def f(a) {", "    for k in x { # why", 'x = {"a": 1, "}": 2,', "y = [[1, 2], [", "z = f(", '"(" if a else (']) assert.ok(more(line), line);
  for (const line of ["x = f(1);", "# def f() {", 'x = "{";', "def f(a) { return a; }", "x = {1: 2}[tokens]; # {", ""]) assert.ok(!more(line), line);
  for (const line of ["}", "    ], 2];", ")"]) assert.ok(less(line), line);
  for (const line of ["x = [1];", "# }"]) assert.ok(!less(line), line);
});
