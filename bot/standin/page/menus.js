/* The two small menus of the chat: a button that shows a panel of buttons. Escape or a press elsewhere closes them. */

import {element, icon} from "./build.js";

const buttonOf = (panel) => document.querySelector(`[aria-controls="${panel.id}"]`);

function show(panel, shown) {
  panel.hidden = !shown;
  buttonOf(panel).setAttribute("aria-expanded", String(shown));
  if (shown) panel.querySelector("button")?.focus();
}

function closeAll({except = null} = {}) {
  for (const panel of document.querySelectorAll(".menu-panel:not([hidden])")) if (panel !== except) show(panel, false);
}

/** `choices`: [{icon, label, act}]. */
export function fillMenu(panel, choices) {
  panel.replaceChildren(...choices.map((choice) => {
    const choose = () => {
      show(panel, false);
      buttonOf(panel).focus();
      choice.act();
    };
    return element("button", {type: "button", class: "menu-choice", onclick: choose}, icon(choice.icon), element("span", {}, choice.label));
  }));
}

export function wireMenus() {
  for (const panel of document.querySelectorAll(".menu-panel")) {
    buttonOf(panel).addEventListener("click", () => show(panel, panel.hidden));
  }
  document.addEventListener("click", (event) => closeAll({except: event.target.closest(".menu")?.querySelector(".menu-panel")}));
  document.addEventListener("keydown", (event) => {
    const open = document.querySelector(".menu-panel:not([hidden])");
    if (!open) return;
    if (event.key === "Escape") {
      event.stopPropagation(); // one Escape closes one thing
      show(open, false);
      buttonOf(open).focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const choices = [...open.querySelectorAll("button")];
      const step = event.key === "ArrowDown" ? 1 : choices.length - 1;
      choices[(choices.indexOf(document.activeElement) + step) % choices.length].focus();
    }
  }, true);
}
