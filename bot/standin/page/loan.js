/* One loan as the lender sees it: how late it is, its instalments, and a form that posts a payment. */

import * as api from "./api.js";
import {isPositive, nextPayment} from "./amounts.js";
import {element} from "./build.js";
import {label, wordFor} from "./labels.js";
import {attempt, toast} from "./notices.js";
import {calendarDay} from "./times.js";

const FEW = 6; // instalments that are shown without asking

/** How alarming a number of days is, for the colour only; the words carry the meaning. */
function toneOf(days) {
  if (days <= 0) return "calm";
  if (days <= 7) return "mild";
  return days <= 30 ? "serious" : "grave";
}

const money = (text, className = "") => element("bdi", {class: `money ${className}`}, text);

function standing(loan) {
  return element("div", {class: "loan-standing"},
    element("div", {},
      element("p", {class: "quiet"}, label("past_due")),
      element("p", {class: "loan-amount"}, money(loan.past_due)),
      element("p", {class: "quiet"}, `${label("outstanding")} `, money(loan.outstanding))),
    element("div", {class: "loan-chips"},
      element("span", {class: "chip", "data-tone": toneOf(loan.days_past_due)}, loan.stage ?? label("no_stage")),
      loan.days_past_due !== null && element("span", {class: "loan-days"}, label("days_past_due", {count: loan.days_past_due}))));
}

// The currency stands in the loan's amounts above; the columns do not repeat it.
const bare = (written) => /\d[\d.,]*/.exec(written)?.[0] ?? written;

function instalments(loan) {
  const rows = loan.instalments;
  const columns = ["number", "due_on", "amount", "paid"];
  const row = (part) => element("tr", {"data-state": part.state},
    element("td", {}, String(part.number)),
    element("td", {}, calendarDay(part.due_on), element("span", {class: "instalment-status"}, element("span", {class: "dot", "aria-hidden": "true"}), part.status)),
    element("td", {class: "number"}, money(bare(part.amount))),
    element("td", {class: "number"}, money(bare(part.paid))));
  return element("details", {class: "instalments", "data-key": `instalments-${loan.loan_id}`, open: rows.length <= FEW},
    element("summary", {"data-key": `instalments-summary-${loan.loan_id}`},
      element("span", {}, label("instalments", {count: rows.length})),
      element("span", {class: "strip", "aria-hidden": "true"}, rows.map((part) => element("i", {"data-state": part.state})))),
    element("div", {class: "table-frame", tabindex: "0", role: "region", "aria-label": label("instalments", {count: rows.length}), "data-key": `instalments-frame-${loan.loan_id}`},
      element("table", {},
        element("thead", {}, element("tr", {}, columns.map((name) => element("th", {scope: "col"}, wordFor("instalment_columns", name))))),
        element("tbody", {}, rows.map(row)))));
}

function paymentForm(loan, onPosted) {
  const input = element("input", {type: "text", inputmode: "decimal", autocomplete: "off", required: true, value: nextPayment(loan), "data-key": `payment-${loan.loan_id}`});
  const submit = async (event) => {
    event.preventDefault();
    const digits = input.value.trim();
    if (!isPositive(digits)) {
      toast(label("payment_invalid"));
      return input.focus();
    }
    const posted = await attempt(() => api.postPayment(loan.loan_id, digits, loan.currency));
    if (!posted) return input.focus();
    input.value = input.defaultValue; // the next suggestion may take its place
    toast(label("payment_posted", {amount: `${loan.currency} ${digits}`, reference: posted.reference}));
    onPosted();
  };
  return element("form", {class: "payment", onsubmit: submit, novalidate: true},
    element("label", {}, element("span", {class: "quiet"}, label("payment_amount", {currency: loan.currency})), input),
    element("button", {class: "plain-button", "data-key": `post-${loan.loan_id}`}, label("post_payment")));
}

export function loanCard(loan, onPosted) {
  return element("article", {class: "card loan"},
    element("header", {class: "loan-header"},
      element("h4", {}, element("bdi", {}, loan.loan_id)),
      element("span", {class: "quiet"}, `${loan.programme} · ${loan.status}`)),
    standing(loan),
    instalments(loan),
    loan.instalments.some((part) => part.state !== "paid") && paymentForm(loan, onPosted));
}
