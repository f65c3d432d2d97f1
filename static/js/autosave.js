// Writing a fiche: the button waits for an autosave under way, a refused autosave says so, regions follow the country.
"use strict";

const place = document.getElementById("autosave");
const writing = document.getElementById("writing");
let underWay = false;
let waiting = null;
let leaving = false;

// What the button sends is all there is to save: no autosave follows it.
place.addEventListener("htmx:beforeRequest", (event) => {
  if (leaving) event.preventDefault();
  else underWay = true;
});
place.addEventListener("htmx:afterRequest", () => {
  underWay = false;
  if (waiting) {
    const button = waiting;
    waiting = null;
    writing.requestSubmit(button);
  }
});

// 409: show what the server says instead of nothing.
place.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 409) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

writing.addEventListener("submit", (event) => {
  if (!underWay) {
    leaving = true;
    return;
  }
  event.preventDefault();
  waiting = event.submitter;
});

writing.addEventListener("change", (event) => {
  const regions = document.getElementById("id_region");
  if (!event.target.matches("[data-regions]") || !regions) return;
  regions.value = "";
  htmx.ajax("GET", `${writing.dataset.regions}?country=${event.target.value}`, { target: "#id_region", swap: "innerHTML" });
});
