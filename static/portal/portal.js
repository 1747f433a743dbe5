// What makes the portal smoother; everything works without it.
(function () {
  "use strict";

  // On a telephone the chapters scroll sideways: the current one is brought into view.
  const current = document.querySelector(".chapters [aria-current='page']");
  const list = current && current.closest("ul");
  if (list && list.scrollWidth > list.clientWidth) {
    list.scrollLeft = current.offsetLeft - list.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
  }

  // Those that « Menu » has called leave when the window is widened, to stand in their place.
  const menu = document.querySelector(".menu");
  window.addEventListener("resize", function () {
    const called = document.querySelector(".chapters:popover-open");
    if (called && !menu.offsetParent) called.hidePopover();
  });

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // A button says how many boxes are ticked: what is sent is what one meant.
  document.querySelectorAll("button[data-count-of]").forEach(function (button) {
    const untold = button.textContent;
    const tell = function () {
      const count = button.form.querySelectorAll("input[name='" + button.dataset.countOf + "']:checked").length;
      const told = count === 1 ? button.dataset.one : button.dataset.many.replace("{}", count);
      button.textContent = count ? told : untold;
    };
    button.form.addEventListener("change", tell);
    tell();
  });

  // « Tout cocher » ticks here what its page would come back with, and keeps what was ticked by hand.
  document.querySelectorAll("a[data-tick]").forEach(function (link) {
    link.setAttribute("role", "button");
    const tick = function (event) {
      event.preventDefault();
      const form = link.closest("form");
      form.querySelectorAll("input[data-plain]").forEach(function (box) { box.checked = true; });
      form.dispatchEvent(new Event("change"));
    };
    link.addEventListener("click", tick);
    link.addEventListener("keydown", function (event) { if (event.key === " ") tick(event); });
  });

  // What is asked for beside a figure may be folded: the link to it opens it.
  document.addEventListener("click", function (event) {
    const link = event.target.closest(".entry-state a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    const folded = field && field.closest("details");
    if (folded) {
      folded.open = true;
      field.focus();
    }
  });

  // A field of one line would turn the end of a line into a space, and two cells into one number:
  // what stands between them stays to be seen, and the portal asks.
  document.addEventListener("paste", function (event) {
    const pasted = event.clipboardData.getData("text").trim();
    if (event.target.matches("input[inputmode='decimal']") && /[\t\r\n]/.test(pasted)) {
      event.preventDefault();
      document.execCommand("insertText", false, pasted.replace(/[\t\r\n]+/g, " | "));
    }
  });

  // A document that was waited for is there: it is downloaded, once.
  document.addEventListener("htmx:afterSettle", function () {
    const link = document.querySelector("#etat a[data-begins]");
    if (link) {
      link.removeAttribute("data-begins");
      link.click();
    }
  });

  // A list asked for after the session has ended answers with the log-in page: go there.
  document.addEventListener("htmx:beforeSwap", function (event) {
    const asked = new URL(event.detail.pathInfo.requestPath, location.href);
    const answered = new URL(event.detail.xhr.responseURL || asked);
    if (answered.pathname !== asked.pathname) {
      event.detail.shouldSwap = false;
      // A page that follows what happens may hold a text: it stays, and says so once that is sent.
      if (!event.detail.elt.matches("[data-follows]")) location.assign(answered.href);
    }
  });
})();
