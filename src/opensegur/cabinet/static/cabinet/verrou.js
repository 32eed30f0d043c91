// A screen that nobody touches locks itself; what was typed stays under the lock. Every tab locks and opens with it.
"use strict";

(() => {
  const { verrouApres, personne, verrouFermer, verrouPage } = document.body.dataset;
  const dialog = document.getElementById("verrou");
  if (!dialog || !personne) return;
  const told = dialog.querySelector("[data-verrou-etat]");
  const tabs = new BroadcastChannel("opensegur-verrou");
  const root = document.documentElement;
  const say = (text) => { told.textContent = text; };
  const isLocked = () => dialog.open;

  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const renewTokens = (value) => {
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": value }));
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = value;
  };

  const show = () => {
    if (dialog.open) return;
    root.classList.add("verrouille");
    say("");
    dialog.showModal();
    dialog.querySelector("[name=actuel]")?.focus();
  };

  const hide = (value) => {
    if (value) renewTokens(value);
    root.classList.remove("verrouille");
    for (const field of dialog.querySelectorAll("[name=actuel], [name=reponse]")) field.value = "";
    dialog.close();
    document.dispatchEvent(new Event("verrou:ouvert"));
  };

  const offer = (others) => {
    const list = dialog.querySelector("[data-verrou-autres]");
    list.replaceChildren(...others.map(({ reference, nom }, rank) => {
      const link = Object.assign(document.createElement("a"), { className: "bouton bouton-petit", href: `${verrouPage}?place=${reference}` });
      link.dataset.verrouTouche = rank + 1;
      const key = Object.assign(document.createElement("kbd"), { textContent: rank + 1 });
      const name = Object.assign(document.createElement("span"), { textContent: nom });
      link.append(key, " ", name);
      const row = document.createElement("li");
      row.append(link);
      return row;
    }));
  };

  const lock = async () => {
    show();
    tabs.postMessage({ ferme: true });
    const body = new URLSearchParams({ page: location.pathname + location.search });
    try {
      const answer = await fetch(verrouFermer, {
        method: "POST", body, credentials: "same-origin", redirect: "manual",
        headers: { Accept: "application/json", "X-CSRFToken": token() },
      });
      if (answer.ok) offer((await answer.json()).autres);
    } catch {
      say("Le réseau est coupé : l’écran reste verrouillé ici.");
    }
  };

  // In another tab the person came in again: this one opens too, if it is theirs.
  const look = async () => {
    if (!isLocked()) return;
    try {
      const answer = await fetch("/compte/jeton/", { credentials: "same-origin", redirect: "manual" });
      if (!answer.ok) return;
      const here = await answer.json();
      if (here.personne === personne) hide(here.jeton);
      else say("Un autre compte est ouvert dans ce navigateur. Cet écran attend la personne qui l’a verrouillé.");
    } catch { /* no network: it stays locked */ }
  };

  const open = async (form) => {
    say("");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), credentials: "same-origin", headers: { Accept: "application/json" },
      });
      const here = await answer.json();
      if (!answer.ok) { say(here.erreur); form.elements.actuel?.select(); return; }
      hide(here.jeton);
      tabs.postMessage({ ouvert: true });
    } catch {
      say("Le serveur ne répond pas. Réessayez ; si la session est terminée, entrez de nouveau dans un autre onglet.");
    }
  };

  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("submit", (event) => {
    if (event.target.matches("[data-cle]")) return;
    event.preventDefault();
    open(event.target);
  });
  dialog.addEventListener("cle:prete", (event) => { event.preventDefault(); open(event.target); });
  for (const link of dialog.querySelectorAll("[data-verrou-ailleurs]")) link.target = "_blank";

  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.preventDefault();
    if (event.target.value) return; // a password that begins with a digit goes on
    const link = dialog.querySelector(`[data-verrou-touche="${CSS.escape(event.key)}"]`);
    if (link) { event.preventDefault(); link.click(); }
  });

  tabs.addEventListener("message", ({ data }) => { if (data.ferme) show(); else look(); });
  window.addEventListener("focus", look);
  document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status === 423) show(); });
  document.addEventListener("verrou:demande", lock);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-verrouiller]")) return;
    event.preventDefault();
    lock();
  });

  // The last gesture in any tab counts for all of them.
  const LAST = "opensegur-geste";
  const now = () => Date.now();
  let noted = 0;
  const note = () => {
    if (now() - noted < 5000) return;
    noted = now();
    localStorage.setItem(LAST, String(noted));
  };
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"]) {
    document.addEventListener(kind, note, { passive: true, capture: true });
  }
  note();
  const watch = () => {
    const quiet = (now() - Number(localStorage.getItem(LAST) ?? noted)) / 1000;
    if (quiet >= Number(verrouApres) && !isLocked()) lock();
  };
  setInterval(watch, Math.min(5000, Number(verrouApres) * 250));
  document.addEventListener("visibilitychange", watch);
})();
