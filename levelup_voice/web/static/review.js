// Listening, reading and correcting. What a text is and where its words sound comes from the program; here it is only
// shown, played and sent back.

const review = document.getElementById("review");
const address = review.dataset.session;
const words = review.dataset;
const hint = document.getElementById("hint");
const player = new Audio();
player.preservesPitch = true;
const takes = new Map([...document.querySelectorAll(".take[data-number]")].filter((one) => one.querySelector(".words"))
  .map((element) => [Number(element.dataset.number), { element, number: Number(element.dataset.number), loading: null }]));
const order = [...takes.values()];
const LONG = 20000;
let current = null;
let queue = [];
let stopAt = null;

// Showing.

function part(take, selector) { return take.element.querySelector(selector); }

function load(take) {
  take.loading ??= fetch(`${address}/recordings/${take.number}`).then((answer) => answer.json()).then((detail) => show(take, detail));
  return take.loading;
}

function show(take, detail) {
  take.detail = detail;
  const paragraph = part(take, ".words");
  if (detail.text || detail.version) paragraph.textContent = detail.text;
  const field = part(take, "textarea");
  // Measuring and spelling hours of text at each key would make typing slow.
  field.classList.toggle("is-long", detail.text.length > LONG);
  field.spellcheck = detail.text.length <= LONG;
  if (field.hidden || field.value === take.sent) field.value = detail.text;
  take.sent = detail.text;
  part(take, ".heard").textContent = detail.heard;
  part(take, '[data-act="check"]').setAttribute("aria-pressed", detail.checked);
  part(take, '[data-act="choose"]')?.setAttribute("aria-pressed", detail.chosen);
  take.element.classList.toggle("is-chosen", detail.chosen);
  part(take, ".versions").replaceChildren(...[detail.heard, ...detail.versions.slice(0, -1)].map((text, number) => {
    const line = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: words.restore });
    button.addEventListener("click", () => { field.value = text; save(take); });
    line.append(Object.assign(document.createElement("span"), { textContent: text }), button);
    button.setAttribute("aria-label", `${words.restore}: ${words.version.replace("{number}", number)}`);
    return line;
  }));
  paintDoubt();
  return take;
}

function range(take, [first, last]) {
  const text = part(take, ".words").firstChild;
  const made = new Range();
  made.setStart(text, Math.min(first, text.length));
  made.setEnd(text, Math.min(last, text.length));
  return made;
}

function paintDoubt() {
  const ranges = document.getElementById("doubt").checked
    ? order.filter((take) => take.detail?.text).flatMap((take) => take.detail.words.filter((word) => word[4]).map((word) => range(take, word)))
    : [];
  CSS.highlights?.set("doubt", new Highlight(...ranges));
}

async function drawWave(take) {
  take.peaks ??= await fetch(`${address}/recordings/${take.number}/peaks`).then((answer) => answer.json());
  paintWave(take);
}

function paintWave(take) {
  const canvas = part(take, ".wave");
  if (!take.peaks?.length || !canvas.clientWidth) return;
  const scale = devicePixelRatio, width = Math.round(canvas.clientWidth * scale), height = Math.round(canvas.clientHeight * scale);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const brush = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  const bars = Math.max(1, Math.min(take.peaks.length, Math.floor(width / (3 * scale))));
  const step = width / bars, each = take.peaks.length / bars;
  const played = take === current ? player.currentTime / length(take) : 0;
  brush.clearRect(0, 0, width, height);
  brush.fillStyle = style.color;
  for (let bar = 0; bar < bars; bar += 1) {
    const loudest = Math.max(...take.peaks.slice(Math.floor(bar * each), Math.max(Math.floor((bar + 1) * each), Math.floor(bar * each) + 1)));
    const tall = Math.max(2 * scale, (loudest / 100) * height);
    brush.globalAlpha = (bar + 0.5) / bars <= played ? 1 : 0.38;
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
addEventListener("resize", () => order.forEach(paintWave));

// Playing.

function choose(take) {
  if (current === take) return;
  current?.element.classList.remove("is-current");
  part(current ?? take, ".play").setAttribute("aria-pressed", "false");
  current = take;
  take.element.classList.add("is-current");
  player.src = `${address}/recordings/${take.number}/audio`;
  player.playbackRate = player.defaultPlaybackRate = Number(document.getElementById("speed").value);
}

// Where what was said ends: after it the facilitator only closes the recording.
function length(take) { return Number(take.element.dataset.seconds); }

function play(take, at = null, until = null) {
  const resumes = current === take && at === null;
  choose(take);
  stopAt = until;
  // Whoever goes on listening hears a little of what was before.
  player.currentTime = at ?? (resumes && !player.ended && player.currentTime < length(take) ? Math.max(0, player.currentTime - 1) : 0);
  player.play().catch(() => {});
}

function toggle(take = null) {
  take ??= current ?? order[0];
  if (!take) return;
  if (take === current && !player.paused) player.pause(); else play(take);
}

player.addEventListener("play", () => { part(current, ".play").setAttribute("aria-pressed", "true"); requestAnimationFrame(follow); });
player.addEventListener("pause", () => part(current, ".play").setAttribute("aria-pressed", "false"));
player.addEventListener("ended", playNext);
player.addEventListener("timeupdate", endAtLength);  // A page that is out of sight paints nothing.

function playNext() {
  const next = queue.shift();
  if (!next) return;
  next.element.scrollIntoView({ block: "center", behavior: "auto" });
  play(next, 0);
}

function endAtLength() {
  if (player.paused || player.currentTime < length(current) || player.duration - length(current) < 0.1) return;
  player.pause();
  playNext();
}

function wordAt(take, moment) {
  const all = take.detail?.words ?? [];
  let low = 0, high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle][2] <= moment) low = middle + 1; else high = middle;
  }
  return low - 1;
}

let lit = null;
function follow() {
  if (!current) return;
  const number = wordAt(current, player.currentTime);
  const word = current.detail?.words[number];
  const key = word && player.currentTime < word[3] + 0.3 ? `${current.number}:${number}` : "";
  if (key !== lit) {
    lit = key;
    CSS.highlights?.set("now", key && current.detail.text ? new Highlight(range(current, word)) : new Highlight());
  }
  paintWave(current);
  endAtLength();
  if (stopAt !== null && player.currentTime >= stopAt) { player.pause(); stopAt = null; }
  if (document.getElementById("loop").checked && current.detail) loop(number);
  if (!player.paused) requestAnimationFrame(follow);
}

let sentence = null;
function loop(number) {
  const { words: all, text } = current.detail;
  if (!all.length) return;
  const ends = (word) => /[.!?…]$/.test(text.slice(word[0], word[1]));
  if (!sentence || sentence.take !== current) {
    let first = Math.max(0, number), last = Math.max(0, number);
    while (first > 0 && !ends(all[first - 1])) first -= 1;
    while (last < all.length - 1 && !ends(all[last])) last += 1;
    sentence = { take: current, start: all[first][2], end: all[last][3] };
  }
  if (player.currentTime > sentence.end + 0.2) player.currentTime = Math.max(0, sentence.start - 0.1);
}
document.getElementById("loop").addEventListener("change", () => { sentence = null; });

function playFrom(take, offset) {
  const word = take.detail?.words.findLast((one) => one[0] <= offset) ?? take.detail?.words[0];
  queue = [];
  sentence = null;
  play(take, word ? word[2] : 0);
}

function skip(seconds) { if (current) player.currentTime = Math.max(0, player.currentTime + seconds); }

function faster(steps) {
  const speed = document.getElementById("speed");
  speed.selectedIndex = Math.min(speed.options.length - 1, Math.max(0, speed.selectedIndex + steps));
  player.playbackRate = Number(speed.value);
}

// Correcting.

async function post(path, body) {
  try {
    const answer = await fetch(`${address}${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const told = await answer.json();
    hint.textContent = told.hint ?? "";
    document.getElementById("connection").hidden = true;
    return { ...told, ok: answer.ok, status: answer.status };
  } catch {
    document.getElementById("connection").hidden = false;
    return { ok: false, status: 0 };
  }
}

function took(answer) {
  for (const detail of answer.changed ?? []) {
    const take = takes.get(detail.number);
    if (take) { take.loading = Promise.resolve(take); show(take, detail); }
  }
  if (answer.progress) {
    document.getElementById("progress-text").textContent = answer.progress.text;
    document.getElementById("progress").value = answer.progress.checked;
  }
  if (answer.doubts !== undefined) {
    const list = document.getElementById("doubts");
    const at = [...list.querySelectorAll("li")].indexOf(document.activeElement.closest("#doubts li"));
    list.innerHTML = answer.doubts;
    if (at >= 0) (list.querySelectorAll("li")[at] ?? list.querySelector("li:last-child"))?.querySelector("button").focus();
  }
}

function state(take, text) { part(take, ".saved").textContent = text; }

async function save(take) {
  clearTimeout(take.timer);
  await load(take);
  if (take.saving) { take.again = true; return; }
  const field = part(take, "textarea");
  if (field.value === take.detail.text) { state(take, take.detail.version ? words.saved : ""); return; }
  const sending = field.value;
  take.saving = true;
  state(take, words.saving);
  const answer = await post(`/recordings/${take.number}/text`, { text: sending, version: take.detail.version });
  take.saving = false;
  if (answer.ok) {
    take.sent = sending;
    took(answer);
    state(take, words.saved);
    part(take, ".conflict").hidden = true;
    if (take.again || field.value !== take.detail.text) { take.again = false; later(take); }
  } else if (answer.status === 409) {
    const [theirs] = answer.changed;
    take.theirs = theirs;
    part(take, ".theirs").textContent = theirs.text;
    part(take, ".conflict").hidden = false;
    state(take, "");
  } else if (answer.status === 0 || answer.status === 423) {
    take.timer = setTimeout(() => save(take), 2000);
  }
}

function later(take) {
  clearTimeout(take.timer);
  state(take, words.saving);
  take.timer = setTimeout(() => save(take), 1000);
}

async function edit(take, offset = null) {
  await load(take);
  const field = part(take, "textarea");
  if (field.hidden) {
    if (!unsaved(take)) field.value = take.detail.text;
    field.hidden = false;
    part(take, ".words").hidden = true;
    part(take, '[data-act="edit"]').textContent = words.done;
  }
  field.focus();
  if (offset !== null) field.setSelectionRange(offset, offset);
}

function done(take) {
  const field = part(take, "textarea");
  if (field.hidden) return;
  if (unsaved(take)) save(take);
  field.hidden = true;
  part(take, ".words").hidden = false;
  const button = part(take, '[data-act="edit"]');
  button.textContent = words.edit;
  button.focus();
}

function unsaved(take) { return take.detail !== undefined && !part(take, "textarea").hidden && part(take, "textarea").value !== take.detail.text; }

// Undo goes on where the browser's own ends: through the versions that were saved, also after a reload.
function undo(take, steps) {
  const field = part(take, "textarea");
  const all = [take.detail.heard, ...take.detail.versions];
  take.step = Math.min(all.length - 1, Math.max(0, (take.step ?? all.length - 1) + steps));
  field.value = all[take.step];
  later(take);
}

addEventListener("beforeunload", (event) => { if (order.some(unsaved)) event.preventDefault(); });

document.addEventListener("input", (event) => {
  const take = takes.get(Number(event.target.closest("textarea")?.closest(".take")?.dataset.number ?? -1));
  if (!take) return;
  take.step = null;
  take.typed = true;
  later(take);
});

// What is pressed.

const acts = {
  play: (take) => { queue = []; toggle(take); },
  edit: (take) => (part(take, "textarea").hidden ? edit(take) : done(take)),
  check: async (take) => {
    if (unsaved(take)) await save(take);
    const checked = part(take, '[data-act="check"]').getAttribute("aria-pressed") !== "true";
    took(await post(`/recordings/${take.number}/checked`, { checked }));
  },
  choose: async (take) => took(await post(`/recordings/${take.number}/chosen`, {})),
  mine: (take) => { took({ changed: [take.theirs] }); part(take, ".conflict").hidden = true; edit(take); save(take); },
  theirs: (take) => {
    part(take, "textarea").value = take.theirs.text;
    took({ changed: [take.theirs] });
    part(take, ".conflict").hidden = true;
  },
};

document.addEventListener("click", async (event) => {
  const on = event.target;
  const take = takes.get(Number(on.closest(".take")?.dataset.number ?? -1));
  const act = on.closest("[data-act]")?.dataset.act;
  if (take && acts[act]) acts[act](take);
  else if (take && act === "seek") {
    const box = on.getBoundingClientRect();
    play(take, ((event.clientX - box.left) / box.width) * length(take));
  } else if (take && on.closest(".words") && getSelection().isCollapsed) {
    await load(take);
    const caret = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    if (caret) playFrom(take, caret.offset);
  } else if (act === "play-part") {
    queue = [...on.closest(".part").querySelectorAll(".take")].map((one) => takes.get(Number(one.dataset.number))).filter(Boolean);
    const first = queue.shift();
    if (first) play(first, 0);
  } else if (on.closest("#doubts li")) doubtful(on.closest("li"), act);
  const tool = on.closest("[data-tool]")?.dataset.tool;
  if (tool === "toggle") toggle();
  if (tool === "find") openFinder();
  if (tool === "keys") document.getElementById("keys-dialog").showModal();
  if (tool === "replace") replaceAll();
});
document.addEventListener("dblclick", (event) => {
  const take = takes.get(Number(event.target.closest(".words")?.closest(".take")?.dataset.number ?? -1));
  if (!take) return;
  const caret = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  player.pause();
  edit(take, caret?.offset ?? 0);
});

// The uncertain words: heard, put right once for all, or found to be right.
async function doubtful(line, act) {
  const places = JSON.parse(line.dataset.places);
  if (act === "hear") {
    const turn = Number(line.dataset.turn ?? 0) % places.length;
    line.dataset.turn = turn + 1;
    const [number, start] = places[turn];
    play(takes.get(number), start, start + 1.5);
  } else if (act === "everywhere" || act === "right") {
    await Promise.all(order.filter(unsaved).map(save));
    const numbers = [...new Set(places.map(([number]) => number))];
    await Promise.all(numbers.map((number) => load(takes.get(number))));
    const versions = Object.fromEntries(numbers.map((number) => [number, takes.get(number).detail.version]));
    const becomes = act === "right" ? null : line.querySelector("input").value;
    took(await post("/doubts", { find: line.dataset.word, becomes, versions }));
  }
}

async function nextDoubt(steps) {
  await Promise.all(order.map(load));
  const all = order.flatMap((take) => take.detail.words.filter((word) => word[4]).map((word) => ({ take, word })));
  if (!all.length) return;
  const here = current ? all.findIndex(({ take, word }) => take === current && word[2] > player.currentTime - 0.75) : 0;
  nextDoubt.at = nextDoubt.at === undefined ? (here < 0 ? 0 : here) : (nextDoubt.at + steps + all.length) % all.length;
  const { take, word } = all[nextDoubt.at];
  take.element.scrollIntoView({ block: "center" });
  const field = part(take, "textarea");
  if (!field.hidden) { field.focus(); field.setSelectionRange(word[0], word[1]); } else part(take, '[data-act="edit"]').focus({ preventScroll: true });
  play(take, Math.max(0, word[2] - 0.75), word[2] + 0.75);
}

// Find and replace.
const finder = document.getElementById("finder");
let foundAt = -1;
let hits = [];

function openFinder() { finder.hidden = false; document.getElementById("find").focus(); }

async function find() {
  await Promise.all(order.map(load));
  const wanted = document.getElementById("find").value;
  hits = [];
  for (const take of order) {
    const text = take.detail.text;
    for (let at = wanted ? text.indexOf(wanted) : -1; at >= 0; at = text.indexOf(wanted, at + wanted.length)) hits.push([take, [at, at + wanted.length]]);
  }
  foundAt = -1;
  document.getElementById("found").textContent = wanted ? words.found.replace("{count}", hits.length) : "";
  CSS.highlights?.set("found", new Highlight(...hits.map(([take, place]) => range(take, place))));
}

async function replaceAll() {
  const wanted = document.getElementById("find").value;
  await Promise.all(order.filter(unsaved).map(save));
  await find();
  if (!hits.length) return;
  const versions = Object.fromEntries(hits.map(([take]) => [take.number, take.detail.version]));
  took(await post("/replace", { find: wanted, becomes: document.getElementById("replace").value, versions }));
  await find();
}
document.getElementById("find").addEventListener("input", find);
finder.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!hits.length) return;
  foundAt = (foundAt + 1) % hits.length;
  const [take, place] = hits[foundAt];
  take.element.scrollIntoView({ block: "center" });
  CSS.highlights?.set("now", new Highlight(range(take, place)));
});
document.getElementById("doubt").addEventListener("change", () => { Promise.all(order.map(load)).then(paintDoubt); });
document.getElementById("speed").addEventListener("change", () => faster(0));

addEventListener("keydown", (event) => {
  const on = event.target;
  const field = on.closest("textarea");
  const take = takes.get(Number(on.closest(".take")?.dataset.number ?? -1));
  const writes = Boolean(field || on.closest("input:not([type=checkbox]), select"));
  const key = event.ctrlKey || event.metaKey ? `ctrl+${event.key.toLowerCase()}` : event.key;
  const does = {
    "ctrl+ ": () => (field && (player.paused || take !== current) ? playFrom(take, field.selectionStart) : toggle(take)),
    F1: () => skip(-1.5), F2: () => skip(1.5), F3: () => faster(-1), F4: () => faster(1),
    "ctrl+f": openFinder,
    "ctrl+s": () => order.filter(unsaved).forEach(save),
  };
  if (!writes) {
    if (!on.closest("button, summary, a, input")) does[" "] = () => toggle();
    does.n = () => nextDoubt(1);
    does.N = () => nextDoubt(-1);
    does.l = () => document.getElementById("loop").click();
    does.e = () => { const chosen = take ?? current ?? order[0]; if (chosen) edit(chosen); };
    does["?"] = () => document.getElementById("keys-dialog").showModal();
  }
  if (field && take && !take.typed) {
    does["ctrl+z"] = () => undo(take, -1);
    does["ctrl+y"] = () => undo(take, 1);
  }
  if (key === "Escape" && field && take) does.Escape = () => done(take);
  if (key === "Escape" && on.closest("#finder")) does.Escape = () => { finder.hidden = true; };
  if (on.closest("dialog[open]") || !does[key]) return;
  event.preventDefault();
  does[key]();
});
