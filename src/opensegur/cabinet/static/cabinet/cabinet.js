// The keyboard, and the few things that HTML does not do alone. Everything works without this file, more slowly.
"use strict";

(() => {
  const typing = (element) => element.closest("input, select, textarea, [contenteditable]") !== null;
  const dialog = () => document.getElementById("aide");

  const openHelp = () => {
    const { aide, ecran } = document.body.dataset;
    htmx.ajax("GET", `${aide}?nom=${encodeURIComponent(ecran)}`, { target: "#aide-contenu", swap: "innerHTML" });
    dialog().showModal();
  };

  const follow = (selector) => {
    const element = document.querySelector(selector);
    if (!element) return false;
    // a button that is hidden or blocked is not offered
    if (element.disabled) return false;
    if (element.matches("[type=radio], [type=checkbox]")) {
      element.closest("details")?.setAttribute("open", "");
      element.click();
      element.focus();
    } else if (element.matches("summary")) { element.click(); element.nextElementSibling?.querySelector("a, button")?.focus(); }
    else if (element.matches("a, button")) element.click();
    else { element.focus(); element.select?.(); }
    return true;
  };

  // Each key names what a page offers under it: data-touche on a link, a button or a field.
  const shortcut = (key) => {
    if (key === "?") { openHelp(); return true; }
    return follow(`[data-touche="${CSS.escape(key)}"]`);
  };

  // Arrows walk through the rows of the list that has the focus, or enter the first list.
  const walk = (step) => {
    const rows = [...document.querySelectorAll("[data-ligne]")].filter((row) => row.offsetParent !== null);
    if (rows.length === 0) return false;
    const here = rows.findIndex((row) => row.closest("li")?.contains(document.activeElement));
    const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
    rows[Math.max(0, Math.min(rows.length - 1, next))].focus();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog()?.open) return;
    if (event.key === "ArrowDown" && (!typing(event.target) || event.target.matches("[data-vers-liste]"))) {
      if (walk(1)) event.preventDefault();
      return;
    }
    if (typing(event.target)) return;
    if (event.key === "ArrowUp" ? walk(-1) : shortcut(event.key)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-imprimer]")) window.print();
    if (event.target.closest("[data-aide-ouvrir]")) { event.preventDefault(); openHelp(); }
    if (event.target.closest("[data-fermer]") || event.target === dialog()) dialog().close();
    for (const menu of document.querySelectorAll("details.autres[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.autres[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // A form that was opened inside the page is closed without leaving it, by its button or by Escape.
  const closeForm = (element) => {
    const opened = element.closest(".saisie [data-saisie]");
    if (!opened) return false;
    const part = opened.closest(".feuille");
    opened.remove();
    part?.querySelector(".feuille-titre a")?.focus();
    return true;
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-refermer]") && closeForm(event.target)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && closeForm(event.target)) event.preventDefault();
  });

  // A file dropped anywhere on the frame is as good as one chosen in its field.
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const frame = event.target.closest?.("[data-depot]");
      if (!frame) return;
      event.preventDefault();
      frame.classList.toggle("depot-survol", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) frame.querySelector("input").files = event.dataTransfer.files;
    });
  }

  // A refused form (422) and a service's refusal (4xx, 5xx) come back as a part of the page: show it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { status, response } = { status: event.detail.xhr.status, response: event.detail.xhr.response };
    if (status >= 400 && response && event.detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/html")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
})();
