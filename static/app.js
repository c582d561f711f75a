"use strict";
// Everything here makes a page quicker to use; none of it is needed to use it.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const coarse = matchMedia("(pointer: coarse)");

  // A part of a page that has just arrived, with the page or later.
  function arrive(root) {
    for (const button of all("[data-reveal], [data-open]", root)) button.hidden = false;
    for (const filter of all("[data-filter]", root)) filter.hidden = false;
    for (const form of all("[data-decision]", root)) letter(form);
  }

  // Focus goes to what is wrong or, after a swap, to the heading of what came.
  function settle(root, swapped) {
    const goal = one(".summary[data-focus], input[data-focus]", root) || (swapped && one("[data-focus]", root));
    if (goal) goal.focus({ preventScroll: goal.matches("h1") });
  }

  // Show password.
  function reveal(button) {
    const input = document.getElementById(button.dataset.reveal);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? button.dataset.show : button.dataset.hide;
    button.setAttribute("aria-label", shown ? button.dataset.showLabel : button.dataset.hideLabel);
  }

  // Reject: the texts of the reasons go where the agent can change them, unless the agent has written there.
  const picked = (form) => all("[data-text]:checked", form);
  const texts = (reasons) => (reasons.every((r) => r.dataset.text) ? reasons.map((r) => r.dataset.text).join("\n\n") : "");
  function pick(reason) {
    const form = reason.form;
    const comment = one("[data-comment]", form);
    const before = all("[data-text]", form).filter((r) => r.checked !== (r === reason));
    if (comment.value === "" || comment.value === texts(before)) comment.value = texts(picked(form));
    letter(form);
  }

  // What the user will read, as it stands, and whether they may try again.
  function letter(form) {
    const reasons = picked(form);
    const view = one("[data-letter]", form);
    const choose = one("[data-choose]", form);
    form.dataset.decision = reasons.length ? "reject" : "";
    view.hidden = !reasons.length;
    const has = (name) => reasons.some((r) => r.dataset.class === name);
    if (choose) {
      choose.hidden = has("final") || !has("choose");
      one("input", choose).disabled = choose.hidden;
    }
    const final = has("final") || (choose && !choose.hidden && one("input", choose).checked);
    one("[data-letter-text]", view).textContent = one("[data-comment]", form).value.trim() || texts(reasons);
    for (const line of all("[data-letter-class]", view)) line.hidden = line.dataset.letterClass !== (final ? "final" : "retry");
  }

  function toggle(reason, checked) {
    reason.checked = checked;
    pick(reason);
  }

  function narrow(filter) {
    const words = filter.value.toLowerCase().split(/\s+/);
    for (const reason of all(".reason", filter.form)) {
      const text = reason.textContent.toLowerCase();
      reason.hidden = !words.every((word) => text.includes(word)) && !one(":checked", reason);
    }
  }

  // Files: each is sent as soon as it is chosen, and the server answers with its field. Until then it stays in the form,
  // so that whatever happens it is sent with the rest.
  const MB = 1 << 20;
  function choose(input) {
    const box = input.closest("[data-upload]");
    const file = input.files[0];
    if (!file) return;
    const heic = box.dataset.type === "image" && [file.type, file.name].some((name) => /[./]hei[cf]$/i.test(name));
    const refusal = heic ? box.dataset.sayHeic : file.size > 10 * MB ? box.dataset.sayLarge : "";
    if (refusal) {
      input.value = "";
      return say(box, refusal);
    }
    const body = parcel(box);
    body.append(input.name, file);
    transmit(box, body);
  }

  // What is typed goes along, to be kept with the file.
  const typed = (form) => [...new FormData(form)].filter(([, value]) => typeof value === "string");
  function parcel(box) {
    const body = new FormData();
    for (const [name, value] of typed(box.closest("form"))) body.append(name, value);
    return body;
  }

  // say shows how the sending goes; again is what to do when the user wants it tried again.
  function say(box, words, again, share) {
    box.again = again;
    const bar = one("progress", box);
    bar.hidden = share === undefined;
    bar.value = share || 0;
    one("[data-said]", box).textContent = words;
    one("[data-again]", box).hidden = !again;
    one("[data-sending]", box).hidden = false;
  }

  function transmit(box, body, tries = 0) {
    const { sayBusy, sayMany, sayOffline, sayNotSent, saySending, upload } = box.dataset;
    const again = () => transmit(box, body);
    const request = new XMLHttpRequest(); // fetch does not tell how far it is
    box.request?.abort();
    box.request = request;
    request.open("POST", upload);
    request.setRequestHeader("HX-Request", "true");
    request.upload.onprogress = ({ loaded, total }) => say(box, saySending, null, loaded / total);
    request.onerror = () => say(box, sayOffline, again);
    request.onload = () => {
      if ([200, 422].includes(request.status)) return replace(box, request.responseText);
      const login = request.getResponseHeader("HX-Redirect");
      if (login) return location.assign(login);
      if (request.status === 429) return say(box, sayMany);
      if (request.status !== 503 || tries > 8) return say(box, sayNotSent, again);
      say(box, sayBusy, again);
      const wait = 1000 * (request.getResponseHeader("Retry-After") || 2);
      setTimeout(() => box.request === request && box.isConnected && transmit(box, body, tries + 1), wait);
    };
    say(box, saySending, null, 0);
    request.send(body);
  }

  function replace(box, html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    const inside = box.contains(document.activeElement);
    box.replaceWith(fresh);
    if (!("invalid" in fresh.dataset)) mended(one("[type=file]", fresh).id);
    if (inside) one("[type=file]", fresh).focus({ preventScroll: true });
  }

  // What was mended is no mistake any more, at the top of the form either.
  function mended(id) {
    const line = one(`.summary li:has(a[href="#${id}"])`);
    if (!line) return;
    const summary = line.closest(".summary");
    const heading = one("h2", summary);
    line.remove();
    const left = all("li", summary).length;
    if (left) heading.textContent = heading.dataset.fewer.split("\n")[left - 1];
    else summary.remove();
  }

  // What is typed is kept a moment later, and at once when the page is left.
  let later = 0, keeping = Promise.resolve();
  function note() {
    clearTimeout(later);
    later = setTimeout(keep, 800);
  }
  function keep() {
    const form = one("[data-draft]");
    if (!later || !form) return;
    clearTimeout(later);
    later = 0;
    keeping = fetch(form.dataset.draft, { // a page that is left may send no more than 64 KiB
      method: "POST", body: new URLSearchParams(typed(form)), keepalive: document.hidden, redirect: "manual", headers: { "Docket-Background": "1" },
    }).then((answer) => { if (answer.status === 429 || answer.status >= 500) throw answer; }).catch(() => setTimeout(note, 5000));
  }
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-draft]")) later = clearTimeout(later); // the whole of it goes
  });
  document.addEventListener("visibilitychange", () => document.hidden && keep());
  addEventListener("online", () => {
    for (const box of all("[data-upload]")) box.again?.();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.reveal) reveal(button);
    if (button.dataset.open) document.getElementById(button.dataset.open).showModal();
    const box = button.closest("[data-upload]");
    if (box && "again" in button.dataset) box.again();
    if (box && "remove" in button.dataset) {
      event.preventDefault();
      later = clearTimeout(later); // it goes along, and what is still on its way must not bring the file back
      const body = parcel(box);
      body.append("remove", button.value);
      keeping.then(() => transmit(box, body));
    }
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-text]")) pick(target);
    if (target.matches("[data-choose] input")) letter(target.form);
    if (target.matches("[data-keys]")) switchKeys(target.checked);
    if (target.matches("[data-upload] [type=file]")) choose(target);
    else if (target.closest("[data-draft]")) note();
  });
  document.addEventListener("input", ({ target }) => {
    if (target.matches("[data-comment]")) letter(target.form);
    if (target.matches("[data-filter]")) narrow(target);
    if (target.closest("[data-draft]")) note();
  });
  // Whoever changes the language comes back to where htmx has led them.
  document.addEventListener("submit", ({ target }) => {
    const here = one("[data-here]", target);
    if (here) here.value = location.pathname + location.search;
  });
  // An address says what is filtered, not what is not.
  document.addEventListener("formdata", ({ target, formData }) => {
    if (target.matches(".filters")) for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });

  // Shortcuts, which can be switched off.
  const keysOn = () => localStorage.getItem("keys") !== "off";
  function switchKeys(on) {
    localStorage.setItem("keys", on ? "on" : "off");
    document.documentElement.dataset.shortcuts = on ? "on" : "off";
  }
  const typing = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
  function step(by) {
    const links = all("[data-row] a");
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by];
    if (next) next.focus();
  }
  // One key approves, but not what has only just come: a key pressed twice must not decide a ticket unseen.
  let came = 0;
  function approve(held) {
    const button = one("[data-key=a]");
    if (held || performance.now() - came < 600) button?.focus();
    else button?.click();
  }
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    o: () => document.activeElement.closest("[data-row] a")?.click(),
    n: () => one("[data-key=n]")?.click(),
    u: () => one("[data-key=u]")?.click(),
    a: (event) => approve(event.repeat),
    r: () => one("[data-text]")?.focus(),
    "/": () => one("[data-filter]")?.focus(),
    "?": () => one("#keys")?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (target.matches("[data-filter]") && (key === "ArrowDown" || key === "Enter")) {
      event.preventDefault();
      const first = all(".reason:not([hidden]) input", target.form)[0];
      if (first) { first.focus(); toggle(first, true); }
      return;
    }
    if (key === "Enter" && target.matches("[data-text], [data-choose] input")) {
      event.preventDefault();
      one(".reject", target.form).focus();
      return;
    }
    if (key === "Escape" && target.closest("[data-decision]")) return target.blur();
    if (!keysOn() || !one("#keys") || one("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(target)) return;
    const reason = target.closest(".reasons") && one(`[data-reason-key="${CSS.escape(key.toUpperCase())}"]`);
    if (reason) {
      event.preventDefault();
      if (!event.repeat) { reason.focus(); toggle(reason, !reason.checked); }
      return;
    }
    if (target.closest(".reasons") && key.toLowerCase() === "a") return; // among the reasons nothing is approved by mistake
    const action = keys[key.toLowerCase()];
    if (action) { event.preventDefault(); action(event); }
  });

  // A claim runs for ten minutes: it is kept while its page is open.
  setInterval(() => {
    const claim = one("[data-claim]");
    if (claim) fetch(claim.dataset.claim, { method: "POST", redirect: "manual", headers: { "Docket-Background": "1" } }).catch(() => {});
  }, 180000);

  // htmx: the title of what came, where the focus goes, and words for a lost connection.
  const notice = () => document.getElementById("notice");
  document.addEventListener("htmx:before:request", () => notice().replaceChildren());
  document.addEventListener("htmx:error", ({ detail }) => {
    if (!detail.ctx || detail.ctx.response) return;
    const words = document.createElement("p");
    words.textContent = detail.ctx.request.signal.aborted ? notice().dataset.slow : notice().dataset.offline;
    notice().replaceChildren(words);
  });
  document.addEventListener("htmx:finally:request", ({ detail }) => {
    const { submitter } = detail.ctx.request;
    setTimeout(() => submitter?.isConnected && document.activeElement === document.body && submitter.focus());
  });
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    if (detail.ctx?.swap === "none") return;
    came = performance.now();
    const part = one("#main > *");
    if (!part || notice().hasChildNodes()) return;
    if (part.dataset.title) document.title = part.dataset.title;
    arrive(part);
    // htmx puts the focus back where it was when something of that id came again.
    settle(part, document.activeElement === document.body);
  });

  document.documentElement.dataset.shortcuts = keysOn() && !coarse.matches ? "on" : "off";
  for (const box of all("[data-keys]")) box.checked = keysOn();
  arrive(document);
  settle(document, false);
})();
