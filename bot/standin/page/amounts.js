/* Amounts as the lender's view writes them: "CNY 500.00". Digits stay text or whole minor units, never floats. */

const WRITTEN = /^([A-Z]{3})\s([\d,]+(?:\.\d+)?)$/;

/** {currency, digits} with digits such as "1500.00", or null where the text is no plain amount. */
export function readAmount(text) {
  const found = WRITTEN.exec(text ?? "");
  return found && {currency: found[1], digits: found[2].replaceAll(",", "")};
}

const minor = (digits) => BigInt(digits.replace(".", ""));

/** Whether a person wrote an amount above zero. */
export const isPositive = (digits) => /^\d+(\.\d+)?$/.test(digits) && minor(digits) > 0n;

function less(digits, taken) {
  const places = digits.split(".")[1]?.length ?? 0;
  const rest = String(minor(digits) - minor(taken)).padStart(places + 1, "0");
  return places ? `${rest.slice(0, -places)}.${rest.slice(-places)}` : rest;
}

/** What a borrower would pay next: all that is past due, else what is open of the next instalment. */
export function nextPayment(loan) {
  const pastDue = readAmount(loan.past_due);
  if (pastDue && isPositive(pastDue.digits)) return pastDue;
  for (const instalment of loan.instalments) {
    const amount = readAmount(instalment.amount);
    const paid = readAmount(instalment.paid);
    const open = amount && paid ? {currency: amount.currency, digits: less(amount.digits, paid.digits)} : amount;
    if (open && isPositive(open.digits)) return open;
  }
  return pastDue;
}
