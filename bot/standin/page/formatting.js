/* Telegram's HTML subset, built node by node from a list of what is allowed.
 *
 * The markup is read by the small reader below and never given to the browser's own, so nothing in it can run or be
 * fetched. Of an unknown element only the text inside survives; of a known one only the attributes named here.
 */

import {label} from "./labels.js";
import {element} from "./build.js";

const TAGS = {
  b: "b", strong: "b", i: "i", em: "i", u: "u", ins: "u", s: "s", strike: "s", del: "s",
  code: "code", pre: "pre", blockquote: "blockquote", a: "a", "tg-spoiler": "spoiler",
};
const ENTITIES = {lt: "<", gt: ">", amp: "&", quot: '"'};
const SAFE_LINKS = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);
// A tag, an entity, or a stretch of text; a stray "<" or "&" is text too.
const TOKENS = /<(\/?)([a-z][a-z0-9-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>|&(#\d+|#x[\da-f]+|[a-z]+);|[^<&]+|[<&]/gi;

/** The address if it is one that a person may be sent to, else null. */
export function safeAddress(address) {
  try {
    return SAFE_LINKS.has(new URL(address).protocol) ? address : null;
  } catch {
    return null; // relative or malformed: Telegram makes no link of it either
  }
}

function character(whole, name) {
  if (!name.startsWith("#")) return ENTITIES[name.toLowerCase()] ?? whole;
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}

const plain = (text) => text.replace(/&(#\d+|#x[\da-f]+|[a-z]+);/gi, character);

const attribute = (written, name) => {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(written);
  return found ? plain(found[1] ?? found[2] ?? found[3]) : "";
};

function kindOf(tag, written) {
  if (tag === "span" && attribute(written, "class") === "tg-spoiler") return "spoiler";
  return Object.hasOwn(TAGS, tag) ? TAGS[tag] : null;
}

function spoiler(children) {
  const hidden = element("span", {class: "spoiler-text"}, children);
  const button = element("button", {type: "button", class: "spoiler", "aria-expanded": "false", "aria-label": label("spoiler")}, hidden);
  button.addEventListener("click", () => {
    const shown = element("span", {class: "spoiler-shown", tabindex: "-1"}, ...hidden.childNodes);
    button.replaceWith(shown);
    shown.focus(); // the button is gone; focus must not fall to the top of the page
  }, {once: true});
  return button;
}

function built({kind, written, children}) {
  if (kind === "spoiler") return [spoiler(children)];
  if (kind !== "a") return [element(kind, {}, children)];
  const href = safeAddress(attribute(written, "href"));
  return href ? [element("a", {href, target: "_blank", rel: "noopener noreferrer"}, children)] : children;
}

/** Nodes for a message's `html`; line breaks stay characters, the style sheet shows them. */
export function formatted(html) {
  const root = {children: []};
  const open = [root];
  const close = () => {
    const done = open.pop();
    open.at(-1).children.push(...built(done));
  };
  for (const [whole, slash, name, written, entity] of html.matchAll(TOKENS)) {
    if (entity) open.at(-1).children.push(character(whole, entity));
    else if (!name) open.at(-1).children.push(whole);
    else if (!slash) {
      const kind = kindOf(name.toLowerCase(), written);
      if (kind) open.push({tag: name.toLowerCase(), kind, written, children: []});
    } else {
      const depth = open.findLastIndex((part) => part.tag === name.toLowerCase());
      while (depth > 0 && open.length > depth) close(); // what was left open inside closes with it
    }
  }
  while (open.length > 1) close();
  return root.children;
}
