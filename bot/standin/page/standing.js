/* The line under a borrower's name: what is due and when, by what the page knows of the loan and the demo's clock.
 *
 * At first that is what the stand-in tells about the person; once the lender's view was seen, it is what that said.
 */

import {label, locale} from "./labels.js";

const seen = new Map(); // borrower_id -> {at, days, due_on, amount}, or null where nothing is left to pay

/** Remembers a borrower's oldest unpaid instalment from the lender's view at `now`. */
export function rememberStanding(borrowerId, view, now) {
  const [oldest] = view.loans
    .flatMap((loan) => loan.instalments.filter((part) => part.state !== "paid").slice(0, 1).map((part) => ({loan, part})))
    .sort((a, b) => a.part.due_on.localeCompare(b.part.due_on));
  seen.set(borrowerId, oldest ? {
    at: now,
    days: oldest.loan.days_past_due,
    due_on: oldest.part.due_on,
    amount: oldest.loan.days_past_due > 0 ? oldest.loan.past_due : oldest.part.amount,
  } : null);
}

const money = ({amount, currency}) => new Intl.NumberFormat(locale(), {style: "currency", currency}).format(amount);
const dayNumber = (iso) => Math.floor(Date.parse(iso) / 86_400_000);

/** "3 days past due, CNY 500.00"; "" where nothing is known. `now` is null where there is no lender. */
export function standingOf(about, now) {
  if (!now || !about?.borrower_id) return about?.summary ?? "";
  const known = seen.get(about.borrower_id);
  if (known === null) return label("nothing_due");
  const due = known ?? (about.due_on ? {due_on: about.due_on, amount: money(about)} : null);
  if (!due) return about.summary ?? "";
  // The lender's own count where it is fresh; its calendar may be a day ahead of UTC.
  const days = due.at === now && due.days > 0 ? due.days : dayNumber(now) - dayNumber(due.due_on);
  if (days > 0) return label("late_by", {count: days, amount: due.amount});
  return days === 0 ? label("due_today", {amount: due.amount}) : label("due_in", {count: -days, amount: due.amount});
}
