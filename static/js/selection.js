// Ticks of the list, kept in this tab over pages, filters and what htmx puts in. Without this file the form still works.
"use strict";

(() => {
  const KEY = "clavet-ticked";
  const MOST = 100;

  function read() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY) || "[]");
      return new Set(Array.isArray(kept) ? kept.filter((id) => /^\d{1,18}$/.test(id)) : []);
    } catch {
      return new Set();
    }
  }

  function write(ticked) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify([...ticked]));
    } catch { /* a browser that keeps nothing: ticks hold on this page */ }
  }

  const form = () => document.getElementById("ticked");
  const boxes = () => document.querySelectorAll('input[form="ticked"][type="checkbox"]');

  // Said once for screen readers, outside of what htmx replaces.
  function say(text) {
    let status = document.getElementById("selection-status");
    if (!status) {
      status = document.createElement("p");
      status.id = "selection-status";
      status.className = "hidden-text";
      status.setAttribute("role", "status");
      document.getElementById("main").append(status);
    }
    status.textContent = text;
  }

  // The page's boxes, the number in the bar, and hidden fields for what is ticked on other pages.
  function show(spoken) {
    const bar = form();
    if (!bar) return;
    const ticked = read();
    const here = new Set();
    boxes().forEach((box) => { here.add(box.value); box.checked = ticked.has(box.value); });
    bar.querySelectorAll("[data-elsewhere]").forEach((field) => field.remove());
    ticked.forEach((id) => {
      if (here.has(id)) return;
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "fiche", value: id });
      field.dataset.elsewhere = "";
      bar.append(field);
    });
    const number = new Intl.NumberFormat(document.documentElement.lang).format(ticked.size);
    const text = `${bar.dataset.selected} ${number}`;
    bar.querySelector("[data-count]").textContent = text;
    bar.classList.toggle("selection-none", ticked.size === 0);
    document.documentElement.classList.toggle("has-ticks", ticked.size > 0); // what has the focus stays above the bar
    if (spoken) say(text);
  }

  // Ticks that came in the address (from a page without JavaScript, or from the selection): taken over once.
  function adopt() {
    const fields = document.querySelectorAll("[data-tick]");
    const address = new URL(location.href);
    if (fields.length || address.searchParams.has("tick")) {
      const ticked = read();
      address.searchParams.getAll("tick").forEach((id) => /^\d{1,18}$/.test(id) && ticked.add(id));
      write(ticked);
      fields.forEach((field) => field.remove());
      address.searchParams.delete("tick");
      history.replaceState(history.state, "", address);
    }
    const back = form()?.elements.back;
    if (back) back.value = back.value.replace(/(^|&)tick=\d+/g, "").replace(/^&/, "");
    document.querySelectorAll('#results a[href*="tick="], nav a[href*="tick="]').forEach((link) => {
      const target = new URL(link.href);
      target.searchParams.delete("tick");
      link.href = target;
    });
  }

  document.addEventListener("change", (event) => {
    const box = event.target.closest('input[form="ticked"][type="checkbox"]');
    if (!box) return;
    const ticked = read();
    if (box.checked && ticked.size >= MOST) {
      box.checked = false;
      say(form().dataset.full);
      return;
    }
    if (box.checked) ticked.add(box.value); else ticked.delete(box.value);
    write(ticked);
    show(true);
  });

  document.addEventListener("click", (event) => {
    const untick = event.target.closest("[data-untick]");
    if (!untick) return;
    const ticked = read();
    if (untick.dataset.untick === "all") ticked.clear(); else ticked.delete(untick.dataset.untick);
    write(ticked);
    if (form()) {
      const first = boxes()[0];
      show(true);
      first?.focus();
    }
  });

  document.addEventListener("DOMContentLoaded", () => { adopt(); show(false); });
  document.addEventListener("htmx:afterSettle", () => { adopt(); show(false); });
  addEventListener("pageshow", (event) => { if (event.persisted) show(false); });
})();
