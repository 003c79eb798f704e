// A report that finds no network stays on this device, and is sent when there is one: with the same key, so that it is
// one report however often it is tried. Beside the form stands what is not sent yet, and the receipts of what was.
"use strict";
(async () => {
  const box = document.querySelector("[data-later]");
  const form = document.querySelector("form[data-keeps]");
  const STORE = "reports", SENDING = "stormloop-sending", AGAIN = 30_000, MOST_WAIT = 60_000;
  // So long the receipt of what was sent stays in the list: whoever uses the device next reads the case by it.
  const KEPT = 24 * 3600_000;
  if (!box || !("indexedDB" in window)) return;

  const opened = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  let database;
  try {
    const asked = indexedDB.open("stormloop-later", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    database = await opened(asked);
  } catch {
    return; // a private window keeps nothing: the form works as without us
  }
  const store = (mode) => database.transaction(STORE, mode).objectStore(STORE);
  const all = () => opened(store("readonly").getAll());
  const keep = (record) => opened(store("readwrite").put(record));
  const drop = (key) => opened(store("readwrite").delete(key));
  // As it is now: what was thrown away meanwhile stays away, and nothing is written over a receipt.
  async function change(record) {
    const reports = store("readwrite");
    const known = await opened(reports.get(record.key));
    if (known && !known.receipt) await opened(reports.put(record));
  }
  // Of two pages that are open one sends, and the other looks afterwards at what is left to send: both at once would
  // upload a photo twice, under two keys, and the second report be refused.
  const alone = (act) => (navigator.locks ? navigator.locks.request("stormloop-later", act) : act());

  let isBusy = false;

  // --- the list ---

  function button(text, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    made.className = "utrecht-button utrecht-button--secondary-action";
    made.addEventListener("click", act);
    return made;
  }

  async function show() {
    for (const { key, receipt, at, received } of await all()) {
      if (receipt && Date.now() - (received ?? at) > KEPT) await drop(key);
    }
    const records = await all();
    box.hidden = !records.length;
    const list = box.querySelector("ul");
    list.replaceChildren();
    for (const record of records) {
      const item = document.createElement("li");
      const what = document.createElement("p");
      const state = record.receipt ? box.dataset.textSent : record.why ? box.dataset.textWrong : box.dataset.textWaiting;
      what.textContent = `${record.title}, ${new Date(record.at).toLocaleString(document.documentElement.lang)}: ${state}${record.lost ? ` ${box.dataset.textLost}` : ""}`;
      if (!record.receipt && typeof record.why === "string") what.append(`. ${record.why}`);
      item.append(what);
      if (record.receipt) {
        const link = Object.assign(document.createElement("a"), { href: record.receipt, className: "utrecht-link" });
        link.textContent = box.dataset.textReceipt;
        item.append(link, " ");
      } else if (!record.why && isSendable(record)) item.append(button(box.dataset.textNow, () => sendAll()), " ");
      else if (form && form.action === record.action) item.append(button(box.dataset.textOpen, () => fill(record)), " ");
      else item.append(Object.assign(document.createElement("a"), { href: record.action, className: "utrecht-link", textContent: box.dataset.textOpen }), " ");
      item.append(button(record.receipt ? box.dataset.textSeen : box.dataset.textDrop, async () => {
        await drop(record.key);
        await show();
      }));
      list.append(item);
    }
    box.querySelector("[data-said]").textContent = records.some(({ receipt }) => !receipt) ? box.dataset.textKept : "";
  }

  // What was typed, in the form as it is now. It is another report for the server only if it says something else.
  function fill(record) {
    for (const [name, value] of record.fields) {
      if (name === "csrf" || name === "version") continue;
      const fields = form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
      for (const field of fields) {
        if (field.type === "checkbox" || field.type === "radio") field.checked ||= field.value === value;
        else field.value = value;
      }
    }
    form.scrollIntoView();
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  }

  // --- sending ---

  // Photos go from pages that have a field for them.
  const isSendable = (record) => !record.files.length || Boolean(window.stormloopPhotos);
  const pageOf = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
  const ask = (address, how = {}) => fetch(address, { ...how, signal: AbortSignal.timeout?.(MOST_WAIT) });

  // What the city's page says is wrong, in its words; true: it says nothing of it.
  function whyOf(page) {
    const errors = [...page.querySelectorAll("#errors li")];
    const said = errors.length ? errors : [...page.querySelectorAll('main [role="alert"]')].slice(0, 1);
    return said.map((one) => one.textContent.replace(/\s+/g, " ").trim()).join(" ") || true;
  }

  async function freshMark(record) {
    const mark = (await pageOf(await ask(record.action))).querySelector('form[data-keeps] [name="csrf"]');
    record.fields = record.fields.map(([name, value]) => [name, name === "csrf" && mark ? mark.value : value]);
  }

  async function send(record) {
    while (record.files.length) {
      const [{ api, file }] = record.files;
      try {
        record.fields.push(["photos", await window.stormloopPhotos.upload(api, file)]);
      } catch (error) {
        if (error.why === undefined) throw error; // no network
        record.lost = true; // a photo that is refused keeps no report back, and the list says so
      }
      record.files.shift();
      await change(record);
    }
    let answer;
    for (let tries = 0; tries < 2; tries += 1) {
      answer = await ask(record.action, { method: "POST", body: new URLSearchParams(record.fields) });
      if (answer.ok && answer.redirected) return change({ ...record, fields: [], receipt: answer.url, received: Date.now() });
      if (answer.status >= 500 || answer.status === 429) throw new Error("busy");
      if (answer.status !== 403) break;
      await freshMark(record); // the browser's cookie is another one by now
    }
    return change({ ...record, why: whyOf(await pageOf(answer)) });
  }

  async function sendAll() {
    if (isBusy || !navigator.onLine) return;
    isBusy = true;
    try {
      await alone(async () => {
        for (const record of await all()) if (!record.receipt && !record.why && isSendable(record)) await send(record);
      });
    } catch {
      // no network after all, or nobody answers: later
    } finally {
      isBusy = false;
      await show();
    }
  }

  // --- the form ---

  function kept() {
    const photos = form.querySelector("[data-photos]");
    const waiting = (photos?.waiting ?? []).filter(({ item }) => item.querySelector("input").checked);
    return {
      key: form.elements.key.value,
      action: form.action,
      title: form.dataset.keeps,
      at: Date.now(),
      fields: [...new FormData(form)].filter(([, value]) => typeof value === "string"),
      files: waiting.map(({ file }) => ({ api: new URL(photos.dataset.api, document.baseURI).href, file })),
    };
  }

  // Marks the first thing that is empty and must not be: kept like this it would be refused when nobody looks any more.
  function isWhole() {
    form.querySelector("[data-missing]")?.remove();
    const typed = new FormData(form);
    const isEmpty = (names) => !names.split(",").some((name) => typed.getAll(name).some((value) => String(value).trim()));
    const missing = form.dataset.needs.split(" ").find((names) => names && isEmpty(names));
    if (!missing) return true;
    const field = form.querySelector(`[name="${CSS.escape(missing.split(",")[0])}"]`);
    const said = Object.assign(document.createElement("div"), { className: "utrecht-form-field-error-message", textContent: box.dataset.textMissing });
    said.dataset.missing = "";
    said.setAttribute("role", "alert");
    if (["checkbox", "radio"].includes(field.type)) field.closest("fieldset").querySelector("legend").after(said);
    else field.before(said);
    field.focus();
    return false;
  }

  // What is typed next is another report, with a key of its own.
  function begin() {
    const photos = form.querySelector("[data-photos]");
    form.reset();
    form.elements.key.value = crypto.randomUUID();
    if (photos) {
      photos.waiting = [];
      photos.querySelector("[data-list]").replaceChildren();
      photos.querySelector("[data-said]").textContent = "";
    }
  }

  let isKept = false;
  form?.addEventListener("submit", (event) => {
    if (isKept) return;
    event.preventDefault();
    const record = kept();
    const pressed = event.submitter;
    // What the city looks at now, it says on its own page what is wrong with.
    const isLooked = navigator.onLine && !record.files.length;
    if (!isLooked && !isWhole()) return;
    keep(record).then(async () => {
      if (isLooked) {
        sessionStorage.setItem(SENDING, record.key);
        isKept = true;
        form.requestSubmit(pressed);
        return;
      }
      begin();
      await show();
      box.scrollIntoView();
      box.querySelector("h2").focus();
      await sendAll();
    }).catch(() => {
      isKept = true;
      form.requestSubmit(pressed);
    });
  });

  // Whether the server answered what was sent last, with this page: its receipt, or the same form with what is wrong.
  // Who came back here from a page of the browser's own, because there was no network, has no such answer.
  async function settle() {
    const last = sessionStorage.getItem(SENDING);
    if (!last) return;
    sessionStorage.removeItem(SENDING);
    const isReceipt = new URLSearchParams(location.search).get("sent") === "yes";
    const isAgain = form?.elements.key.value === last && performance.getEntriesByType("navigation")[0]?.type !== "back_forward";
    if (isReceipt || isAgain) await drop(last);
  }

  window.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    isKept = false;
    sessionStorage.removeItem(SENDING);
    show().then(sendAll);
  });
  window.addEventListener("online", () => sendAll());
  setInterval(() => document.visibilityState === "visible" && sendAll(), AGAIN);
  await settle();
  await show();
  await sendAll();
})();
