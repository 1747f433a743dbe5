// Folds of a long page: what a link or the address points at is shown, all open at once, paper
// shows them all. Without this, the page that « Tout ouvrir » leads to has them open.
(function () {
  "use strict";

  const folds = function () { return Array.from(document.querySelectorAll("main details.fold")); };

  const show = function () {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let fold = target && target.closest("details");
    while (fold) {
      fold.open = true;
      fold = fold.parentElement.closest("details");
    }
    if (target) { target.scrollIntoView(); }
  };
  window.addEventListener("hashchange", show);
  show();

  // A link to a fold of this page opens it where it is, though its address would ask for another page.
  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[data-unfolds]");
    const target = link && document.getElementById(link.hash.slice(1));
    if (target && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      if (location.hash === link.hash) { show(); } else { location.hash = link.hash; }
    }
  });

  const all = document.querySelector("a[data-unfolds-all]");
  if (all) {
    all.addEventListener("click", function (event) {
      event.preventDefault();
      const isToOpen = folds().some(function (fold) { return !fold.open; });
      folds().forEach(function (fold) { fold.open = isToOpen; });
      all.textContent = isToOpen ? "Tout refermer" : "Tout ouvrir";
    });
  }

  let opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("main details:not([open])"));
    opened.forEach(function (fold) { fold.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (fold) { fold.open = false; });
  });
})();
