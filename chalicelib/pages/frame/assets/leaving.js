// Takes a page off the screen when its time is over: of a helper when the help ends, of a public computer when nobody did
// anything for a while. A minute before, a public computer says so; whoever types or taps goes on, and loses nothing that
// they typed. Without a script the page leaves by itself, and says when.
"use strict";
(() => {
  const place = document.querySelector("[data-leave-in]");
  const seconds = Number(place.dataset.leaveIn);
  const warning = place.querySelector("[data-warning]");
  const keep = place.dataset.keep;
  let ends = performance.now() + seconds * 1000;
  let kept = performance.now();
  let busy = false;

  async function stay() {
    if (busy) return;
    busy = true;
    try {
      const answer = await fetch(keep, { credentials: "same-origin", cache: "no-store" });
      if (answer.ok) {
        kept = performance.now();
        ends = kept + seconds * 1000;
        warning.hidden = true;
      }
    } catch {
      // Without a network the page leaves when its time is over.
    }
    busy = false;
  }

  if (keep) {
    warning.setAttribute("role", "alert");
    for (const kind of ["keydown", "pointerdown"]) {
      addEventListener(kind, () => {
        if (!warning.hidden || performance.now() - kept > 60000) stay();
      });
    }
  }
  const timer = setInterval(() => {
    const left = ends - performance.now();
    if (keep && left < 60000) warning.hidden = false;
    if (left <= 0) {
      clearInterval(timer);
      document.body.hidden = true;
      location.replace(place.dataset.leaveTo);
    }
  }, 1000);
  // The back button shows no page that was left.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
