/* The page's own words, one JSON file per language in labels/.
 *
 * What the bot says never comes from here: that is already in the borrower's language. A new language is one more
 * file and one more row in LANGUAGES. An entry is a sentence, or a table of sentences by plural form or by code.
 */

export const LANGUAGES = {"en": "English", "zh-Hans": "简体中文"};

const REMEMBERED = "gracebot.language";
let words = {};
let tag = "en";
let plurals = new Intl.PluralRules("en");

/** The language in use, as a BCP 47 tag. */
export const language = () => tag;

/** The reader's own variety of that language where the browser names one ("en-GB"): it decides how dates are written. */
export const locale = () => navigator.languages.find((own) => new Intl.Locale(own).language === new Intl.Locale(tag).language) ?? tag;

/** The remembered language, else the first of the browser's that we have, else English. */
export function preferredLanguage() {
  const remembered = localStorage.getItem(REMEMBERED);
  if (remembered in LANGUAGES) return remembered;
  for (const wanted of navigator.languages) {
    const found = Object.keys(LANGUAGES).find((known) => new Intl.Locale(known).language === new Intl.Locale(wanted).language);
    if (found) return found;
  }
  return "en";
}

export async function useLanguage(wanted, {remember = false} = {}) {
  const answer = await fetch(new URL(`./labels/${wanted}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`labels/${wanted}.json: ${answer.status}`);
  words = await answer.json();
  tag = wanted;
  plurals = new Intl.PluralRules(wanted);
  if (remember) localStorage.setItem(REMEMBERED, wanted);
}

function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The sentence called `key`, with {names} filled in. With `count`, the plural form for it ("zero" wins where it exists). */
export function label(key, values = {}) {
  const entry = words[key];
  if (typeof entry === "string") return filled(entry, values);
  const form = values.count === 0 && "zero" in entry ? "zero" : plurals.select(values.count);
  const count = new Intl.NumberFormat(tag).format(values.count);
  return filled(entry[form] ?? entry.other, {...values, count});
}

/** The word for a code such as a stage or a status. A code that only the lender knows is shown as it is. */
export function wordFor(key, code) {
  return words[key][code] ?? code;
}

/** Writes the words into every element of the document that asks for one. */
export function writeLabels(root = document) {
  for (const node of root.querySelectorAll("[data-label]")) node.textContent = label(node.dataset.label);
  for (const node of root.querySelectorAll("[data-label-placeholder]")) node.placeholder = label(node.dataset.labelPlaceholder);
  for (const node of root.querySelectorAll("[data-label-aria]")) node.setAttribute("aria-label", label(node.dataset.labelAria));
  for (const node of root.querySelectorAll("[data-label-title]")) {
    node.title = label(node.dataset.labelTitle);
    node.setAttribute("aria-label", node.title);
  }
}
