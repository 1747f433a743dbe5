// The grid behaves as a spreadsheet: keys go from cell to cell, what is pasted as a block is shown
// before it lands. Without this script it is a form, and a block is pasted on a page of its own.
(function () {
  "use strict";

  const grid = document.querySelector("[data-grid]");
  const pasted = document.querySelector("[data-pasted]");
  if (!grid) return;

  const CELLS = ".typed input:not([type='hidden']), .beside input";
  const isCell = (target) => target.matches && target.matches(CELLS);
  const cellsOf = (row) => [...row.querySelectorAll(CELLS)];
  // Found once: a grid may have hundreds, and what is saved changes none of them.
  const rows = [...grid.querySelectorAll("tr[data-row]")].filter((row) => row.querySelector(CELLS));
  const rowBeside = (row, step) => rows[rows.indexOf(row) + step];

  const done = []; // what was typed, cell by cell, the last at the end
  const undone = [];
  let isUndoing = false;

  // What a cell holds as long as nothing new is typed in it.
  const kept = (cell) => (cell.dataset.kept === undefined ? cell.defaultValue : cell.dataset.kept);

  function enter(cell) {
    if (!cell) return;
    cell.focus();
    cell.select();
  }

  function above(cell, step) {
    const row = cell.closest("tr");
    const next = rowBeside(row, step);
    if (!next) return null;
    const cells = cellsOf(next);
    const own = cellsOf(row);
    // The cell beside the figures stands last, however many figures a row has.
    const isLast = own.indexOf(cell) === own.length - 1;
    return isLast ? cells[cells.length - 1] : cells[Math.min(own.indexOf(cell), cells.length - 2)];
  }

  function beside(cell, step) {
    const row = cell.closest("tr");
    const own = cellsOf(row);
    const place = own.indexOf(cell) + step;
    if (own[place]) return own[place];
    const next = rowBeside(row, step);
    return next && (step > 0 ? cellsOf(next)[0] : cellsOf(next).at(-1));
  }

  function isWhole(cell) {
    return cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
  }

  // Whether the caret stands where it cannot go on within the cell.
  function isAtEdge(cell, step) {
    const edge = step > 0 ? cell.value.length : 0;
    return isWhole(cell) || (cell.selectionStart === edge && cell.selectionEnd === edge);
  }

  function write(cell, text) {
    isUndoing = true;
    cell.value = text;
    cell.dataset.kept = text;
    cell.dispatchEvent(new Event("input", { bubbles: true }));
    cell.dispatchEvent(new Event("change", { bubbles: true }));
    isUndoing = false;
    enter(cell);
  }

  function replay(from, to, name) {
    const act = from.pop();
    if (!act) return;
    to.push(act);
    write(act.cell, act[name]);
  }

  grid.addEventListener("change", function (event) {
    if (!isCell(event.target) || isUndoing) return;
    const cell = event.target;
    if (kept(cell) === cell.value) return;
    done.push({ cell, before: kept(cell), after: cell.value });
    undone.length = 0;
    cell.dataset.kept = cell.value;
  });

  grid.addEventListener("focusin", function (event) {
    if (isCell(event.target)) event.target.select();
  });

  grid.addEventListener("keydown", function (event) {
    const cell = event.target;
    if (!isCell(cell) || event.altKey || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      const key = event.key.toLowerCase();
      const isRedo = key === "y" || (key === "z" && event.shiftKey);
      if (key !== "z" && key !== "y") return;
      // What is being typed is undone by the browser itself.
      if (cell.value !== kept(cell)) return;
      event.preventDefault();
      if (isRedo) replay(undone, done, "after");
      else replay(done, undone, "before");
      return;
    }
    const ways = {
      ArrowDown: () => above(cell, 1),
      ArrowUp: () => above(cell, -1),
      Enter: () => above(cell, event.shiftKey ? -1 : 1) || cell,
      ArrowRight: () => (event.shiftKey || !isAtEdge(cell, 1) ? null : beside(cell, 1)),
      ArrowLeft: () => (event.shiftKey || !isAtEdge(cell, -1) ? null : beside(cell, -1)),
    };
    if (event.key === "Escape" && cell.value !== kept(cell)) {
      event.preventDefault();
      cell.value = kept(cell);
      cell.select();
    } else if (ways[event.key]) {
      const next = ways[event.key]();
      if (!next) return;
      event.preventDefault();
      if (next === cell) cell.blur(); // the last row is saved too
      enter(next);
    }
  });

  // The keyboard of a telephone has digits alone, and often no Enter: what it lacks is beneath the
  // row that is being filled in.
  const keys = grid.querySelector("[data-thumb-keys]");
  let typedIn = null;
  grid.querySelectorAll(CELLS).forEach(function (cell) { cell.enterKeyHint = "next"; });
  grid.addEventListener("focusin", function (event) {
    if (!keys || !isCell(event.target)) return;
    typedIn = event.target;
    const state = typedIn.closest("tr").querySelector(".state");
    if (keys.parentElement !== state) state.prepend(keys);
    keys.hidden = false;
  });
  if (keys) {
    // The cell keeps focus, and the keyboard stays.
    keys.addEventListener("pointerdown", function (event) { event.preventDefault(); });
    keys.addEventListener("click", function (event) {
      const key = event.target.closest("button");
      if (!key) return;
      const cells = cellsOf(typedIn.closest("tr"));
      if (key.value) {
        const before = kept(cells[0]);
        write(cells[0], key.value);
        done.push({ cell: cells[0], before, after: key.value });
        undone.length = 0;
        enter(cells[cells.length - 1]); // where one says why
      } else {
        const row = rowBeside(typedIn.closest("tr"), 1);
        if (row) enter(cellsOf(row)[0]);
        else typedIn.blur(); // the last row is saved too
      }
    });
  }

  // One cell is pasted as it is; a block is sent to be shown first.
  grid.addEventListener("paste", function (event) {
    const cell = event.target;
    const text = event.clipboardData.getData("text");
    if (!isCell(cell) || !/[\t\r\n]/.test(text.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    event.stopPropagation();
    pasted.elements.block.value = text;
    pasted.elements.since.value = cell.closest("tr").dataset.row;
    pasted.requestSubmit();
  });

  // What asks for an explanation leads to the cell in which one writes it.
  grid.addEventListener("click", function (event) {
    const link = event.target.closest(".entry-state a[href^='#']");
    if (!link) return;
    event.preventDefault();
    enter(document.getElementById(link.hash.slice(1)));
  });
})();
