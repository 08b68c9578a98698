/* The demo's page: be one of the sample borrowers on one side, see what the lender sees on the other.
 *
 * This file joins the parts: who is chosen (the page's address says so), what the server reports, and what is drawn anew.
 */

import * as api from "./api.js";
import {closeChat, openChat, redraw, reload, removeMessage, showMessage, showTyping, speak, updatePerson, wireChat} from "./chat.js";
import {drawClock, move, wireClock} from "./clock.js";
import {focusWriting, wireComposer} from "./composer.js";
import {LANGUAGES, label, language, preferredLanguage, useLanguage, writeLabels} from "./labels.js";
import {drawLender} from "./lender.js";
import {wireMenus} from "./menus.js";
import {alertBox, attempt, offline, toast} from "./notices.js";
import {addressOf, chosenId, drawPeople} from "./people.js";
import {rememberStanding} from "./standing.js";
import {closeSheet, wireSheet} from "./sheet.js";
import {useTimeZone} from "./times.js";

const THEME = "gracebot.theme";
const CHANGES_WAIT = 120; // ms: one act of the product causes several changes; they are fetched once

const part = (id) => document.getElementById(id);
const roomForBoth = matchMedia("(min-width: 46rem)");

let people = [];
let clock = null; // null: the stand-in runs alone, without a lender behind it
let view = null;
let shown = null; // id of the person whose chat is on the screen

const chosen = () => people.find((person) => person.user_id === chosenId()) ?? null;

/** Calls `act` once, a moment after the last of many calls. */
function gathered(act) {
  let waiting = null;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(act, CHANGES_WAIT);
  };
}

/* People */

async function loadPeople() {
  people = await api.people();
  drawList();
}

function drawList() {
  drawPeople(people, chosenId(), clock?.now ?? null);
}

async function refreshPeople() {
  await loadPeople();
  if (chosen()) updatePerson(chosen());
}

async function showChosen({byPerson}) {
  const person = chosen();
  const before = shown;
  shown = person?.user_id ?? null;
  document.body.dataset.view = person ? "chat" : "people";
  drawList();
  closeSheet();
  if (person) {
    person.unread = 0; // fetching the messages reads them
    await openChat(person);
    // On a phone the keyboard of the device must not jump up before anything was read.
    if (byPerson) (roomForBoth.matches ? focusWriting() : part("chat-name").focus());
  } else {
    closeChat();
    if (byPerson) document.querySelector(`.person[href="${addressOf(before)}"]`)?.focus();
  }
  await refreshLender();
}

/* The lender's side */

async function fetchView() {
  const person = chosen();
  if (!person) return null;
  try {
    return await api.lenderView(person.about?.borrower_id ?? "", language());
  } catch (problem) {
    if (problem.status === 404) return undefined;
    throw problem;
  }
}

async function refreshLender() {
  if (!clock) return;
  const asked = chosenId();
  const fetched = await Promise.all([api.clock(), fetchView()]);
  if (asked !== chosenId()) return; // another borrower was chosen meanwhile; that choice fetches its own
  [clock, view] = fetched;
  if (view) {
    speak(view.borrower.language);
    rememberStanding(chosen().about.borrower_id, view, clock.now);
  }
  if (useTimeZone(view?.borrower.timezone)) redraw();
  drawLenderSide();
}

async function moveTo(wanted) {
  await move(wanted);
  await attempt(refreshLender);
}

function drawLenderSide() {
  drawClock(clock, view, moveTo);
  drawLender(view, clock.now, {moveTo, refresh: () => attempt(refreshLender)});
  drawList();
}

async function findClock() {
  try {
    clock = await api.clock();
  } catch (problem) {
    if (problem.status !== 404) throw problem;
    clock = null;
  }
  document.body.toggleAttribute("data-alone", clock === null);
}

/* What the server reports */

const forChosen = (handle) => (report) => {
  if (report.user_id === chosenId()) handle(report);
  else refreshPeopleSoon();
};

const refreshPeopleSoon = gathered(() => attempt(refreshPeople));
const refreshLenderSoon = gathered(() => attempt(refreshLender));

function answerPress({text, alert}) {
  if (!text) return;
  if (alert) alertBox(text);
  else toast(text);
}

function listenToAll() {
  const onTrouble = async () => {
    // A stream may end for no reason; only a server that does not answer is worth a word.
    await api.people().then(() => offline(false), () => offline(true));
  };
  api.listen("/standin/events", {
    message: forChosen(({message}) => {
      showMessage(message);
      if (message.from === "bot") attempt(() => api.act(chosenId(), "read")); // it is on the screen
      refreshPeopleSoon(); // a message may bring another reply keyboard
    }),
    edit: forChosen(({message}) => showMessage(message)),
    delete: forChosen(({message_id: messageId}) => removeMessage(messageId)),
    callback_answer: forChosen(answerPress),
    chat_action: forChosen(showTyping),
    person: refreshPeopleSoon,
  }, {onTrouble, onAgain: () => {
    offline(false);
    attempt(async () => {
      await refreshPeople();
      await reload();
    });
  }});
  if (clock) api.listen("/demo/events", {changed: refreshLenderSoon}, {onTrouble, onAgain: refreshLenderSoon});
}

/* The page itself */

function wireBar() {
  const select = part("language");
  select.replaceChildren(...Object.entries(LANGUAGES).map(([tag, name]) => new Option(name, tag, false, tag === language())));
  select.addEventListener("change", () => attempt(async () => {
    await useLanguage(select.value, {remember: true});
    writePage();
    redraw();
    drawList();
    await refreshLender();
  }));
  part("theme").addEventListener("click", () => {
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark"
      || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    localStorage.setItem(THEME, dark ? "light" : "dark");
    document.documentElement.dataset.theme = dark ? "light" : "dark";
  });
  part("back").addEventListener("click", () => {
    location.hash = "#/";
  });
}

function writePage() {
  document.documentElement.lang = language();
  document.documentElement.dir = new URLSearchParams(location.search).get("dir") === "rtl" ? "rtl" : "ltr";
  document.title = label("page_title");
  writeLabels();
}

async function startPage() {
  const theme = localStorage.getItem(THEME);
  if (theme) document.documentElement.dataset.theme = theme;
  await useLanguage(preferredLanguage());
  writePage();
  wireBar();
  wireMenus();
  wireComposer();
  wireChat();
  wireSheet();
  wireClock();
  await findClock();
  await loadPeople();
  await showChosen({byPerson: false});
  addEventListener("hashchange", () => attempt(() => showChosen({byPerson: true})));
  listenToAll();
  document.body.dataset.ready = "";
}

startPage();
