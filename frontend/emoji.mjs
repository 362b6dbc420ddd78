// Writes the app's table of emoji from the npm package emojibase-data, which is made of Unicode's
// own data (CLDR). Run it when a new version is out:
//
//   npm pack emojibase-data@17.0.0 && tar xzf emojibase-data-17.0.0.tgz
//   node frontend/emoji.mjs package > frontend/static/assets/emoji-17.0.txt
//
// A line an emoji, in the order of keyboards: the emoji, its form with the lightest skin where it
// has one, its short names, its name and words in English, its name and words in Chinese; tabs
// between. `#` and a number begin a group, `!` a line for people. frontend/src/present/emoji.rs
// reads it.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [root] = process.argv.slice(2);
const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));
/** What systems of the last two years can draw. */
const NEWEST = 15.1;
const COMPONENT = 2;

const chinese = new Map(read("zh/compact.json").map((one) => [one.hexcode, one]));
const names = ["github", "iamcal"].map((set) => read(`en/shortcodes/${set}.json`));
const version = read("package.json").version;

/** The form that everybody sends: fully qualified, without selectors that say nothing. */
function form(one) {
  const points = one.hexcode.split("-").map((point) => parseInt(point, 16));
  const bare = String.fromCodePoint(...points);
  return [bare, one.emoji, `${bare}\ufe0f`].find((text) => /^\p{RGI_Emoji}$/v.test(text));
}

/** The form with the lightest skin, if all others differ from it by the tone only. */
function toned(one) {
  const even = (tone) => one.skins?.find((skin) => [skin.tone].flat().every((t) => t === tone));
  const forms = [1, 2, 3, 4, 5].map((tone) => even(tone) && form(even(tone)));
  const [lightest] = forms;
  const derived = (at) => lightest.replaceAll("\u{1f3fb}", String.fromCodePoint(0x1f3fb + at));
  return lightest && forms.every((text, at) => text === derived(at)) ? lightest : "";
}

function words(...parts) {
  const all = parts.flat().flatMap((part) => (part ?? "").toLowerCase().split(/[\s,;:“”"()]+/));
  return [...new Set(all.filter((word) => word !== ""))].join(" ");
}

const lines = [
  `! emojibase-data ${version}, https://emojibase.dev. Copyright (c) 2017-2019, Miles Johnson. MIT License.`,
  "! Names and words: Unicode CLDR. Copyright (c) 1991-2025 Unicode, Inc. Unicode License v3.",
];
let group = -1;
const all = read("en/data.json").filter((one) => one.group !== undefined && one.group !== COMPONENT);
for (const one of all.toSorted((a, b) => a.order - b.order)) {
  const text = form(one);
  if (one.version > NEWEST || text === undefined) continue;
  if (one.group !== group) lines.push(`#${(group = one.group)}`);
  const short = [...new Set(names.flatMap((set) => set[one.hexcode] ?? []))];
  const zh = chinese.get(one.hexcode);
  const english = [one.label.toLowerCase(), words(one.tags)];
  const other = [zh?.label ?? "", words(zh?.tags)];
  lines.push([text, toned(one), short.join(" "), ...english, ...other].join("\t"));
}
console.log(lines.join("\n"));
