"use strict";
// The pages work without this script; it makes them quicker to use.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const coarse = matchMedia("(pointer: coarse)");
  const docket = (window.docket = {}); // what the script of files uses, and offers

  // Prepare a part of a page: the whole page at first, later what was swapped in.
  function prepare(root) {
    for (const button of all("[data-reveal], [data-open]", root)) button.hidden = false;
    for (const filter of all("[data-filter]", root)) filter.hidden = false;
    for (const words of all("[data-cookies-needed]", root)) words.hidden = navigator.cookieEnabled;
    for (const form of all("[data-decision]", root)) updatePreview(form);
    for (const list of all("[data-zones]", root)) fillZones(list);
    for (const tab of all(".tab-row [aria-current]", root)) showTab(tab.closest(".tab-row"), tab);
    updateAges(root);
  }

  // Tabs scroll on a narrow window: the current one is in sight.
  function showTab(row, tab) {
    if (!row.scrollLeft) row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }

  // How long ago something was stays true on an open page, by the clock of the server.
  const { ages, now } = document.body.dataset;
  const [justNow, ago, seconds, ...units] = (ages ?? "").split("|");
  const skew = Date.parse(now) - Date.now();
  const minute = 60e3, hour = 60 * minute, day = 24 * hour;
  const unitTimes = [[minute, hour], [hour, 2 * day], [day, 60 * day], [30 * day, 730 * day], [365 * day, Infinity]]; // and up to what each is used
  function spanText(length) {
    if (length < minute) return seconds;
    const at = unitTimes.findIndex(([, end]) => length < end);
    const count = Math.floor(length / unitTimes[at][0]);
    return units[2 * at + (count === 1 ? 0 : 1)].replace("#", count);
  }
  function updateAges(root = document) {
    for (const age of all("[data-ago], [data-span]", root)) {
      const length = Date.now() + skew - Date.parse(age.dataset.ago ?? age.dataset.span);
      const text = age.dataset.span ? spanText(length) : length < minute ? justNow : ago.replace("#", spanText(length));
      if (age.textContent !== text) age.textContent = text;
      age.hidden = false;
    }
  }
  setInterval(() => updateAges(), minute);

  // Times are in the browser's time zone from the next page on, unless the account has one.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  if (zone) document.cookie = `docket_zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  function fillZones(list) {
    list.replaceChildren(...(Intl.supportedValuesOf?.("timeZone") ?? []).map((name) => new Option("", name)));
  }

  // Move the focus to what is wrong or, after a swap, to the heading of the new part; of a new row, to its first input.
  function moveFocus(root, swapped) {
    const goal = one(".summary[data-focus], input[data-focus]", root) || (swapped && one("[data-focus]", root));
    if (!goal) return;
    const control = goal.matches(".group-row") && all("input, select, textarea", goal).find((input) => input.offsetParent);
    (control || goal).focus({ preventScroll: goal.matches("h1, .group") });
  }

  // Show password.
  function togglePassword(button) {
    const input = document.getElementById(button.dataset.reveal);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? button.dataset.show : button.dataset.hide;
    button.setAttribute("aria-label", shown ? button.dataset.showLabel : button.dataset.hideLabel);
  }

  // Reject: the texts of the chosen reasons become the comment, unless the agent has changed it.
  const chosenReasons = (form) => all("[data-reason-text]:checked", form);
  const joinTexts = (reasons) => (reasons.every((r) => r.dataset.reasonText) ? reasons.map((r) => r.dataset.reasonText).join("\n\n") : "");
  function updateComment(reason) {
    const form = reason.form;
    const comment = one("[data-comment]", form);
    const previous = all("[data-reason-text]", form).filter((r) => r.checked !== (r === reason));
    if (comment && (comment.value === "" || comment.value === joinTexts(previous))) comment.value = joinTexts(chosenReasons(form));
    updatePreview(form);
  }

  // Whether the user may submit again, below what they read.
  function updatePreview(form) {
    const reasons = chosenReasons(form);
    const preview = one("[data-preview]", form);
    const choice = one("[data-class-choice]", form);
    form.dataset.decision = reasons.length ? "reject" : "";
    for (const rows of all("[data-rows]", form)) {
      rows.hidden = rows.disabled = !reasons.some((r) => r.dataset.groups.split(" ").includes(rows.dataset.rows));
    }
    if (!preview) return; // a second look has nothing for the user
    preview.hidden = !reasons.length;
    const has = (name) => reasons.some((r) => r.dataset.class === name);
    if (choice) {
      choice.hidden = has("final") || !has("choose");
      one("input", choice).disabled = choice.hidden;
    }
    const final = has("final") || (choice && !choice.hidden && one("input", choice).checked);
    for (const line of all("[data-preview-class]", preview)) line.hidden = line.dataset.previewClass !== (final ? "final" : "retry");
  }

  function setReason(reason, checked) {
    reason.checked = checked;
    updateComment(reason);
  }

  function filterReasons(filter) {
    const words = filter.value.toLowerCase().split(/\s+/);
    for (const reason of all(".reason", filter.form)) {
      const text = reason.textContent.toLowerCase();
      reason.hidden = !words.every((word) => text.includes(word)) && !one(":checked", reason);
    }
  }

  // A corrected field is removed from the summary at the top of the form.
  function removeFromSummary(id) {
    const line = one(`.summary li:has(a[href="#${id}"])`);
    if (!line) return;
    const summary = line.closest(".summary");
    const heading = one("h2", summary);
    line.remove();
    const left = all("li", summary).length;
    if (left) heading.textContent = heading.dataset.fewer.split("\n")[left - 1];
    else summary.remove();
  }
  docket.removeFromSummary = removeFromSummary;

  // The draft is saved shortly after typing, and at once when the page is left.
  const typedEntries = (form) => [...new FormData(form)].filter(([, value]) => typeof value === "string");
  let saveTimer = 0, lastSave = Promise.resolve(), draftRefused = false;
  // The fields with a mistake, by the elements that say so: the answer says what is still wrong with them. What is wrong with a file, its upload says.
  const invalidFields = (form) => all(".field[data-invalid]:not([data-upload]) > .problem[id]", form).map(({ id }) => id).join(" ");
  // Requests of a page overtake each other: each says when what it sends was read, in milliseconds since 1970.
  document.addEventListener("formdata", ({ target, formData }) => {
    if (target.matches("[data-draft]")) formData.set("draft-at", Math.round(performance.timeOrigin + performance.now()));
  });
  function scheduleSave() {
    clearTimeout(saveTimer);
    saveTimer = setTimeout(saveDraft, 800);
  }
  function saveDraft() {
    const form = one("[data-draft]");
    if (!saveTimer || !form) return;
    clearTimeout(saveTimer);
    saveTimer = 0;
    const save = fetch(form.dataset.draft, { // a page that is left may send no more than 64 KiB
      method: "POST", body: new URLSearchParams([...typedEntries(form), ["form-invalid", invalidFields(form)]]), keepalive: document.hidden, redirect: "manual", headers: { "Docket-Background": "1", "HX-Request": "true" },
    });
    lastSave = save.then(async (answer) => {
      if (draftRefused) notice().replaceChildren();
      if (answer.status === 401) return saySignedOut(form, answer.headers.get("HX-Redirect"));
      draftRefused = answer.headers.has("HX-Retarget");
      if (draftRefused) return void (notice().innerHTML = await answer.text());
      if (answer.status === 429 || answer.status >= 500) throw answer;
      if ([200, 409].includes(answer.status)) showSaved(form, await answer.text());
    }).catch(() => setTimeout(scheduleSave, 5000));
  }
  // saySignedOut leads to the sign-in in another tab, as what was typed is on this page alone.
  function saySignedOut(form, login) {
    const words = document.createElement("p"), link = document.createElement("a");
    Object.assign(link, { href: login, target: "_blank", textContent: form.dataset.signIn });
    words.append(form.dataset.saySignedOut, " ", link);
    notice().replaceChildren(words);
    draftRefused = true; // the next save that is not takes the words away
  }
  docket.saySignedOut = saySignedOut;
  document.addEventListener("htmx:before:response", (event) => {
    const { sourceElement, response, hx } = event.detail.ctx, form = sourceElement.closest("[data-draft]");
    if (!form || response.status !== 401) return;
    event.preventDefault(); // htmx would leave the page
    saySignedOut(form, hx.redirect);
  });
  // showSaved replaces what the server says of the draft: what the page shows now, and what another page has changed.
  function showSaved(form, html) {
    const parts = [...new DOMParser().parseFromString(html, "text/html").body.children];
    if (!form.isConnected || parts[0]?.id !== "draft-base") return; // another 409 is a page of its own
    for (const fresh of parts) {
      const shown = document.getElementById(fresh.id);
      if (!shown || shown.isEqualNode(fresh)) continue;
      if (shown.matches(".problem:empty")) continue; // mended since
      if ("mended" in fresh.dataset) removeMistake(shown);
      else shown.replaceWith(fresh);
      htmx.process(fresh);
    }
  }
  // removeMistake takes away what was wrong with an answer that has been corrected.
  function removeMistake(problem) {
    const field = problem.closest(".field");
    delete field.dataset.invalid;
    for (const marked of [field, ...all("[aria-invalid]", field)]) marked.removeAttribute("aria-invalid");
    removeFromSummary(problem.id.replace(/-problem$/, ""));
    problem.replaceChildren();
  }
  docket.removeMistake = removeMistake;
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-draft]")) saveTimer = clearTimeout(saveTimer); // the whole form is sent
  });
  document.addEventListener("visibilitychange", () => document.hidden && saveDraft());
  // A short id copies the whole one; a browser lets no page do so that did not come by a safe connection.
  async function copyID(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return;
    }
    button.dataset.copied = "";
    setTimeout(() => delete button.dataset.copied, 1500);
  }
  // What was wrong with the reasons is mended once one is chosen.
  function mendReasons(box) {
    const reasons = box.closest(".reasons[data-invalid]");
    if (!reasons || !box.checked) return;
    reasons.removeAttribute("data-invalid");
    reasons.removeAttribute("aria-invalid");
    reasons.removeAttribute("aria-describedby");
    one(":scope > .problem", reasons)?.remove();
  }

  // settleDraft leaves the saving of the draft to the request that follows, and resolves when a save that is under way has ended.
  docket.settleDraft = () => {
    saveTimer = clearTimeout(saveTimer);
    return lastSave;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.reveal) togglePassword(button);
    if (button.dataset.open) document.getElementById(button.dataset.open).showModal();
    if (button.dataset.copy) copyID(button);
    if (/^(draft-|form-go$)/.test(button.name)) saveTimer = clearTimeout(saveTimer); // the button sends the form
  });
  // Options that were found stand below the line in which they are searched: a press writes the value into it, and arrow keys lead there
  // and back.
  const searchLine = (found) => one("[data-search-options]", found.parentElement);
  document.addEventListener("click", ({ target }) => {
    const option = target.closest("[data-option]");
    if (!option) return;
    const line = searchLine(option.parentElement);
    line.value = option.dataset.option;
    line.focus();
    for (const event of ["input", "change"]) line.dispatchEvent(new Event(event, { bubbles: true }));
  });
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    const option = target.closest("[data-option]"), down = key === "ArrowDown";
    if (!option && !(down && target.matches("[data-search-options]")) || option && !["ArrowDown", "ArrowUp", "Escape"].includes(key)) return;
    event.preventDefault();
    if (!option) return one("[data-option]", target.parentElement)?.focus();
    const next = down ? option.nextElementSibling : key === "ArrowUp" && option.previousElementSibling;
    if (next && next.matches("[data-option]")) next.focus();
    else if (!down) searchLine(option.parentElement).focus();
  });

  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-reason-text]")) {
      updateComment(target);
      mendReasons(target);
    }
    if (target.matches("[data-class-choice] input")) updatePreview(target.form);
    if (target.matches("[data-keys]")) switchShortcuts(target.checked);
    if (target.closest("[data-draft]") && !target.matches("[type=file]")) scheduleSave();
    if (target.closest("[data-draft] .field[data-invalid]")) saveDraft();
  });
  document.addEventListener("input", ({ target }) => {
    if (target.matches("[data-filter]")) filterReasons(target);
    if (target.closest("[data-draft]") && !target.matches("[type=file]")) scheduleSave();
  });
  // What takes a code or a password once is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  // A change of the language returns to the address that htmx has set.
  document.addEventListener("submit", ({ target }) => {
    const here = one("[data-here]", target);
    if (here) here.value = location.pathname + location.search;
  });
  // Signing out in one tab hides the pages of the account in all others; they send no requests until the session has ended. A
  // page that is shown again from memory is loaded again.
  const signOuts = "BroadcastChannel" in window ? new BroadcastChannel("sign-out") : null;
  document.addEventListener("submit", ({ target }) => {
    if (!target.matches("[data-sign-out]")) return;
    docket.forgetTyped();
    signOuts?.postMessage(document.body.dataset.account);
  });
  signOuts?.addEventListener("message", ({ data }) => {
    docket.forgetTyped();
    const form = one("[data-sign-out]");
    if (!form || data !== document.body.dataset.account) return;
    document.title = location.host;
    document.body.replaceChildren();
    setTimeout(() => location.replace(form.dataset.signOut), 2000);
  });
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  // Empty filters are left out of the address.
  document.addEventListener("formdata", ({ target, formData }) => {
    if (target.matches(".filters")) for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });

  // Shortcuts, which can be switched off.
  const root = document.documentElement.dataset;
  const shortcutsOn = () => root.keys !== "off";
  function switchShortcuts(on) {
    root.keys = root.shortcuts = on ? "on" : "off";
    try { localStorage.setItem("keys", root.keys); } catch {} // denied: it holds for this page
  }
  try { root.keys = localStorage.getItem("keys") ?? "on"; } catch {} // denied
  addEventListener("storage", ({ key, newValue }) => key === "keys" && (root.keys = newValue ?? "on"));
  const isTextInput = (target) => target.closest("input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable]");
  // Tickets that are chosen stay so when the list is loaded again. With Shift all are chosen from the one before to this.
  const picked = new Set();
  let lastPick = null;
  function showPicks() {
    const boxes = all("[data-choose]");
    for (const id of picked) if (!boxes.some((box) => box.value === id)) picked.delete(id);
    for (const box of boxes) box.checked = picked.has(box.value);
    const count = one("[data-picked]");
    if (count && count.textContent !== String(picked.size)) count.textContent = picked.size;
  }
  function pick(box, on, range) {
    const boxes = all("[data-choose]");
    const [from, to] = [boxes.findIndex((each) => each.value === lastPick), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const each of range && from >= 0 ? boxes.slice(from, to + 1) : [box]) on ? picked.add(each.value) : picked.delete(each.value);
    lastPick = box.value;
    showPicks();
  }
  document.addEventListener("click", ({ target, shiftKey }) => {
    if (target.matches("[data-choose]")) pick(target, target.checked, shiftKey);
  });
  function focusRow(by) {
    const links = all("[data-row] a");
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by];
    if (next) next.focus();
  }
  // One key approves, but not a ticket that was shown a moment ago: a key pressed twice must not decide it unseen.
  let swappedAt = 0;
  function approve(held) {
    const button = one("[data-key=a]");
    if (held || performance.now() - swappedAt < 600) button?.focus();
    else button?.click();
  }
  function pressReasonKey({ key, shiftKey, repeat }) {
    const letter = /^[a-z]$/i.test(key);
    const name = (letter && shiftKey ? "⇧" : "") + key.toUpperCase();
    const reason = one(`[data-reason-key="${CSS.escape(name)}"]`);
    if (reason && !repeat) { reason.focus(); setReason(reason, !reason.checked); }
    return Boolean(reason);
  }
  // The point leads from a reason to the rows that it may be for, where a digit chooses one.
  function pressRowKey({ key, target, repeat }) {
    const rows = all("[data-rows]:not([hidden])", target.form);
    if (key === ".") one("input", rows[0] ?? document.createElement("i"))?.focus();
    const row = target.closest("[data-rows]") && one(`[data-row-key="${CSS.escape(key)}"]`, target.closest("[data-rows]"));
    if (row && !repeat) { row.focus(); row.checked = !row.checked; }
    return Boolean(row) || key === "." && rows.length > 0;
  }
  // Enter on a chosen reason rejects, unless the agent has to write what the user reads.
  function rejectNow(form) {
    const comment = one("[data-comment]", form);
    if (!chosenReasons(form).length) return;
    if (!comment || comment.value.trim()) one(".reject", form).click();
    else comment.focus();
  }
  // Snooze, hand over and comment have a form each, which opens below its button.
  function openWork(key) {
    const work = one(`[data-work=${key}]`)?.closest("details");
    if (!work) return;
    work.open = true;
    one("input:not([type=hidden]), textarea", work).focus();
  }
  function closeWork(work) {
    work.open = false;
    one("summary", work).focus();
  }
  document.addEventListener("click", ({ target }) => {
    for (const work of all(".work details[open]")) if (!work.contains(target)) work.open = false;
  });
  const keys = {
    j: () => focusRow(1),
    k: () => focusRow(-1),
    o: () => document.activeElement.closest("[data-row] a")?.click(),
    x: (event) => {
      const box = one("[data-choose]", document.activeElement.closest("[data-row]") ?? document.createElement("i"));
      if (box) pick(box, !box.checked, event.shiftKey);
      else focusRow(1);
    },
    n: () => one("[data-key=n]")?.click(),
    z: (event) => event.repeat || one("[data-key=z]")?.click(),
    u: () => one("[data-key=u]")?.click(),
    s: (event) => event.repeat || one("[data-key=s]")?.click(),
    p: (event) => event.repeat || one("[data-key=p]")?.click(),
    l: () => openWork("l"),
    t: () => openWork("t"),
    m: () => openWork("m"),
    a: (event) => approve(event.repeat),
    r: () => one("[data-reason-text]")?.focus(),
    "/": ({ target }) => (target.closest(".reasons") && one("[data-filter]") || one("[data-search]"))?.select(),
    "?": () => one("#keys")?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (target.matches("[data-filter]") && (key === "ArrowDown" || key === "Enter")) {
      event.preventDefault();
      const first = all(".reason:not([hidden]) input", target.form)[0];
      if (first) { first.focus(); setReason(first, true); }
      return;
    }
    if (key === "ArrowDown" && target.matches("[data-search]")) {
      event.preventDefault();
      return focusRow(1);
    }
    if (key === "Enter" && target.matches("[data-reason-text], [data-rows] input, [data-class-choice] input")) {
      event.preventDefault();
      if (!event.repeat) rejectNow(target.form);
      return;
    }
    if (key === "Escape" && target.closest("[data-decision]")) return target.blur();
    if (key === "Escape" && target.closest(".work details[open]")) return closeWork(target.closest("details"));
    if (key === "Escape" && target.matches("[data-search]") && !target.value) return target.blur();
    if (!shortcutsOn() || !one("#keys") || one("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTextInput(target)) return;
    if (target.closest(".reasons") && (pressRowKey(event) || pressReasonKey(event))) return event.preventDefault();
    if (target.closest(".reasons") && key.toLowerCase() === "a") return; // the focus is on the reasons: do not approve by mistake
    const action = keys[key.toLowerCase()];
    if (action) { event.preventDefault(); action(event); }
  });

  // A claim ends after ten minutes: it is renewed while its page is open. Who begins to decide a ticket that nobody holds claims it.
  const sendClaim = (address) => fetch(address, { method: "POST", body: new URLSearchParams({ _account: document.body.dataset.account }), redirect: "manual", headers: { "Docket-Background": "1" } }).catch(() => {});
  setInterval(() => {
    const claim = one("[data-claim]");
    if (claim) sendClaim(claim.dataset.claim);
  }, 180000);
  function claimFirst({ target }) {
    const form = target.closest("[data-claim-first]");
    if (!form || one("[data-claim]") || form.dataset.claimed) return;
    form.dataset.claimed = "yes";
    sendClaim(form.dataset.claimFirst).then(() => { const live = one("[data-events]"); if (live) htmx.trigger(live, "queue"); });
  }
  for (const event of ["input", "change"]) document.addEventListener(event, claimFirst);

  // The queue is loaded again when it changes. A hidden page has no event stream: all tabs of a browser share six connections
  // to a server. What a page has missed it loads when it is shown again.
  let stream, followed, streamTimer = 0, streamDelay = 1000, missed = false;
  function closeStream() {
    clearTimeout(streamTimer);
    if (stream) missed = true;
    stream = stream?.close();
  }
  function followQueue() {
    const live = one("[data-events]");
    if (!live || document.hidden) return closeStream();
    if (stream && followed === live.dataset.events) return;
    closeStream();
    missed = missed && followed === live.dataset.events;
    followed = live.dataset.events;
    stream = new EventSource(followed);
    const load = () => { const now = one("[data-events]"); if (now) htmx.trigger(now, "queue"); };
    stream.addEventListener("queue", load);
    stream.addEventListener("signed-out", () => {
      docket.keepTyped();
      location.reload();
    });
    stream.onopen = () => {
      streamDelay = 1000;
      if (missed) load();
      missed = false;
    };
    stream.onerror = ({ target }) => {
      missed = true;
      if (target.readyState !== EventSource.CLOSED || target !== stream) return; // the browser connects again by itself
      closeStream();
      load(); // finds out whether the session has ended
      streamDelay = Math.min(2 * streamDelay, 60000);
      streamTimer = setTimeout(followQueue, streamDelay * (0.7 + 0.6 * Math.random()));
    };
  }
  document.addEventListener("visibilitychange", followQueue);
  addEventListener("pagehide", closeStream);

  // The page of a ticket that waits asks whether it is decided: soon at first, then more and more seldom, and when it is looked at again.
  let askDelay = 8000, askTimer = 0;
  function followOutcome() {
    clearTimeout(askTimer);
    const waiting = one("[data-outcome]");
    if (!waiting || document.hidden) return;
    waiting.hidden = false;
    askTimer = setTimeout(askOutcome, askDelay * (0.8 + 0.4 * Math.random()));
  }
  async function askOutcome() {
    const waiting = one("[data-outcome]");
    if (!waiting) return;
    const answer = await fetch(waiting.dataset.outcome, { redirect: "manual", headers: { "Docket-Background": "1", "HX-Request": "true" } }).catch(() => null);
    const fresh = answer?.status === 200 && new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
    const shown = document.getElementById("ticket");
    if (fresh && fresh.id === shown?.id && waiting.isConnected) {
      shown.replaceWith(fresh);
      htmx.process(fresh);
      document.title = fresh.dataset.title;
      prepare(fresh);
      one("[data-focus]", fresh).focus({ preventScroll: true });
    }
    askDelay = Math.min(1.3 * askDelay, 300000);
    followOutcome();
  }
  document.addEventListener("visibilitychange", () => document.hidden ? clearTimeout(askTimer) : askOutcome());

  // A toast is removed after ten seconds, one with a decision when that is made; not while the pointer or the focus is on it. The same
  // one does not come back with a list that loads itself again.
  const toastTime = 10000, closedToasts = new Set();
  const dueOf = (element, left) => (element.due ??= performance.now() + Number(left));
  function followToast() {
    const toast = one("#toast");
    if (!toast) return;
    const pending = "left" in toast.dataset;
    if (!pending && closedToasts.has(toast.dataset.toast)) return toast.remove();
    if (performance.now() < dueOf(toast, pending ? toast.dataset.left : toastTime) || toast.matches(":hover, :focus-within")) return;
    closedToasts.add(toast.dataset.toast);
    toast.remove();
  }
  function countDown() {
    for (const clock of all("[data-countdown]")) {
      const left = Math.ceil((dueOf(clock, clock.dataset.countdown) - performance.now()) / 1000);
      clock.textContent = Math.max(left, 0);
    }
  }
  setInterval(() => { countDown(); followToast(); }, 250);

  const shownTicket = () => one("#review [data-events]")?.dataset.events;
  let lastTicket = shownTicket();

  // htmx: the title and focus after a swap, and a message for a lost connection.
  const notice = () => document.getElementById("notice");
  document.addEventListener("htmx:before:request", () => notice().replaceChildren());
  document.addEventListener("htmx:error", async ({ detail }) => {
    if (!detail.ctx || detail.ctx.response) return;
    const words = document.createElement("p");
    const { slow, offline } = notice().dataset;
    words.textContent = (await docket.dropUnreadable()) || (detail.ctx.request.signal.aborted ? slow : offline);
    notice().replaceChildren(words);
  });
  document.addEventListener("htmx:finally:request", ({ detail }) => {
    const { submitter } = detail.ctx.request;
    setTimeout(() => submitter?.isConnected && document.activeElement === document.body && submitter.focus());
  });
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    if (detail.ctx?.swap === "none" || detail.ctx?.target?.matches?.("#work-state, .found-options")) return;
    swappedAt = performance.now();
    followQueue();
    followOutcome();
    followToast();
    showPicks();
    const part = one("#main > *");
    if (!part || notice().hasChildNodes()) return;
    if (part.dataset.title) document.title = part.dataset.title;
    const box = one("[data-search]");
    if (box && box !== document.activeElement && "search" in part.dataset) box.value = part.dataset.search;
    prepare(part);
    // htmx keeps the focus on an element whose id is in the new part: of another ticket that is a reason that nobody has looked at.
    const ticket = shownTicket();
    const next = ticket !== lastTicket && part.contains(document.activeElement);
    lastTicket = ticket;
    moveFocus(part, next || document.activeElement === document.body);
  });

  root.shortcuts = shortcutsOn() && !coarse.matches ? "on" : "off";
  for (const box of all("[data-keys]")) box.checked = shortcutsOn();
  prepare(document);
  showPicks();
  moveFocus(document, false);
  followQueue();
  followOutcome();
})();
