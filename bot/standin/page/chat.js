/* The conversation with one borrower: the header and the log of bubbles.
 *
 * Nothing is shown as said before the stand-in reports it, so the log is always what the bot and the person really have.
 */

import * as api from "./api.js";
import {bubble, dayMark, typingMark} from "./bubbles.js";
import {dressAvatar, element, place} from "./build.js";
import {drawReplyKeyboard, focusWriting, offerTo} from "./composer.js";
import {label} from "./labels.js";
import {attempt} from "./notices.js";
import {languageOf} from "./people.js";
import {calendarDay, dayOf, languageName} from "./times.js";

const TYPING_LASTS = 5000; // Telegram shows a chat action for five seconds at most
const NEAR_END = 120; // px from the end of the log that still count as reading the newest message

const part = (id) => document.getElementById(id);
const log = part("log");

let person = null;
let messages = [];
let lang = ""; // BCP 47 tag of the borrower's language
let drawn = new Map(); // message_id -> {signature, node}
let changes = 0; // how many messages were reported as new, edited or deleted
let typing = null; // the timer that ends the typing mark

/** Shows `chosen` with an empty log until its messages have come. */
export async function openChat(chosen) {
  person = chosen;
  lang = languageOf(chosen);
  messages = [];
  drawn = new Map();
  stopTyping();
  log.replaceChildren();
  part("welcome").hidden = true;
  part("conversation").hidden = false;
  drawPerson();
  await reload();
  log.scrollTop = log.scrollHeight;
}

export function closeChat() {
  person = null;
  part("welcome").hidden = false;
  part("conversation").hidden = true;
}

/** Fetches the log anew; after a lost connection something may have been missed. */
export async function reload() {
  if (!person) return;
  const asked = person.user_id;
  let fetched = [];
  let before = null;
  do { // what was reported while the answer was under way may not be in it
    before = changes;
    fetched = await api.messages(asked);
    if (person?.user_id !== asked) return; // another borrower was chosen meanwhile
  } while (before !== changes);
  messages = fetched;
  log.setAttribute("aria-busy", "true"); // a screen reader must not read out the whole history
  drawLog();
  log.removeAttribute("aria-busy");
}

/** The person started, blocked or unblocked the bot, or has another reply keyboard. */
export function updatePerson(changed) {
  person = changed;
  drawPerson();
  drawLog();
}

/** The lender knows the borrower's language more exactly than the messaging app does. */
export function speak(borrowerLanguage) {
  if (!person || borrowerLanguage === lang) return;
  lang = borrowerLanguage;
  redraw();
}

/** Writes everything anew, because the page's language or time zone is another. */
export function redraw() {
  if (!person) return;
  drawn = new Map();
  drawPerson();
  drawLog();
}

/** A message came, or an old one is now another. */
export function showMessage(message) {
  changes += 1;
  if (message.from === "bot") stopTyping();
  const known = messages.findIndex((other) => other.message_id === message.message_id);
  if (known >= 0) messages[known] = message;
  else messages.push(message);
  drawLog({follow: known < 0 && message.from === "person"});
}

export function removeMessage(messageId) {
  changes += 1;
  messages = messages.filter((message) => message.message_id !== messageId);
  drawLog();
}

export function showTyping() {
  clearTimeout(typing);
  typing = setTimeout(() => {
    stopTyping();
    drawLog();
  }, TYPING_LASTS);
  drawLog();
}

function stopTyping() {
  clearTimeout(typing);
  typing = null;
}

function drawPerson() {
  dressAvatar(part("chat-avatar"), person);
  part("chat-name").textContent = person.name;
  part("chat-subtitle").replaceChildren(element("bdi", {}, person.phone), element("span", {class: "chat-language"}, languageOf(person) && ` · ${languageName(languageOf(person))}`));
  offerTo(person);
}

function drawLog({follow = false} = {}) {
  const atEnd = distanceToEnd() < NEAR_END;
  const nodes = knownFacts().length > 0 ? [kept("who you are", whoYouAre)] : [];
  let day = null;
  let previous = null;
  for (const message of messages) {
    if (dayOf(message.at) !== day) {
      day = dayOf(message.at);
      previous = null;
      nodes.push(kept(day, () => dayMark(day)));
    }
    nodes.push(nodeOf(message, previous === message.from));
    previous = message.from;
  }
  if (messages.length === 0) nodes.push(kept(emptyKey(), () => element("p", {class: "empty"}, label(emptyKey()))));
  if (typing) nodes.push(log.querySelector(".typing") ?? typingMark());
  place(log, nodes);
  drawReplyKeyboard(lang);
  if (atEnd || follow) log.scrollTop = log.scrollHeight;
  noteEnd();
}

function emptyKey() {
  if (person.started) return "messages_empty";
  return person.about?.link ? "messages_empty_start" : "messages_empty_unlinked";
}

/** The node called `key`, made once per chat. */
function kept(key, make) {
  if (!drawn.has(key)) drawn.set(key, {node: make()});
  return drawn.get(key).node;
}

/** What this person would know when the bot asks for a proof of identity. */
function knownFacts() {
  const {birth_date: birthDate, id_last4: lastFour} = person.about ?? {};
  return [birthDate && label("your_birth_date", {day: calendarDay(birthDate)}), lastFour && label("your_last_four", {digits: lastFour})].filter(Boolean);
}

function whoYouAre() {
  return element("p", {class: "who-you-are"}, element("strong", {}, label("you_are", {name: person.name})), element("br"), knownFacts().join(" "));
}

/** The bubble of `message`, made anew only when something in it changed. */
function nodeOf(message, follows) {
  const signature = JSON.stringify([message, follows]);
  const before = drawn.get(message.message_id);
  if (before?.signature === signature) return before.node;
  const node = bubble(message, {follows, lang, onPress: (button, control) => press(message, button, control)});
  drawn.set(message.message_id, {signature, node});
  if (before?.node.contains(document.activeElement)) keepFocus(before.node, node);
  return node;
}

// An edit may take away the very button that was just pressed with the keyboard.
function keepFocus(before, after) {
  const position = [...before.querySelectorAll("button, a")].indexOf(document.activeElement);
  queueMicrotask(() => {
    const controls = [...after.querySelectorAll("button, a")];
    if (controls.length > 0) controls[Math.min(position, controls.length - 1)].focus({preventScroll: true});
    else focusWriting();
  });
}

async function press(message, button, control) {
  control.setAttribute("aria-busy", "true");
  await attempt(() => api.press(person.user_id, message.message_id, button.data));
  control.removeAttribute("aria-busy");
}

const distanceToEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight;

function noteEnd() {
  part("to-end").hidden = distanceToEnd() < NEAR_END;
}

export function wireChat() {
  log.addEventListener("scroll", noteEnd, {passive: true});
  part("to-end").addEventListener("click", () => {
    log.scrollTop = log.scrollHeight;
    focusWriting();
  });
}
