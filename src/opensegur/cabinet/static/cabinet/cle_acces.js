// Passkeys: the browser's own dialogue between the two halves of a form (data-cle: "entrer" or "ajouter").
"use strict";

(() => {
  const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // An address in digits is no name that a key could be bound to.
  const usable = window.PublicKeyCredential !== undefined && window.isSecureContext
    && !/^[\d.]+$|:/.test(location.hostname);

  const named = location.hostname === "127.0.0.1" ? `http://localhost:${location.port}` : "son nom, en https";

  const toBrowser = ({ publicKey }) => {
    const described = (list) => list?.map((each) => ({ ...each, id: decode(each.id) }));
    const options = { ...publicKey, challenge: decode(publicKey.challenge) };
    if (options.user) options.user = { ...options.user, id: decode(options.user.id) };
    options.excludeCredentials = described(options.excludeCredentials) ?? [];
    options.allowCredentials = described(options.allowCredentials) ?? [];
    return { publicKey: options };
  };

  const toServer = (credential) => {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = encode(credential.response[part]);
    }
    return { id: credential.id, rawId: encode(credential.rawId), type: credential.type, response };
  };

  const refusals = {
    InvalidStateError: "Cet appareil a déjà une clé pour votre compte.",
    NotAllowedError: "L’appareil n’a pas répondu à temps, ou vous avez annulé. Recommencez.",
  };

  const ask = async (form) => {
    const told = form.querySelector("[data-cle-etat]");
    const say = (text) => { told.textContent = text; };
    say("");
    try {
      const answer = await fetch(form.dataset.defi, { method: "POST", body: new FormData(form), credentials: "same-origin" });
      const options = await answer.json();
      if (!answer.ok) { say(options.erreur); return; }
      const wanted = toBrowser(options);
      const credential = form.dataset.cle === "ajouter"
        ? await navigator.credentials.create(wanted)
        : await navigator.credentials.get(wanted);
      form.elements.reponse.value = JSON.stringify(toServer(credential));
      // the password has done its work: it is not sent a second time
      if (form.elements.actuel) form.elements.actuel.value = "";
      if (form.dispatchEvent(new CustomEvent("cle:prete", { bubbles: true, cancelable: true }))) form.submit();
    } catch (error) {
      say(refusals[error.name] ?? "La clé d’accès n’a pas pu servir. Rechargez la page et recommencez.");
    }
  };

  for (const form of document.querySelectorAll("form[data-cle]")) {
    form.hidden = !usable && form.dataset.cle === "entrer";
    const told = form.querySelector("[data-cle-etat]");
    if (!usable) told.textContent = `Une clé d’accès s’attache à un nom : ouvrez OpenSégur par ${named}.`;
    for (const button of form.querySelectorAll("button")) button.disabled = !usable;
    if (usable && form.hasAttribute("data-cle-tout-de-suite")) ask(form);
    form.addEventListener("submit", (event) => { event.preventDefault(); ask(form); });
  }
})();
