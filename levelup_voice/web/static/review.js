// The page for afterwards: what is clicked and what is pressed. The rest is in takes, player, writing and searching.

import { isOpen, load, order, part, showHistory, takeOf, took, ask, tell, unsaved } from "./takes.js";
import { faster, now, playFrom, playOnly, playPart, seek, skip, toggle } from "./player.js";
import { allSaved, done, edit, keepMine, keepTheirs, restore, save, saveAll, undo } from "./writing.js";
import { closeFinder, hear, nextDoubt, openFinder, replaceAll, settle } from "./searching.js";

const keysDialog = document.getElementById("keys-dialog");

const acts = {
  play: playOnly,
  edit: (take) => (isOpen(take) ? done(take) : edit(take)),
  check: async (take) => {
    if (unsaved(take) && !(await save(take))) return;
    const checked = part(take, '[data-act="check"]').getAttribute("aria-pressed") !== "true";
    change(`/recordings/${take.number}/checked`, { checked });
  },
  choose: (take) => change(`/recordings/${take.number}/chosen`, {}),
  mine: keepMine,
  theirs: keepTheirs,
  restore: (take, on) => restore(take, Number(on.dataset.version)),
  seek: (take, on, event) => {
    const box = on.getBoundingClientRect();
    seek(take, (event.clientX - box.left) / box.width);
  },
};

const tools = {
  toggle: () => toggle(),
  find: openFinder,
  keys: () => keysDialog.showModal(),
  replace: replaceAll,
};

async function change(path, body) {
  const answer = await ask(path, body);
  tell(answer?.hint ?? "");
  took(answer);
}

function caretAt(event) { return document.caretPositionFromPoint?.(event.clientX, event.clientY)?.offset; }

document.addEventListener("click", async (event) => {
  const on = event.target.closest("[data-act], [data-tool], .words");
  if (!on) return;
  const take = takeOf(on);
  if (on.dataset.tool) tools[on.dataset.tool]();
  else if (on.dataset.act === "play-part") playPart(on.closest(".part"));
  else if (on.dataset.act === "hear") hear(on.closest("li"));
  else if (on.dataset.act === "right") settle(on.closest("li"), null);
  else if (take && on.dataset.act) acts[on.dataset.act](take, on, event);
  else if (take && getSelection().isCollapsed) {
    const offset = caretAt(event);
    await load(take);
    if (offset !== undefined) playFrom(take, offset);
  }
});

// What was typed in the last second is in the file that is saved, and not left behind with the page.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !order.some(unsaved)) return;
  event.preventDefault();
  // Where it cannot be saved, the browser asks whether to leave. A link that stands nowhere comes by here no more.
  if ((await allSaved()) || !link.hasAttribute("download")) link.cloneNode().click();
});

document.addEventListener("dblclick", (event) => {
  const take = event.target.closest(".words") && takeOf(event.target);
  if (!take) return;
  if (now().plays) toggle();
  edit(take, caretAt(event) ?? 0);
});

document.addEventListener("submit", (event) => {
  const line = event.target.closest("#doubts li");
  if (!line) return;
  event.preventDefault();
  settle(line, line.querySelector("input").value);
});

for (const take of order) {
  part(take, ".history").addEventListener("toggle", (event) => { if (event.target.open) showHistory(take); });
}

// In a text: from the cursor where it was put elsewhere, else on from where the listening stopped.
async function listen(take, field) {
  const { take: playing, plays } = now();
  if (playing === take && plays) return toggle(take);
  const moved = field.selectionStart !== take.caret;
  take.caret = field.selectionStart;
  if (playing === take && !moved) return toggle(take);
  await load(take);
  return playFrom(take, field.selectionStart);
}

function editHere(take) {
  const chosen = take ?? now().take ?? order[0];
  if (chosen) edit(chosen, ...(chosen.mark ?? []).slice(0, 2));
}

// A button that was clicked keeps the focus; the space then goes on meaning "play". One that was reached with the
// keyboard is what the space is for.
let clicked = null;
addEventListener("pointerdown", (event) => { clicked = event.target.closest("button, summary, a, input"); }, true);
addEventListener("focusin", (event) => { if (event.target !== clicked) clicked = null; });

addEventListener("keydown", (event) => {
  const on = event.target;
  const take = takeOf(on);
  const field = take && on.closest("textarea");
  const writes = Boolean(on.closest("textarea, input:not([type=checkbox]), select"));
  const control = on.closest("button, summary, a, input") && on !== clicked;
  const key = event.ctrlKey || event.metaKey ? `ctrl+${event.key.toLowerCase()}` : event.key;
  const does = {
    "ctrl+ ": () => (field ? listen(take, field) : toggle()),
    F1: () => skip(-1.5), F2: () => skip(1.5), F3: () => faster(-1), F4: () => faster(1),
    "ctrl+f": openFinder,
    "ctrl+s": saveAll,
  };
  if (!writes) {
    if (!control) does[" "] = () => toggle();
    does.n = () => nextDoubt(1);
    does.N = () => nextDoubt(-1);
    does.l = () => document.getElementById("loop").click();
    does.e = () => editHere(take);
    does["?"] = () => keysDialog.showModal();
  }
  if (event.key === "Escape" && field) does.Escape = () => done(take);
  if (event.key === "Escape" && on.closest("#finder")) does.Escape = closeFinder;
  if (on.closest("dialog[open]") || event.altKey) return;
  if (field && key === "ctrl+z") undo(take, event.shiftKey ? 1 : -1);
  if (field && key === "ctrl+y") undo(take, 1);
  if (!does[key]) return;
  event.preventDefault();
  does[key]();
});
