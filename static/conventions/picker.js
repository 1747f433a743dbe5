// Many boxes to tick, folded: words narrow them, what is ticked joins what is always seen.
(function () {
  "use strict";

  const fold = function (text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  };

  document.querySelectorAll("[data-picker]").forEach(function (picker) {
    const chosen = picker.querySelector("[data-picker-chosen]");
    const count = picker.querySelector("[data-picker-count]");
    const search = picker.querySelector("[data-picker-search]");
    const axes = Array.from(picker.querySelectorAll("details"));

    picker.addEventListener("change", function () {
      const ticked = picker.querySelectorAll("input[type='checkbox']:checked").length;
      count.textContent = ticked ? ticked + "\u00a0choix" : "aucun choix";
    });

    // What is ticked leaves its fold once that closes: it stays to be seen, and focus where it is.
    axes.forEach(function (axis) {
      axis.addEventListener("toggle", function () {
        if (!axis.open) {
          axis.querySelectorAll(".form-check:has(:checked)").forEach(function (box) { chosen.append(box); });
        }
      });
    });

    search.hidden = false;
    search.addEventListener("input", function (event) {
      const words = fold(event.target.value).split(/\s+/).filter(Boolean);
      axes.forEach(function (axis) {
        let found = 0;
        axis.querySelectorAll(".form-check").forEach(function (box) {
          const text = fold(box.textContent);
          box.hidden = !words.every(function (word) { return text.includes(word); });
          found += box.hidden ? 0 : 1;
        });
        axis.hidden = !found;
        axis.open = Boolean(words.length && found);
      });
    });
  });
})();
