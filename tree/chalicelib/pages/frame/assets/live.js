// Fetches the figures of the live view anew every few seconds, as long as somebody looks and wants that.
"use strict";
(() => {
  const box = document.getElementById("live");
  const stop = document.getElementById("live-stop");
  if (!box || !stop) return;
  const words = [stop.textContent, stop.dataset.goOn];
  let goesOn = true;

  async function refresh() {
    if (!goesOn || document.hidden || box.contains(document.activeElement)) return;
    try {
      const answer = await fetch(box.dataset.address, { headers: { Accept: "text/html" }, redirect: "manual" });
      if (answer.type === "opaqueredirect") location.reload(); // whoever looks is to sign in again
      else if (answer.ok) box.innerHTML = await answer.text();
    } catch {
      // The line is down: what stands there says of when it is, and the next try may go well.
    }
  }

  stop.hidden = false;
  stop.addEventListener("click", () => {
    goesOn = !goesOn;
    stop.textContent = words[goesOn ? 0 : 1];
  });
  setInterval(refresh, 1000 * Number(box.dataset.seconds));
})();
