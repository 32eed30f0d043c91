// The webcam as a scanner: a picture is sent now and then, until a code is read in one. Pictures are not kept.
"use strict";

(() => {
  const button = document.querySelector("[data-camera]");
  const view = document.querySelector("[data-camera-vue]");
  if (!button || !view || !navigator.mediaDevices) return;
  const form = button.closest("form");
  const video = view.querySelector("video");
  const caption = view.querySelector("figcaption");
  const PAUSE = 400;
  const WIDEST = 1600;
  let stream = null;
  button.hidden = false;

  const picture = () => {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.9); });
  };

  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    view.hidden = true;
  };

  const look = async () => {
    if (!stream) return;
    const body = new FormData(form);
    body.set("fichier", await picture(), "camera.jpg");
    body.set("camera", "1");
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    if (!stream) return;
    const found = answer.ok ? await answer.json() : { message: "La lecture a échoué : déposez plutôt un fichier." };
    if (found.suite) { stop(); window.location.assign(found.suite); return; }
    caption.textContent = found.message;
    if (answer.ok) setTimeout(look, PAUSE); else stop();
  };

  button.addEventListener("click", async () => {
    if (stream) { stop(); return; }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 } } });
    } catch {
      view.hidden = false;
      caption.textContent = "La caméra n’est pas accessible : autorisez-la dans le navigateur, ou déposez un fichier.";
      return;
    }
    view.hidden = false;
    video.srcObject = stream;
    await video.play();
    look();
  });
})();
