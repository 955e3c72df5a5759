// The recordings on the page: what is known of each, and how it is shown. What a text is and where its words sound
// comes from the program.

export const review = document.getElementById("review");
export const words = review.dataset;
const LONG = 20000;

export const takes = new Map([...document.querySelectorAll(".take[data-number]")].map((element) => {
  const number = Number(element.dataset.number);
  return [number, { element, number, seconds: Number(element.dataset.seconds), detail: null, loading: null, base: 0 }];
}));
export const order = [...takes.values()];

export function part(take, selector) { return take.element.querySelector(selector); }
export function takeOf(element) { return takes.get(Number(element.closest(".take")?.dataset.number ?? -1)); }
export function isOpen(take) { return !part(take, "textarea").hidden; }
export function unsaved(take) { return take.saved !== undefined && part(take, "textarea").value !== take.saved; }
export function tell(text) { document.getElementById("hint").textContent = text; }
function reached(alive) { document.getElementById("connection").hidden = alive; }

// What the program answers; null when it is not there.
export async function ask(path, body) {
  const how = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  try {
    const answer = await fetch(`${words.session}${path}`, how);
    const told = await answer.json();
    reached(true);
    return { ...told, ok: answer.ok, status: answer.status };
  } catch {
    reached(false);
    return null;
  }
}

// Its words as they are now. Those of before, when the program is not there.
export function load(take) {
  if (take.loading) return take.loading;
  const loading = ask(`/recordings/${take.number}`).then((detail) => {
    const isNew = detail?.ok && detail.version >= take.base; // Not one that a save has overtaken.
    if (isNew) show(take, detail); else if (take.loading === loading) take.loading = null;
    return take;
  });
  take.loading = loading;
  return loading;
}

export const loadAll = () => Promise.all(order.map(load));

export function show(take, detail) {
  take.detail = detail;
  const field = part(take, "textarea");
  if (!unsaved(take)) {
    if (detail.text || detail.version) part(take, ".words").textContent = detail.text;
    if (field.value !== detail.text) field.value = detail.text;
    Object.assign(take, { saved: detail.text, base: detail.version });
  }
  // Measuring and spelling hours of text at each key would make typing slow.
  field.classList.toggle("is-long", detail.text.length > LONG);
  field.spellcheck = detail.text.length <= LONG;
  part(take, ".heard").textContent = detail.heard;
  part(take, ".beside").hidden = !detail.heard || detail.heard === detail.text;
  showState(take, detail);
  if (part(take, ".history").open) showHistory(take);
  paintDoubt();
}

function showState(take, { checked, counts }) {
  take.element.classList.toggle("is-checked", checked);
  part(take, '[data-act="check"]').setAttribute("aria-pressed", checked);
  part(take, '[data-act="choose"]')?.setAttribute("aria-pressed", counts);
  take.element.toggleAttribute("data-counts", counts);
}

// What a change has changed. Words are asked for again where they are looked at.
export function took(answer) {
  if (!answer) return;
  for (const state of answer.changed ?? []) {
    const take = takes.get(state.number);
    if (!take) continue;
    showState(take, state);
    if (take.detail?.edition === state.edition) continue;
    Object.assign(take, { loading: null, history: null });
    if (!isOpen(take) || !unsaved(take)) load(take);
  }
  if (answer.progress) {
    document.getElementById("progress-text").textContent = answer.progress.text;
    document.getElementById("progress").value = answer.progress.checked;
  }
  document.dispatchEvent(new Event("changed"));
}

// All texts that it ever had.
export function historyOf(take) {
  take.history ??= ask(`/recordings/${take.number}/history`).then((history) => {
    if (history?.ok) return history;
    take.history = null;
    return null;
  });
  return take.history;
}

export async function showHistory(take) {
  const history = await historyOf(take);
  if (!history) return;
  const lines = history.texts.map((text, number) => {
    const line = document.createElement("li");
    const name = number === 0 && history.heard ? words.heard : words.version.replace("{number}", number + !history.heard);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: words.restore });
    button.dataset.act = "restore";
    button.dataset.version = number;
    button.setAttribute("aria-label", `${words.restore}: ${name}`);
    const label = Object.assign(document.createElement("small"), { textContent: name });
    line.append(label, Object.assign(document.createElement("p"), { textContent: text }), button);
    return line;
  });
  part(take, ".versions").replaceChildren(...lines.reverse());
}

// A stretch of the text as it is shown.
export function range(take, [first, last]) {
  const text = part(take, ".words").firstChild;
  const made = new Range();
  if (!text) return made;
  made.setStart(text, Math.min(first, text.length));
  made.setEnd(text, Math.min(last, text.length));
  return made;
}

export function highlight(name, ...ranges) { CSS.highlights?.set(name, new Highlight(...ranges)); }

let painting = 0;
export function paintDoubt() {
  painting ||= requestAnimationFrame(() => {
    painting = 0;
    const wanted = document.getElementById("doubt").checked ? order : [];
    highlight("doubt", ...wanted.flatMap((take) => (take.detail?.words ?? []).filter((word) => word[4]).map((word) => range(take, word))));
  });
}
