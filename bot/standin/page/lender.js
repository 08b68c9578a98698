/* What the lender sees of the chosen borrower: who it is, the loan, holds, agreements, what comes next, what was sent
 * or withheld, and why. The server words all of it in the page's language; codes such as `state` only pick a colour.
 */

import {element, icon, rebuild} from "./build.js";
import {label, wordFor} from "./labels.js";
import {loanCard} from "./loan.js";
import {calendarDay, distance, languageName, shortMoment} from "./times.js";

const FEW = 4; // rows of a long list that are shown without asking
const unfolded = new Set(); // lists that the reader opened
let latest = []; // what was drawn last, for a list that is opened later

const body = document.getElementById("lender-body");

const empty = (key) => element("p", {class: "empty"}, label(key));
const chip = (words, tone = "calm") => element("span", {class: "chip", "data-tone": tone}, words);

function section(key, children, count = 0) {
  return element("section", {class: `section section-${key}`, "aria-labelledby": `section-${key}`},
    element("h3", {id: `section-${key}`}, label(key), count > 1 && element("span", {class: "count"}, String(count))), children);
}

function listed(key, rows, draw) {
  if (rows.length === 0) return [empty(`${key}_empty`)];
  const all = unfolded.has(key) || rows.length <= FEW + 1;
  const fold = () => {
    if (!unfolded.delete(key)) unfolded.add(key);
    drawLender(...latest);
  };
  const more = element("button", {type: "button", class: "quiet-button", "data-key": `more-${key}`, "aria-expanded": String(all), onclick: fold},
    all ? label("show_fewer") : label("show_all", {count: rows.length}));
  return [element("ul", {class: `rows rows-${key}`}, (all ? rows : rows.slice(0, FEW)).map(draw)), rows.length > FEW + 1 && more];
}

const REACH_TONES = {ok: "good", blocked: "grave"};

function borrowerCard(borrower) {
  const facts = [borrower.language && languageName(borrower.language), borrower.region, borrower.timezone];
  return element("div", {class: "card borrower"},
    element("p", {class: "borrower-name"}, element("bdi", {}, borrower.name)),
    element("p", {class: "quiet"}, facts.filter(Boolean).join(" · ")),
    element("p", {class: "borrower-chips"},
      chip([borrower.reach === "ok" && icon("shield"), wordFor("reach", borrower.reach)], REACH_TONES[borrower.reach] ?? "calm"),
      chip(wordFor("holder", borrower.holder), borrower.holder === "bot" ? "calm" : "mild")));
}

function holdRow(hold) {
  const until = hold.until ? label("hold_until", {when: shortMoment(hold.until)}) : label("hold_open_ended");
  return element("li", {class: "row"},
    element("p", {class: "row-head"}, chip(hold.kind, "mild"), element("span", {class: "quiet"}, until)),
    hold.reason && element("p", {class: "row-why", dir: "auto"}, hold.reason));
}

const COMMITMENT_TONES = {open: "good", kept: "good", partly_kept: "mild", broken: "grave", awaiting_approval: "mild"};

function commitmentRow(commitment) {
  return element("li", {class: "row"},
    element("p", {class: "row-head"},
      element("strong", {}, commitment.kind),
      chip(commitment.status, COMMITMENT_TONES[commitment.state]),
      element("code", {class: "reference"}, commitment.reference)),
    element("ul", {class: "payments"}, commitment.payments.map((payment) => element("li", {},
      element("bdi", {class: "money"}, payment.amount), element("span", {class: "quiet"}, calendarDay(payment.due_on))))),
    element("p", {class: "quiet"}, label("made_at", {when: shortMoment(commitment.made_at)})));
}

function timerRow(timer, now, moveTo) {
  const go = () => moveTo({to: timer.at});
  const when = shortMoment(timer.at);
  return element("li", {class: "row timer"},
    element("p", {class: "row-head"},
      element("span", {class: "timer-when"}, now ? distance(timer.at, now) : when),
      element("time", {class: "quiet", datetime: timer.at}, when)),
    element("p", {dir: "auto"}, timer.what),
    timer.why && element("p", {class: "row-why", dir: "auto"}, timer.why),
    element("button", {type: "button", class: "icon-button go", "data-key": `go-${timer.at}-${timer.what}`, "aria-label": label("go_there", {when}), title: label("go_there", {when}), onclick: go}, icon("next", "flips")));
}

const DELIVERY_TONES = {sent: "good", withheld: "mild", deferred: "mild", refused: "grave", unknown: "serious", dead: "grave"};

function deliveryRow(delivery, lang) {
  return element("li", {class: "row"},
    element("p", {class: "row-head"},
      element("strong", {}, delivery.kind),
      chip(delivery.status, DELIVERY_TONES[delivery.state]),
      element("time", {class: "quiet", datetime: delivery.at}, shortMoment(delivery.at))),
    delivery.reason && element("p", {class: "row-why", dir: "auto"}, delivery.reason),
    delivery.text && element("p", {class: "row-text", dir: "auto", lang}, delivery.text));
}

function whyRow(entry) {
  return element("li", {class: "row"},
    element("time", {class: "quiet", datetime: entry.at}, shortMoment(entry.at)),
    element("p", {dir: "auto"}, entry.text));
}

const newestFirst = (rows) => [...rows].sort((a, b) => new Date(b.at) - new Date(a.at));

/** `view` as the server gives it, null without a chosen borrower, undefined where the lender does not know the person. */
export function drawLender(view, now, {moveTo, refresh}) {
  latest = [view, now, {moveTo, refresh}];
  if (!view) return rebuild(body, empty(view === null ? "view_nobody" : "view_unknown"));
  const {borrower, loans, holds, commitments, timers, deliveries, why} = view;
  return rebuild(body,
    borrowerCard(borrower),
    section("loans", loans.length > 0 ? loans.map((loan) => loanCard(loan, refresh)) : empty("loans_empty"), loans.length),
    holds.length > 0 && section("holds", element("ul", {class: "rows"}, holds.map(holdRow)), holds.length),
    section("timers", listed("timers", timers, (timer) => timerRow(timer, now, moveTo)), timers.length),
    section("commitments", listed("commitments", commitments, commitmentRow), commitments.length),
    section("deliveries", listed("deliveries", newestFirst(deliveries), (delivery) => deliveryRow(delivery, borrower.language)), deliveries.length),
    section("why", listed("why", newestFirst(why), whyRow), why.length));
}
