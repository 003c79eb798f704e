// While somebody types what a caller says, what fits is shown beside it. Without this script a button does the same.
"use strict";

(() => {
  const form = document.getElementById("intake");
  const words = document.getElementById("f-words");
  if (!form || !words) return;

  const PAUSE = 600; // after the last key
  let timer = 0;
  let asked = 0;

  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });

  async function look() {
    const mine = ++asked;
    const fields = new URLSearchParams(new FormData(form));
    fields.set("do", "look");
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields });
      if (!answer.ok || mine !== asked) return;
      const shown = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("beside");
      const beside = document.getElementById("beside");
      const holds = beside.contains(document.activeElement); // nobody loses the place where they are
      if (shown && !holds) beside.replaceWith(document.adoptNode(shown));
    } catch {
      // The button is still there.
    }
  }
})();
