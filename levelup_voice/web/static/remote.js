import { inFigures, left, listen } from "./stream.js";

const names = {
  ArrowRight: "right", ArrowLeft: "left", ArrowUp: "up", ArrowDown: "down", PageDown: "page_down", PageUp: "page_up",
  Enter: "enter", " ": "space", Escape: "escape", Backspace: "backspace", Delete: "delete", F1: "f1", F5: "f5",
};
const hint = document.getElementById("hint");
const meter = document.getElementById("meter");
let typed = "";
let pressing = Promise.resolve();
let answered = Promise.resolve();
let underway = 0;
let counted = null;

listen(document.body.dataset.stream, {
  onView(message) {
    counted = { ...message, since: performance.now() / 1000 - message.age };
    for (const name of ["block", "item", "recording"]) {
      document.getElementById(`${name}-figures`).hidden = !message.clocks[name];
    }
    schedule();
  },
  onLevel(level) {
    meter.hidden = level === null;
    document.getElementById("meter-off").hidden = level !== null;
    meter.value = level ?? 0;
  },
  onConnection(alive) { document.getElementById("connection").hidden = alive; },
});
setInterval(schedule, 1000);

// While no time is used up (before the start, in a pause, past the end of a block) the end moves on.
function schedule() {
  if (!counted) return;
  const { body } = document;
  const block = counted.clocks.block;
  const passed = (performance.now() / 1000 - counted.since) * counted.rate;
  const waits = Math.max(0, counted.startsIn ?? 0);
  const used = block ? Math.max(0, block.remaining) - Math.max(0, left("block")) : Math.min(waits, passed);
  const later = counted.over ? 0 : Math.max(0, passed - used);
  const behind = counted.started || counted.startsIn !== null ? counted.behind + later : 0;
  const late = Math.abs(behind) < 60 ? body.dataset.onTime
    : body.dataset[behind > 0 ? "behind" : "ahead"].replace("{time}", inFigures(Math.abs(behind)));
  const ends = Math.floor((counted.ends + later) / 60) % 1440;
  const time = `${String(Math.floor(ends / 60)).padStart(2, "0")}:${String(ends % 60).padStart(2, "0")}`;
  document.getElementById("lateness").textContent = late;
  document.getElementById("ends").textContent = body.dataset.ends.replace("{time}", time);
}

async function post(address, body) {
  try {
    const answer = await fetch(address, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    const told = await answer.json();
    hint.textContent = told.hint;
    document.getElementById("connection").hidden = true;
    return { ...told, ok: answer.ok };
  } catch {
    document.getElementById("connection").hidden = false;
    return {};
  }
}

async function ask(kind, values, question) {
  if (question && !(await sure(question))) return false;
  return (await post("/commands", { kind, values })).ok;
}

// One question after another: a browser tells that the last one was closed only after it has closed it.
function sure(question) {
  answered = answered.then(() => answerTo(question));
  return answered;
}

function answerTo(question) {
  const dialog = document.getElementById("sure");
  document.getElementById("sure-text").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-kind]");
  if (button) ask(button.dataset.kind, JSON.parse(button.dataset.values), button.dataset.ask);
});

// What is not taken, or does not arrive, need not be typed again; what is under way is not sent twice.
const sent = new Set();
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-kind]");
  if (!form) return;
  event.preventDefault();
  const values = {};
  for (const field of form.querySelectorAll("input")) {
    if (field.value !== "") values[field.name] = Number(field.value) * Number(field.dataset.times ?? 1);
  }
  const { kind } = form.dataset;
  if (form.dataset.ask && !(await sure(form.dataset.ask))) return;
  if (sent.has(kind)) return;
  sent.add(kind);
  const taken = await ask(kind, values);
  sent.delete(kind);
  if (taken) document.querySelector(`form[data-kind="${kind}"]`)?.reset(); // It may be another by now.
});

document.addEventListener("change", (event) => {
  const choice = event.target.closest("select[data-kind]");
  if (choice) ask(choice.dataset.kind, { ...JSON.parse(choice.dataset.values), [choice.dataset.name]: choice.value });
});

// A button that was clicked keeps the focus; space and enter then go on being the keys of the session. One that was
// reached with the keyboard is what they are for, unless a number waits for its enter.
let clicks = false;
addEventListener("pointerdown", () => { clicks = true; }, true);

addEventListener("keydown", (event) => {
  const on = event.target;
  if (event.key === "Tab") clicks = false;
  if (on.closest("input, select, textarea, dialog[open]") || event.altKey || event.metaKey) return;
  if (event.ctrlKey && event.key.toLowerCase() !== "z") return;
  if (event.repeat && event.key !== "Tab") return event.preventDefault(); // Held is pressed once.
  const ends = event.key === "Enter" && (typed || underway);
  if (["Enter", " "].includes(event.key) && !clicks && !ends && on.closest("button, summary, a")) return;
  let key = names[event.key] ?? (event.key.length === 1 ? event.key : "");
  if (event.ctrlKey) key = "ctrl+z";
  if (event.shiftKey && key === "f5") key = "shift+f5";
  if (!key) return;
  event.preventDefault();
  if (key === "?") {
    document.getElementById("keys-list").open = true;
    document.querySelector("#keys-list summary").focus();
    return;
  }
  underway += 1;
  pressing = pressing.then(() => press(key));
});

// One after another: what the next key means hangs on what was typed before it.
async function press(key) {
  const told = await post("/keys", { key, typed });
  typed = told.typed ?? "";
  underway -= 1;
  if (typed && !told.hint) hint.textContent = typed;
}
