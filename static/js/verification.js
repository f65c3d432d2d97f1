// The file to verify is hashed here, and only its SHA-256 is sent. Without this file the form sends the file itself.
"use strict";

(() => {
  const form = document.querySelector("form[data-hash-here]");
  if (!form || !window.crypto || !window.crypto.subtle) return; // a page without TLS has no WebCrypto
  const { file, sha256 } = form.elements;
  const place = document.querySelector("[data-hash-problem]");
  let busy = false;

  file.removeAttribute("name"); // a field without a name is never sent, whatever happens below
  document.getElementById(`${file.id}_helptext`).textContent = form.dataset.hashHere;

  const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const say = (what) => place.append(document.querySelector(`template[data-hash-${what}]`).content.cloneNode(true));

  form.addEventListener("submit", async (event) => {
    const chosen = file.files[0];
    if (!chosen) return; // what was typed is sent
    event.preventDefault();
    if (busy) return;
    busy = true;
    place.replaceChildren();
    try {
      if (chosen.size > Number(form.dataset.max)) {
        say("large");
        return;
      }
      sha256.value = hex(await window.crypto.subtle.digest("SHA-256", await chosen.arrayBuffer()));
      form.submit();
    } catch {
      say("unread");
    } finally {
      busy = false;
    }
  });
})();
