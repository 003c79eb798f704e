// The city's map, drawn by MapLibre from one file of tiles of ours. Loaded when somebody asks for it: half a megabyte.
"use strict";
window.stormloopMap = (() => {
  // No font and no picture is fetched: letters are the browser's own.
  const INK = "#1a1a1a", PAPER = "#f4f3ee", ROAD = "#ffffff", EDGE = "#8a8a84", PARK = "#cfe3c2", WATER = "#a9cfe6", BORDER = "#6b2e8f";
  const FONT = ["sans-serif"];

  function style(tiles) {
    const from = (layer, more) => ({ source: "city", "source-layer": layer, ...more });
    const street = ["match", ["get", "kind"], "main", 2, 1];
    const width = (factor) => ["interpolate", ["exponential", 1.6], ["zoom"], 11, ["*", street, 0.6 * factor], 17, ["*", street, 9 * factor]];
    const named = { "text-field": ["get", "name"], "text-font": FONT, "text-size": 13 };
    const letters = { "text-color": INK, "text-halo-color": PAPER, "text-halo-width": 1.5 };
    return {
      version: 8,
      sources: { city: { type: "vector", url: `pmtiles://${tiles}` } },
      layers: [
        { id: "paper", type: "background", paint: { "background-color": PAPER } },
        from("land", { id: "land", type: "fill", paint: { "fill-color": ["match", ["get", "kind"], "water", WATER, PARK] } }),
        from("streets", { id: "edges", type: "line", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": EDGE, "line-width": width(1.5) } }),
        from("streets", { id: "streets", type: "line", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": ROAD, "line-width": width(1) } }),
        from("border", { id: "border", type: "line", paint: { "line-color": BORDER, "line-width": 2, "line-dasharray": [3, 2] } }),
        from("land", { id: "land-names", type: "symbol", minzoom: 13, layout: named, paint: letters }),
        from("streets", { id: "street-names", type: "symbol", minzoom: 12, layout: { ...named, "symbol-placement": "line" }, paint: letters }),
      ],
    };
  }

  function loaded(tag, attributes) {
    return new Promise((done, failed) => {
      const element = Object.assign(document.createElement(tag), attributes);
      element.addEventListener("load", done);
      element.addEventListener("error", () => failed(new Error(attributes.src || attributes.href)));
      document.head.append(element);
    });
  }

  // Resolves to {maplibre, map}; rejects where there is no WebGL, or no network.
  return async function draw(place) {
    const { script, worker, style: sheet, pmtiles: reader, tiles, box } = place.dataset;
    const whole = (address) => new URL(address, document.baseURI).href;
    const [maplibre] = await Promise.all([
      import(whole(script)),
      loaded("link", { rel: "stylesheet", href: sheet }),
      loaded("script", { src: reader }),
    ]);
    // Our address leads to the file's own, which is good for an hour: the parts come from there.
    const first = await fetch(whole(tiles), { headers: { Range: "bytes=0-0" } });
    if (!first.ok) throw new Error(`tiles: ${first.status}`);
    const archive = new pmtiles.PMTiles(first.url);
    const protocol = new pmtiles.Protocol();
    protocol.add(archive);
    maplibre.addProtocol("pmtiles", protocol.tile);
    maplibre.setWorkerUrl(whole(worker));
    const [west, south, east, north] = box.split(",").map(Number);
    const map = new maplibre.Map({
      container: place,
      style: style(first.url),
      bounds: [west, south, east, north],
      maxBounds: [west - 0.1, south - 0.1, east + 0.1, north + 0.1],
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: 0,
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new maplibre.NavigationControl({ showCompass: false }));
    map.getCanvas().setAttribute("aria-label", place.dataset.label);
    await new Promise((done, failed) => {
      map.once("load", done);
      map.once("error", ({ error }) => failed(error));
    });
    return { maplibre, map };
  };
})();
