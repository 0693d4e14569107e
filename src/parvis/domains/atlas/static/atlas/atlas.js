/* The live map. It takes the place of the drawn one, with its colours; without WebGL or on a failure, the drawing stays.
   Nothing comes from another host: the ground is the sectors, the labels are links, the signs are drawn here. */
"use strict";

(() => {
  const box = document.querySelector("[data-atlas]");
  if (!box || !window.maplibregl) return;

  const panel = box.closest(".panel");
  const says = panel.querySelector("[data-atlas-says]");
  const spread = JSON.parse(document.getElementById("atlas-spread").textContent);
  const noun = box.dataset.noun;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const SHAPES = {
    good: "M6 .5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Z",
    watch: "M6 .5 11.5 11.5H.5Z",
    bad: "M1 1h10v10H1Z",
    none: "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1Zm0 1.8a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4Z",
  };
  const SIGNS = {
    id: "signs", type: "symbol", source: "items", filter: ["!", ["has", "point_count"]],
    layout: { "icon-image": ["concat", "mark-", ["get", "tone"]], "icon-allow-overlap": true },
  };
  const COLOURS = { good: "--good", watch: "--watch", bad: "--bad", none: "--mute" };
  const WORDS = {
    "NavigationControl.ZoomIn": "Agrandir", "NavigationControl.ZoomOut": "Réduire", "Map.Title": "Carte",
    "Popup.Close": "Fermer", "Marker.Title": "Repère", "FullscreenControl.Enter": "Plein écran", "FullscreenControl.Exit": "Quitter le plein écran",
    "CooperativeGesturesHandler.WindowsHelpText": "Ctrl + molette pour agrandir la carte",
    "CooperativeGesturesHandler.MacHelpText": "⌘ + molette pour agrandir la carte",
    "CooperativeGesturesHandler.MobileHelpText": "Deux doigts pour déplacer la carte",
  };

  const read = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  };

  Promise.all([read(box.dataset.sectors), read(box.dataset.features)])
    .then(([sectors, items]) => draw(sectors, items))
    .catch(() => { says.textContent = "La carte interactive n’a pas pu s’ouvrir : la carte dessinée et le tableau disent la même chose."; });

  function draw(sectors, items) {
    box.hidden = false;
    let map;
    try {
      map = new maplibregl.Map({
        container: box, style: style(sectors, items), bounds: opening(sectors), fitBoundsOptions: { padding: 18 },
        minZoom: 9.5, maxZoom: 18, dragRotate: false, pitchWithRotate: false, attributionControl: false,
        cooperativeGestures: true, fadeDuration: still ? 0 : 150, locale: WORDS,
      });
    } catch (error) {
      box.hidden = true;
      return;
    }
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    map.on("load", () => {
      for (const tone of Object.keys(SHAPES)) map.addImage(`mark-${tone}`, sign(tone), { pixelRatio: 2 });
      map.addLayer(SIGNS);
      panel.classList.add("is-live");
      panel.classList.toggle("has-points", items.features.length > 0);
      const labels = labelSectors(map, sectors);
      const clusters = new Map();
      map.on("render", () => showClusters(map, clusters));
      map.on("idle", () => clearLabels(map, labels));
      listen(map, items);
    });
  }

  /* The ground, the sectors and the one chosen. Under signs the ground is one pale blue, so that they read; with
     nothing at an address, it has the colours of the drawn map. */
  function style(sectors, items) {
    const drawn = (code) => panel.querySelector(`.sector-map a[data-code="${code}"] .area`);
    const fill = (code) => (items.features.length ? token("--m1") : getComputedStyle(drawn(code)).fill);
    const fills = sectors.features.flatMap((f) => [f.properties.code, fill(f.properties.code)]);
    return {
      version: 8,
      sources: {
        sectors: { type: "geojson", data: sectors },
        items: { type: "geojson", data: items, cluster: true, clusterRadius: 34, clusterMaxZoom: 14 },
      },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": token("--paper") } },
        { id: "sectors", type: "fill", source: "sectors", paint: { "fill-color": ["match", ["get", "code"], ...fills, token("--m1")] } },
        { id: "borders", type: "line", source: "sectors", paint: { "line-color": items.features.length ? token("--m3") : token("--paper"), "line-width": 1.2 } },
        { id: "here", type: "line", source: "sectors", filter: ["==", ["get", "code"], box.dataset.sector], paint: { "line-color": token("--brick"), "line-width": 3 } },
      ],
    };
  }

  function opening(sectors) {
    const chosen = sectors.features.filter((f) => f.properties.code === box.dataset.sector);
    const bounds = new maplibregl.LngLatBounds();
    const walk = (part) => (typeof part[0] === "number" ? bounds.extend(part) : part.forEach(walk));
    (chosen.length ? chosen : sectors.features).forEach((f) => walk(f.geometry.coordinates));
    return bounds;
  }

  /* A sign: its shape in its colour, on a white edge that keeps it clear of any ground. */
  function sign(tone) {
    const side = 40, canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    const pen = canvas.getContext("2d"), path = new Path2D(SHAPES[tone]);
    pen.translate(5, 5);
    pen.scale(2.5, 2.5);
    pen.lineJoin = "round";
    pen.lineWidth = 2.4;
    pen.strokeStyle = "#fff";
    pen.stroke(path);
    if (tone === "none") { pen.fillStyle = "#fff"; pen.beginPath(); pen.arc(6, 6, 5, 0, 7); pen.fill(); }
    pen.fillStyle = token(COLOURS[tone]);
    pen.fill(path, "evenodd");
    return pen.getImageData(0, 0, side, side);
  }

  /* Labels are links in the order of the town halls: Tab goes from one to the next. */
  function labelSectors(map, sectors) {
    const pinned = [];
    for (const { properties } of sectors.features) {
      const drawn = panel.querySelector(`.sector-map a[data-code="${properties.code}"]`);
      const label = element("a", { href: drawn.getAttribute("href"), class: "sector-label", "aria-label": drawn.getAttribute("aria-label") });
      if (drawn.querySelector(".on-4, .on-5")) label.classList.add("on-dark");
      label.append(element("b", {}, properties.short_name));
      const count = spread[properties.code]?.total;
      if (count) label.append(element("span", {}, String(count)));
      label.addEventListener("click", (event) => event.stopPropagation());
      pinned.push(pin(map, label, [properties.longitude, properties.latitude]));
    }
    return pinned;
  }

  /* A label steps aside for the clusters: it takes the nearest place where it covers no cluster and no other label. */
  const ASIDE = [0, 14, 22, 30, 38, 46].flatMap((far) => (far ? [[0, -far], [0, far], [far, 0], [-far, 0], [far, -far], [-far, -far], [far, far], [-far, far]] : [[0, 0]]));

  function clearLabels(map, labels) {
    const taken = [...box.querySelectorAll("button.cluster")].map((button) => button.getBoundingClientRect());
    for (const label of labels) {
      const now = label.getElement().getBoundingClientRect(), was = label.getOffset();
      const at = ([x, y]) => new DOMRect(now.x - was.x + x, now.y - was.y + y, now.width, now.height);
      const chosen = ASIDE.find((offset) => !taken.some((other) => meet(at(offset), other))) ?? [0, 0];
      taken.push(at(chosen));
      if (chosen[0] !== was.x || chosen[1] !== was.y) label.setOffset(chosen);
    }
  }

  function meet(one, other) {
    return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  }

  /* Numbers of clusters are buttons: no font is fetched, and the keyboard reaches them. */
  function showClusters(map, shown) {
    if (!map.getSource("items") || !map.isSourceLoaded("items")) return;
    const seen = new Set();
    for (const { properties, geometry } of map.querySourceFeatures("items", { filter: ["has", "point_count"] })) {
      const key = properties.cluster_id;
      seen.add(key);
      if (shown.has(key)) continue;
      const button = element("button", { type: "button", class: "cluster", "aria-label": `${properties.point_count} ${noun} ici : agrandir` }, String(properties.point_count));
      if (properties.point_count >= 50) button.classList.add("is-big");
      button.addEventListener("click", async (event) => {
        event.stopPropagation();
        const zoom = await map.getSource("items").getClusterExpansionZoom(key);
        go(map, geometry.coordinates, zoom + 0.2);
      });
      shown.set(key, pin(map, button, geometry.coordinates));
    }
    for (const [key, marker] of shown) if (!seen.has(key)) { marker.remove(); shown.delete(key); }
  }

  /* MapLibre names every marker alike; the element's own name is put back. */
  function pin(map, made, place) {
    const name = made.getAttribute("aria-label");
    const marker = new maplibregl.Marker({ element: made }).setLngLat(place).addTo(map);
    made.setAttribute("aria-label", name);
    return marker;
  }

  function listen(map, items) {
    map.on("click", (event) => {
      const hits = map.queryRenderedFeatures(event.point, { layers: ["signs"] });
      if (hits.length) return open(map, hits[0].geometry.coordinates, hits.slice(0, 8).map((hit) => card(hit.properties)));
      const [sector] = map.queryRenderedFeatures(event.point, { layers: ["sectors"] });
      if (sector) open(map, event.lngLat, [sectorCard(sector.properties)]);
    });
    map.on("mousemove", (event) => {
      map.getCanvas().style.cursor = map.queryRenderedFeatures(event.point, { layers: ["signs", "sectors"] }).length ? "pointer" : "";
    });
    const byCode = new Map(items.features.map((feature) => [feature.properties.code, feature]));
    for (const button of document.querySelectorAll("[data-show]")) {
      const feature = byCode.get(button.dataset.show);
      if (!feature) continue;
      button.closest("[hidden]").hidden = false;
      button.addEventListener("click", () => {
        box.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
        go(map, feature.geometry.coordinates, 16);
        open(map, feature.geometry.coordinates, [card(feature.properties)], button);
      });
    }
  }

  function go(map, center, zoom) {
    still ? map.jumpTo({ center, zoom }) : map.easeTo({ center, zoom, duration: 500 });
  }

  /* Open a card at a place; closing it gives the focus back to what asked for it. */
  function open(map, place, cards, asker) {
    const content = element("div", {});
    content.append(...cards);
    const popup = new maplibregl.Popup({ maxWidth: "20rem", focusAfterOpen: true }).setLngLat(place).setDOMContent(content).addTo(map);
    const escape = (event) => { if (event.key === "Escape") popup.remove(); };
    document.addEventListener("keydown", escape);
    popup.on("close", () => { document.removeEventListener("keydown", escape); asker?.focus(); });
  }

  function card(properties) {
    const section = element("section", {});
    const title = element("p", {});
    title.append(element("a", { href: properties.url }, properties.title));
    section.append(title, mark(properties.tone, properties.status_label));
    const about = [properties.policy, properties.directorate].filter(Boolean).join(" · ");
    if (about) section.append(element("p", { class: "small" }, about));
    if (properties.precision === "street") section.append(element("p", { class: "small" }, "Lieu connu à la rue près."));
    return section;
  }

  function sectorCard(properties) {
    const section = element("section", {}), count = spread[properties.code] || { total: 0, unpointed: 0 };
    section.append(element("p", {}, `${properties.name} : ${count.total} ${noun}`));
    if (count.unpointed) section.append(element("p", { class: "small" }, `dont ${count.unpointed} à l’arrondissement seulement`));
    const here = new URL(window.location);
    here.searchParams.set("sector", properties.code);
    here.searchParams.delete("page");
    const links = element("p", {});
    const page = panel.querySelector(`.sector-map a[data-code="${properties.code}"]`).getAttribute("href");
    links.append(element("a", { href: page }, "Page du secteur"), " · ", element("a", { href: here.search }, "Ne garder que lui"));
    section.append(links);
    return section;
  }

  function mark(tone, words) {
    const span = element("span", { class: `mark ${tone}` });
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [name, value] of Object.entries({ width: 12, height: 12, viewBox: "0 0 12 12", "aria-hidden": "true" })) svg.setAttribute(name, value);
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", SHAPES[tone]);
    path.setAttribute("fill", "currentColor");
    svg.append(path);
    span.append(svg, words);
    return span;
  }

  function element(name, attributes, text) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  }
})();
