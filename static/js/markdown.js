// A small toolbar for <textarea data-markdown>: bold, list, link. A preview is a button of the page (hx-post).
// The words come from components/markdown_words.html, once on the page.
"use strict";

const ICONS = {
  bold: "M7 4.5h6a3.75 3.75 0 0 1 0 7.5H7ZM7 12h7a3.75 3.75 0 0 1 0 7.5H7Z",
  list: "M9 6h12M9 12h12M9 18h12M4 6v.01M4 12v.01M4 18v.01",
  link: "M10 14a4.5 4.5 0 0 0 6.4 0l3.2-3.2a4.5 4.5 0 0 0-6.4-6.4L12 5.6M14 10a4.5 4.5 0 0 0-6.4 0l-3.2 3.2a4.5 4.5 0 0 0 6.4 6.4l1.2-1.2",
};

function svg(path) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  picture.append(line);
  return picture;
}

// Replaces the selection so that the browser's own undo still works where it can.
function put(area, text, from, to) {
  area.focus();
  area.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

const ACTIONS = {
  bold(area) {
    const { selectionStart: from, selectionEnd: to, value } = area;
    put(area, `**${value.slice(from, to)}**`, from, to);
    area.setSelectionRange(from + 2, to + 2);
  },
  list(area) {
    const { selectionStart, selectionEnd: to, value } = area;
    const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const lines = value.slice(from, to).split("\n").map((line) => (line.startsWith("- ") ? line : `- ${line}`));
    put(area, lines.join("\n"), from, to);
  },
  link(area) {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const words = value.slice(from, to);
    put(area, `[${words}](https://)`, from, to);
    const place = words ? from + words.length + 11 : from + 1;
    area.setSelectionRange(place, place);
  },
};

function addToolbar(area) {
  if (area.dataset.tools) return;
  area.dataset.tools = "1";
  const bar = document.createElement("div");
  bar.className = "md-tools";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", word(area, "tools"));
  Object.entries(ACTIONS).forEach(([name, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(svg(ICONS[name]), word(area, name));
    button.addEventListener("click", () => act(area));
    bar.append(button);
  });
  area.before(bar);
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const act = { b: ACTIONS.bold, k: ACTIONS.link }[event.key];
    if (act) { event.preventDefault(); act(area); }
  });
}

function word(area, name) {
  const words = document.getElementById("markdown-words");
  return area.dataset[name] || words?.dataset[name] || name;
}

function bindToolbars(root) {
  root.querySelectorAll("textarea[data-markdown]").forEach(addToolbar);
}

document.addEventListener("DOMContentLoaded", () => bindToolbars(document));
document.addEventListener("htmx:load", (event) => bindToolbars(event.detail.elt));
