// Photos go from here straight to the city's store; the form sends their keys. Without a network a photo waits in the
// form as a file: later.js keeps it with the report.
"use strict";
window.stormloopPhotos = (() => {
  // What is wrong is said in the page's language.
  const headers = { "Accept-Language": document.documentElement.lang };
  const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

  const isForNow = ({ status }) => status >= 500 || status === 429;

  // Uploads a file; its key. Raises an Error whose `why` is for a person, and without one where there is no network, or
  // somebody who is too busy for now.
  async function upload(api, file) {
    const answer = await fetch(api, { method: "POST", headers });
    if (isForNow(answer)) throw new Error("busy");
    const asked = await answer.json();
    if (!answer.ok) throw Object.assign(new Error("refused"), { why: asked.detail });
    const sent = new FormData();
    for (const [name, value] of Object.entries(asked.fields)) sent.append(name, value);
    sent.append("file", file);
    const stored = await fetch(asked.url, { method: "POST", body: sent });
    if (isForNow(stored)) throw new Error("busy");
    if (!stored.ok) throw Object.assign(new Error("refused"), { why: "" });
    return asked.key;
  }

  // How it stands once it is no longer waiting; after half a minute as it is: a report may be sent meanwhile.
  async function developed(api, key) {
    for (let tries = 0; tries < 20; tries += 1) {
      await pause(Math.min(0.5 + tries / 4, 2));
      const answer = await fetch(`${api}/${key}`, { headers }).catch(() => null);
      const photo = answer?.ok ? await answer.json() : null;
      if (photo && photo.state !== "waiting") return photo;
    }
    return { key, state: "waiting", position: null };
  }

  return { upload, developed };
})();

for (const field of document.querySelectorAll("[data-photos]")) {
  const { api } = field.dataset;
  const list = field.querySelector("[data-list]");
  const said = field.querySelector("[data-said]");
  const input = field.querySelector("input[type=file]");
  const most = Number(field.dataset.most);
  let number = list.children.length;
  // Files that found no network, for later.js.
  field.waiting = [];
  field.querySelector("[data-choose]").hidden = false;

  function added(key) {
    number += 1;
    const item = document.createElement("li");
    const choice = document.createElement("div");
    choice.className = "site-choice";
    const box = Object.assign(document.createElement("input"), { type: "checkbox", id: `photo-${number}`, checked: true, value: key });
    box.className = "utrecht-checkbox utrecht-checkbox--html-input";
    if (key) box.name = "photos";
    const label = Object.assign(document.createElement("label"), { htmlFor: box.id });
    label.className = "utrecht-form-label utrecht-form-label--checkbox";
    label.textContent = field.dataset.textPhoto.replace("{number}", number);
    choice.append(box, label);
    item.append(choice);
    list.append(item);
    return item;
  }

  const chosen = () => list.querySelectorAll("input:checked").length;

  async function add(file) {
    if (file.size > Number(field.dataset.bytes)) return (said.textContent = field.dataset.textLarge);
    if (chosen() >= most) return (said.textContent = field.dataset.textMany);
    said.textContent = field.dataset.textSending;
    let key;
    try {
      key = await window.stormloopPhotos.upload(api, file);
    } catch (error) {
      if (error.why !== undefined) return (said.textContent = error.why || field.dataset.textFailed);
      if (!field.closest("form[data-keeps]")) return (said.textContent = field.dataset.textFailed); // nothing is kept here
      field.waiting.push({ file, item: added("") });
      return (said.textContent = field.dataset.textLater);
    }
    const item = added(key);
    said.textContent = field.dataset.textWaiting;
    const photo = await window.stormloopPhotos.developed(api, key);
    if (photo.state === "refused") {
      item.remove();
      said.textContent = photo.why;
      return undefined;
    }
    if (photo.state === "ready") item.append(Object.assign(document.createElement("img"), { src: field.dataset.small.replace("KEY", key), alt: "" }));
    document.dispatchEvent(new CustomEvent("stormloop-photo", { detail: photo }));
    return (said.textContent = field.dataset.textReady);
  }

  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = ""; // the form sends keys, and no file
    for (const file of files) await add(file);
  });
}
