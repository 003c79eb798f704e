// The opening: counts down by the server's clock, registers the prepared wishes one after the other, and tries again
// until each has its answer. Each wish has its Idempotency-Key on the server, so sending it again is always safe. Without
// this script the page's form does the same in one go.
"use strict";

(() => {
  const page = document.getElementById("opening");
  if (!page) return;

  const TIMEOUT = 15_000;
  const LONGEST_PAUSE = 30_000; // between two tries on a line that is down
  const LONGEST_COUNT = 600_000; // without asking the server what time it is
  const form = page.querySelector("[data-all]"); // null: nothing is left to register
  const { address, opening, byItself } = page.dataset;
  const said = page.querySelector("[data-said]");
  const countdown = page.querySelector("[data-countdown]");

  // The server's time is this much ahead of performance.now(), which no change of the phone's clock moves. A page is a
  // little older than its first byte says: so we come a moment late, never early.
  let ahead = Number(page.dataset.now) - performance.getEntriesByType("navigation")[0].responseStart;
  let at = page.dataset.at ? Number(page.dataset.at) : null;
  let isRunning = false;
  let isTapped = remembered();
  let wake = () => {};

  const now = () => performance.now() + ahead;
  const isOver = () => at === null || now() >= at;
  const jitter = (most) => Math.random() * most;
  const openWishes = () => [...page.querySelectorAll('[data-reached="open"]')];

  // --- what is said ---

  function say(text) {
    if (said.textContent !== text) said.textContent = text;
  }

  function show(item, answer) {
    item.classList.replace(`site-wish--${item.dataset.reached}`, `site-wish--${answer.reached}`);
    item.dataset.reached = answer.reached;
    item.querySelector("[data-outcome]").textContent = answer.text;
    const receipt = item.querySelector("[data-receipt]");
    if (answer.receipt) receipt.href = answer.receipt;
    receipt.hidden = !answer.receipt;
  }

  function inWords(milliseconds) {
    const [days, hours, minutes, seconds] = page.dataset.units.split(" ");
    const left = Math.max(0, Math.ceil(milliseconds / 1000));
    const parts = [
      [Math.floor(left / 86_400), days],
      [Math.floor(left / 3600) % 24, hours],
      [Math.floor(left / 60) % 60, minutes],
      [left % 60, seconds],
    ];
    const first = parts.findIndex(([number]) => number > 0);
    return parts.slice(first < 0 ? 3 : first).map(([number, unit]) => `${number} ${unit}`).join(" ");
  }

  function count() {
    if (!countdown) return;
    countdown.hidden = isOver() || openWishes().length === 0;
    if (!countdown.hidden) countdown.textContent = page.dataset.textLeft.replace("{time}", inWords(at - now()));
  }

  // --- what survives a reload, in this tab ---

  function remembered() {
    try {
      return sessionStorage.getItem(`tapped ${opening}`) === "yes";
    } catch {
      return false; // the browser keeps nothing
    }
  }

  function remember(value) {
    isTapped = value;
    try {
      if (value) sessionStorage.setItem(`tapped ${opening}`, "yes");
      else sessionStorage.removeItem(`tapped ${opening}`);
    } catch {
      // Then a reload asks for another tap.
    }
  }

  // --- talking to the server ---

  // The answer as {status, wait, ...its JSON}; null when there is no line, or somebody else answers on it.
  async function ask(sent) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), TIMEOUT);
    try {
      const answer = await fetch(address, {
        method: sent ? "POST" : "GET",
        body: sent && new URLSearchParams({ csrf: form.elements.csrf.value, ...sent }),
        headers: { Accept: "application/json" },
        redirect: "error",
        cache: "no-store",
        signal: control.signal,
      });
      const received = performance.now();
      const wait = Number(answer.headers.get("Retry-After")) * 1000;
      if (answer.status >= 500 || answer.status === 429) return { status: 503, wait };
      const isOurs = (answer.headers.get("Content-Type") || "").includes("json");
      if (!isOurs) return answer.ok ? null : { status: answer.status, reload: true };
      return { status: answer.status, wait, received, ...(await answer.json()) };
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  // What time it is, whether the moment was moved, what other tabs reached.
  async function refresh() {
    const answer = await ask();
    if (!answer || answer.status !== 200) return;
    if (String(answer.edition) !== page.dataset.edition) {
      location.reload();
      return;
    }
    ahead = answer.now - answer.received;
    at = answer.at;
    for (const item of openWishes()) {
      const known = answer.wishes[item.dataset.wish];
      if (known && known.reached !== "open") show(item, known);
    }
    count();
  }

  // --- waiting ---

  function pause(milliseconds) {
    return new Promise((done) => {
      const timer = setTimeout(done, milliseconds);
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  // Until a moment of the server's clock, however often the phone sleeps meanwhile.
  async function until(moment) {
    while (now() < moment()) await pause(Math.min(moment() - now(), LONGEST_COUNT));
  }

  async function ownMoment() {
    const { textByItself, textWaiting } = page.dataset;
    if (at === null) return; // it is not told yet: the server answers how long to wait
    if (isOver()) return;
    say(isTapped ? textWaiting.replace("{time}", inWords(at - now())) : textByItself);
    const look = 30_000 + jitter(20_000); // before it begins: was it moved?
    await until(() => at - look);
    await refresh();
    await until(() => at);
    say(page.dataset.textNow);
    await pause(jitter(300));
  }

  // --- registering ---

  // Until there is an answer. Returns 0, or in how many milliseconds to come again.
  async function send(item) {
    for (let tries = 0; ; tries += 1) {
      const answer = await ask({ wish: item.dataset.wish });
      if (answer === null) {
        say(page.dataset.textOffline);
        await pause(Math.min(1000 * 2 ** tries, LONGEST_PAUSE) * (0.5 + jitter(0.5)));
      } else if (answer.status === 503) {
        const wait = (answer.wait || Math.min(1000 * 2 ** tries, LONGEST_PAUSE)) + jitter(1000);
        say(page.dataset.textWaiting.replace("{time}", inWords(wait)));
        const moment = now() + wait;
        await until(() => moment);
      } else if (answer.reload) {
        say(page.dataset.textReload);
        throw new Error("reload");
      } else if (answer.status === 425) {
        item.querySelector("[data-outcome]").textContent = answer.text;
        return (answer.wait || 60_000) + jitter(1000);
      } else {
        const isRefused = answer.status >= 400;
        show(item, isRefused ? { ...answer, reached: "refused" } : answer);
        say(`${item.querySelector("[data-name]").textContent}. ${answer.text}`);
        return 0;
      }
    }
  }

  async function registerAll() {
    for (;;) {
      const waits = [];
      for (const item of openWishes()) waits.push(await send(item));
      const again = waits.filter((wait) => wait > 0);
      if (again.length === 0) return;
      const wait = Math.min(...again);
      const moment = now() + wait;
      say(page.dataset.textWaiting.replace("{time}", inWords(wait)));
      await until(() => moment);
    }
  }

  async function run() {
    if (isRunning) return;
    isRunning = true;
    form.hidden = true;
    try {
      await ownMoment();
      if (openWishes().length > 0) say(page.dataset.textSending);
      await registerAll();
      remember(false);
      say(page.dataset.textDone);
    } catch {
      form.hidden = false; // the page must be loaded again, and says so
    } finally {
      isRunning = false;
    }
  }

  // --- what sets it going ---

  if (!form) {
    remember(false);
    return;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    remember(true);
    run();
  });

  // The phone woke up, the line is back, the page came back: what time is it, and on with it at once.
  async function back() {
    wake();
    await refresh();
    wake();
  }
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && back());
  window.addEventListener("online", back);
  window.addEventListener("pageshow", (event) => event.persisted && back());

  setInterval(count, 1000);
  count();
  if (isTapped || byItself === "yes") run();
})();
