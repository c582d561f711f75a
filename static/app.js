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

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.reveal) reveal(button);
    if (button.dataset.open) document.getElementById(button.dataset.open).showModal();
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-text]")) pick(target);
    if (target.matches("[data-choose] input")) letter(target.form);
    if (target.matches("[data-keys]")) switchKeys(target.checked);
  });
  document.addEventListener("input", ({ target }) => {
    if (target.matches("[data-comment]")) letter(target.form);
    if (target.matches("[data-filter]")) narrow(target);
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
