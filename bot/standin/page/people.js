/* The list of sample borrowers. Choosing one is a link, so the browser's own back button leads back to the list. */

import {dressAvatar, element, icon, rebuild} from "./build.js";
import {label} from "./labels.js";
import {standingOf} from "./standing.js";
import {languageName} from "./times.js";

export const addressOf = (userId) => `#/person/${userId}`;

/** The person's id in the page's address, or null. */
export function chosenId() {
  const found = /^#\/person\/(\d+)$/.exec(location.hash);
  return found ? Number(found[1]) : null;
}

/** The person's language as a BCP 47 tag: the lender's where known, else the messaging app's; "" where neither says. */
export const languageOf = (person) => person.about?.language ?? person.language_code ?? "";

function entry(person, chosen, now) {
  const unread = person.unread > 0 && !chosen;
  return element("li", {},
    element("a", {class: "person", href: addressOf(person.user_id), "data-key": `person-${person.user_id}`, "aria-current": chosen ? "true" : null},
      dressAvatar(element("span", {class: "avatar", "aria-hidden": "true"}), person),
      element("span", {class: "person-words"},
        element("span", {class: "person-name"},
          element("bdi", {class: "person-full-name"}, person.name),
          person.blocked && element("span", {class: "person-blocked"}, icon("block"), element("span", {class: "visually-hidden"}, label("has_blocked"))),
          unread && element("span", {class: "badge"},
            element("span", {"aria-hidden": "true"}, String(person.unread)),
            element("span", {class: "visually-hidden"}, label("unread", {count: person.unread})))),
        element("span", {class: "person-summary", dir: "auto"}, standingOf(person.about, now)),
        element("span", {class: "person-language quiet"}, languageOf(person) && languageName(languageOf(person))))));
}

/** Draws `people` into the page; the one with `chosen` as id is marked. `now` is the demo's time, null without a lender. */
export function drawPeople(people, chosen, now) {
  rebuild(document.getElementById("people"), ...people.map((person) => entry(person, person.user_id === chosen, now)));
  const empty = document.getElementById("people-empty");
  empty.hidden = people.length > 0;
  empty.textContent = people.length > 0 ? "" : label("borrowers_empty");
}
