// Who signs out leaves no marks of the gate on this phone. (gate.js keeps them, under names that begin so, and asks first
// on its own page.) Whatever else waits here stays: it may be a report of theirs as anybody.
"use strict";
for (const out of document.querySelectorAll('form[action$="/office/sign-out"]')) {
  if (document.getElementById("gate")) break;
  out.addEventListener("submit", () => {
    try {
      for (const one of Object.keys(localStorage)) if (one.startsWith("gate ")) localStorage.removeItem(one);
    } catch {
      // The browser keeps nothing.
    }
  });
}
