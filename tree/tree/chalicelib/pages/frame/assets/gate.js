// The gate: a tap counts at once on this page, and is sent when there is a line. What is not sent yet is kept on the
// phone, by the child's code and without a name or a note, until it is sent or until whoever marked signs out. A mark that
// the server refuses, because somebody else marked meanwhile, is shown until one of the two is chosen. Without this
// script each tap is a form.
"use strict";

(() => {
  const page = document.getElementById("gate");
  if (!page) return;

  const TIMEOUT = 15_000;
  const LONGEST_PAUSE = 30_000; // between two tries on a line that is down
  const MOST = 100; // marks in a request
  const FRESH = 60_000; // so long is what others marked not asked for again
  const DOUBLE = 600; // a second tap that comes so soon is a finger that trembles
  const OURS = "gate ";
  const { address, who, session, day } = page.dataset;
  const key = `${OURS}${who} ${session} ${day}`;
  const form = document.getElementById("marks");
  const find = page.querySelector("[data-find]");
  const refusedBox = page.querySelector("[data-refused]");
  const said = page.querySelector("[data-said]");
  const undo = button(page.dataset.textUndo);
  const nobody = page.querySelector("[data-nobody]");
  const rows = new Map([...page.querySelectorAll("[data-child]")].map((row) => [row.dataset.child, row]));
  const csrf = find.elements.csrf.value;

  // child → {mark, edition: the one that was seen, at, note?, number, refused?: "conflict" or "no-seat"}
  const waiting = new Map(Object.entries(kept()));
  let number = 0;
  let isSending = false;
  let isStopped = ""; // until the page is loaded again: the name of its text
  let trouble = ""; // the name of its text
  let isLeaving = false;
  let looked = 0; // when others' marks were last asked for
  let shows = page.dataset.show;
  let last = null; // {child, mark}: what the last tap took the place of
  let tapped = { what: "", at: 0 };
  let wake = () => {};

  const words = (mark) => page.dataset[`mark${mark[0].toUpperCase()}${mark.slice(1)}`];
  const ready = () => [...waiting].filter(([, one]) => !one.refused);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  function button(label) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "utrecht-button utrecht-button--secondary-action";
    made.textContent = label;
    return made;
  }

  // --- what stays on the phone ---

  function kept() {
    try {
      return JSON.parse(localStorage.getItem(key) || "{}");
    } catch {
      return {}; // the browser keeps nothing
    }
  }

  function keep() {
    const left = [...waiting].map(([child, { mark, edition, at, refused }]) => [child, { mark, edition, at, refused }]);
    try {
      if (left.length) localStorage.setItem(key, JSON.stringify(Object.fromEntries(left)));
      else localStorage.removeItem(key);
    } catch {
      // Then what waits is lost with the page, which asks before it is left.
    }
  }

  function forgetAll() {
    try {
      for (const one of Object.keys(localStorage)) if (one.startsWith(OURS)) localStorage.removeItem(one);
    } catch {
      // Nothing was kept.
    }
  }

  // --- what is shown ---

  const markOf = (row) => {
    const one = waiting.get(row.dataset.child);
    return one && !one.refused ? one.mark : row.dataset.mark;
  };

  // What a second tap on this mark means: as the server knows it, or, of a tap that it does not know yet, as it was.
  function backOf(row) {
    const one = waiting.get(row.dataset.child);
    if (!one || one.refused) return row.dataset.back;
    const isThere = ["present", "late", "fetched"].includes(row.dataset.mark);
    return one.mark === "fetched" && isThere && row.dataset.mark !== "fetched" ? row.dataset.mark : "unmarked";
  }

  function render(row) {
    const one = waiting.get(row.dataset.child);
    const mark = markOf(row);
    const isWaiting = Boolean(one) && !one.refused;
    const text = isWaiting ? `${words(mark)}, ${page.dataset.textNotSent}` : row.dataset.text;
    row.querySelector("[data-text]").textContent = text;
    row.classList.toggle("gate-child--waiting", isWaiting);
    for (const one of row.querySelectorAll("[data-tap]")) {
      one.setAttribute("aria-pressed", String(one.dataset.tap === mark));
    }
  }

  function count() {
    for (const place of page.querySelectorAll("[data-count]")) {
      if (place.dataset.all === undefined) place.dataset.all = place.textContent - here(place.dataset.count, true);
      place.textContent = Number(place.dataset.all) + here(place.dataset.count, false);
    }
  }

  // How many on this page have the mark; `first`: as the page came.
  function here(mark, first) {
    return [...rows.values()].filter((row) => (first ? row.dataset.first : markOf(row)) === mark).length;
  }

  function say() {
    const left = ready().length;
    const reason = left ? isStopped || trouble || "textSending" : "textSent";
    const about = last && rows.has(last.child) ? `${nameOf(last.child)}: ${words(markOf(rows.get(last.child)))}. ` : "";
    const whole = about + (left || number ? filled(page.dataset[reason], { number: left }) : "");
    if (whole && said.textContent !== whole) said.textContent = whole;
    said.classList.toggle("gate-said--warning", Boolean(left && (isStopped || trouble)));
  }

  const nameOf = (child) => rows.get(child)?.querySelector("[data-name]").textContent ?? page.dataset.textSomebody;

  // Marks that the server refused: both, and a button for each.
  function showRefused() {
    refusedBox.replaceChildren();
    for (const [child, one] of waiting) {
      if (!one.refused) continue;
      const row = rows.get(child);
      const theirs = row ? row.dataset.text : "?";
      const isGone = one.refused === "no-seat";
      const box = document.createElement("div");
      box.className = "gate-refused";
      const text = document.createElement("p");
      text.textContent = filled(isGone ? page.dataset.textGone : page.dataset.textRefused, {
        name: nameOf(child),
        yours: words(one.mark),
        theirs,
      });
      box.append(text);
      const choose = (label, act) => {
        const choice = button(label);
        choice.addEventListener("click", act);
        box.append(choice);
      };
      const drop = () => {
        waiting.delete(child);
        settle();
      };
      if (!row) choose(page.dataset.textAll, () => location.assign(page.dataset.all));
      else if (isGone) choose(page.dataset.textSeen, drop);
      else {
        choose(filled(page.dataset.textKeep, { mark: words(row.dataset.mark) }), drop);
        choose(filled(page.dataset.textMake, { mark: words(one.mark) }), () => {
          waiting.set(child, { ...one, refused: undefined, edition: Number(row.dataset.edition), number: ++number });
          settle();
        });
      }
      refusedBox.append(box);
    }
  }

  function settle() {
    keep();
    for (const row of rows.values()) render(row);
    showRefused();
    count();
    filter();
    say();
    send();
  }

  // --- marking ---

  function tap(child, mark, note) {
    const row = rows.get(child);
    const one = waiting.get(child);
    last = { child, mark: markOf(row) };
    const edition = one && !one.refused ? one.edition : Number(row.dataset.edition);
    const more = note === undefined ? {} : { note };
    waiting.set(child, { mark, edition, at: Date.now(), number: ++number, ...more });
    undo.hidden = note !== undefined;
    settle();
  }

  form?.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed || !form.contains(pressed)) return;
    event.preventDefault();
    const row = pressed.closest("[data-child]");
    const { child } = row.dataset;
    const { tap: mark } = pressed.dataset;
    if (mark) {
      const now = performance.now();
      if (tapped.what === child + mark && now - tapped.at < DOUBLE) return;
      tapped = { what: child + mark, at: now };
      tap(child, markOf(row) === mark ? backOf(row) : mark);
    } else if ("saveNote" in pressed.dataset) tap(child, markOf(row), row.querySelector("input").value.trim());
  });

  undo.addEventListener("click", () => {
    if (!last) return;
    const { child, mark } = last;
    tap(child, mark);
    undo.hidden = true;
  });

  // --- talking to the server ---

  // As they are sent: how long ago, because a phone's clock may be wrong.
  function wishes(marks) {
    const now = Date.now();
    return marks.map(([child_id, { mark, edition, at, note }]) => ({
      child_id,
      mark,
      edition,
      ago: Math.min(Math.max(0, Math.round((now - at) / 1000)), 604_800),
      note: note ?? null,
    }));
  }

  // {status, ...its JSON}; null when there is no line, or somebody else answers on it.
  async function ask(marks, place = address) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), TIMEOUT);
    try {
      const answer = await fetch(place, {
        method: marks ? "POST" : "GET",
        body: marks && new URLSearchParams({ csrf, marks: JSON.stringify(marks) }),
        headers: { Accept: "application/json" },
        redirect: "manual",
        cache: "no-store",
        signal: control.signal,
      });
      if (answer.type === "opaqueredirect") return { status: 401 };
      if (answer.status >= 500 || answer.status === 429) return { status: 503 };
      const isOurs = (answer.headers.get("Content-Type") || "").includes("application/json");
      if (answer.ok && !isOurs) return null;
      return { status: answer.status, ...(answer.ok ? await answer.json() : {}) };
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  function stands(child, answer) {
    const row = rows.get(child);
    if (!row) return;
    Object.assign(row.dataset, { mark: answer.mark, edition: answer.edition, back: answer.back, text: answer.text });
    const input = row.querySelector("input");
    if (input && document.activeElement !== input && !waiting.get(child)?.note) input.value = answer.note;
  }

  function take(sent, children) {
    for (const [child, was] of sent) {
      const answer = children[child];
      const one = waiting.get(child);
      if (!answer || !one) continue;
      const isRefused = answer.outcome === "conflict" || answer.outcome === "no-seat";
      if (isRefused) waiting.set(child, { ...one, refused: answer.outcome });
      else if (one.number === was.number) waiting.delete(child);
      else one.edition = answer.edition; // tapped again meanwhile: on top of what is stored now
      if (answer.outcome !== "no-seat") stands(child, answer);
    }
  }

  async function send() {
    if (isSending || isStopped || !ready().length) return;
    isSending = true;
    say();
    for (let tries = 0; ready().length && !isStopped; ) {
      const sent = ready().slice(0, MOST);
      const answer = await ask(wishes(sent));
      trouble = answer === null ? "textOffline" : answer.status === 503 ? "textBusy" : "";
      if (trouble) {
        say();
        await pause(Math.min(1000 * 2 ** tries, LONGEST_PAUSE) * (0.5 + Math.random() / 2));
        tries += 1;
      } else if (answer.status === 200) {
        tries = 0;
        take(sent, answer.children);
        keep();
      } else isStopped = answer.status === 401 ? "textSignIn" : "textReload";
    }
    isSending = false;
    settle();
    if (performance.now() - looked > FRESH) refresh();
  }

  // What was left unsent on another page of this person's: another day's, or another session's.
  async function sendOthers() {
    const keys = Object.keys(localStorage).filter((one) => one.startsWith(`${OURS}${who} `) && one !== key);
    for (const one of keys) {
      const [, , otherSession, otherDay] = one.split(" ");
      const left = new Map(Object.entries(JSON.parse(localStorage.getItem(one))));
      const sent = [...left].filter(([, wish]) => !wish.refused);
      const place = page.dataset.all.replace(session, otherSession).replace(day, otherDay);
      const answer = sent.length ? await ask(wishes(sent), place) : { status: 200, children: {} };
      if (answer?.status !== 200) continue;
      for (const [child, { outcome }] of Object.entries(answer.children)) {
        if (outcome === "conflict" || outcome === "no-seat") left.get(child).refused = outcome;
        else left.delete(child);
      }
      if (left.size) {
        localStorage.setItem(one, JSON.stringify(Object.fromEntries(left)));
        const link = document.createElement("a");
        link.className = "utrecht-link";
        link.href = place;
        link.textContent = filled(page.dataset.textOthers, { day: otherDay });
        page.querySelector("[data-others]").append(link);
      } else localStorage.removeItem(one);
    }
  }

  // What others marked.
  async function refresh() {
    looked = performance.now();
    const answer = await ask();
    if (answer?.status === 401 || answer?.status === 404) isStopped = answer.status === 401 ? "textSignIn" : "textReload";
    if (answer?.status === 200) {
      trouble = "";
      for (const [child, one] of Object.entries(answer.children)) {
        const isNewer = one.edition >= Number(rows.get(child)?.dataset.edition);
        if (isNewer && !ready().some(([other]) => other === child)) stands(child, one);
      }
    }
    settle();
  }

  function pause(milliseconds) {
    return new Promise((done) => {
      const timer = setTimeout(done, milliseconds);
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  // --- whom to look for ---

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const code = (text) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

  function filter() {
    const typed = find.elements.q.value;
    const parts = plain(typed).split(/[\s'’-]+/).filter(Boolean);
    let number = 0;
    for (const row of rows.values()) {
      const known = row.dataset.words.split(" ");
      const isCalled = parts.every((part) => known.some((word) => word.startsWith(part)));
      const isCode = code(typed).length >= 3 && known.at(-1).includes(code(typed));
      const mark = markOf(row);
      const isShown = { unmarked: mark === "unmarked", here: mark === "present" || mark === "late" }[shows] ?? true;
      // Who was just tapped stays where the thumb is.
      row.hidden = parts.length ? !(isCalled || isCode) : !isShown && last?.child !== row.dataset.child;
      number += row.hidden ? 0 : 1;
    }
    if (nobody) nobody.hidden = number > 0;
  }

  find.elements.q.addEventListener("input", filter);
  find.addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
  });
  // A page that shows a part has not all names: then the link loads them.
  if (page.dataset.show === "all" && !find.elements.q.value) {
    for (const link of page.querySelectorAll("[data-shows]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        shows = link.dataset.shows;
        last = null;
        for (const one of page.querySelectorAll("[data-shows]")) one.removeAttribute("aria-current");
        link.setAttribute("aria-current", "true");
        filter();
      });
    }
  }

  // --- the code of a receipt ---

  const scan = page.querySelector("[data-scan]");
  const camera = page.querySelector("[data-camera]");
  let stream = null;

  function stopCamera() {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    camera.hidden = true;
  }

  async function startCamera() {
    const video = camera.querySelector("video");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      camera.hidden = false;
      await video.play();
    } catch {
      stopCamera();
      said.textContent = page.dataset.textNoCamera;
      return;
    }
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    while (stream) {
      const found = await detector.detect(video).catch(() => []);
      if (found.length) return read(found[0].rawValue);
      await new Promise((done) => setTimeout(done, 200));
    }
  }

  function read(text) {
    stopCamera();
    find.elements.q.value = text.slice(0, 40);
    filter();
    const first = [...rows.values()].find((row) => !row.hidden);
    if (first) first.querySelector("button")?.focus();
    else said.textContent = page.dataset.textNoCode;
  }

  if (scan && "BarcodeDetector" in window && navigator.mediaDevices) {
    scan.hidden = false;
    scan.addEventListener("click", () => (stream ? stopCamera() : startCamera()));
    camera.querySelector("[data-stop]").addEventListener("click", stopCamera);
  }

  // --- coming and going ---

  function back() {
    wake();
    send();
    if (performance.now() - looked > 5000) refresh();
  }
  window.addEventListener("online", back);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && back());
  window.addEventListener("pageshow", (event) => event.persisted && back());
  window.addEventListener("beforeunload", (event) => {
    if (ready().length && trouble && !isLeaving) event.preventDefault(); // without a line no page comes back
  });
  for (const out of document.querySelectorAll('form[action$="/office/sign-out"]')) {
    out.addEventListener("submit", (event) => {
      if (waiting.size && !isLeaving) {
        event.preventDefault();
        isLeaving = true;
        said.textContent = page.dataset.textLeaving;
        return;
      }
      isLeaving = true;
      waiting.clear();
      forgetAll();
    });
  }

  for (const row of rows.values()) {
    row.dataset.first = row.dataset.mark;
    row.dataset.text = row.querySelector("[data-text]").textContent;
  }
  for (const one of page.querySelectorAll("[data-undid]")) one.remove(); // the script has its own
  undo.hidden = true;
  said.after(undo);
  number = waiting.size ? 1 : 0;
  looked = performance.now();
  settle();
  sendOthers().catch(() => {}); // the browser keeps nothing
})();
