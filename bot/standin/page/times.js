/* Instants and days as people read them, in the page's language and in one time zone: the borrower's where the
 * lender knows it, so that "09:00" means the same as in the lender's contact hours. Else the browser's.
 */

import {label, language, locale} from "./labels.js";

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
let zone = ownZone;

export const timeZone = () => zone;

/** Without a zone it is the browser's. True when it changed and what is on the page has to be written anew. */
export function useTimeZone(wanted) {
  const before = zone;
  zone = wanted || ownZone;
  return zone !== before;
}

const inZone = (parts) => new Intl.DateTimeFormat(locale(), {...parts, timeZone: zone});

/** "Tue, 4 Mar 2025, 10:00" */
export function moment(iso) {
  return inZone({weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23"}).format(new Date(iso));
}

/** "4 Mar, 10:00" */
export function shortMoment(iso) {
  return inZone({day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23"}).format(new Date(iso));
}

/** "10:00" */
export function hourAndMinute(iso) {
  return inZone({hour: "2-digit", minute: "2-digit", hourCycle: "h23"}).format(new Date(iso));
}

/** "Tuesday, 4 March" */
export function dayOf(iso) {
  return inZone({weekday: "long", day: "numeric", month: "long"}).format(new Date(iso));
}

/** A calendar day such as "2025-03-07", which has no zone: "7 Mar 2025". */
export function calendarDay(day) {
  const format = new Intl.DateTimeFormat(locale(), {day: "numeric", month: "short", year: "numeric", timeZone: "UTC"});
  return format.format(new Date(`${day}T00:00:00Z`));
}

const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60]];

/** How far `iso` is from `nowIso`: "in 23 hours", "2 days ago". */
export function distance(iso, nowIso) {
  const seconds = (new Date(iso) - new Date(nowIso)) / 1000;
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? [];
  if (!unit) return label("now");
  return new Intl.RelativeTimeFormat(locale(), {numeric: "auto"}).format(Math.round(seconds / size), unit);
}

/** "Chinese (China)" for "zh-CN", in the page's language. */
export function languageName(tag) {
  try {
    return new Intl.DisplayNames(language(), {type: "language"}).of(tag);
  } catch {
    return tag; // not a tag at all; show what was given
  }
}
