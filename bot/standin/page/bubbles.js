/* One message as a bubble with its buttons. Which messages there are, and in which order, is decided in chat.js. */

import {fileAddress} from "./api.js";
import {element, icon} from "./build.js";
import {formatted, safeAddress} from "./formatting.js";
import {label, wordFor} from "./labels.js";
import {toast} from "./notices.js";
import {hourAndMinute} from "./times.js";

const STYLES = new Set(["primary", "danger", "success"]);
const PICTURED = new Set(["photo", "voice", "sticker", "location", "contact"]);

async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast(label("copied"));
}

function inlineButton(button, {lang, onPress}) {
  const look = {class: "key", dir: "auto", lang, "data-style": STYLES.has(button.style) ? button.style : null};
  const words = element("span", {}, button.label);
  const hint = (key) => element("span", {class: "visually-hidden"}, ` (${label(key)})`);
  if (button.url) {
    return element("a", {...look, href: safeAddress(button.url), target: "_blank", rel: "noopener noreferrer"}, words, icon("link"), hint("opens_page"));
  }
  if (button.copy_text) {
    return element("button", {...look, type: "button", onclick: () => copy(button.copy_text)}, words, icon("copy"), hint("copies"));
  }
  return element("button", {...look, type: "button", onclick: (event) => onPress(button, event.currentTarget)}, words);
}

function attachment(message) {
  const name = message.file_name ?? wordFor("attachment", message.attachment);
  const fromBot = message.from === "bot" && message.file_id;
  if (fromBot && message.attachment === "photo") return element("img", {class: "picture", src: fileAddress(message.file_id), alt: name});
  const picture = element("span", {class: "attachment-icon"}, icon(PICTURED.has(message.attachment) ? message.attachment : "attach"));
  if (fromBot) return element("a", {class: "attachment", href: fileAddress(message.file_id), download: message.file_name ?? true}, picture, element("span", {}, name));
  return element("p", {class: "attachment"}, picture, element("span", {}, name)); // a person's are samples with nothing in them
}

// The payload of an invite link is a secret that messaging apps send but never show.
const withoutPayload = (text) => text.replace(/^\/start \S+$/, "/start");

/** `follows`: the message before came from the same side. `lang`: the borrower's language. */
export function bubble(message, {follows, lang, onPress}) {
  const mine = message.from === "person";
  const text = mine ? [withoutPayload(message.text)] : formatted(message.html);
  const rows = message.buttons ?? [];
  return element("article", {class: `message ${mine ? "mine" : "theirs"}${follows ? " follows" : ""}`, "data-message": message.message_id},
    element("div", {class: "bubble"},
      element("span", {class: "visually-hidden"}, `${label(mine ? "person_wrote" : "bot_wrote")}: `),
      message.attachment && attachment(message),
      element("div", {class: "bubble-text", dir: "auto", lang}, text),
      element("p", {class: "bubble-time"},
        message.edited && element("span", {class: "edited"}, `${label("edited")} `),
        element("time", {datetime: message.at}, hourAndMinute(message.at)))),
    rows.length > 0 && element("div", {class: "keys", role: "group", "aria-label": label("choices")},
      rows.map((row) => element("div", {class: "button-row"}, row.map((button) => inlineButton(button, {lang, onPress}))))));
}

export function dayMark(day) {
  return element("p", {class: "day"}, element("span", {}, day));
}

export function typingMark() {
  return element("p", {class: "typing"},
    element("span", {class: "typing-dots", "aria-hidden": "true"}, element("i"), element("i"), element("i")),
    element("span", {class: "visually-hidden"}, `${label("bot_wrote")} ${label("typing")}`));
}
