// Listening: one player for all recordings, a waveform for each, the word that sounds.

import { highlight, load, order, part, range, takeOf, takes, tell, words } from "./takes.js";

// Seconds: a jump to the beginning of a word may end a little before it.
const LEAD = 0.04;

export const player = new Audio();
player.preservesPitch = true;
player.preload = "auto";
let current = null;
let loaded = null;
let queue = [];
let stopAt = null;
let sentence = null;
let lit = null;

export function now() { return { take: current, at: player.currentTime, plays: !player.paused }; }

export function choose(take) {
  if (current === take) return prepare(take);
  if (current) {
    current.element.classList.remove("is-current");
    part(current, ".play").setAttribute("aria-pressed", "false");
    const before = current;
    current = take;
    paintWave(before);
  }
  current = take;
  take.element.classList.add("is-current");
  document.getElementById("current").textContent = part(take, "h4").firstChild.textContent.trim();
  return prepare(take);
}

// Anew where the sound could not be had.
function prepare(take) {
  if (loaded === take) return;
  loaded = take;
  player.src = `${words.session}/recordings/${take.number}/audio`;
  player.playbackRate = player.defaultPlaybackRate = Number(document.getElementById("speed").value);
}

// What the space bar would play first is there before it is pressed.
addEventListener("load", () => {
  const first = inSight();
  if (!current && first && part(first, ".play")) prepare(first);
});

function inSight() { return order.find((one) => one.element.getBoundingClientRect().bottom > 120) ?? order[0]; }

// What is said ends where its closing phrase begins; the file may go on.
function isOver() { return player.ended || player.currentTime >= current.seconds; }

export function play(take, at = null, until = null) {
  if (!part(take, ".play")) return tell(words.silent);
  const goesOn = current === take && at === null;
  choose(take);
  stopAt = until;
  // Whoever goes on listening hears a little of what was before.
  player.currentTime = at ?? (goesOn && !isOver() ? Math.max(0, player.currentTime - 1) : 0);
  player.play().catch(() => {});
}

// Play or pause: this one, the one that was listened to, or the first in sight.
export function toggle(take = null) {
  take ??= current ?? inSight();
  if (!take) return;
  if (take === current && !player.paused) player.pause(); else play(take);
}

export function playOnly(take) { queue = []; toggle(take); }

export function playPart(element) {
  const [first, ...rest] = [...element.querySelectorAll(".take[data-counts]")].map(takeOf).filter((take) => take && part(take, ".play"));
  queue = rest;
  if (first) playNext(first);
}

function playNext(take) {
  if (!document.activeElement.closest("textarea")) take.element.scrollIntoView({ block: "center" });
  play(take, 0);
}

export function playFrom(take, offset) {
  const all = take.detail?.words ?? [];
  const word = all.findLast((one) => one[0] <= offset) ?? all[0];
  queue = [];
  sentence = null;
  play(take, word ? word[2] : 0);
}

export function seek(take, share) { queue = []; sentence = null; play(take, share * take.seconds); }
export function skip(seconds) { if (current) { sentence = null; player.currentTime = Math.max(0, player.currentTime + seconds); } }

export function faster(steps) {
  const speed = document.getElementById("speed");
  speed.selectedIndex = Math.min(speed.options.length - 1, Math.max(0, speed.selectedIndex + steps));
  player.playbackRate = player.defaultPlaybackRate = Number(speed.value);
}

function pressed(plays) {
  for (const button of [part(current, ".play"), document.getElementById("toggle")]) button.setAttribute("aria-pressed", plays);
}
player.addEventListener("play", () => { pressed(true); load(current); requestAnimationFrame(follow); });
player.addEventListener("pause", () => pressed(false));
player.addEventListener("seeked", () => { if (player.paused) show(); });
player.addEventListener("ended", goOn);
player.addEventListener("timeupdate", stopInTime);  // A page that is out of sight paints nothing.
player.addEventListener("error", () => {
  loaded = null;
  if (!current) return;
  tell(words.silent);
  goOn();
});

function goOn() { const next = queue.shift(); if (next) playNext(next); }

function stopInTime() {
  if (player.paused || !isOver() || player.duration - current.seconds < 0.1) return;
  player.pause();
  goOn();
}

// What sounds now.

function follow() {
  show();
  if (stopAt !== null && player.currentTime >= stopAt) { player.pause(); stopAt = null; }
  if (document.getElementById("loop").checked) loop();
  stopInTime();
  if (!player.paused) requestAnimationFrame(follow);
}

function show() {
  const number = wordAt(current, player.currentTime + LEAD);
  const word = current.detail?.words[number];
  const key = word && player.currentTime < word[3] + 0.3 ? `${current.number}.${current.detail.edition}.${number}` : "";
  if (key !== lit) {
    lit = key;
    if (key) highlight("now", range(current, word)); else highlight("now");
  }
  paintWave(current);
  const time = `${clock(player.currentTime)} / ${clock(current.seconds)}`;
  const shown = document.getElementById("time");
  if (shown.textContent !== time) shown.textContent = time;
}

function clock(seconds) { return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`; }

function wordAt(take, moment) {
  const all = take.detail?.words ?? [];
  let low = 0, high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle][2] <= moment) low = middle + 1; else high = middle;
  }
  return low - 1;
}

function loop() {
  const { words: all, text } = current.detail ?? {};
  if (!all?.length) return;
  if (sentence?.take !== current) {
    const ends = (word) => /[.!?…]$/.test(text.slice(word[0], word[1]));
    let first = Math.max(0, wordAt(current, player.currentTime)), last = first;
    while (first > 0 && !ends(all[first - 1])) first -= 1;
    while (last < all.length - 1 && !ends(all[last])) last += 1;
    sentence = { take: current, start: all[first][2], end: all[last][3] };
  }
  if (player.currentTime > sentence.end + 0.2 || isOver()) {
    player.currentTime = Math.max(0, sentence.start - 0.1);
    if (player.paused) player.play().catch(() => {});
  }
}
document.getElementById("loop").addEventListener("change", () => { sentence = null; });
document.getElementById("speed").addEventListener("change", () => faster(0));

// Waveforms.

async function drawWave(take) {
  if (!part(take, ".wave")) return;
  take.peaks ??= await fetch(`${words.session}/recordings/${take.number}/peaks`).then((answer) => answer.json()).catch(() => null);
  take.painted = null;
  paintWave(take);
}

function paintWave(take) {
  const canvas = part(take, ".wave");
  if (!take.peaks?.length || !canvas?.clientWidth) return;
  const scale = devicePixelRatio, width = Math.round(canvas.clientWidth * scale), height = Math.round(canvas.clientHeight * scale);
  const bars = Math.max(1, Math.min(take.peaks.length, Math.floor(width / (3 * scale))));
  const played = take === current ? Math.round((player.currentTime / take.seconds) * bars) : 0;
  const style = getComputedStyle(canvas);
  const key = [width, height, played, style.color].join();
  if (take.painted === key) return;
  take.painted = key;
  Object.assign(canvas, { width, height });
  const brush = canvas.getContext("2d");
  const step = width / bars, each = take.peaks.length / bars;
  brush.fillStyle = style.color;
  for (let bar = 0; bar < bars; bar += 1) {
    const loudest = Math.max(...take.peaks.slice(Math.floor(bar * each), Math.max(Math.floor((bar + 1) * each), Math.floor(bar * each) + 1)));
    const tall = Math.max(2 * scale, (loudest / 100) * height);
    brush.globalAlpha = bar < played ? 1 : 0.38;
    brush.fillRect(bar * step, (height - tall) / 2, Math.max(1, step - scale), tall);
  }
}

const sight = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    const take = takes.get(Number(target.dataset.number));
    load(take);
    drawWave(take);
  }
}, { rootMargin: "400px" });
for (const take of order) sight.observe(take.element);
const repaint = () => order.forEach(paintWave);
addEventListener("resize", repaint);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
