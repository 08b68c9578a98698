/* What the person can do below the log: write, press Start, send a sample attachment, use the reply keyboard. */

import * as api from "./api.js";
import {element, focusIsLost, icon} from "./build.js";
import {label} from "./labels.js";
import {fillMenu} from "./menus.js";
import {attempt} from "./notices.js";

const part = (id) => document.getElementById(id);
const ATTACHMENTS = ["photo", "voice", "sticker", "location"];

let person = null;

/** Puts focus where the person acts next: the line to write on, or the button in its stead. */
export function focusWriting() {
  ["text", "start", "unblock"].map(part).find((node) => !node.closest("[hidden]"))?.focus();
}

/** Shows what `chosen` can do now: Start before the chat is open, Unblock after a block, else the line to write on. */
export function offerTo(chosen) {
  if (person?.user_id !== chosen.user_id) part("text").value = "";
  person = chosen;
  const id = person.user_id;
  const hadFocus = part("composer-frame").contains(document.activeElement);
  part("composer").hidden = person.blocked || !person.started;
  part("unblock").hidden = !person.blocked;
  part("start").hidden = person.blocked || person.started;
  // Focus on a control that has just vanished goes to the one that took its place.
  if (hadFocus && focusIsLost()) focusWriting();
  const block = person.blocked ? {icon: "check", what: "unblock"} : {icon: "block", what: "block"};
  fillMenu(part("chat-menu"), [{icon: block.icon, label: label(block.what), act: () => attempt(() => api.act(id, block.what))}]);
  fillMenu(part("attach-menu"), [
    ...ATTACHMENTS.map((what) => ({icon: what, label: label(`send_${what}`), act: () => attempt(() => api.act(id, what))})),
    {icon: "contact", label: label("send_contact"), act: () => attempt(() => api.shareContact(id, true))},
    {icon: "stranger", label: label("send_other_contact"), act: () => attempt(() => api.shareContact(id, false))},
  ]);
}

/** Shows the person's reply keyboard above the line to write on. */
export function drawReplyKeyboard(lang) {
  const board = part("reply-keyboard");
  const rows = person.reply_keyboard ?? [];
  const signature = JSON.stringify([person.user_id, rows, lang]);
  const shown = rows.length > 0 && person.started && !person.blocked;
  const hadFocus = board.contains(document.activeElement);
  if (board.dataset.signature !== signature) {
    board.dataset.signature = signature;
    board.replaceChildren(...rows.map((row) => element("div", {class: "button-row"}, row.map((button) => replyButton(button, lang)))));
  }
  board.hidden = !shown;
  if (hadFocus && focusIsLost()) focusWriting();
}

function replyButton(button, lang) {
  const press = () => attempt(() => api.choose(person.user_id, button.label));
  return element("button", {type: "button", class: "key", dir: "auto", lang, onclick: press},
    button.request_contact && icon("contact"), button.request_location && icon("location"), element("span", {}, button.label));
}

function grow() {
  const field = part("text");
  field.style.blockSize = "auto";
  field.style.blockSize = `${field.scrollHeight}px`;
}

async function send() {
  const field = part("text");
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  grow();
  field.focus();
  const sent = await attempt(() => api.say(person.user_id, text));
  if (!sent && !field.value) field.value = text; // what was written is not lost
}

export function wireComposer() {
  part("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  part("text").addEventListener("input", grow);
  part("text").addEventListener("keydown", (event) => {
    // While an input method composes (Chinese, Japanese), Enter picks a candidate and must not send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  part("start").addEventListener("click", () => attempt(() => api.start(person.user_id, person.about?.link)));
  part("unblock").addEventListener("click", () => attempt(() => api.act(person.user_id, "unblock")));
}
