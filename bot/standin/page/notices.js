/* Short messages over the page: a toast that goes by itself, and an alert that waits for OK, as Telegram has them. */

import {label} from "./labels.js";

const TOAST_LASTS = 5000;
let hiding = null;

export function toast(text) {
  const node = document.getElementById("toast");
  clearTimeout(hiding);
  node.textContent = text;
  node.classList.add("shown");
  hiding = setTimeout(() => {
    node.classList.remove("shown");
    node.textContent = "";
  }, TOAST_LASTS);
}

/** Focus returns to where it was when the person closes it; the dialog element sees to that. */
export function alertBox(text) {
  const dialog = document.getElementById("alert");
  document.getElementById("alert-text").textContent = text;
  if (!dialog.open) dialog.showModal();
}

/** Runs `act`; a refusal becomes a toast and null. */
export async function attempt(act) {
  try {
    return (await act()) ?? true;
  } catch (problem) {
    toast(label("failed", {reason: problem.message}));
    return null;
  }
}

export function offline(isOffline) {
  document.getElementById("offline").hidden = !isOffline;
}
