/* Digits of amounts: "1500.00". They stay text or whole minor units, never floats. */

const PLAIN = /^(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/;

/** The digits in a written amount such as "CN¥1,500.00"; null where they could be read in two ways. */
export function digitsIn(written) {
  const digits = /\d[\d.,]*/.exec(written ?? "")?.[0] ?? "";
  return PLAIN.test(digits) ? digits.replaceAll(",", "") : null;
}

const minor = (digits) => BigInt(digits.replace(".", ""));

/** Whether a person wrote an amount above zero. */
export const isPositive = (digits) => /^\d+(\.\d+)?$/.test(digits) && minor(digits) > 0n;

function less(digits, taken) {
  const places = digits.split(".")[1]?.length ?? 0;
  const rest = String(minor(digits) - minor(taken)).padStart(places + 1, "0");
  return places ? `${rest.slice(0, -places)}.${rest.slice(-places)}` : rest;
}

/** What a borrower would pay next: all that is due by now, else what is open of the next instalment; "" where unclear. */
export function nextPayment(loan) {
  if (isPositive(loan.due_now_amount)) return loan.due_now_amount;
  for (const instalment of loan.instalments.filter((part) => part.state !== "paid")) {
    const [amount, paid] = [digitsIn(instalment.amount), digitsIn(instalment.paid)];
    if (amount && paid) return less(amount, paid);
  }
  return "";
}
