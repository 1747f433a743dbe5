// Long lists of choices are searched: boxes to tick that are folded, and lists of which one is
// chosen. Without this script they are what a browser makes of them.
(function () {
  "use strict";

  const MANY = 20;

  const fold = function (text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[\u2019']/g, " ").toLowerCase();
  };
  const wordsOf = (text) => fold(text).split(/\s+/).filter(Boolean);
  const isCalled = function (text, words) {
    const folded = fold(text);
    return words.every((word) => folded.includes(word));
  };

  // Boxes: words narrow them, what is ticked joins what is always seen.
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
      const words = wordsOf(event.target.value);
      axes.forEach(function (axis) {
        let found = 0;
        axis.querySelectorAll(".form-check").forEach(function (box) {
          box.hidden = !isCalled(box.textContent, words);
          found += box.hidden ? 0 : 1;
        });
        axis.hidden = !found;
        axis.open = Boolean(words.length && found);
      });
    });
  });

  // A list of which one is chosen: words above it leave the choices that hold them, and Enter takes
  // the only one that is left. What is chosen already stays, and so does « Choisir… ».
  document.querySelectorAll("select:not([multiple], [data-short])").forEach(function (select) {
    const choices = Array.from(select.options);
    const label = select.labels[0];
    if (choices.length <= MANY || !label) return;
    const groups = Array.from(select.querySelectorAll("optgroup"));
    const homes = new Map(choices.map((choice) => [choice, choice.parentElement]));

    const search = Object.assign(document.createElement("input"), {
      type: "search", className: "form-control choices-search", autocomplete: "off",
      placeholder: "Chercher dans la liste",
    });
    search.setAttribute("aria-label", "Chercher dans la liste\u00a0: " + label.textContent.trim());
    search.setAttribute("aria-controls", select.id);
    const told = Object.assign(document.createElement("span"), { className: "form-text choices-told" });
    told.setAttribute("role", "status");
    select.before(search, told);

    let left = choices;
    const narrow = function () {
      const words = wordsOf(search.value);
      const value = select.value;
      left = choices.filter((choice) => choice.value && isCalled(choice.text, words));
      const shown = new Set(left);
      choices.forEach(function (choice) {
        if (!choice.value || choice.value === value) shown.add(choice);
        choice.remove();
      });
      groups.forEach((group) => group.remove());
      choices.filter((choice) => shown.has(choice)).forEach(function (choice) {
        const home = homes.get(choice);
        if (home !== select && !home.isConnected) select.append(home);
        home.append(choice);
      });
      select.value = value;
      told.textContent = words.length ? (left.length || "aucun") + "\u00a0choix" : "";
    };

    // What is searched is no answer of the form.
    ["input", "change"].forEach(function (name) {
      search.addEventListener(name, function (event) { event.stopPropagation(); });
    });
    search.addEventListener("input", narrow);
    search.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" && event.key !== "ArrowDown") return;
      event.preventDefault();
      if (event.key === "Enter" && search.value && left.length === 1 && left[0].value !== select.value) {
        select.value = left[0].value;
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }
      select.focus();
    });
  });
})();
