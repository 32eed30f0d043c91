// The agent of this workstation: found on loopback, asked under the seal of our server. A card's code goes there alone.
"use strict";

window.opensegurPoste = (() => {
  const PATIENCE = 4000;
  const limited = (address, options = {}) => fetch(address, { ...options, signal: AbortSignal.timeout(options.patience ?? PATIENCE) });
  const silent = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" };

  // An agent that is not ours hides its answer: knowing that something answers is enough to say what to do.
  const greet = async (base) => {
    try {
      const answer = await limited(`${base}/v1/bonjour`, silent);
      return answer.ok ? { base, ...(await answer.json()) } : { base, inconnu: true };
    } catch {
      try { await limited(`${base}/`, { ...silent, mode: "no-cors" }); return { base, inconnu: true }; } catch { return null; }
    }
  };

  // Where it answered last is tried first; a page that only mentions the agent looks nowhere else.
  const SOUVENIR = "opensegur.poste";
  const find = async (frame) => {
    const all = frame.dataset.poste.split(" ");
    const last = all.find((base) => base === localStorage.getItem(SOUVENIR));
    const known = last ? await greet(last) : null;
    if ((known && !known.inconnu) || frame.hasAttribute("data-poste-bref")) return known;
    const others = await Promise.all(all.filter((base) => base !== last).map(greet));
    const found = [known, ...others].filter(Boolean);
    const ours = found.find((agent) => !agent.inconnu);
    if (ours) localStorage.setItem(SOUVENIR, ours.base);
    return ours ?? found[0] ?? null;
  };

  const send = (frame, address, values) => {
    const body = new URLSearchParams({ ...values, csrfmiddlewaretoken: frame.querySelector("[name=csrfmiddlewaretoken]").value });
    return fetch(address, { method: "POST", body, credentials: "same-origin" });
  };

  const read = async (answer) => {
    const said = await answer.json().catch(() => ({ message: "Réponse illisible.", conseil: "Rechargez la page." }));
    if (!answer.ok) throw Object.assign(new Error(said.message), said);
    return said;
  };

  // One request of the page, sealed afresh: the agent takes a seal for ten minutes, a page may stay open all day.
  const ask = async (frame, path, values = null, patience = 20000) => {
    const agent = await find(frame);
    if (!agent || agent.inconnu) throw Object.assign(new Error("L’agent de ce poste ne répond pas."), { absent: !agent, inconnu: agent?.inconnu, base: agent?.base });
    const { sceau } = await read(await send(frame, frame.dataset.posteSceau, { poste: agent.poste, defi: agent.defi }));
    const headers = { Authorization: `Bearer ${agent.defi}.${sceau}` };
    const options = values === null ? {} : { method: "POST", body: JSON.stringify(values) };
    if (values !== null) headers["Content-Type"] = "application/json";
    return read(await limited(`${agent.base}${path}`, { ...silent, ...options, headers, patience }));
  };

  return { find, send, read, ask, silent };
})();

(() => {
  const { find, send, read, ask, silent } = window.opensegurPoste;
  const frame = document.querySelector("[data-poste]");
  if (!frame || frame.hasAttribute("data-poste-seul")) return;
  const part = (name) => frame.querySelector(`[data-poste-${name}]`);
  const say = (text) => { part("dit").textContent = text; frame.hidden = false; };
  const show = (name, visible) => { const element = part(name); if (element) element.hidden = !visible; };
  const COULEURS = { bon: "qualifiee", attention: "validee", absent: "provisoire", inconnu: "neutre" };

  const line = ({ sujet, niveau, dit, geste }) => {
    const item = document.createElement("li");
    const mark = document.createElement("span");
    mark.className = `pastille pastille-${COULEURS[niveau] ?? "neutre"}`;
    mark.textContent = niveau;
    const text = document.createElement("p");
    const name = document.createElement("strong");
    name.textContent = sujet;
    const why = document.createElement("small");
    why.textContent = `${dit} ${geste}`.trim();
    text.append(name, why);
    item.append(mark, text);
    return item;
  };

  const brief = (constats) => {
    const wrong = constats.find(({ niveau }) => niveau === "absent" || niveau === "attention");
    return wrong ? `${wrong.dit} ${wrong.geste}`.trim() : "Le lecteur et la carte de ce poste sont prêts.";
  };

  // A page of the Internet has to be allowed to reach this machine (Local Network Access): without it, all is silence.
  const isForbidden = async () => {
    for (const name of ["loopback-network", "local-network-access"]) {
      try { return (await navigator.permissions.query({ name })).state === "denied"; } catch { /* not of this browser */ }
    }
    return false;
  };
  const SILENCE = "Aucun agent ne répond sur ce poste.";
  const INTERDIT = "Le navigateur interdit à cette page de parler à ce poste : autorisez-le, à gauche de l’adresse, puis vérifiez de nouveau.";

  const look = async () => {
    const list = part("constats");
    for (const name of ["absent", "jumeler", "code"]) show(name, false);
    try {
      const { constats, version } = await ask(frame, "/v1/etat");
      say(list ? `L’agent de ce poste répond (version ${version}).` : brief(constats.filter(({ sujet }) => sujet !== "Scanner")));
      list?.replaceChildren(...constats.map(line));
      return true;
    } catch (error) {
      list?.replaceChildren();
      if (!list) return false;
      if (error.absent) { say(await isForbidden() ? INTERDIT : SILENCE); show("absent", true); }
      else if (error.inconnu) { say("Un agent tourne sur ce poste, et n’est pas jumelé avec ce cabinet."); show("jumeler", true); }
      else { say(`${error.message} ${error.conseil ?? ""}`.trim()); show("jumeler", error.code === "POSTE_INCONNU"); }
      return false;
    }
  };

  // The person accepts on the agent's own page; ours waits for it.
  const wait = async (tries) => {
    const agent = await find(frame);
    if (agent && !agent.inconnu && await look()) { window.location.reload(); return; }
    if (tries > 0) setTimeout(wait, 2000, tries - 1);
  };

  part("jumeler")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const agent = await find(frame);
      if (!agent) { await look(); return; }
      const nom = new FormData(event.target).get("nom");
      const asked = await read(await send(frame, event.target.action, { nom }));
      const options = { ...silent, method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(asked) };
      const { code, page } = await read(await fetch(`${agent.base}/v1/jumelage`, options));
      part("chiffres").textContent = code;
      part("page").href = page;
      show("jumeler", false);
      show("code", true);
      wait(150);
    } catch (error) {
      say(`${error.message} ${error.conseil ?? ""}`.trim());
    }
  });

  part("encore")?.addEventListener("click", look);
  look();
})();
