import { listen } from "./stream.js";

const stage = document.getElementById("stage");
const unheard = document.getElementById("unheard");
let shown = null;
let untrue = 0;

listen(document.body.dataset.stream, {
  onView(message, changed) {
    document.getElementById("timer").hidden = !message.clocks.main;
    Object.assign(document.body.dataset, { scene: message.scene, item: message.item, over: message.over });
    for (const part of document.querySelectorAll("[data-grow]")) part.style.flexGrow = part.dataset.grow;
    clearTimeout(untrue);
    if (message.unheard_for !== null) {
      untrue = setTimeout(() => { unheard.textContent = ""; }, 1000 * (message.unheard_for / message.rate - message.age));
    }
    if (changed.includes("unheard")) {
      fitAll();
      come(unheard);
    }
    if (changed.includes("stage")) {
      fitAll();
      if (shown !== null && shown !== message.item) come(stage.firstElementChild);
      shown = message.item;
    }
  },
  onLevel(level) {
    document.querySelectorAll("[data-level] i").forEach((bar, number, bars) => {
      bar.classList.toggle("is-on", level !== null && level * bars.length > number);
    });
  },
});

// What could not be said first: the stage has the rest of the screen.
function fitAll() {
  fit(unheard, innerHeight * 0.11);
  fit(stage, Math.min(innerWidth, innerHeight) * 0.085);
}

// The largest text with which all of it can be seen.
function fit(place, most) {
  let low = 8, high = most;
  const fits = (size) => {
    place.style.fontSize = `${size}px`;
    return place.scrollHeight <= place.clientHeight && place.scrollWidth <= place.clientWidth;
  };
  if (fits(high)) return;
  for (let round = 0; round < 9; round += 1) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle; else high = middle;
  }
  fits(low - 0.25); // Heights are told in whole pixels: a border of less would be cut.
}

function come(element) {
  if (!element || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  // Nothing moves: what is on its way elsewhere would be measured where it is.
  element.animate(
    [{ opacity: 0 }, { opacity: 1 }],
    { duration: 260, easing: "ease-out" },
  );
}

new ResizeObserver(fitAll).observe(stage);
document.fonts.ready.then(fitAll);
document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "";
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "d") {
    const dark = document.documentElement.dataset.theme === "dark" ||
      (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", document.documentElement.dataset.theme);
  } else if (event.key === "f") {
    if (document.fullscreenElement) document.exitFullscreen(); else document.documentElement.requestFullscreen();
  }
});
