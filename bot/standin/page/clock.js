/* The demo's clock: what time it is for the whole product, and the buttons that move it. */

import * as api from "./api.js";
import {element, icon, rebuild} from "./build.js";
import {label} from "./labels.js";
import {attempt} from "./notices.js";
import {distance, hourAndMinute, moment, shortMoment, timeZone} from "./times.js";

const TICK = 5000; // ms; the face shows minutes

const part = (id) => document.getElementById(id);
let ahead = null; // ms by which the demo's clock is before the device's; both run on alike

function drawFace() {
  const now = new Date(Date.now() + ahead).toISOString();
  part("clock-now").dateTime = now;
  part("clock-now").textContent = moment(now);
  part("open-lender-time").textContent = hourAndMinute(now);
}

export function wireClock() {
  setInterval(() => ahead !== null && drawFace(), TICK);
}

/** What the clock can go to: the next event of the chosen borrower where one is planned, else the next of all. */
function nextEvent(clock, view) {
  const own = (view?.timers ?? []).map((timer) => timer.at).filter((at) => new Date(at) > new Date(clock.now));
  if (own.length === 0) return {at: clock.next_event, move: {to_next_event: true}, words: (when) => label("next_event", {when})};
  const [at] = own.sort((a, b) => new Date(a) - new Date(b));
  return {at, move: {to: at}, words: (when) => label("next_event_of", {name: view.borrower.name, when})};
}

/** Draws the time `clock.now` and what comes next. `moveTo` is called with the move that was asked for. */
export function drawClock(clock, view, moveTo) {
  ahead = new Date(clock.now) - Date.now();
  drawFace();
  part("clock-zone").textContent = timeZone().replaceAll("_", " ");
  const next = nextEvent(clock, view);
  part("clock-next").textContent = next.at
    ? next.words(`${shortMoment(next.at)} (${distance(next.at, clock.now)})`)
    : label("no_next_event");
  // Disabled buttons lose focus; these only say that they do nothing now.
  const button = (key, move, {idle = false, leading = null} = {}) => element("button", {
    type: "button", class: "plain-button", "data-key": `clock-${key}`, "aria-disabled": idle ? "true" : null,
    "data-move": JSON.stringify(move), onclick: ({currentTarget}) => !idle && moveTo(JSON.parse(currentTarget.dataset.move)),
  }, leading, label(key));
  rebuild(part("clock-buttons"),
    button("plus_hour", {advance_seconds: 3600}),
    button("plus_day", {advance_seconds: 86400}),
    button("to_next_event", next.move, {idle: !next.at, leading: icon("next", "flips")}));
}

/** Moves the clock; a second press while it moves is not a second move. */
export async function move(wanted) {
  const buttons = part("clock-buttons");
  if (buttons.getAttribute("aria-busy") === "true") return;
  buttons.setAttribute("aria-busy", "true");
  await attempt(() => api.moveClock(wanted));
  buttons.removeAttribute("aria-busy");
}
