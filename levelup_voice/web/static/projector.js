import { listen } from "./stream.js";

const stage = document.getElementById("stage");
let shown = null;

listen(document.body.dataset.stream, {
  onView(message, changed) {
    document.getElementById("timer").hidden = !message.clocks.main;
    Object.assign(document.body.dataset, { scene: message.scene, item: message.item, over: message.over });
    for (const part of document.querySelectorAll("[data-grow]")) part.style.flexGrow = part.dataset.grow;
    if (changed.includes("stage")) {
      fit();
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

// The largest text with which all of it can be seen.
function fit() {
  const most = Math.min(innerWidth, innerHeight) * 0.085;
  let low = 8, high = most;
  const fits = (size) => {
    stage.style.fontSize = `${size}px`;
    return stage.scrollHeight <= stage.clientHeight && stage.scrollWidth <= stage.clientWidth;
  };
  if (fits(high)) return;
  for (let round = 0; round < 9; round += 1) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle; else high = middle;
  }
  fits(low);
}

function come(element) {
  if (!element || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  // Nothing moves: what is on its way elsewhere would be measured where it is.
  element.animate(
    [{ opacity: 0 }, { opacity: 1 }],
    { duration: 260, easing: "ease-out" },
  );
}

new ResizeObserver(fit).observe(stage);
document.fonts.ready.then(fit);
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
