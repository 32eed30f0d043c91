// A hand scanner types like a keyboard, too fast for a person: what it types is taken out of the page, wherever the
// cursor is, and handed to the counter. What a person types is never held back for longer than a blink.
"use strict";

(() => {
  const form = document.getElementById("douchette");
  if (!form) return;

  const GAP = 45; // ms between two characters of a scanner; a fast typist needs twice as long
  const END = 160; // ms of silence that end a scan without Enter
  const SURE = 5; // characters after which the beginning tells a scan
  const GS = "\u001d";
  // How what is scanned here begins, on a French keyboard too: INS (IS01), appli carte Vitale, GS1 (]d2, 01034),
  // prescription (an address), and a matricule of 13 digits or more.
  const BEGINNINGS = /^(is[0à][1&]|[aq]pcv|\]d2|\^d2|\$d2|\]q|\(01\)|[0à][1&][0à]|https?|[1-478&é"'è_][0-9&é"'(\-è_çà]{4})/i;

  const question = document.getElementById("douchette-question");
  let burst = null; // what has been typed since the last silence
  let timer = 0;
  const replayed = new WeakSet();

  const isField = (element) => element instanceof HTMLTextAreaElement
    || (element instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "file"].includes(element.type));

  const begin = (event) => {
    const field = isField(event.target) ? event.target : null;
    return { text: "", last: 0, sure: false, held: [], field, before: field?.value ?? "" };
  };

  const character = (event) => {
    if (event.ctrlKey && (event.key === "]" || event.code === "BracketRight")) return GS;
    if (event.ctrlKey || event.metaKey || event.altKey) return "";
    return event.key.length === 1 ? event.key : "";
  };

  // Out of the field go the characters that were let in before the scan was recognised.
  const restore = ({ field, before }) => {
    if (!field || field.value === before) return;
    field.value = before;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // A key that was held back, because it could have been the first of a scan, does what it does: a command, or, when
  // the one before it has opened a field, a letter.
  const release = ({ held }) => {
    for (const init of held) {
      const again = new KeyboardEvent("keydown", init);
      const target = document.activeElement ?? document.body;
      replayed.add(again);
      if (target.dispatchEvent(again) && isField(target) && init.key.length === 1) {
        target.setRangeText(init.key, target.selectionStart, target.selectionEnd, "end");
        target.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
  };

  const unsaved = () => [...document.querySelectorAll("main input, main textarea, main select")].some((field) =>
    field.type !== "hidden" && !field.closest("[data-sans-perte]")
    && (["checkbox", "radio"].includes(field.type) ? field.checked !== field.defaultChecked
      : field instanceof HTMLSelectElement ? [...field.options].some((option) => option.selected !== option.defaultSelected)
        : field.type === "file" ? field.files.length > 0 : field.value !== field.defaultValue));

  const hand = (text) => {
    form.elements.lu.value = text;
    question.returnValue = "";
    if (unsaved()) question.showModal(); else form.submit();
  };

  const end = () => {
    clearTimeout(timer);
    const done = burst;
    burst = null;
    if (!done) return;
    if (done.sure) hand(done.text);
    else release(done);
  };

  document.addEventListener("keydown", (event) => {
    if (replayed.has(event) || event.repeat || event.isComposing || document.querySelector("dialog[open]")) return;
    const now = event.timeStamp;
    if (["Shift", "Control", "CapsLock", "Alt", "AltGraph", "Dead"].includes(event.key)) return;
    if (burst && now - burst.last > (burst.sure ? END : GAP)) end();
    if (event.key === "Enter" || event.key === "Tab") {
      if (burst?.sure) { event.preventDefault(); event.stopImmediatePropagation(); }
      end();
      return;
    }
    const typed = character(event);
    if (!typed) { if (!burst?.sure) end(); return; }
    if (!burst) {
      if (typed === " ") return;
      burst = begin(event);
    }
    burst.text += typed;
    burst.last = now;
    if (!burst.sure && burst.text.length === SURE) {
      if (BEGINNINGS.test(burst.text)) { burst.sure = true; restore(burst); } else release(burst);
      burst.held = [];
    }
    if (burst.sure) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (!burst.field && burst.text.length < SURE) {
      // outside a field a character is a command: it waits for as long as a scanner would take to send the next one
      burst.held.push({ key: event.key, code: event.code, shiftKey: event.shiftKey, bubbles: true, cancelable: true });
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    clearTimeout(timer);
    timer = setTimeout(end, burst.sure ? END : GAP);
  }, { capture: true });

  // the event of a closing comes late: by then the next scan may have opened the question again
  question.addEventListener("close", () => {
    if (question.open) return;
    if (question.returnValue === "ouvrir") form.submit();
    else form.elements.lu.value = "";
  });
})();
