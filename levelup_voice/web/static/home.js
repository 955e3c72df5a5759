// What is chosen goes to the program at once; what it makes of it comes back by the stream. Nothing is decided here.

import { listen } from "./stream.js";

const form = document.getElementById("choices");
const connection = document.getElementById("connection");
const meter = document.getElementById("meter");
const hint = document.getElementById("hint");
let leaving = "";
let typing;

listen(document.querySelector("main").dataset.stream, {
  onLevel(level) {
    meter.hidden = level === null;
    document.getElementById("meter-off").hidden = level !== null;
    meter.value = level ?? 0;
  },
  onConnection(alive) {
    connection.hidden = alive || leaving === "quit";
    connection.textContent = connection.dataset[leaving ? "starting" : "lost"];
  },
});

function chosen() {
  const value = (name) => form.elements[name].value;
  const number = (name) => (value(name) === "" ? null : Number(value(name)));
  const when = value("when");
  return {
    plan: value("plan"), participants: number("participants"),
    starts: when === "starts" ? value("time") : "", ends: when === "ends" ? value("time") : "",
    shrink: value("shrink") !== "", microphone: value("microphone"),
    facilitator_microphone: value("facilitator_microphone"), loudspeaker: value("loudspeaker"),
    voice: value("voice"), rate: number("rate"), volume: number("volume"),
    voice_commands: form.elements.voice_commands.checked, wake_name: value("wake_name").trim(),
    model: value("model"), test_model: form.elements.test_model.checked,
  };
}

async function post(address, body) {
  try {
    const answer = await fetch(address, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    hint.textContent = (await answer.json()).hint;
    return answer.ok;
  } catch {
    connection.textContent = connection.dataset.lost;
    connection.hidden = false;
    return false;
  }
}

// Resolves to whether the program has all of it. While somebody chooses, a time may still be missing.
function choose({ all = false } = {}) {
  clearTimeout(typing);
  const { time, when } = form.elements;
  time.hidden = when.value === "now";
  time.required = all && !time.hidden;
  return form.reportValidity() && post("/choices", chosen());
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", () => choose());
form.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(choose, 400); });

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-order]");
  if (!button) return;
  const { order, leaves } = button.dataset;
  if (leaves !== "quit" && !(await choose({ all: leaves !== undefined }))) return;
  if (!(await post("/orders", { order })) || leaves === undefined) return;
  leaving = leaves || "starting";
  connection.textContent = connection.dataset.starting;
  connection.hidden = leaving === "quit";
  if (leaving === "quit") document.querySelector("main").inert = true;
});
