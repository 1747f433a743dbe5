// What makes the portal smoother; everything works without it.
(function () {
  "use strict";

  // On a telephone the chapters scroll sideways: the current one is brought into view.
  const current = document.querySelector(".chapters [aria-current='page']");
  const list = current && current.closest("ul");
  if (list && list.scrollWidth > list.clientWidth) {
    list.scrollLeft = current.offsetLeft - list.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
  }

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // A list asked for after the session has ended answers with the log-in page: go there.
  document.addEventListener("htmx:beforeSwap", function (event) {
    const answered = new URL(event.detail.xhr.responseURL || location.href);
    if (answered.pathname !== location.pathname) {
      event.detail.shouldSwap = false;
      location.assign(answered.href);
    }
  });
})();
