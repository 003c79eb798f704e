// Reports on the map: a mark for each of the list, which leads to its place there.
"use strict";
for (const part of document.querySelectorAll("[data-reports]")) {
  const open = part.querySelector("[data-open-map]");
  const box = part.querySelector("[data-map-box]");
  let isDrawn = false;
  open.hidden = false;
  open.addEventListener("click", async () => {
    box.hidden = !box.hidden;
    open.setAttribute("aria-expanded", String(!box.hidden));
    if (box.hidden || isDrawn) return;
    isDrawn = true;
    try {
      const { maplibre, map } = await window.stormloopMap(box.querySelector("[data-map]"));
      for (const card of document.querySelectorAll("[data-lat]")) {
        const marker = new maplibre.Marker({ color: card.dataset.stage === "done" ? "#1b6b3a" : "#8f1d1d" });
        const link = Object.assign(document.createElement("a"), { href: `#${card.id}`, className: "utrecht-link", textContent: card.querySelector("h2").textContent });
        marker.setLngLat([card.dataset.long, card.dataset.lat]).setPopup(new maplibre.Popup().setDOMContent(link)).addTo(map);
        marker.getElement().setAttribute("aria-label", link.textContent);
      }
    } catch {
      box.hidden = true;
      open.hidden = true;
      part.querySelector("[data-said]").textContent = part.dataset.textNoMap;
    }
  });
}
