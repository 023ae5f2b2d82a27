// A language server for the tests: it finds one fault in each text, and answers commands with what it was told.
"use strict";
const rpc = require("vscode-jsonrpc/node");

const connection = rpc.createMessageConnection(new rpc.StreamMessageReader(process.stdin), new rpc.StreamMessageWriter(process.stdout));
let options;

connection.onRequest("initialize", (params) => {
  options = params.initializationOptions;
  return { capabilities: { textDocumentSync: 1, hoverProvider: true, documentFormattingProvider: true, codeLensProvider: {} } };
});
connection.onNotification("textDocument/didOpen", ({ textDocument }) => {
  const range = { start: { line: 0, character: 1 }, end: { line: 0, character: 2 } };
  void connection.sendNotification("textDocument/publishDiagnostics", {
    uri: textDocument.uri,
    version: textDocument.version,
    diagnostics: [{ range, severity: 1, source: "rasp", message: `fault in ${textDocument.text}` }],
  });
});
connection.onRequest("workspace/executeCommand", async ({ command, arguments: args }, cancelled) => {
  switch (command) {
    case "rasp.server.run":
      return { title: "run", kind: "text", content: JSON.stringify({ options, args }) + "\n" };
    case "rasp.server.draw":
      return { title: `picture of <${args[1]}>`, kind: "svg", content: '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>' };
    case "rasp.server.compile":
      throw new rpc.ResponseError(-32803, "the vocabulary is missing");
  }
  await new Promise((resolve) => cancelled.onCancellationRequested(resolve));
  throw new rpc.ResponseError(-32800, "cancelled");
});
connection.onRequest("shutdown", () => null);
connection.onNotification("exit", () => process.exit(0));
connection.listen();
