// Bundles the extension into dist/extension.js, and puts the licences beside it.
import * as esbuild from "esbuild";
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const result = await esbuild.build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  minify: true,
  metafile: true,
  logLevel: "warning",
});

// The packages that are in the bundle, each with its terms.
const packages = new Set();
for (const input of Object.keys(result.metafile.inputs)) {
  const found = /^(node_modules\/(?:@[^/]+\/)?[^/]+(?:\/node_modules\/(?:@[^/]+\/)?[^/]+)*)\//.exec(input);
  if (found) packages.add(found[1]);
}
const notices = ["The extension contains parts of these packages, under these terms."];
for (const folder of [...packages].sort()) {
  const { name, version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const terms = (await readdir(folder)).filter((f) => /^(licen[cs]e|copying|notice|thirdparty)/i.test(f)).sort();
  if (terms.length === 0) throw new Error(`${name} ${version} has no licence`);
  notices.push(`\n${"=".repeat(80)}\n${name} ${version}`);
  for (const file of terms) notices.push(`\n--- ${file}\n\n${(await readFile(join(folder, file), "utf8")).trim()}`);
}
await writeFile("notices.txt", notices.join("\n") + "\n");
await copyFile("../../../../LICENSE", "LICENSE.txt");
