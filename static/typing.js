"use strict";
// What is typed into a form while it is being sent stays, whatever the answer shows; what an agent has typed comes back once they have
// signed in again. And an answer that another one proposes is filled in.
(() => {
  const controlsOf = (form) => [...form.elements].filter(({ name, type }) => name && !/^(hidden|file|submit|button)$/.test(type));
  const hasChoice = ({ type }) => type === "radio" || type === "checkbox";
  const keyOf = (control) => (hasChoice(control) ? `${control.name} ${control.value}` : control.name);
  const stateOf = (control) => (hasChoice(control) ? control.checked : control.value);
  const statesOf = (form) => new Map(controlsOf(form).map((control) => [keyOf(control), stateOf(control)]));
  const stepOf = (root) => root.querySelector("[data-draft] [name=form-step]")?.value;
  const tell = (control) => { for (const name of ["input", "change"]) control.dispatchEvent(new Event(name, { bubbles: true })); };

  function restoreStates(form, states) {
    for (const control of controlsOf(form)) {
      const state = states.get(keyOf(control));
      if (state === undefined || state === stateOf(control)) continue;
      if (hasChoice(control)) control.checked = state;
      else control.value = state;
      tell(control);
    }
  }

  const sentBy = new WeakMap(); // request → what its form had when it was sent
  let typed = null; // during a swap: what was typed since, and where the focus is
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    const form = ctx.sourceElement.closest("[data-draft]");
    if (!form) return;
    sentBy.set(ctx, { form, states: statesOf(form) });
    form.querySelector("[data-stayed]")?.remove();
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail, sent = sentBy.get(ctx);
    typed = null;
    if (!sent?.form.isConnected || ctx.response?.status >= 500 || ctx.response?.status === 429) return;
    const changed = new Map([...statesOf(sent.form)].filter(([key, state]) => sent.states.has(key) && sent.states.get(key) !== state));
    const line = document.activeElement.closest("[data-search-line]"); // a search that is typed and not taken yet
    const searched = line && sent.form.contains(line) && line.getAttribute("aria-expanded") === "true" && line.value;
    if (!changed.size && !searched) return;
    const before = stepOf(document), next = stepOf(new DOMParser().parseFromString(ctx.text, "text/html"));
    if (next && before !== next) {
      event.preventDefault(); // another step has no place for it
      return stay(sent.form);
    }
    const { id, selectionStart, selectionEnd } = document.activeElement;
    typed = { changed, searched, focus: sent.form.contains(document.activeElement) && { id, selectionStart, selectionEnd } };
  });
  function stay(form) {
    const words = document.createElement("p");
    words.className = "fine holding";
    words.dataset.stayed = "";
    words.setAttribute("role", "status");
    form.querySelector(".step-buttons").before(words);
    words.textContent = form.dataset.sayStayed;
  }
  document.addEventListener("htmx:after:swap", () => {
    const form = document.querySelector("[data-draft]"), { changed, searched, focus } = typed ?? {};
    typed = null;
    if (!form || !changed) return;
    restoreStates(form, changed);
    const control = focus && document.getElementById(focus.id);
    if (!control) return;
    if (control !== document.activeElement) {
      control.focus({ preventScroll: true });
      control.scrollIntoView({ block: "center" });
    }
    if (searched) control.value = searched;
    if (focus.selectionStart !== undefined && focus.selectionStart !== null) control.setSelectionRange(focus.selectionStart, focus.selectionEnd);
    if (!searched) return;
    control.dispatchEvent(new Event("input", { bubbles: true })); // the list is there again
  });

  // What was typed or chosen before this script was there is handled as if it were typed now, once htmx listens. What a browser fills in
  // again after "back" or a reload was typed long ago: it waits until its user goes on.
  const givenValue = (control) => control.options ? ([...control.options].find((option) => option.defaultSelected) ?? control.options[0])?.value : control.defaultValue;
  function isTyped(control) {
    if (control.type === "file") return control.files.length > 0;
    if (control.type === "radio" && !control.checked) return false; // the one that is chosen instead is told
    return hasChoice(control) ? control.checked !== control.defaultChecked : control.value !== givenValue(control);
  }
  function tellTyped() {
    const form = document.querySelector("[data-draft], [data-decision]");
    if (!form || performance.getEntriesByType("navigation")[0]?.type !== "navigate") return;
    for (const control of [...controlsOf(form), ...form.querySelectorAll("[type=file]")].filter(isTyped)) tell(control);
  }
  document.addEventListener("DOMContentLoaded", () => setTimeout(tellTyped));

  // What an agent has typed about a ticket when the session ends is kept in this tab, for the account and the form, and is taken from there
  // once the form is back. It goes when somebody signs out, or another account signs in.
  const prefixOf = (account) => `typed ${account} `;
  const keptName = (form) => prefixOf(document.body.dataset.account) + form.getAttribute("action");
  const agentForms = () => document.querySelectorAll("#review form[action]");
  function keepTyped() {
    for (const form of agentForms()) {
      if (!controlsOf(form).some(isTyped)) continue;
      try { sessionStorage.setItem(keptName(form), JSON.stringify([...statesOf(form)])); } catch {} // denied
    }
  }
  function restoreTyped() {
    for (const form of agentForms()) {
      let states = null;
      try { states = JSON.parse(sessionStorage.getItem(keptName(form))); sessionStorage.removeItem(keptName(form)); } catch {} // denied
      if (!states) continue;
      restoreStates(form, new Map(states));
      const closed = form.closest("details:not([open])");
      if (closed) closed.open = true;
    }
  }
  function forgetTyped(but = "typed nobody ") {
    try {
      for (const name of Object.keys(sessionStorage)) if (name.startsWith("typed ") && !name.startsWith(but)) sessionStorage.removeItem(name);
    } catch {} // denied
  }
  Object.assign(docket, { keepTyped, forgetTyped });
  document.addEventListener("htmx:before:response", ({ detail }) => detail.ctx.response.status === 401 && keepTyped());
  document.addEventListener("htmx:after:swap", restoreTyped);
  document.addEventListener("DOMContentLoaded", () => {
    const { account } = document.body.dataset;
    if (account) forgetTyped(prefixOf(account));
    setTimeout(restoreTyped);
  });

  // A country that another one proposes follows it until its user has chosen one.
  document.addEventListener("change", ({ target }) => {
    const form = target.closest("[data-draft]");
    if (!form) return;
    for (const note of form.querySelectorAll("[data-proposed]")) {
      const goal = form.elements.namedItem(note.dataset.proposed), shown = note.textContent !== "";
      if (target === goal) note.textContent = note.dataset.value === goal.value ? note.dataset.say : "";
      if (target.name !== note.dataset.from || !target.value || goal.value && !shown || goal.closest(".field").nextElementSibling?.querySelector("[name=take]")) continue;
      note.dataset.value = goal.value = target.value;
      tell(goal);
    }
  });
})();
