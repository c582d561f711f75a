"use strict";
// The pictures of a ticket, for agents: shown large, zoomed, turned and moved, by mouse, touch and keyboard. Without this
// each is a link to the whole of it.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const most = 12; // times as large as it fits
  const within = (value, limit) => Math.max(-limit, Math.min(limit, value));

  // What is seen of each picture: how much larger than it fits, how far it is turned, and where its middle lies.
  const seen = new WeakMap();
  function view(photo) {
    if (!seen.has(photo)) seen.set(photo, { zoom: 1, turn: 0, x: 0, y: 0 });
    return seen.get(photo);
  }

  function show(photo) {
    const v = view(photo);
    const stage = one("[data-stage]", photo);
    const img = one("img", photo);
    const { clientWidth: width, clientHeight: height } = stage;
    const across = Number(img.getAttribute("width")) || img.naturalWidth || width;
    const down = Number(img.getAttribute("height")) || img.naturalHeight || height;
    const fits = Math.min(width / across, height / down);
    const sideways = v.turn % 180 !== 0;
    const scale = v.zoom * (sideways ? Math.min(width / down, height / across) / fits : 1);
    const [w, h] = sideways ? [down, across] : [across, down];
    v.x = within(v.x, Math.max(0, (w * fits * scale - width) / 2));
    v.y = within(v.y, Math.max(0, (h * fits * scale - height) / 2));
    img.style.transform = `translate(${v.x}px, ${v.y}px) rotate(${v.turn}deg) scale(${scale})`;
    stage.toggleAttribute("data-zoomed", v.zoom > 1);
  }

  // zoom keeps the place x, y where it is, counted from the middle; it tells whether anything changed.
  function zoom(photo, factor, { x, y } = { x: 0, y: 0 }) {
    const v = view(photo);
    const before = v.zoom;
    v.zoom = Math.max(1, Math.min(most, v.zoom * factor));
    v.x = x - ((x - v.x) * v.zoom) / before;
    v.y = y - ((y - v.y) * v.zoom) / before;
    show(photo);
    return v.zoom !== before;
  }
  const into = (photo, place) => zoom(photo, view(photo).zoom > 1 ? 0 : 3, place);

  function turn(photo, degrees) {
    const v = view(photo);
    Object.assign(v, { turn: v.turn + degrees, x: 0, y: 0 });
    show(photo);
  }
  function reset(photo) {
    seen.delete(photo);
    show(photo);
  }
  function move(photo, x, y) {
    const v = view(photo);
    v.x += x;
    v.y += y;
    show(photo);
  }

  // The picked picture is the one that keys and the wheel mean.
  const photoOf = (target) => target.closest?.("[data-photo]");
  function pick(photo) {
    for (const other of all("[data-picked]")) other.toggleAttribute("data-picked", other === photo);
    photo.setAttribute("data-picked", "");
  }
  function enlarge(photo, large = !photo.hasAttribute("data-large")) {
    for (const other of all("[data-photo]")) {
      other.toggleAttribute("data-large", large && other === photo);
      one("[data-view=large]", other).setAttribute("aria-pressed", large && other === photo);
    }
    photo.scrollIntoView({ block: "nearest" });
  }

  const tools = {
    in: (photo) => zoom(photo, 1.5),
    out: (photo) => zoom(photo, 1 / 1.5),
    turn: (photo) => turn(photo, 90),
    large: (photo) => enlarge(photo),
  };

  // Pointers: one moves what is zoomed, two of them pinch, and one that did not move zooms in where it is, or out.
  const held = new Map();
  let moved = 0;
  function place(stage, { clientX, clientY }) {
    const box = stage.getBoundingClientRect();
    return { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 };
  }
  const apart = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  document.addEventListener("pointerdown", (event) => {
    const stage = event.target.closest("[data-stage]");
    if (!stage || event.button !== 0) return;
    if (held.size === 0) moved = 0;
    held.set(event.pointerId, { stage, clientX: event.clientX, clientY: event.clientY });
  });
  document.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) return;
    const { stage } = before;
    const photo = photoOf(stage);
    const other = [...held.values()].find((pointer) => pointer !== before);
    held.set(event.pointerId, { stage, clientX: event.clientX, clientY: event.clientY });
    if (other) zoom(photo, apart(event, other) / Math.max(1, apart(before, other)), place(stage, other));
    else if (view(photo).zoom > 1) move(photo, event.clientX - before.clientX, event.clientY - before.clientY);
    moved += apart(event, before);
    stage.toggleAttribute("data-held", moved > 4);
    if (moved > 4 && !stage.hasPointerCapture(event.pointerId)) stage.setPointerCapture(event.pointerId);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, (event) => {
      held.delete(event.pointerId);
      for (const stage of all("[data-held]")) stage.removeAttribute("data-held");
    });
  }
  document.addEventListener("click", (event) => {
    const photo = photoOf(event.target);
    if (!photo) return;
    const tool = event.target.closest("[data-view]");
    const stage = event.target.closest("[data-stage]");
    if (tool || stage) pick(photo);
    if (tool) tools[tool.dataset.view](photo);
    // The keyboard, and whoever asks for a new window, gets the whole picture.
    if (!stage || event.detail === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (moved <= 4) into(photo, place(stage, event));
  });
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("[data-stage]")) pick(photoOf(target));
  });

  // The wheel scrolls the page until a picture was picked.
  function wheel(event) {
    const stage = event.target.closest("[data-stage]");
    if (!stage || !(event.ctrlKey || photoOf(stage).hasAttribute("data-picked"))) return;
    if (zoom(photoOf(stage), Math.exp(-event.deltaY / 400), place(stage, event))) event.preventDefault();
  }

  const keys = {
    z: (photo) => into(photo),
    "+": tools.in,
    "=": tools.in,
    "-": tools.out,
    0: reset,
    o: (photo, event) => turn(photo, event.shiftKey ? -90 : 90),
    escape: (photo) => photo.hasAttribute("data-large") && enlarge(photo, false),
  };
  const arrows = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (localStorage.getItem("keys") === "off" || one("dialog[open]") || target.closest("form, input, textarea, select")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const numbered = /^[1-9]$/.test(key) && one(`[data-photo="${key}"]`);
    const photo = numbered || one("[data-picked]") || one("[data-photo]");
    const action = keys[key.toLowerCase()];
    if (!photo) return;
    if (numbered) {
      enlarge(photo, !photo.hasAttribute("data-large"));
      one("[data-stage]", photo).focus({ preventScroll: true });
      pick(photo);
    } else if (arrows[key] && view(photo).zoom > 1 && photo.contains(target)) {
      const { clientWidth, clientHeight } = one("[data-stage]", photo);
      move(photo, (arrows[key][0] * clientWidth) / 6, (arrows[key][1] * clientHeight) / 6);
    } else if (action) action(photo, event);
    else return;
    event.preventDefault();
  });

  const sized = new ResizeObserver((stages) => {
    for (const { target } of stages) show(photoOf(target));
  });
  function arrive() {
    for (const section of all("[data-photos]")) section.addEventListener("wheel", wheel, { passive: false });
    for (const bar of all("[data-tools]")) bar.hidden = false;
    for (const stage of all("[data-stage]")) sized.observe(stage);
  }
  document.addEventListener("htmx:after:swap", arrive);
  arrive();
})();
