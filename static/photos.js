"use strict";
// The pictures of a ticket, for agents: enlarged, zoomed, turned and moved, by mouse, touch and keyboard. Without this
// script each is a link to the whole picture.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const maxZoom = 12; // 1: the whole picture fits
  const clamp = (value, limit) => Math.max(-limit, Math.min(limit, value));

  // The view of each picture: its zoom, its turn in degrees, and the offset of its middle in pixels.
  const views = new WeakMap();
  function viewOf(photo) {
    if (!views.has(photo)) views.set(photo, { zoom: 1, turn: 0, x: 0, y: 0 });
    return views.get(photo);
  }

  const isShown = (photo) => one("[data-pick]", photo).checked;
  const renderAll = () => all("[data-photo]").forEach(render);

  function render(photo) {
    const v = isShown(photo) ? viewOf(photo) : { zoom: 1, turn: viewOf(photo).turn, x: 0, y: 0 };
    const stage = one("[data-stage]", photo);
    const img = one("img", photo);
    const { clientWidth: width, clientHeight: height } = stage;
    const across = Number(img.getAttribute("width")) || img.naturalWidth || width;
    const down = Number(img.getAttribute("height")) || img.naturalHeight || height;
    const fits = Math.min(width / across, height / down);
    const sideways = v.turn % 180 !== 0;
    const scale = v.zoom * (sideways ? Math.min(width / down, height / across) / fits : 1);
    const [w, h] = sideways ? [down, across] : [across, down];
    v.x = clamp(v.x, Math.max(0, (w * fits * scale - width) / 2));
    v.y = clamp(v.y, Math.max(0, (h * fits * scale - height) / 2));
    img.style.transform = `translate(${v.x}px, ${v.y}px) rotate(${v.turn}deg) scale(${scale})`;
    stage.toggleAttribute("data-zoomed", v.zoom > 1);
  }

  // zoom keeps the point x, y where it is, counted from the middle; it returns whether anything changed.
  function zoom(photo, factor, { x, y } = { x: 0, y: 0 }) {
    const v = viewOf(photo);
    const before = v.zoom;
    v.zoom = Math.max(1, Math.min(maxZoom, v.zoom * factor));
    v.x = x - ((x - v.x) * v.zoom) / before;
    v.y = y - ((y - v.y) * v.zoom) / before;
    render(photo);
    return v.zoom !== before;
  }
  const toggleZoom = (photo, point) => zoom(photo, viewOf(photo).zoom > 1 ? 0 : 3, point);

  function turn(photo, degrees) {
    const v = viewOf(photo);
    Object.assign(v, { turn: v.turn + degrees, x: 0, y: 0 });
    render(photo);
  }
  function reset(photo) {
    views.delete(photo);
    render(photo);
  }
  function move(photo, x, y) {
    const v = viewOf(photo);
    v.x += x;
    v.y += y;
    render(photo);
  }

  const photoOf = (target) => target.closest?.("[data-photo]");
  // show puts a picture on the stage. A viewer that is preserved in a swap loses the choice to the radio buttons of its
  // replacement: prepare makes it again.
  const picks = new WeakMap();
  function show(photo) {
    one("[data-pick]", photo).checked = true;
    picks.set(photo.closest("[data-viewer]"), photo);
    renderAll();
  }

  const tools = {
    in: (photo) => zoom(photo, 1.5),
    out: (photo) => zoom(photo, 1 / 1.5),
    turn: (photo) => turn(photo, 90),
  };

  // Pointers: one moves a zoomed picture, two pinch, and a click zooms in there, or out.
  const pointers = new Map();
  let moved = 0;
  function pointOf(stage, { clientX, clientY }) {
    const box = stage.getBoundingClientRect();
    return { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 };
  }
  const distance = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  document.addEventListener("pointerdown", (event) => {
    const stage = event.target.closest("[data-stage]");
    if (!stage || event.button !== 0) return;
    if (pointers.size === 0) moved = 0;
    pointers.set(event.pointerId, { stage, clientX: event.clientX, clientY: event.clientY });
  });
  document.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const { stage } = before;
    const photo = photoOf(stage);
    const other = [...pointers.values()].find((pointer) => pointer !== before);
    pointers.set(event.pointerId, { stage, clientX: event.clientX, clientY: event.clientY });
    if (other) zoom(photo, distance(event, other) / Math.max(1, distance(before, other)), pointOf(stage, other));
    else if (viewOf(photo).zoom > 1) move(photo, event.clientX - before.clientX, event.clientY - before.clientY);
    moved += distance(event, before);
    stage.toggleAttribute("data-dragging", moved > 4);
    if (moved > 4 && !stage.hasPointerCapture(event.pointerId)) stage.setPointerCapture(event.pointerId);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, (event) => {
      pointers.delete(event.pointerId);
      for (const stage of all("[data-dragging]")) stage.removeAttribute("data-dragging");
    });
  }
  document.addEventListener("click", (event) => {
    const photo = photoOf(event.target);
    if (!photo) return;
    const tool = event.target.closest("[data-view]");
    const stage = event.target.closest("[data-stage]");
    if (tool) tools[tool.dataset.view](photo);
    // The keyboard, and a click for a new window, open the whole picture.
    if (!stage || event.detail === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (moved <= 4) toggleZoom(photo, pointOf(stage, event));
  });
  document.addEventListener("change", ({ target }) => target.matches("[data-pick]") && show(photoOf(target)));

  // The wheel zooms where there is nothing to scroll, and a picture that has the focus.
  function wheel(event) {
    const stage = event.target.closest("[data-stage]");
    const { scrollHeight, clientHeight } = document.documentElement;
    if (!stage || !(event.ctrlKey || scrollHeight <= clientHeight || stage === document.activeElement)) return;
    if (zoom(photoOf(stage), Math.exp(-event.deltaY / 400), pointOf(stage, event))) event.preventDefault();
  }

  const keys = {
    z: (photo) => toggleZoom(photo),
    "+": tools.in,
    "=": tools.in,
    "-": tools.out,
    0: reset,
    t: (photo, event) => turn(photo, event.shiftKey ? -90 : 90),
  };
  const arrows = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (document.documentElement.dataset.keys === "off" || one("dialog[open]") || target.closest("form, textarea, select, input:not([data-pick])")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const numbered = /^[1-9]$/.test(key) && one(`[data-photo="${key}"]`);
    const photo = numbered || one("[data-photo]:has([data-pick]:checked)");
    const action = keys[key.toLowerCase()];
    if (!photo) return;
    if (numbered) {
      show(photo);
      one("[data-stage]", photo).focus({ preventScroll: true });
    } else if (arrows[key] && viewOf(photo).zoom > 1 && target.matches("[data-stage]")) {
      const { clientWidth, clientHeight } = one("[data-stage]", photo);
      move(photo, (arrows[key][0] * clientWidth) / 6, (arrows[key][1] * clientHeight) / 6);
    } else if (action) action(photo, event);
    else return;
    event.preventDefault();
  });

  const resizes = new ResizeObserver((stages) => {
    for (const { target } of stages) render(photoOf(target));
  });
  function prepare() {
    for (const viewer of all("[data-viewer]")) {
      viewer.addEventListener("wheel", wheel, { passive: false });
      show(picks.get(viewer) || one("[data-photo]:has(:checked)", viewer) || one("[data-photo]", viewer));
    }
    for (const bar of all("[data-tools]")) bar.hidden = false;
    for (const stage of all("[data-stage]")) resizes.observe(stage);
  }
  document.addEventListener("htmx:after:swap", prepare);
  prepare();
})();
