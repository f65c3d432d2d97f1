// Small helps for every page. Everything works without them; each is bound by a data attribute.
"use strict";

document.documentElement.classList.add("js");

// Menus close on Escape, on a click elsewhere, and when another opens.
function bindMenus() {
  const menus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("focusin", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
}

// <p data-count-for="id" data-max="300" data-left="Characters left:" data-over="Characters too many:">
function countCharacters(output) {
  const field = document.getElementById(output.dataset.countFor);
  if (!field || output.dataset.bound) return;
  output.dataset.bound = "1";
  // A pasted text is never cut silently: the count says how much is too much, the server says so as well.
  field.removeAttribute("maxlength");
  const spoken = document.createElement("span");
  spoken.className = "hidden-text";
  spoken.setAttribute("role", "status");
  output.after(spoken);
  const max = Number(output.dataset.max);
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let wait;
  const show = () => {
    // Line ends travel as two characters; the server counts one.
    const left = max - [...field.value.replace(/\r\n/g, "\n")].length;
    output.textContent = `${left < 0 ? output.dataset.over : output.dataset.left} ${number.format(Math.abs(left))}`;
    output.classList.toggle("count-over", left < 0);
    clearTimeout(wait);
    wait = setTimeout(() => { spoken.textContent = left <= max / 10 ? output.textContent : ""; }, 1000);
  };
  field.addEventListener("input", show);
  show();
}

// <textarea data-autosize>
function growWithText(area) {
  if (area.dataset.grows) return;
  area.dataset.grows = "1";
  const least = area.clientHeight;
  area.classList.add("autosizes");
  const grow = () => {
    area.rows = 2;
    const line = parseFloat(getComputedStyle(area).lineHeight) || 25;
    area.rows = Math.max(Math.ceil(least / line), Math.ceil(area.scrollHeight / line));
  };
  area.addEventListener("input", grow);
  grow();
}

// <button data-copy="id" data-copied="Copied">
function copyText(button) {
  const text = document.getElementById(button.dataset.copy);
  const status = button.parentElement.querySelector("[role=status]");
  navigator.clipboard?.writeText(text.textContent.trim()).then(() => {
    status.className = "muted fine";
    status.textContent = button.dataset.copied;
  }, () => getSelection().selectAllChildren(text));
}

function bind(root) {
  root.querySelectorAll("[data-count-for]").forEach(countCharacters);
  root.querySelectorAll("textarea[data-autosize]").forEach(growWithText);
}

document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) copyText(copy);
  const close = event.target.closest("[data-close]");
  if (close) {
    const details = close.closest("details");
    details.open = false;
    details.querySelector("summary").focus();
  }
  const print = event.target.closest("[data-print]");
  if (print) window.print();
});

// <select data-submit>: sends its form at once, unless htmx does.
document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-submit]");
  if (field && field.form && !field.form.closest("[hx-get], [hx-post]")) field.form.requestSubmit();
});

document.addEventListener("DOMContentLoaded", () => {
  bindMenus();
  bind(document);
  document.querySelector("[data-focus]")?.focus();
});
document.addEventListener("htmx:load", (event) => bind(event.detail.elt));
