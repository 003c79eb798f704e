// Makes chalicelib/pages/frame/assets/utrecht.css: of the components that NL Design System's packages bring, what the
// templates use. Run by `make components` when a template uses a new one; what it makes is kept in the repository.
import fs from "node:fs";
import path from "node:path";
import { PurgeCSS } from "purgecss";
import { transform } from "lightningcss";

const CHALICELIB = "../../chalicelib";
const TARGET = `${CHALICELIB}/pages/frame/assets/utrecht.css`;
const LICENCE =
  "/* Components of NL Design System (Utrecht), EUPL-1.2, Copyright (c) 2020-2024 Frameless B.V., 2021-2024 Gemeente " +
  "Utrecht. Made by `make components`: only what the templates use. */\n";

const packages = Object.keys(JSON.parse(fs.readFileSync("package.json")).dependencies).filter((name) => name.startsWith("@utrecht/"));
const css = packages.map((name) => fs.readFileSync(`node_modules/${name}/dist/index.css`, "utf8")).join("\n");
const templates = fs.readdirSync(CHALICELIB, { recursive: true }).filter((name) => name.endsWith(".html"));
// A template may make a class of two parts, `utrecht-alert--{{ kind }}`: all of that component are kept then.
const words = new Set(["html", "body"]);
const beginnings = [];
for (const name of templates)
  for (const [, word, open] of fs.readFileSync(path.join(CHALICELIB, name), "utf8").matchAll(/(utrecht-[a-z0-9_-]*)(\{\{)?/g))
    open ? beginnings.push(new RegExp(`^${word}(${KINDS()})$`)) : words.add(word);
function KINDS() {
  return "primary-action|secondary-action|subtle|info|ok|warning|error|safe|danger|neutral|[123]";
}
const [purged] = await new PurgeCSS().purge({
  content: [{ raw: [...words].join(" "), extension: "txt" }],
  css: [{ raw: css }],
  safelist: { standard: beginnings },
});
const { code } = transform({ filename: "utrecht.css", code: Buffer.from(purged.css), minify: true, errorRecovery: true });
fs.writeFileSync(TARGET, LICENCE + code);
console.log(`${TARGET}: ${LICENCE.length + code.length} bytes of ${css.length}`);
