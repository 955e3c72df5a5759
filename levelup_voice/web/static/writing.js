// Correcting: a text saves itself, names the version it replaces, and can go back to any that it was.

import { ask, historyOf, load, order, part, show, takeOf, tell, took, unsaved, words } from "./takes.js";

function state(take, text) { part(take, ".saved").textContent = text; }

export async function save(take) {
  clearTimeout(take.timer);
  if (take.saving) { take.again = true; return take.saving; }
  if (!unsaved(take) || !part(take, ".conflict").hidden) return undefined;
  take.saving = send(take);
  await take.saving;
  take.saving = null;
  if (take.again) { take.again = false; return save(take); }
  return undefined;
}

async function send(take) {
  const text = part(take, "textarea").value;
  state(take, words.saving);
  const answer = await ask(`/recordings/${take.number}/text`, { text, version: take.base });
  tell(answer?.status === 409 ? "" : answer?.hint ?? "");
  if (answer?.ok) {
    Object.assign(take, { saved: text, base: answer.changed[0].version });
    // Where its words sound is asked for again; until then nothing points into the text of before.
    Object.assign(take.detail, { text, words: [] });
    part(take, ".words").textContent = text;
    state(take, words.saved);
    took(answer);
    if (unsaved(take)) later(take);
  } else if (answer?.status === 409) {
    take.theirs = await ask(`/recordings/${take.number}`);
    part(take, ".theirs").textContent = take.theirs?.text ?? "";
    part(take, ".conflict").hidden = false;
    state(take, "");
  } else if (!answer || answer.status === 423) {
    take.timer = setTimeout(() => save(take), 2000);
  } else {
    state(take, answer.hint || words.saving);
  }
}

export const saveAll = () => Promise.all(order.filter(unsaved).map(save));

function later(take) {
  clearTimeout(take.timer);
  state(take, words.saving);
  take.timer = setTimeout(() => save(take), 1000);
}

export function keepMine(take) {
  take.base = take.theirs.version;
  part(take, ".conflict").hidden = true;
  save(take);
  part(take, "textarea").focus();
}

export function keepTheirs(take) {
  part(take, "textarea").value = take.saved = take.theirs.text;
  part(take, ".conflict").hidden = true;
  show(take, take.theirs);
  part(take, "textarea").focus();
}

// With the cursor, or the selection, where it is wanted; else where it was.
export async function edit(take, first = null, last = first) {
  await load(take);
  if (take.saved === undefined) return;
  const field = part(take, "textarea");
  field.hidden = false;
  part(take, ".words").hidden = true;
  part(take, '[data-act="edit"]').textContent = words.done;
  field.focus();
  if (first !== null) field.setSelectionRange(first, last);
  take.caret = field.selectionStart;
}

export function done(take) {
  const field = part(take, "textarea");
  const button = part(take, '[data-act="edit"]');
  if (unsaved(take)) part(take, ".words").textContent = field.value;
  field.hidden = true;
  part(take, ".words").hidden = false;
  button.textContent = words.edit;
  button.focus();
  if (unsaved(take)) save(take);
}

// The browser undoes what was typed since the page was opened; where that ends, the versions that were saved go on.
// What it still holds of before such a version it takes back without changing anything: that does not count.
export function undo(take, steps) {
  const field = part(take, "textarea"), before = field.value;
  setTimeout(() => { if (field.value === before) take.stepping = Promise.resolve(take.stepping).then(() => step(take, steps)); });
}

async function step(take, steps) {
  const history = await historyOf(take);
  if (!history) return;
  const at = Math.min(history.steps.length - 1, Math.max(0, history.at + steps));
  if (at === history.at) return;
  history.at = at;
  write(take, history.texts[history.steps[at]]);
}

export async function restore(take, version) {
  const history = await historyOf(take);
  if (!history) return;
  await edit(take);
  write(take, history.texts[version]);
  take.stepping = save(take); // From there, and not from the version before.
}

function write(take, text) {
  part(take, "textarea").value = text;
  later(take);
}

document.addEventListener("input", (event) => {
  const take = event.target.closest("textarea") && takeOf(event.target);
  if (!take) return;
  take.caret = event.target.selectionStart;
  later(take);
});

addEventListener("beforeunload", (event) => { if (order.some(unsaved)) event.preventDefault(); });
