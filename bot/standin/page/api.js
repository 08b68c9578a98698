/* Everything the page asks of the server: the stand-in's people and messages, and the lender's view of them.
 *
 * The stand-in may run alone, without a lender behind it; then /demo/clock is not found and the page shows the chat only.
 */

export class Refused extends Error {
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

async function answerOf(response) {
  if (response.ok) return response.status === 204 ? null : response.json();
  const said = await response.text();
  let reason = said;
  try {
    const parsed = JSON.parse(said);
    reason = parsed.error ?? parsed.description ?? said;
  } catch {
    // not JSON: the plain text is the reason
  }
  throw new Refused(response.status, String(reason || response.statusText).slice(0, 200));
}

const get = async (path) => answerOf(await fetch(path, {headers: {accept: "application/json"}, cache: "no-store"}));

const post = async (path, body = {}) =>
  answerOf(await fetch(path, {method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify(body)}));

const person = (id) => `/standin/people/${encodeURIComponent(id)}`;

export const people = () => get("/standin/people");
export const messages = (id) => get(`${person(id)}/messages`);
export const say = (id, text) => post(`${person(id)}/say`, {text});
export const start = (id, payload) => post(`${person(id)}/start`, payload ? {payload} : {});
export const press = (id, messageId, data) => post(`${person(id)}/press`, {message_id: messageId, data});
/** A key of the reply keyboard: says its label, or shares what it asks for. */
export const choose = (id, label) => post(`${person(id)}/choose`, {label});
export const shareContact = (id, own) => post(`${person(id)}/contact`, {own});
/** `what`: photo, voice, sticker, location, block, unblock or read. */
export const act = (id, what) => post(`${person(id)}/${what}`);

export const fileAddress = (fileId) => `/standin/files/${encodeURIComponent(fileId)}`;

export const clock = () => get("/demo/clock");
export const moveClock = (move) => post("/demo/clock", move);
export const lenderView = (borrowerId, language) => get(`/demo/view/${encodeURIComponent(borrowerId)}?lang=${encodeURIComponent(language)}`);
export const postPayment = (loanId, amount, currency) => post("/demo/payments", {loan_id: loanId, amount, currency});

/** Server-sent events, given up while nobody looks.
 *
 * A browser opens only six connections to one server: pages left in other tabs must not use them up.
 * `onAgain` is called after each (re)connection, when something may have been missed.
 */
export function listen(path, handlers, {onAgain, onTrouble}) {
  let stream = null;
  const open = () => {
    stream = new EventSource(path);
    stream.addEventListener("open", onAgain);
    stream.addEventListener("error", onTrouble);
    for (const [name, handle] of Object.entries(handlers)) {
      stream.addEventListener(name, (event) => handle(event.data ? JSON.parse(event.data) : null));
    }
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      stream?.close();
      stream = null;
    } else if (!stream) open();
  });
  if (!document.hidden) open();
}
