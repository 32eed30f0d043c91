// What is typed is saved a moment later, under the address that data-brouillon gives. A session that has ended, a network
// that is cut or another tab that went further are said at once, and nothing that is on the screen is taken away.
"use strict";

(() => {
  const form = document.querySelector("form[data-brouillon]");
  if (!form) return;
  const state = form.querySelector("[data-brouillon-etat]");
  const PAUSE = 700;
  let timer = 0;
  let saving = Promise.resolve(true);
  let stopped = false;
  let dirty = false;

  const say = (text, trouble = false) => {
    state.textContent = text;
    state.classList.toggle("brouillon-alerte", trouble);
  };

  // Logging in again in another tab changes the token: the one of this page is then asked for again.
  const renew = async () => {
    const answer = await fetch("/compte/jeton/", { credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) return false;
    const here = await answer.json();
    // somebody else came in: this text is not theirs to save
    if (here.personne !== document.body.dataset.personne) return false;
    form.elements.csrfmiddlewaretoken.value = here.jeton;
    return true;
  };

  const locked = () => document.documentElement.classList.contains("verrouille");

  const post = () => {
    const body = new FormData(form);
    return fetch(form.dataset.brouillon, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
  };

  const save = async () => {
    if (stopped || !dirty) return true;
    if (locked()) return false;
    dirty = false;
    try {
      let answer = await post();
      if (answer.status === 403 && await renew()) answer = await post();
      if (answer.status === 423) { dirty = true; return false; }
      if (answer.type === "opaqueredirect" || answer.status === 403) {
        dirty = true;
        say("Votre session est terminée. Votre texte reste ici : reconnectez-vous dans un autre onglet, puis continuez.", true);
        return false;
      }
      const told = await answer.json();
      if (answer.status === 409) stopped = true;
      if (answer.ok) form.elements.revision.value = told.revision; else dirty = true;
      say(told.message, !answer.ok);
      return answer.ok;
    } catch {
      dirty = true;
      say("Le réseau est coupé : votre texte reste ici et sera gardé dès son retour.", true);
      return false;
    }
  };

  const later = () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(() => { saving = saving.then(save); }, PAUSE);
  };

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  window.addEventListener("focus", () => { if (dirty) later(); });
  document.addEventListener("verrou:ouvert", () => { if (dirty) later(); });
  window.addEventListener("online", () => { if (dirty) later(); });

  // Before the document itself is sent, the draft is: a session that has ended then loses nothing.
  let ready = false;
  form.addEventListener("submit", async (event) => {
    if (ready || event.submitter?.value === "abandonner" || stopped) return;
    event.preventDefault();
    clearTimeout(timer);
    const { submitter } = event;
    dirty = true;
    saving = saving.then(save);
    if (!await saving) return;
    ready = true;
    form.requestSubmit(submitter);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ligne-de-plus]");
    if (!button) return;
    const body = button.closest(".champ").querySelector("tbody");
    const row = body.lastElementChild.cloneNode(true);
    for (const cell of row.querySelectorAll("textarea")) {
      cell.value = "";
      cell.setAttribute("aria-label", cell.getAttribute("aria-label").replace(/ligne \d+/, `ligne ${body.children.length + 1}`));
    }
    body.append(row);
    row.querySelector("textarea").focus();
  });
})();
