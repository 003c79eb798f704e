// Counts down to a moment by the server's clock: the page says what time it was there when it was made, and
// performance.now() goes on from then, whatever the clock of this device says.
"use strict";

for (const place of document.querySelectorAll("[data-countdown][data-at]")) {
  const { now, at, units, text, over } = place.dataset;
  const names = units.split(" ");
  const ahead = Number(now) - performance.getEntriesByType("navigation")[0].responseStart;

  const count = () => {
    const seconds = Math.ceil((Number(at) - ahead - performance.now()) / 1000);
    const parts = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
    const first = parts.findIndex((part) => part > 0);
    // Seconds say nothing while there are days to go.
    const shown = parts.map((part, n) => `${part} ${names[n]}`).slice(first < 0 ? 3 : first, first === 0 ? 3 : 4);
    place.textContent = seconds > 0 ? text.replace("{time}", shown.join(" ")) : over;
    if (seconds <= 0) clearInterval(timer);
  };
  const timer = setInterval(count, 1000);
  place.hidden = false;
  count();
}
