// Coming in with a card: its code goes to the agent of this workstation and nowhere else; the server gets a signature.
"use strict";

(() => {
  const form = document.querySelector("form[data-carte]");
  if (!form) return;
  const { ask, send, read } = window.opensegurPoste;
  const part = (name) => form.querySelector(`[data-carte-${name}]`);
  const say = (text) => { part("dit").textContent = text; };
  const offer = (ready) => {
    for (const name of ["champ", "entrer"]) part(name).hidden = !ready;
    part("encore").hidden = ready;
  };
  const last = (needed) => { part("dernier").hidden = !needed; part("dernier").querySelector("input").checked = false; };
  const explain = (error) => {
    if (error.absent) return "Aucun agent ne répond sur ce poste : « opensegur poste installer », puis jumelez-le depuis « Ce poste ».";
    if (error.inconnu) return "L’agent de ce poste n’est pas jumelé avec ce cabinet : entrez autrement, puis « Mon compte », « Ce poste ».";
    if (error.name === "TimeoutError") return "La carte n’a pas répondu à temps. Recommencez.";
    return `${error.message} ${error.conseil ?? ""}`.trim();
  };

  const look = async () => {
    say("Recherche de votre carte…");
    try {
      const card = await ask(form, "/v1/carte", {});
      say(`${card.type}${card.test ? " de test" : ""} de ${card.prenom} ${card.nom}.`);
      offer(card.essais !== "bloque");
      last(card.essais === "dernier");
      if (card.essais === "bloque") say("Cette carte est bloquée : trop de codes faux. Entrez autrement.");
      else part("code").focus();
    } catch (error) {
      offer(false);
      say(explain(error));
    }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const code = part("code").value;
    part("code").value = "";
    part("entrer").disabled = true;
    say("La carte signe…");
    try {
      const { defi } = await read(await send(form, form.dataset.carteDefi, {}));
      const dernier = part("dernier").querySelector("input").checked;
      const answer = await ask(form, "/v1/carte/defi", { defi, code, dernier });
      form.elements.certificat.value = answer.certificat;
      form.elements.signature.value = answer.signature;
      form.submit();
    } catch (error) {
      say(explain(error));
      last(error.essais === "dernier");
      offer(error.essais !== "bloque");
      part("code").focus();
    } finally {
      part("entrer").disabled = false;
    }
  });
  part("encore").addEventListener("click", look);
  look();
})();
