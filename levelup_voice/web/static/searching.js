// Finding: the words that were not heard for certain, one by one or all of one kind, and any other text.

import { ask, highlight, isOpen, load, loadAll, order, paintDoubt, part, range, takes, tell, took, words } from "./takes.js";
import { now, play } from "./player.js";
import { allSaved } from "./writing.js";

const finder = document.getElementById("finder");
const list = document.getElementById("doubts");
const around = Number(list.dataset.around);

// From one doubtful word to the next, after or before what is listened to.
let here = null;
export async function nextDoubt(steps) {
  await loadAll();
  const all = order.flatMap((take, nth) => (take.detail?.words ?? []).filter((word) => word[4]).map((word) => ({ take, nth, word })));
  if (!all.length) return tell(words.none);
  const { take: playing, at } = now();
  const stays = here && here.take === playing && Math.abs((here.word[2] + here.word[3]) / 2 - at) < around;
  const from = stays ? [here.nth, here.word[2]] : [order.indexOf(playing), at];
  const compare = ({ nth, word }) => nth - from[0] || word[2] - from[1];
  here = steps > 0 ? all.find((one) => compare(one) > 0) ?? all[0] : all.findLast((one) => compare(one) < 0) ?? all.at(-1);
  point(here.take, here.word);
  playAround(here.take, here.word[2]);
}

function playAround(take, moment) { play(take, Math.max(0, moment - around / 2), moment + around / 2); }

// Bring a stretch of a text before the eyes and, for who types there, under the cursor.
function point(take, place) {
  const field = part(take, "textarea");
  take.mark = place;
  take.element.scrollIntoView({ block: "center" });
  highlight("found", range(take, place));
  if (isOpen(take)) field.setSelectionRange(place[0], place[1]);
}

// Each doubtful word once.

let asked = 0;
const askSoon = () => { clearTimeout(asked); asked = setTimeout(showDoubts, 300); };
document.addEventListener("changed", askSoon);
addEventListener("load", askSoon);
async function showDoubts() {
  const answer = await ask("/doubts");
  if (!answer?.ok) return;
  document.getElementById("doubt-count").textContent = answer.count;
  if (list.dataset.html === answer.html) return;
  list.dataset.html = answer.html;
  const before = document.activeElement.closest("#doubts li");
  const [number, nth] = [[...list.querySelectorAll("li")].indexOf(before), before && controls(before).indexOf(document.activeElement)];
  const { selectionStart, selectionEnd } = document.activeElement;
  const typed = new Map([...list.querySelectorAll("li")].map((line) => [line.dataset.word, line.querySelector("input").value]));
  list.innerHTML = answer.html;
  const lines = [...list.querySelectorAll("li")];
  for (const line of lines) if (typed.has(line.dataset.word)) line.querySelector("input").value = typed.get(line.dataset.word);
  if (!before) return;
  // On with the same word; with the next one, where that was settled.
  const same = lines.find((line) => line.dataset.word === before.dataset.word);
  const next = same ? controls(same)[nth] : lines[Math.min(number, lines.length - 1)]?.querySelector("button");
  (next ?? document.querySelector("#pass summary")).focus();
  if (same && next.matches("input")) next.setSelectionRange(selectionStart, selectionEnd);
}

const controls = (line) => [...line.querySelectorAll("button, input")];

export function hear(line) {
  const places = JSON.parse(line.dataset.places);
  const turn = Number(line.dataset.turn ?? 0) % places.length;
  line.dataset.turn = turn + 1;
  const [number, moment] = places[turn];
  playAround(takes.get(number), moment);
}

// With null, it is right as it is.
export async function settle(line, becomes) {
  if (!(await allSaved())) return;
  const numbers = [...new Set(JSON.parse(line.dataset.places).map(([number]) => number))];
  await Promise.all(numbers.map((number) => load(takes.get(number))));
  const versions = Object.fromEntries(numbers.map((number) => [number, takes.get(number).base]));
  const answer = await ask("/doubts", { find: line.dataset.word, becomes, versions });
  tell(answer?.hint ?? "");
  took(answer);
  if (answer?.ok) await showDoubts();
}

// Any text.

let hits = [];
let at = -1;
let from = null;

export function openFinder() {
  if (finder.hidden) from = document.activeElement;
  finder.hidden = false;
  document.getElementById("find").select();
}

export function closeFinder() {
  finder.hidden = true;
  highlight("found");
  from?.focus();
}

async function find() {
  await loadAll();
  const wanted = document.getElementById("find").value;
  const pattern = new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "gi");
  hits = !wanted ? [] : order.flatMap((take) => [...(take.detail?.text ?? "").matchAll(pattern)]
    .map((found) => [take, [found.index, found.index + found[0].length]]));
  at = -1;
  document.getElementById("found").textContent = wanted ? words.found.replace("{count}", hits.length) : "";
  highlight("found", ...hits.map(([take, place]) => range(take, place)));
}

function goTo(steps) {
  if (!hits.length) return;
  at = (at + steps + hits.length) % hits.length;
  point(...hits[at]);
  document.getElementById("found").textContent = words.nth.replace("{number}", at + 1).replace("{count}", hits.length);
}

export async function replaceAll() {
  if (!(await allSaved())) return;
  await find();
  if (!hits.length) return;
  const wanted = document.getElementById("find").value;
  const versions = Object.fromEntries(hits.map(([take]) => [take.number, take.base]));
  const answer = await ask("/replace", { find: wanted, becomes: document.getElementById("replace").value, versions });
  tell(answer?.hint ?? "");
  took(answer);
  await find();
}

document.getElementById("find").addEventListener("input", find);
document.getElementById("find").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.shiftKey) return;
  event.preventDefault();
  goTo(-1);
});
finder.addEventListener("submit", (event) => { event.preventDefault(); goTo(1); });
document.getElementById("doubt").addEventListener("change", () => loadAll().then(paintDoubt));
