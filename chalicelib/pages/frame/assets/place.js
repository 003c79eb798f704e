// Where something is: by the device, by a photo, on the map. Each fills in the fields that are there without it too.
"use strict";
for (const place of document.querySelectorAll("[data-place]")) {
  const form = place.closest("form");
  const said = place.querySelector("[data-said]");
  const button = (name) => place.querySelector(`[data-${name}]`);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  let marker = null;

  function take(lat, long, text) {
    form.elements.lat.value = lat.toFixed(5);
    form.elements.long.value = long.toFixed(5);
    place.querySelector("details").open = true;
    said.textContent = text;
    marker?.setLngLat([long, lat]);
  }

  place.querySelector("[data-ways]").hidden = false;

  if (navigator.geolocation) {
    const mine = button("mine");
    mine.hidden = false;
    mine.addEventListener("click", () => {
      said.textContent = place.dataset.textAsking;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => take(coords.latitude, coords.longitude, filled(place.dataset.textMine, { metres: Math.round(coords.accuracy) })),
        () => (said.textContent = place.dataset.textDenied),
        { enableHighAccuracy: true, timeout: 15_000 },
      );
    });
  }

  const ofPhoto = button("of-photo");
  document.addEventListener("stormloop-photo", ({ detail }) => {
    if (!detail.position) return;
    ofPhoto.hidden = false;
    ofPhoto.onclick = () => take(detail.position.lat, detail.position.long, place.dataset.textPhoto);
  });

  const open = button("open-map");
  open?.addEventListener("click", async () => {
    const box = place.querySelector("[data-map-box]");
    box.hidden = !box.hidden;
    open.setAttribute("aria-expanded", String(!box.hidden));
    if (box.hidden || marker) return;
    try {
      const { maplibre, map } = await window.stormloopMap(box.querySelector("[data-map]"));
      const choose = ({ lat, lng }) => take(lat, lng, place.dataset.textChosen);
      marker = new maplibre.Marker({ draggable: true, color: "#8f1d1d" }).setLngLat(map.getCenter()).addTo(map);
      const [lat, long] = [Number(form.elements.lat.value), Number(form.elements.long.value)];
      if (lat && long) {
        marker.setLngLat([long, lat]);
        map.jumpTo({ center: [long, lat], zoom: 15 });
      }
      marker.on("dragend", () => choose(marker.getLngLat()));
      map.on("click", ({ lngLat }) => choose(lngLat));
      button("middle").addEventListener("click", () => choose(map.getCenter()));
    } catch {
      box.hidden = true;
      open.hidden = true;
      said.textContent = place.dataset.textNoMap;
    }
  });
}
