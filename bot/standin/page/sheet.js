/* The lender's panel: docked beside the chat where there is room, a sheet over it where there is not.
 *
 * As a sheet it is modal: the rest is inert, Escape closes it, and focus goes back to the button that opened it.
 */

const docked = matchMedia("(min-width: 72rem)");
const sheet = document.getElementById("lender");
const opener = document.getElementById("open-lender");
const backdrop = document.getElementById("backdrop");
const behind = document.querySelectorAll(".bar, .people, .chat");

function set(open) {
  document.body.toggleAttribute("data-sheet", open);
  backdrop.hidden = !open;
  opener.setAttribute("aria-expanded", String(open));
  for (const part of behind) part.inert = open;
  sheet.role = open ? "dialog" : "complementary";
  sheet.ariaModal = open ? "true" : null;
}

const isOpen = () => document.body.hasAttribute("data-sheet");

export function closeSheet() {
  if (!isOpen()) return;
  set(false);
  opener.focus();
}

export function wireSheet() {
  opener.addEventListener("click", () => {
    set(true);
    document.getElementById("lender-heading").focus();
  });
  document.getElementById("close-lender").addEventListener("click", closeSheet);
  backdrop.addEventListener("click", closeSheet);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeSheet();
  });
  docked.addEventListener("change", () => set(false));
}
