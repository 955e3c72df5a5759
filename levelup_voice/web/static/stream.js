// Listens to the program and puts what changed on the page; counts clocks down in between. Nothing is decided here.

const clocks = new Map();
let lastProgram = null;
let over = false;

export function listen(address, { onView = () => {}, onLevel = () => {}, onConnection = () => {} } = {}) {
  let source;
  const open = () => {
    source = new EventSource(address);
    source.addEventListener("open", () => onConnection(true));
    source.addEventListener("program", (event) => {
      const program = JSON.parse(event.data);
      if (lastProgram !== null && lastProgram !== program) location.reload();
      lastProgram = program;
    });
    source.addEventListener("view", (event) => {
      const message = JSON.parse(event.data);
      const changed = Object.keys(message.regions);
      over = message.over;
      for (const name of changed) replace(document.getElementById(name), message.regions[name]);
      message.clocks ??= {};
      keep(message);
      tick();
      onView(message, changed);
    });
    source.addEventListener("level", (event) => onLevel(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      onConnection(over); // What is closed may stay away; where it began may come back.
      // A browser gives up by itself when the answer is no stream; the program may come back.
      if (source.readyState === EventSource.CLOSED) setTimeout(open, 1000);
    });
  };
  open();
  addEventListener("pagehide", () => source.close());
  setInterval(tick, 250);
}

// Focus and what was being typed stay where they were.
function replace(region, html) {
  const active = region.contains(document.activeElement) ? document.activeElement : null;
  const place = active && (active.id || active.dataset.key);
  const typed = new Map([...region.querySelectorAll("input")].map((field) => [field.id, field.value]));
  const open = new Set([...region.querySelectorAll("details[open]")].map((one) => one.id));
  region.innerHTML = html;
  for (const field of region.querySelectorAll("input")) if (typed.get(field.id)) field.value = typed.get(field.id);
  for (const one of region.querySelectorAll("details")) if (open.has(one.id)) one.open = true;
  if (!place) return;
  const again = document.getElementById(place) ?? region.querySelector(`[data-key="${CSS.escape(place)}"]`);
  // Into a question that has just come, not at random: on the answer that does no harm.
  const next = again ?? document.querySelector("main [data-safe]") ?? region.querySelector("button, input")
    ?? document.querySelector("main button:enabled");
  next?.focus({ preventScroll: true });
}

function keep(message) {
  const now = performance.now() / 1000;
  clocks.clear();
  for (const [name, clock] of Object.entries(message.clocks)) {
    clocks.set(name, { ...clock, since: now - (message.age ?? 0), rate: clock.runs ? (message.rate ?? 1) : 0 });
  }
}

export function left(name) {
  const clock = clocks.get(name);
  return clock && clock.remaining - (performance.now() / 1000 - clock.since) * clock.rate;
}

function tick() {
  for (const [name, clock] of clocks) {
    const remaining = left(name);
    for (const ring of document.querySelectorAll(`[data-ring="${name}"]`)) {
      ring.style.strokeDashoffset = 1000 * (1 - Math.min(1, Math.max(0, remaining / clock.total)));
    }
    set(`[data-words="${name}"]`, inWords(remaining, clock.total));
    set(`[data-figures="${name}"]`, inFigures(remaining));
    set(`[data-spent="${name}"]`, inFigures(Math.floor(clock.total - remaining)));
  }
}

function set(selector, text) {
  for (const place of document.querySelectorAll(selector)) if (place.textContent !== text) place.textContent = text;
}

function inWords(remaining, total) {
  const { minute, minutes, seconds, over } = document.body.dataset;
  if (remaining <= 0) return over;
  if (total <= 90) return seconds.replace("{count}", Math.ceil(remaining / 5) * 5);
  const count = Math.ceil(remaining / 60);
  return count === 1 ? minute : minutes.replace("{count}", count);
}

export function inFigures(remaining) {
  const whole = remaining >= 0 ? Math.ceil(remaining - 0.001) : Math.floor(-remaining);
  return `${remaining < 0 ? "+" : ""}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
