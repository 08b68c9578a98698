/* Elements made by calls, never from strings of markup: the page's content security policy allows no inline script or
 * style, and nothing that a bot or a borrower wrote can become markup by accident.
 */

/** `properties`: `onclick` and the like are listeners, null and false are left out, true is an attribute without a value. */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("aria-hidden", "true");
  if (className) svg.setAttribute("class", className);
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

const firstLetter = (word) => [...new Intl.Segmenter().segment(word)][0]?.segment ?? "";

/** "MS" for Maria Silva. Scripts without capitals get one letter: two would join into something else. */
function initialsOf(name) {
  const words = name.trim().split(/\s+/);
  const first = firstLetter(words[0]);
  const hasCapitals = first.toLowerCase() !== first.toUpperCase();
  return (first + (hasCapitals && words.length > 1 ? firstLetter(words.at(-1)) : "")).toUpperCase();
}

/** Fills `node` as the round picture of a person: initials on one of six tints that stays with the person. */
export function dressAvatar(node, person) {
  node.dataset.tint = String(person.user_id % 6);
  node.textContent = initialsOf(person.name);
  return node;
}

/** Whether the control that had the keyboard's focus is gone or hidden; a browser then falls back to the page's top. */
export function focusIsLost() {
  const focused = document.activeElement;
  return !focused || focused === document.body || focused.closest("[hidden]") !== null;
}

/** Makes `nodes` the children of `root`, moving only what is not in its place: what stays is not announced again. */
export function place(root, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...root.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, index) => {
    if (root.children[index] !== node) root.insertBefore(node, root.children[index] ?? null);
  });
}

/** Makes `children` what `root` shows, and keeps keyboard focus, opened details and half-written inputs by their data-key.
 *
 * A child that would look the same stays the very node it was: one that is replaced between pressing and releasing the
 * mouse hears no click. So what a listener needs must be in the markup, or be looked up when it is called.
 */
export function rebuild(root, ...children) {
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const open = new Map([...root.querySelectorAll("details[data-key]")].map((node) => [node.dataset.key, node.open]));
  const written = new Map([...root.querySelectorAll("input[data-key]")].filter((node) => node.value !== node.defaultValue).map((node) => [node.dataset.key, node.value]));
  const alike = new Map([...root.children].map((node) => [node.outerHTML, node]));
  const taken = (child) => {
    const same = alike.get(child.outerHTML);
    alike.delete(child.outerHTML);
    return same ?? child;
  };
  place(root, children.filter(Boolean).map(taken));
  for (const node of root.querySelectorAll("[data-key]")) {
    const key = node.dataset.key;
    if (open.has(key)) node.open = open.get(key);
    if (written.has(key)) node.value = written.get(key);
    if (key === focused && node !== document.activeElement) node.focus({preventScroll: true});
  }
}
