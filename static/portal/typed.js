// Nothing typed is lost: a session that ends, a connection that fails, a page that one leaves.
// Without this script the portal itself keeps what it cannot take (ctg_portal/forms/typed.py).
(function () {
  "use strict";

  const OFFLINE = "Pas de connexion\u00a0: gardé ici, envoyé dès qu’elle revient.";
  const BACK = "La connexion est revenue\u00a0: envoyé.";
  const FAILED = "Pas enregistré\u00a0: utilisez le bouton «\u00a0Enregistrer\u00a0», en bas de la page.";
  const RETRY = 5000; // milliseconds
  const LOOK_AGAIN = 60000;
  // A connection that answers nothing is none: to a question, and to a row that is saved.
  const PATIENCE = 10000;
  const ROW_PATIENCE = 20000;

  const addresses = document.currentScript.dataset;
  const mark = document.querySelector("input[name='typed-by']");
  // Who has opened a link has no account: the page itself says whether the visit goes on.
  const isVisit = "visit" in addresses;
  if (!mark && !isVisit) return;

  const typed = new Set(); // forms and rows that hold something which is not sent
  const unsent = new Map(); // those that could not be sent: each with its submit button, if any
  const again = new WeakSet(); // rows sent a second time
  let passing = null; // the form that may go
  let isLeaving = false;
  let lookedAt = Date.now();
  let timer = null;

  // Whether this page may send: "same" person, session "ended", "other" person, "offline".
  async function ask() {
    lookedAt = Date.now();
    try {
      if (isVisit) {
        const page = await fetch(location.href, {
          method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
        });
        if (page.status >= 500) return "offline";
        // A link that is closed gives back what it does not take.
        return page.status === 404 ? "ended" : "same";
      }
      const answer = await fetch(addresses.standing, {
        headers: { "X-Typed-By": mark.value }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
      });
      if (!answer.ok) return "offline";
      const told = await answer.json();
      if (told.csrf) {
        document.querySelectorAll("input[name='csrfmiddlewaretoken']").forEach(function (field) {
          field.value = told.csrf;
        });
      }
      return told.standing;
    } catch (error) {
      return "offline";
    }
  }

  function holderOf(field) {
    const form = field.form;
    if (!form || !form.matches("[method='post']")) return null;
    if (!isVisit && !form.elements["typed-by"]) return null;
    return field.closest("[data-hx-post]") || form;
  }

  document.addEventListener("input", function (event) {
    const holder = holderOf(event.target);
    if (holder) typed.add(holder);
  });

  // What was refused is shown again, and nowhere else; a quick hand types before this script is here.
  const early = [];
  document.querySelectorAll("main input, main select, main textarea").forEach(function (field) {
    const isRefused = field.matches(".is-invalid, [aria-invalid='true']");
    const isWritten = field.matches("textarea, [type='text']") && field.value !== field.defaultValue;
    const holder = isRefused || isWritten ? holderOf(field) : null;
    if (!holder) return;
    typed.add(holder);
    if (isWritten && holder.matches("[data-hx-post]")) early.push(field);
  });

  // A cell that was left before htmx could see it saves its row now; one that is being typed in does
  // so when it is left.
  window.addEventListener("load", function () {
    early.filter((field) => field !== document.activeElement).forEach(function (field) {
      window.htmx.trigger(field.closest("[data-hx-post]"), "change");
    });
  });

  window.addEventListener("beforeunload", function (event) {
    if (!isLeaving && (typed.size || unsent.size)) event.preventDefault();
  });

  // Sending --------------------------------------------------------------------------------------

  async function sendAll() {
    const standing = await ask();
    clearTimeout(timer);
    if (standing === "same") {
      tell(unsent.size && band ? BACK : "");
      timer = setTimeout(tell, RETRY, "");
      closeDialog();
      const waiting = [...unsent];
      unsent.clear();
      waiting.forEach(function ([holder, button]) {
        if (holder.matches("form")) {
          submit(holder, button);
        } else if (!waiting.some(([other]) => other !== holder && other.contains(holder))) {
          window.htmx.trigger(holder, "change");
        }
      });
    } else if (standing === "offline") {
      tell(OFFLINE);
      timer = setTimeout(sendAll, RETRY);
    } else if (standing === "ended") {
      openDialog();
    } else {
      giveWay();
    }
  }

  function submit(form, button) {
    passing = form;
    form.requestSubmit(button);
    passing = null;
    leave();
  }

  // What was typed is on its way; a file as an answer leaves the page where it is.
  function leave() {
    isLeaving = true;
    setTimeout(function () { isLeaving = false; }, RETRY);
    typed.clear();
  }

  // Looked at first, each time: where a page is sent without a connection, the browser's own error
  // takes the place of what was typed.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    const isTyped = [...typed].some((holder) => form.contains(holder));
    if (event.defaultPrevented || form === passing || !isTyped) return;
    event.preventDefault();
    if (unsent.has(form)) return;
    unsent.set(form, event.submitter);
    sendAll();
  });

  document.addEventListener("htmx:afterRequest", function (event) {
    const row = event.detail.elt;
    if (!event.detail.successful || !row.matches("[data-hx-post]")) return;
    again.delete(row);
    // What is refused, or awaits a choice between two people's, is still only here.
    if (!/class="(wrong|conflict)"/.test(event.detail.xhr.responseText)) typed.delete(row);
  });

  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.elt.matches("[data-hx-post]")) event.detail.timeout = ROW_PATIENCE;
  });

  function keepRow(event) {
    const row = event.detail.elt;
    if (!row.matches("[data-hx-post]")) return;
    tellState(event.detail.target, OFFLINE);
    tell(OFFLINE);
    unsent.set(row, null);
    clearTimeout(timer);
    timer = setTimeout(sendAll, RETRY);
  }
  document.addEventListener("htmx:sendError", keepRow);
  document.addEventListener("htmx:timeout", keepRow);

  document.addEventListener("htmx:responseError", function (event) {
    const row = event.detail.elt;
    if (!row.matches("[data-hx-post]")) return;
    tellState(event.detail.target, FAILED);
    const isOver = [401, 403, 409].concat(isVisit ? 404 : []);
    if (!isOver.includes(event.detail.xhr.status) || again.has(row)) return;
    again.add(row);
    unsent.set(row, null);
    sendAll();
  });

  window.addEventListener("online", function () { if (unsent.size) sendAll(); });

  // Who comes back to a page looks whether it is still theirs.
  async function look() {
    const isOpen = dialog && dialog.open;
    const isDue = isOpen || Date.now() - lookedAt > LOOK_AGAIN;
    if (document.hidden || !isDue || !(typed.size || unsent.size)) return;
    const standing = await ask();
    if (standing === "other") giveWay();
    if (standing === "ended") openDialog();
    if (standing === "same" && isOpen) {
      told.textContent = isVisit ? "Le lien est rouvert." : "Vous êtes de nouveau connecté.";
      send.focus();
    }
  }
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
  setInterval(look, LOOK_AGAIN);

  // What is said ---------------------------------------------------------------------------------

  function make(name, text, how) {
    const element = Object.assign(document.createElement(name), how || {});
    element.textContent = text;
    return element;
  }

  // Drawn when there is something to say: a list that is searched tells its own count last.
  let band = null;

  function tell(text) {
    if (band) band.remove();
    band = text ? make("p", text, { className: "typed-band", role: "alert" }) : null;
    if (band) document.body.append(band);
  }

  function tellState(state, text) {
    if (state && state.matches(".entry-state, .row-state")) {
      state.replaceChildren(make("p", text, { className: "wrong" }));
    }
  }

  let dialog = null;
  let send, told;

  // What was typed is hidden behind it: whoever is at the desk now need not be who typed.
  function openDialog() {
    if (!dialog) dialog = drawDialog();
    tell("");
    send.textContent = unsent.size ? "Renvoyer" : "Reprendre";
    if (dialog.open) {
      told.textContent = isVisit ? "Le lien n’est pas encore rouvert." : "Vous n’êtes pas encore reconnecté.";
    } else {
      told.textContent = "";
      dialog.showModal();
    }
  }

  function closeDialog() {
    if (!dialog || !dialog.open) return;
    dialog.dataset.done = "yes";
    dialog.close();
  }

  function drawDialog() {
    const drawn = make("dialog", "", { className: "typed-dialog" });
    drawn.setAttribute("aria-labelledby", "typed-title");
    drawn.setAttribute("aria-describedby", "typed-about");
    told = make("p", "", { role: "status" });
    send = make("button", "Renvoyer", { className: "btn btn-outline-primary", type: "button" });
    send.addEventListener("click", sendAll);
    const quit = make("button", "Quitter cette page", { className: "btn btn-link", type: "button" });
    quit.addEventListener("click", async function () {
      await keep();
      go(addresses.login);
    });
    const actions = make("p", "", { className: "actions" });
    if (isVisit) actions.append(send);
    else actions.append(
      make("a", "Se reconnecter dans un nouvel onglet", {
        className: "btn btn-primary", href: addresses.login, target: "_blank",
      }),
      send, quit);
    drawn.append(
      make("h2", isVisit ? "Votre visite est terminée" : "Votre session est terminée", { id: "typed-title" }),
      make("p", isVisit
        ? "Ce que vous avez saisi n’est pas perdu. Rouvrez, dans un autre onglet de ce navigateur, le lien que vous "
        + "avez reçu, puis revenez ici."
        : "Ce que vous avez saisi n’est pas perdu. Reconnectez-vous avec le même compte, puis revenez ici. "
        + "Si vous quittez cette page, vous le retrouverez en vous reconnectant, pendant douze heures.",
        { id: "typed-about" }),
      told, actions);
    drawn.addEventListener("cancel", function (event) { event.preventDefault(); });
    drawn.addEventListener("close", function () {
      if (!drawn.dataset.done) drawn.showModal();
      delete drawn.dataset.done;
    });
    document.body.append(drawn);
    return drawn;
  }

  // The portal keeps it for who typed it, whoever is logged in.
  function keep() {
    const forms = new Set([...typed, ...unsent.keys()].map((holder) => holder.closest("form")));
    return Promise.allSettled([...forms].map(function (form) {
      const body = new FormData(form);
      const button = unsent.get(form);
      if (button && button.name) body.append(button.name, button.value);
      return fetch(form.getAttribute("action") || location.href, { method: "post", body, redirect: "manual" });
    }));
  }

  function go(address) {
    isLeaving = true;
    location.assign(address);
  }

  // Somebody else is logged in: nothing of this page is for them.
  async function giveWay() {
    document.body.hidden = true;
    await keep();
    isLeaving = true;
    location.replace(addresses.other);
  }
})();
