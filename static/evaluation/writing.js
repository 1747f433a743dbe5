// A text that is being typed: kept and shown as it will read, and added to at the caret. Without
// this script its buttons do the same (evaluation/writing/views.py).
(function () {
  "use strict";

  const PAUSE = 2000; // milliseconds after the last key
  const AT_MOST = 8000; // of typing without a pause
  const GLANCE = 400;

  const form = document.getElementById("ecrire");
  const text = form && form.elements.text;
  if (!text) return;
  const kept = form.querySelector(".writing-kept");
  const preview = document.getElementById("apercu");

  // What is live needs no button.
  form.querySelectorAll("[data-previews]").forEach(function (button) { button.hidden = true; });

  let keeping = null;
  let since = 0;
  let reading = null;

  function keep() {
    clearTimeout(keeping);
    keeping = null;
    window.htmx.trigger(kept, "garder");
  }

  function follow() {
    const now = Date.now();
    if (!keeping) since = now;
    clearTimeout(keeping);
    keeping = setTimeout(keep, Math.min(PAUSE, Math.max(0, since + AT_MOST - now)));
    clearTimeout(reading);
    reading = setTimeout(read, GLANCE);
  }
  text.addEventListener("input", follow);
  // A quick hand types before this script is here.
  if (text.value !== text.defaultValue) follow();

  // No row of what is to be saved: nothing is told where it fails, and the next key asks again.
  function read() {
    window.htmx.ajax("POST", preview.dataset.reads, {
      source: preview, target: preview, swap: "innerHTML", values: Object.fromEntries(new FormData(form)),
    }).catch(function () {});
  }

  // An image comes in where the caret is, counted in characters.
  const caret = form.querySelector("[data-caret]");

  // What is saved or given up is not kept once more behind it.
  document.addEventListener("submit", function (event) {
    if (event.target !== form) return;
    caret.value = Array.from(text.value.slice(0, text.selectionEnd)).length;
    clearTimeout(keeping);
    keeping = null;
    window.htmx.trigger(kept, "htmx:abort");
  }, true);

  // Who leaves the page within these seconds finds the last words too.
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden || !keeping) return;
    clearTimeout(keeping);
    keeping = null;
    const body = new URLSearchParams(new FormData(form));
    fetch(kept.dataset.hxPost, { method: "post", body, keepalive: true, headers: { "HX-Request": "true" } })
      .catch(function () { keep(); });
  });

  // A source comes in at the caret; an image, or one of several lines, between empty lines.
  document.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-adds]");
    if (!button) return;
    event.preventDefault();
    const before = text.value.slice(0, text.selectionStart);
    const after = text.value.slice(text.selectionEnd);
    let added = JSON.parse(button.dataset.adds);
    if (added.includes("\n") || "block" in button.dataset) {
      const ends = before.match(/\n*$/)[0].length;
      added = (before ? "\n".repeat(Math.max(0, 2 - ends)) : "") + added + (after.startsWith("\n\n") ? "" : "\n\n");
    } else if (before && !/\s$/.test(before)) {
      added = " " + added;
    }
    // The browser's own command lets one undo it; it writes where the focus is.
    text.focus({ preventScroll: true });
    if (!document.execCommand("insertText", false, added)) {
      text.setRangeText(added, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    button.focus({ preventScroll: true });
    button.textContent = "Repris dans le texte";
  });
})();
