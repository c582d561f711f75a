"use strict";
// The pictures of a ticket, for agents: on a stage, or two beside each other, zoomed, turned, moved and brightened, by mouse,
// touch and keyboard. Without this script each is picked by its radio button, and is a link to the whole picture.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const maxZoom = 12; // 1: the whole picture fits
  const clamp = (value, limit) => Math.max(-limit, Math.min(limit, value));

  // What an agent chose for all pictures stays from ticket to ticket in this tab; where storage is denied, in this page.
  const choice = { size: "fit", compare: "", brightness: 100, contrast: 100 };
  try { Object.assign(choice, JSON.parse(sessionStorage.getItem("viewer"))); } catch {} // denied
  function choose(change) {
    Object.assign(choice, change);
    try { sessionStorage.setItem("viewer", JSON.stringify(choice)); } catch {} // denied
  }

  // The pictures on the stage: the picked one, or two that are compared. Then the picked one stands beside the right one.
  const photoOf = (target) => target.closest?.("[data-photo]");
  const viewerOf = (element) => element.closest("[data-viewer]");
  function staged(viewer) {
    const picked = one("[data-photo]:has(:checked)", viewer);
    const right = one("[data-compare]:checked", viewer) && one("[data-side=right]", viewer);
    if (!right) return [picked];
    return [picked === right ? one("[data-side=left]", viewer) : picked, right];
  }

  // The view of each picture: its zoom, its turn in degrees, and the offset of its middle in pixels.
  const views = new WeakMap();
  function viewOf(photo) {
    if (!views.has(photo)) views.set(photo, { zoom: choice.size === "actual" ? sizesOf(photo).actual : 1, turn: 0, x: 0, y: 0 });
    return views.get(photo);
  }
  function sizesOf(photo) {
    const { clientWidth: width, clientHeight: height } = one("[data-stage]", photo);
    const img = one("img", photo);
    const across = Number(img.getAttribute("width")) || img.naturalWidth || width;
    const down = Number(img.getAttribute("height")) || img.naturalHeight || height;
    const fits = Math.min(width / across, height / down);
    return { width, height, across, down, fits, actual: Math.min(maxZoom, 1 / fits) };
  }

  function render(photo) {
    const onStage = staged(viewerOf(photo)).includes(photo);
    const v = onStage ? viewOf(photo) : { zoom: 1, turn: views.get(photo)?.turn || 0, x: 0, y: 0 };
    const { width, height, across, down, fits } = sizesOf(photo);
    const sideways = v.turn % 180 !== 0;
    const scale = v.zoom * (sideways ? Math.min(width / down, height / across) / fits : 1);
    const [w, h] = sideways ? [down, across] : [across, down];
    v.x = clamp(v.x, Math.max(0, (w * fits * scale - width) / 2));
    v.y = clamp(v.y, Math.max(0, (h * fits * scale - height) / 2));
    const { style } = one("img", photo);
    for (const layer of all("img, .places", photo)) layer.style.transform = `translate(${v.x}px, ${v.y}px) rotate(${v.turn}deg) scale(${scale})`;
    style.filter = isLit() ? `brightness(${choice.brightness}%) contrast(${choice.contrast}%)` : "";
    one("[data-stage]", photo).toggleAttribute("data-zoomed", v.zoom > 1);
    sharpen(photo, Math.max(w, h) * fits * scale, v.zoom > 1);
  }

  // sharpen fetches a picture with as many pixels as are shown of it: another preview, or the picture itself where that is zoomed.
  // None is fetched again with fewer pixels. A little less than one for one cannot be seen.
  const enough = 1.15;
  function sharpen(photo, longest, zoomed) {
    const img = one("img", photo);
    if (!img.dataset.previews || !img.currentSrc || !img.complete) return; // another call comes when it is loaded
    const sizes = img.dataset.previews.split(" ").map(Number);
    const sizeOf = (address) => Number(new URL(address, location).searchParams.get("size")) || Infinity;
    const needed = longest * devicePixelRatio;
    const whole = zoomed && needed > sizes.at(-1);
    const size = whole ? Infinity : (sizes.find((size) => size * enough >= needed) ?? sizes.at(-1));
    if (size <= Math.max(sizeOf(img.currentSrc), sizeOf(img.src))) return;
    img.removeAttribute("srcset");
    img.src = whole ? img.dataset.file : `${img.dataset.file}?size=${size}`;
  }
  document.addEventListener("load", ({ target }) => target.matches?.("[data-photo] img") && render(photoOf(target)), true);

  const renderAll = () => all("[data-photo]").forEach(render);

  // zoom keeps the point x, y where it is, counted from the middle; it returns whether anything changed.
  function zoom(photo, factor, { x, y } = { x: 0, y: 0 }) {
    const v = viewOf(photo);
    const before = v.zoom;
    v.zoom = Math.max(Math.min(1, sizesOf(photo).actual), Math.min(maxZoom, v.zoom * factor));
    v.x = x - ((x - v.x) * v.zoom) / before;
    v.y = y - ((y - v.y) * v.zoom) / before;
    render(photo);
    return v.zoom !== before;
  }
  const toggleZoom = (photo, point) => zoom(photo, viewOf(photo).zoom > 1 ? 1 / viewOf(photo).zoom : 3, point);

  function turn(photo, degrees) {
    const v = viewOf(photo);
    Object.assign(v, { turn: v.turn + degrees, x: 0, y: 0 });
    render(photo);
  }
  // resize shows a picture, and those of the next tickets, as large as the stage ("fit") or pixel by pixel ("actual").
  function resize(photo, size) {
    choose({ size });
    views.delete(photo);
    render(photo);
  }
  function move(photo, x, y) {
    const v = viewOf(photo);
    v.x += x;
    v.y += y;
    render(photo);
  }

  // show puts a picture on the stage. A viewer that is preserved in a swap loses the choice to the radio buttons of its
  // replacement: prepare makes it again.
  const picks = new WeakMap();
  function show(photo) {
    one("[data-pick]", photo).checked = true;
    picks.set(viewerOf(photo), photo);
    renderAll();
  }
  function compare(box, on) {
    box.checked = on;
    choose({ compare: on ? "on" : "off" });
    renderAll();
  }

  // Brightness and contrast, in percent, of all pictures.
  const isLit = () => choice.brightness != 100 || choice.contrast != 100;
  function light(change) {
    choose(change);
    for (const input of all("[data-light] input")) input.value = choice[input.name];
    for (const box of all("[data-light]")) box.toggleAttribute("data-lit", isLit());
    renderAll();
  }
  function openLight(box, open) {
    if (!box) return;
    box.open = open;
    one(open ? "input" : "summary", box).focus();
  }

  const tools = {
    in: (photo) => zoom(photo, 1.5),
    out: (photo) => zoom(photo, 1 / 1.5),
    fit: (photo) => resize(photo, "fit"),
    actual: (photo) => resize(photo, "actual"),
    left: (photo) => turn(photo, -90),
    right: (photo) => turn(photo, 90),
  };

  // Keys act on the picture that was touched last, if it is on the stage.
  let touched;
  function current() {
    const viewer = one("[data-viewer]");
    if (!viewer) return null;
    const shown = staged(viewer);
    return shown.includes(touched) ? touched : shown[0];
  }
  for (const kind of ["pointerdown", "focusin"]) {
    document.addEventListener(kind, ({ target }) => {
      touched = photoOf(target) || touched;
    });
  }

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
    if (event.target.closest("[data-unlight]")) light({ brightness: 100, contrast: 100 });
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
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-pick]")) show(photoOf(target));
    if (target.matches("[data-compare]")) compare(target, target.checked);
  });
  document.addEventListener("input", ({ target }) => target.matches("[data-light] input") && light({ [target.name]: Number(target.value) }));

  // The wheel zooms where there is nothing to scroll, and a picture that has the focus.
  function wheel(event) {
    const stage = event.target.closest("[data-stage]");
    const { scrollHeight, clientHeight } = document.documentElement;
    if (!stage || !(event.ctrlKey || scrollHeight <= clientHeight || stage === document.activeElement)) return;
    touched = photoOf(stage);
    zoom(touched, Math.exp(-event.deltaY / 400), pointOf(stage, event));
    event.preventDefault();
  }

  const keys = {
    "+": tools.in,
    "=": tools.in,
    "-": tools.out,
    0: tools.fit,
    f: tools.actual,
    "[": tools.left,
    "]": tools.right,
    b: () => openLight(one("[data-light]"), !one("[data-light]").open),
    c: () => one("[data-compare]")?.click(),
    escape: () => openLight(one("[data-light][open]"), false),
  };
  const arrows = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (document.documentElement.dataset.keys === "off" || one("dialog[open]") || target.closest("form, [contenteditable]")) return;
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (event.isComposing || (modified && !event.getModifierState("AltGraph"))) return; // some keyboards write [ with AltGr
    const photo = current();
    const numbered = /^[1-9]$/.test(key) && one(`[data-photo="${key}"]`);
    const action = keys[key.toLowerCase()];
    if (!photo) return;
    if (numbered) {
      show(numbered);
      one("[data-stage]", numbered).focus({ preventScroll: true });
    } else if (arrows[key] && viewOf(photo).zoom > 1 && target.matches("[data-stage]")) {
      const { clientWidth, clientHeight } = target;
      move(photo, (arrows[key][0] * clientWidth) / 6, (arrows[key][1] * clientHeight) / 6);
    } else if (action) action(photo);
    else return;
    event.preventDefault();
  });

  // Where an answer was read is outlined while it is pointed at. A click has the picture on the stage.
  function outline(line) {
    for (const place of all("[data-place-of]")) place.toggleAttribute("data-shown", place.dataset.placeOf === line?.dataset.reads);
  }
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, ({ target }) => outline(target.closest?.("[data-reads]")));
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-place]");
    const pick = link && document.getElementById(`pick-${link.dataset.place}`);
    if (!pick || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(photoOf(pick));
    outline(link.closest("[data-reads]"));
  });

  const resizes = new ResizeObserver((stages) => {
    for (const { target } of stages) if (target.isConnected) render(photoOf(target));
  });
  const prepared = new WeakSet();
  function prepare() {
    for (const viewer of all("[data-viewer]")) {
      viewer.addEventListener("wheel", wheel, { passive: false });
      const box = one("[data-compare]", viewer);
      if (box && choice.compare && !prepared.has(viewer)) box.checked = choice.compare === "on";
      prepared.add(viewer);
      show(picks.get(viewer) || one("[data-photo]:has(:checked)", viewer));
    }
    for (const tool of all("[data-tools]")) tool.hidden = false;
    for (const stage of all("[data-stage]")) resizes.observe(stage);
    light({});
  }

  // The ticket that comes next is claimed ahead while this one is looked at, and its pictures are loaded into this document, which has
  // them at hand then: the answers are not stored. It is given back when the agent leaves or does nothing for a while.
  const idleTime = 120000, renewTime = 60000; // milliseconds; the claim lasts a little longer than renewTime
  const ahead = document.createElement("div");
  ahead.hidden = true;
  document.body.append(ahead);
  let aheadOf, lastActive = performance.now();
  for (const kind of ["pointermove", "pointerdown", "keydown"]) {
    document.addEventListener(kind, () => (lastActive = performance.now()), { passive: true, capture: true });
  }
  function postAhead(path, form) {
    const body = new URLSearchParams({ _account: document.body.dataset.account });
    if (form?.elements.list) body.set("list", form.elements.list.value);
    return fetch(path, { method: "POST", body, keepalive: true, redirect: "manual", headers: { "Docket-Background": "1", "HX-Request": "true" } });
  }
  function releaseAhead() {
    if (!aheadOf) return;
    const path = aheadOf.dataset.releaseAhead;
    aheadOf = null;
    ahead.replaceChildren();
    postAhead(path).catch(() => {}); // the claim ends by itself
  }
  async function claimAhead() {
    const form = one("form[data-ahead]");
    if (!form || !one("[data-viewer]") || document.hidden || performance.now() - lastActive > idleTime) return releaseAhead();
    aheadOf = form;
    const answer = await postAhead(form.dataset.ahead, form).catch(() => null);
    if (!answer || answer.status !== 200) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
    if (!form.isConnected || !fresh) return;
    // A picture is loaded as large as that of the same question is shown now.
    for (const img of all("img", fresh)) {
      const now = all("[data-photo] img").find(({ alt }) => alt === img.alt)?.currentSrc.match(/\?size=\d+$/)?.[0];
      if (!now || !img.dataset.previews?.split(" ").includes(now.slice(6))) continue;
      img.removeAttribute("srcset");
      img.src = img.dataset.file + now;
    }
    if (ahead.firstElementChild?.isEqualNode(fresh)) return;
    ahead.replaceChildren(fresh);
  }
  // Not before this ticket has its own pictures.
  let aheadTimer = 0;
  async function prepareAhead() {
    clearInterval(aheadTimer);
    const form = one("form[data-ahead]");
    if (!form || !one("[data-viewer]")) return releaseAhead();
    await Promise.allSettled(all("[data-photo] img").map((img) => img.decode()));
    if (!form.isConnected) return;
    claimAhead();
    aheadTimer = setInterval(claimAhead, renewTime);
  }
  addEventListener("pagehide", releaseAhead);
  document.addEventListener("htmx:after:swap", prepareAhead);
  prepareAhead();

  document.addEventListener("htmx:after:swap", prepare);
  prepare();
})();
