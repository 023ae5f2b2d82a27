// Pictures beside the text. A picture comes from the text of a program, which may be a stranger's: it is shown as an
// image, in which scripts and links are dead, on a page that may load nothing else.
import * as vscode from "vscode";

/** A panel for each title, beside the text; a second picture of a title takes the place of the first. */
export class Pictures implements vscode.Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  show(title: string, svg: string): void {
    let panel = this.panels.get(title);
    if (panel === undefined) {
      const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      panel = vscode.window.createWebviewPanel("rasp.picture", title, place, { enableScripts: false, localResourceRoots: [] });
      panel.onDidDispose(() => this.panels.delete(title));
      this.panels.set(title, panel);
    } else {
      panel.reveal(undefined, true);
    }
    panel.webview.html = page(title, svg);
  }

  dispose(): void {
    for (const panel of [...this.panels.values()]) panel.dispose();
  }
}

function page(title: string, svg: string): string {
  const image = Buffer.from(svg, "utf8").toString("base64");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>body { margin: 0; padding: 1em; background: white }</style>
</head>
<body><img alt="${escaped(title)}" src="data:image/svg+xml;base64,${image}"></body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
