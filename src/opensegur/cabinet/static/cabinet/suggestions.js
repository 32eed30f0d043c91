// What a field may hold, proposed while it is typed: data-suggestions on the field gives the address that proposes.
// Arrows choose, Enter or a click takes, Escape closes; what is typed is never replaced without that.
"use strict";

(() => {
  const LEAST = 3; // letters
  const PAUSE = 120; // ms without a key before asking
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  let list = null; // the open list, with its field and the chosen rank
  let timer = 0;
  let asked = 0;

  const close = () => {
    if (!list) return;
    list.field.setAttribute("aria-expanded", "false");
    list.field.removeAttribute("aria-activedescendant");
    list.element.remove();
    list = null;
  };

  const mark = (rank) => {
    const options = [...list.element.children];
    list.rank = (rank + options.length) % options.length;
    options.forEach((option, each) => option.setAttribute("aria-selected", String(each === list.rank)));
    options[list.rank].scrollIntoView({ block: "nearest" });
    list.field.setAttribute("aria-activedescendant", options[list.rank].id);
  };

  const take = (rank) => {
    const { field, element } = list;
    field.value = element.children[rank].textContent;
    close();
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  };

  const open = (field, words) => {
    close();
    if (words.length === 0 || document.activeElement !== field) return;
    const element = document.createElement("ul");
    element.className = "suggestions";
    element.id = `${field.id}-suggestions`;
    element.setAttribute("role", "listbox");
    words.forEach((word, rank) => {
      const option = document.createElement("li");
      option.id = `${element.id}-${rank}`;
      option.setAttribute("role", "option");
      option.textContent = word;
      option.addEventListener("mousedown", (event) => { event.preventDefault(); take(rank); });
      element.append(option);
    });
    field.after(element);
    field.setAttribute("aria-controls", element.id);
    field.setAttribute("aria-expanded", "true");
    list = { field, element, rank: -1 };
  };

  const ask = async (field) => {
    const mine = ++asked;
    const body = new URLSearchParams({ texte: field.value });
    const answer = await fetch(field.dataset.suggestions, { method: "POST", body, headers: token, credentials: "same-origin" });
    // a slower answer to fewer letters must not take the place of this one
    if (mine === asked && answer.ok) open(field, (await answer.json()).suggestions);
  };

  document.addEventListener("input", (event) => {
    const field = event.target.closest?.("input[data-suggestions]");
    if (!field) return;
    clearTimeout(timer);
    if (field.value.trim().length < LEAST) { asked++; close(); return; }
    timer = setTimeout(() => ask(field), PAUSE);
  });

  document.addEventListener("focusout", (event) => { if (list?.field === event.target) { asked++; close(); } });

  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== list.field) return;
    if (event.key === "ArrowDown") mark(list.rank + 1);
    else if (event.key === "ArrowUp") mark(list.rank < 0 ? -1 : list.rank - 1);
    else if (event.key === "Enter" && list.rank >= 0) take(list.rank);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
})();
