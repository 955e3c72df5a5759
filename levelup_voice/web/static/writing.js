// Correcting: a text saves itself, names the version it replaces, and can go back to any that it was.

import { ask, historyOf, load, order, part, show, takeOf, tell, took, unsaved, words } from "./takes.js";

function state(take, text) { part(take, ".saved").textContent = text; }

// Whether the program has it now, as it stands on the page.
export async function save(take) {
  clearTimeout(take.timer);
  if (take.saving) return take.saving.then(() => save(take));
  if (!unsaved(take)) {
    take.since = undefined;
    state(take, words.saved);
  } else if (!isDisputed(take)) {
    take.saving = send(take);
    await take.saving;
    take.saving = null;
  }
  return !unsaved(take);
}

function isDisputed(take) { return !part(take, ".conflict").hidden; }

async function send(take) {
  const text = part(take, "textarea").value;
  take.since = undefined;
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
  } else if (answer && ![409, 423].includes(answer.status)) {
    state(take, answer.hint || words.saving);
  } else {
    const theirs = answer?.status === 409 ? await ask(`/recordings/${take.number}`) : null;
    if (theirs?.ok) compare(take, text, theirs); else take.timer = setTimeout(() => save(take), 2000);
  }
}

// Another text stands there than the one that ours was to replace; or ours, whose answer was lost.
function compare(take, text, theirs) {
  if (theirs.text === text) {
    replaces(take, theirs);
    return later(take);
  }
  take.theirs = theirs;
  part(take, ".theirs").textContent = theirs.text;
  part(take, ".conflict").hidden = false;
  return state(take, "");
}

// What stands there is what ours replaces from now on.
function replaces(take, theirs) {
  Object.assign(take, { saved: theirs.text, base: theirs.version, history: null });
  show(take, theirs);
}

export const saveAll = () => Promise.all(order.filter(unsaved).map(save));

// For what is to be done with all texts as they stand on the page; else to the first that the program does not have.
export async function allSaved() {
  await saveAll();
  const left = order.find(unsaved);
  left?.element.scrollIntoView({ block: "center" });
  return !left;
}

// A second after the last key; for who never pauses, five after the first that is not saved.
function later(take) {
  clearTimeout(take.timer);
  if (isDisputed(take)) return;
  const now = performance.now();
  take.since ??= now;
  state(take, words.saving);
  take.timer = setTimeout(() => save(take), Math.max(0, Math.min(1000, take.since + 5000 - now)));
}

export const keepMine = (take) => keep(take, part(take, "textarea").value);
export const keepTheirs = (take) => keep(take, take.theirs.text);

function keep(take, text) {
  const field = part(take, "textarea");
  field.value = text;
  part(take, ".conflict").hidden = true;
  replaces(take, take.theirs);
  save(take);
  field.focus();
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
  let history = await historyOf(take);
  if (history && typedOver(take, history)) {
    if (!(await save(take))) return;
    history = await historyOf(take);
  }
  if (!history || typedOver(take, history)) return;
  const at = Math.min(history.steps.length - 1, Math.max(0, history.at + steps));
  if (at === history.at) return;
  history.at = at;
  write(take, history.texts[history.steps[at]]);
}

// What was typed becomes a version too before another takes its place.
function typedOver(take, { texts, steps, at }) {
  return unsaved(take) && part(take, "textarea").value !== texts[steps[at]];
}

export async function restore(take, version) {
  const history = unsaved(take) && !(await save(take)) ? null : await historyOf(take);
  if (!history) return take.element.scrollIntoView({ block: "nearest" });
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

// It is on its way while the browser asks whether to leave.
addEventListener("beforeunload", (event) => {
  if (!order.some(unsaved)) return;
  saveAll();
  event.preventDefault();
});
