// Recomputes what an opening published: its seed, every moment of its list, or its whole draw. docs/opening.md and
// docs/draw.md say the same in words; chalicelib/programme/openings/verification.py and
// chalicelib/booking/draw/verification.py in Python.
"use strict";
(() => {
  const place = document.getElementById("check-opening");
  const result = document.getElementById("check-result");
  const progress = document.getElementById("check-progress");
  const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const text = (words) => new TextEncoder().encode(words);
  const sha256 = async (data) => hex(await crypto.subtle.digest("SHA-256", data));

  function words(name, ...values) {
    const template = place.querySelector(`template[data-say="${name}"]`).content.textContent;
    return template.replace(/\{(\d)\}/g, (_, number) => values[number]);
  }

  function say(kind, name, ...values) {
    const line = document.createElement("p");
    line.className = `utrecht-paragraph check-${kind}`;
    line.textContent = `${kind === "wrong" ? "✗" : "✓"} ${words(name, ...values)}`;
    result.append(line);
  }

  // JSON in one way only, as chalicelib/core/canonical.py writes it: sorted names, no spaces.
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const names = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }

  // The number that a key draws under a seed: the first 8 bytes of HMAC-SHA256(seed, key).
  async function drawing(seed) {
    const key = await crypto.subtle.importKey("raw", seed, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const sign = (data) => crypto.subtle.sign("HMAC", key, data);
    const drawn = async (name) => BigInt(`0x${hex(await sign(text(name))).slice(0, 16)}`);
    const last = async (names) => (await Promise.all(names.map(drawn))).reduce((a, b) => (a > b ? a : b));
    return { sign, last };
  }

  // When whoever draws under these keys is admitted, in milliseconds since 1970.
  async function admitted(terms, draw, window, keys, isLate) {
    const opens = BigInt(Date.parse(terms.windows[window].opens_at));
    const spread = BigInt(terms.windows[window].spread_minutes) * 60000n;
    let at = Number(opens + (isLate ? spread : (spread * (await draw.last(keys))) >> 64n));
    for (const shift of terms.shifts) if (at >= Date.parse(shift.after)) at += shift.seconds * 1000;
    return at;
  }

  function moment(milliseconds) {
    const how = { dateStyle: "full", timeStyle: "medium", timeZone: place.dataset.hours };
    return new Intl.DateTimeFormat(place.dataset.language, how).format(milliseconds);
  }

  async function checkSeed(seed, commitment) {
    const fits = (await sha256(bytes(seed))) === commitment && commitment === place.dataset.commitment;
    say(fits ? "fits" : "wrong", fits ? "seed-fits" : "seed-wrong");
  }

  async function checkList(list, own, working) {
    const terms = list.opening;
    const draw = await drawing(bytes(terms.seed));
    await checkSeed(terms.seed, terms.commitment);
    const { opening, columns, rows } = list;
    const hashFits = (await sha256(text(canonical({ opening, columns, rows })))) === list.hash;
    say(hashFits ? "fits" : "wrong", hashFits ? "hash-fits" : "hash-wrong");
    const column = Object.fromEntries(columns.map((name, number) => [name, number]));
    const differ = [];
    const early = [];
    let recomputed = 0;
    let ownRow = null;
    for (const [number, row] of rows.entries()) {
      const keys = row[column.keys];
      if (!keys.length) continue;
      recomputed += 1;
      const at = await admitted(terms, draw, row[column.window], keys, row[column.is_late]);
      if (at !== row[column.admitted_at]) differ.push(number + 1);
      const byOrder = ["opening", "waiting-list"].includes(row[column.channel]);
      if (byOrder && row[column.registered_at] < at) early.push(number + 1);
      if (keys.includes(own)) ownRow = { at, said: row[column.admitted_at] };
      if (number % 500 === 499) await working(number + 1, rows.length);
    }
    if (differ.length) say("wrong", "some-differ", differ.length, recomputed, differ[0]);
    else say("fits", "all-agree", recomputed, recomputed);
    if (early.length) say("wrong", "too-soon", early.length, early[0]);
    if (ownRow && ownRow.at === ownRow.said) say("fits", "own-moment", moment(ownRow.at));
    else if (ownRow) say("wrong", "own-wrong", moment(ownRow.at), moment(ownRow.said));
    else if (own) say("wrong", "own-unknown");
  }

  // Entries by number, the lowest first; of equal numbers by an HMAC of it.
  async function inOrder(entries, draw, working) {
    const drawn = [];
    for (const [number, entry] of entries.entries()) {
      const rest = hex(await draw.sign(text(canonical(entry))));
      drawn.push([await draw.last(entry.keys), rest, entry]);
      if (number % 500 === 499) await working(number + 1, entries.length);
    }
    const less = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    return drawn.sort((a, b) => less(a[0], b[0]) || less(a[1], b[1])).map((one) => one[2]);
  }

  // One entry after the other takes the best that is left for it. docs/draw.md, "Granting the wishes". What follows from
  // a child's other entries, which nobody can see, is told by the results: their bars.
  function allocate(order, rooms, isOne, published) {
    const meet = (a, b) => rooms[a].starts_on <= rooms[b].ends_on && rooms[b].starts_on <= rooms[a].ends_on;
    const left = Object.fromEntries(Object.entries(rooms).map(([name, room]) => [name, room.free]));
    const seated = new Map();
    const seats = (child) => seated.get(child) || seated.set(child, new Set()).get(child);
    const told = new Map(published.map((one) => [one.entry, one]));
    const short = [];
    const results = new Map();
    for (const [place, entry] of order.entries()) {
      const granted = [];
      const barred = [];
      let isOver = false;
      entry.wishes.forEach((wish, number) => {
        if (isOver) return;
        const has = (child, session) => [...seats(child)].some((other) => meet(session, other));
        const twice = wish.some(([child, session], at) =>
          wish.slice(0, at).some(([other, before]) => other === child && meet(session, before)));
        if (twice || wish.some(([child, session]) => has(child, session))) return;
        if (told.get(entry.entry)?.barred.includes(number + 1)) {
          barred.push(number + 1);
          return;
        }
        const wanted = {};
        for (const [, session] of wish) wanted[session] = (wanted[session] || 0) + 1;
        const full = Object.keys(wanted).filter((session) => left[session] < wanted[session]).sort();
        if (full.length) {
          short.push({ entry, wish, number: number + 1, full });
          return;
        }
        for (const [child, session] of wish) {
          left[session] -= 1;
          seats(child).add(session);
        }
        granted.push(number + 1);
        isOver = isOne;
      });
      const result = { entry: entry.entry, place: place + 1, granted, waiting: [], barred, not_waiting: [] };
      results.set(entry.entry, result);
    }
    const waits = new Set();
    const queues = {};
    for (const { entry, wish, number, full } of short) {
      const toldApart = (told.get(entry.entry)?.not_waiting || []).filter((pair) => pair[1] === number);
      const apart = toldApart.map((pair) => pair[0]);
      for (const session of full) {
        const children = wish.filter((pair) => pair[1] === session).map((pair) => pair[0]);
        if (children.length > rooms[session].capacity) continue;
        if (children.some((child) => waits.has(`${child} ${session}`) || seats(child).has(session))) continue;
        if (apart.includes(session)) {
          results.get(entry.entry).not_waiting.push([session, number]);
          continue;
        }
        children.forEach((child) => waits.add(`${child} ${session}`));
        queues[session] = (queues[session] || rooms[session].ahead) + 1;
        results.get(entry.entry).waiting.push([session, queues[session]]);
      }
    }
    const inTheirOrder = (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]);
    for (const one of results.values()) [one.waiting, one.not_waiting].forEach((pairs) => pairs.sort(inTheirOrder));
    return results;
  }

  async function checkDraw(draw, own, working) {
    const joined = (await sha256(text(canonical(draw.entries)))) === draw.list_hash;
    const secret = await crypto.subtle.digest("SHA-256",
      new Uint8Array([...bytes(draw.seed), ...bytes(draw.list_hash), ...text(draw.beacon || "")]));
    const order = await inOrder(draw.entries, await drawing(secret), working);
    const right = allocate(order, draw.sessions, draw.bundles === "one", draw.results);
    await checkSeed(draw.seed, draw.commitment);
    say(joined ? "fits" : "wrong", joined ? "hash-fits" : "hash-wrong");
    const isRight = (one) => right.has(one.entry) && canonical(right.get(one.entry)) === canonical(one);
    const differ = draw.results.map((one, number) => (isRight(one) ? 0 : number + 1)).filter(Boolean);
    const all = Math.max(right.size, draw.results.length);
    if (differ.length || draw.results.length !== right.size) {
      say("wrong", "some-differ", differ.length || all - draw.results.length, all, differ[0] || draw.results.length + 1);
    } else {
      say("fits", "all-agree", all, all);
    }
    const mine = order.find((entry) => entry.entry === own);
    if (mine) {
      const found = right.get(mine.entry);
      say("fits", "own-entry", found.place, right.size, found.granted.join(", ") || words("none-granted"));
    } else if (own) {
      say("wrong", "own-unknown");
    }
  }

  async function read(address) {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  // What is long comes in parts. `names`: of what a part has more of.
  async function readWhole(address, names) {
    const whole = await read(address);
    for (let next = whole.next ?? null; next !== null;) {
      const part = await read(`${address}?part=${next}`);
      if (part.hash !== whole.hash) throw new Error("changed meanwhile");
      for (const name of names) for (const one of part[name]) whole[name].push(one);
      next = part.next ?? null;
    }
    return whole;
  }

  async function check() {
    const own = document.getElementById("own-key").value.trim();
    const working = async (done, all) => {
      progress.textContent = words("working", done, all);
      await new Promise((go) => setTimeout(go));
    };
    result.replaceChildren();
    try {
      await working(0, "…");
      const address = place.dataset.url;
      if (place.dataset.kind === "draw") await checkDraw(await readWhole(address, ["entries", "results"]), own, working);
      else await checkList(await readWhole(address, ["rows"]), own, working);
    } catch {
      result.replaceChildren();
      say("wrong", "failed");
    }
    progress.textContent = "";
  }

  place.hidden = false;
  if (!window.isSecureContext || !crypto.subtle) {
    say("wrong", "insecure");
    document.getElementById("check-now").hidden = true;
    return;
  }
  document.getElementById("check-now").addEventListener("click", (event) => {
    event.target.disabled = true;
    check().finally(() => { event.target.disabled = false; });
  });
})();
