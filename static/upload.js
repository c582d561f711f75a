"use strict";
// The files of the form: pictures are made smaller, and each file is sent as soon as it is chosen, while its user goes on. Without this
// script the browser's own control is there, and files are sent with the form. Nothing here keeps a form from being sent.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const pickedBy = "[data-upload] [type=file]";

  // Pictures are sent as JPEG, so large and so good that they are soon there and can still be read: the longest side in pixels and the
  // quality, from the best to what is taken in any case.
  const longest = 2000, enoughBytes = 460e3;
  const grades = [[longest, 0.85], [longest, 0.75], [longest, 0.62], [1600, 0.6], [1400, 0.5]];
  const isPicture = (file) => /^image\//i.test(file.type) || /\.(jpe?g|png|webp|avif|hei[cf]|bmp)$/i.test(file.name);
  const isHEIC = (file) => [file.type, file.name].some((name) => /[./]hei[cf]$/i.test(name));
  const isServed = (file) => /^image\/(jpe?g|png)$/i.test(file.type); // the server reads it as it is

  // shrink returns a smaller copy of a picture, upright and without what else the camera wrote into the file. It returns the file itself
  // when the browser cannot read it, or when the copy is no smaller.
  async function shrink(file) {
    if (!isPicture(file)) return file;
    let bitmap;
    try {
      bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
      const copy = await encode(bitmap);
      const fits = isServed(file) && Math.max(bitmap.width, bitmap.height) <= longest;
      if (!copy || (fits && copy.size >= file.size)) return file;
      return new File([copy], file.name.replace(/\.\w+$/, "") + ".jpg", { type: copy.type, lastModified: file.lastModified });
    } catch {
      return file;
    } finally {
      bitmap?.close();
    }
  }
  // encode draws a bitmap as a JPEG, on white where it is transparent; null when the browser makes none.
  async function encode(bitmap) {
    let copy = null;
    for (const [side, quality] of grades) {
      const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(bitmap.width * scale));
      canvas.height = Math.max(1, Math.round(bitmap.height * scale));
      const pen = canvas.getContext("2d");
      pen.imageSmoothingQuality = "high";
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      copy = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      canvas.width = canvas.height = 0; // frees its memory at once
      if (copy?.type !== "image/jpeg") return null;
      if (copy.size <= enoughBytes) break;
    }
    return copy;
  }

  // What is on its way, by the id of its field: the chosen files, the copies that are sent, the request, and how to go on after a failure.
  // It stays when the page shows another part of the form, and is shown again with its field.
  const jobs = new Map();
  const boxOf = (job) => document.getElementById(job.id);
  const isCurrent = (job) => jobs.get(job.id) === job;
  const isUnderWay = (job) => !job.retry && !job.refused;

  // One picture is made smaller at a time, and one file is sent at a time: a phone has little memory and a slow line.
  let line = Promise.resolve();
  const queue = (work) => (line = line.then(work, work));

  const labelOf = (box) => one("progress", box).getAttribute("aria-label");
  function chooseFiles(input) {
    const box = input.closest("[data-upload]");
    if (!input.files.length) return;
    drop(jobs.get(box.id));
    const job = { id: box.id, name: input.name, label: labelOf(box), say: { ...box.dataset }, files: [...input.files], single: !input.multiple };
    jobs.set(job.id, job);
    const problem = one(".problem:not(:empty)", box);
    if (problem) docket.removeMistake(problem);
    show(job, job.say.sayShrinking);
    queue(() => prepare(job));
  }

  // prepare makes the copies and sends them, unless a file cannot be taken.
  async function prepare(job) {
    if (!isCurrent(job)) return;
    job.copies = [];
    for (const file of job.files) job.copies.push(await shrink(file));
    if (!isCurrent(job)) return;
    const heic = boxOf(job) && one("[type=file]", boxOf(job))?.accept.includes("image/") && job.copies.some(isHEIC);
    const large = job.copies.some((file) => file.size > job.say.maxBytes);
    if (heic || large) return refuse(job, heic ? job.say.sayHeic : job.say.sayLarge);
    showCopy(job);
    return send(job);
  }

  // refuse says why a file is not sent, and clears its field.
  function refuse(job, words) {
    const box = boxOf(job);
    drop(job);
    if (!box) return;
    const input = one("[type=file]", box);
    if (input) input.value = "";
    showState(box, "refused", words);
  }

  // drop ends what is on its way for a field. The file that the field had before is shown again.
  function drop(job) {
    if (!job) return;
    if (isCurrent(job)) jobs.delete(job.id);
    job.request?.abort();
    clearTimeout(job.timer);
    if (job.address) URL.revokeObjectURL(job.address);
    job.shown?.replaceWith(...(job.before ?? []));
  }

  // show shows how far a job is at its field, if the page has that. With retry, its button goes on.
  function show(job, words, { share, retry, state = "sending" } = {}) {
    job.retry = retry;
    job.status = { state, words, share };
    const box = boxOf(job);
    if (box) showState(box, state, words, share, retry);
  }
  function showState(box, state, words, share, retry) {
    const bar = one("progress", box), part = one("[data-share]", box);
    box.dataset.state = state;
    bar.hidden = part.hidden = share === undefined;
    bar.value = share || 0;
    part.textContent = Math.round((share || 0) * 100) + "\u00a0%";
    const text = one("[data-status-text]", box);
    if (text.textContent !== words) text.textContent = words; // it is read out
    one("[data-retry]", box).hidden = !retry;
    one("[data-sending]", box).hidden = false;
  }

  // showCopy shows the picture that is sent, in the place of the one before.
  function showCopy(job) {
    const box = boxOf(job);
    if (!box || !job.single || !isPicture(job.copies[0]) || job.shown?.isConnected) return;
    job.address ??= URL.createObjectURL(job.copies[0]);
    const img = document.createElement("img");
    img.alt = labelOf(box);
    img.src = job.address;
    img.onerror = () => job.shown.replaceWith(...job.before); // the browser cannot show it
    job.shown = document.createElement("div");
    job.shown.className = "kept";
    job.shown.append(img);
    job.before = all(".kept", box);
    const place = job.before[0] ?? one(".choose", box);
    place.before(job.shown);
    for (const kept of job.before) kept.remove();
  }

  // What is typed is sent and saved with the file.
  function bodyOf(job) {
    const body = new FormData(), form = boxOf(job)?.closest("form") ?? one("[data-draft]");
    for (const [name, value] of form ? new FormData(form) : []) if (typeof value === "string") body.append(name, value);
    for (const file of job.copies ?? []) body.append(job.name, file);
    if (job.remove) body.append("remove", job.remove);
    if (job.copies) body.append("file-try", `${job.upload} ${job.tried}`); // what the tries before have put there is replaced, and none comes later
    return body;
  }

  // send resolves when a file is there, or when it is said why not. A connection on which nothing moves any more is lost, whether the
  // browser knows or not: it may have left the last of a file to the system, which takes a slow line minutes to send.
  const silence = 120e3; // milliseconds, longer with each try
  function send(job) {
    return new Promise((done) => {
      if (!isCurrent(job)) return done();
      job.upload ??= Math.random().toString(36).slice(2);
      job.tried = (job.tried ?? -1) + 1;
      const request = new XMLHttpRequest(); // fetch does not tell how far it is
      job.request = request;
      request.open("POST", job.say.upload);
      request.setRequestHeader("HX-Request", "true");
      let timer = 0;
      const expectMore = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          request.abort();
          wait(job);
        }, silence * (1 + job.tried));
      };
      request.upload.onprogress = ({ loaded, total }) => {
        expectMore();
        show(job, job.say.saySending, { share: loaded / total });
      };
      request.onerror = () => wait(job);
      request.onload = () => answer(job, request);
      request.onloadend = () => {
        clearTimeout(timer);
        done();
      };
      expectMore();
      if (job.status?.state !== "offline") show(job, job.say.saySending, { share: 0 });
      request.send(bodyOf(job));
    });
  }
  const again = (job) => queue(() => send(job));

  // After a lost connection a file is sent when there is one again: when the browser says so, and from time to time.
  async function wait(job) {
    if (await sayUnreadable(job)) return;
    if (!isCurrent(job)) return;
    show(job, job.say.sayOffline, { state: "offline", retry: () => resume(job) });
    job.pause = Math.min(30e3, 2 * (job.pause ?? 500)); // milliseconds
    job.timer = setTimeout(() => navigator.onLine && job.retry?.(), job.pause);
  }
  async function resume(job) {
    clearTimeout(job.timer);
    job.retry = null;
    if (!(await sayUnreadable(job))) again(job);
  }
  addEventListener("online", () => {
    for (const job of jobs.values()) job.retry?.();
  });

  // sayUnreadable reports whether a chosen file has changed or vanished since, which no browser sends, and says so at its field.
  const isReadable = (file) => file.slice(0, 1).arrayBuffer().then(() => true, () => false);
  async function sayUnreadable(job) {
    if ((await Promise.all(job.files.map(isReadable))).every(Boolean)) return false;
    if (isCurrent(job)) refuse(job, job.say.sayChanged);
    return true;
  }
  // dropUnreadable does the same for every file that a form would send; it returns what it said, or nothing.
  docket.dropUnreadable = async () => {
    let words;
    for (const input of all(pickedBy)) {
      const box = input.closest("[data-upload]");
      if ((await Promise.all([...input.files].map(isReadable))).every(Boolean)) continue;
      words = box.dataset.sayChanged;
      refuse(jobs.get(box.id) ?? { id: box.id }, words);
    }
    return words;
  };

  function answer(job, request) {
    if (!isCurrent(job)) return;
    const { status, responseText } = request, { sayMany, sayBusy, sayGone, sayNotSent } = job.say;
    if ([200, 422].includes(status)) return finish(job, responseText);
    if (status === 401) docket.saySignedOut(one("[data-draft]"), request.getResponseHeader("HX-Redirect"));
    if (request.getResponseHeader("HX-Retarget")) document.getElementById("notice").innerHTML = responseText; // another account is signed in now
    if (status === 404) return refuse(job, sayGone); // the form of today does not ask for it
    if (status === 429) return refuse(job, sayMany);
    job.tries = (job.tries ?? 0) + 1;
    const retry = () => resume(job);
    if (status !== 503 || job.tries > 9) return show(job, sayNotSent, { state: "failed", retry });
    show(job, sayBusy, { state: "busy", retry });
    job.timer = setTimeout(retry, 1000 * (request.getResponseHeader("Retry-After") || 2));
  }

  // finish shows the field as the server answered it.
  function finish(job, html) {
    const box = boxOf(job), fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    drop(job);
    if (!box) return fresh && finishUnseen(job, fresh);
    if (fresh?.id !== box.id) return;
    const inside = box.contains(document.activeElement);
    box.replaceWith(fresh);
    htmx.process(fresh);
    one("[type=hidden][data-decides]", fresh)?.dispatchEvent(new Event("change", { bubbles: true })); // what was read is compared with the answers
    const control = one("[type=file], [data-full]", fresh); // a field that is full takes no more
    if (!("invalid" in fresh.dataset)) docket.removeFromSummary(control.id);
    if (inside) control.focus({ preventScroll: true });
  }

  // finishUnseen puts the ids of the files of a field into a page that shows other fields of the form, and asks what was read of them for
  // these. Why a file was refused is said there, and at its field once that is shown again.
  function finishUnseen(job, fresh) {
    const form = one("[data-draft]");
    if ("invalid" in fresh.dataset) {
      const words = one(".problem", fresh).lastChild.textContent;
      jobs.set(job.id, { ...job, copies: [], shown: null, refused: true, status: { state: "refused", words } });
      const line = document.createElement("p");
      line.textContent = `${job.label}: ${words}`;
      document.getElementById("notice").replaceChildren(line);
    }
    if (!form) return;
    for (const input of all("input[type=hidden]", form)) if (input.name === job.name) input.remove();
    const kept = all("input[type=hidden]", fresh).filter(({ name }) => name === job.name);
    form.append(...kept);
    kept.find((input) => "decides" in input.dataset)?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // remove takes out a file that is there, or ends what is on its way.
  async function remove(button) {
    const box = button.closest("[data-upload]");
    drop(jobs.get(box.id));
    const job = { id: box.id, name: "", say: { ...box.dataset }, files: [], remove: button.value };
    jobs.set(job.id, job);
    await docket.settleDraft(); // a save that is under way must not restore the file
    again(job);
  }

  // A step is left while files of it are under way. A form that is sent before all of its files, or goes to its last page, waits for those.
  // Pressed again it is sent at once, with what the server does not have yet.
  let held = null;
  function holdForm(event, form, button, sendAgain) {
    const under = [...jobs.values()].filter(isUnderWay), goesOn = button?.name === "form-go" && !("waits" in button.dataset);
    for (const job of under) job.follows = goesOn;
    if (goesOn) return;
    if (!form.matches("[data-draft]") || held === form || !under.length || button?.formNoValidate) return void (held = null);
    event.preventDefault();
    event.stopImmediatePropagation();
    held = form;
    const words = document.createElement("p");
    words.className = "fine holding";
    words.setAttribute("role", "status");
    (button?.closest(".send") ?? form).before(words);
    words.textContent = under[0].say.sayHolding;
    line.finally(() => {
      words.remove();
      if (held === form && form.isConnected) sendAgain();
    });
  }
  document.addEventListener("submit", (event) => holdForm(event, event.target, event.submitter, () => event.target.requestSubmit(event.submitter)), true);
  // htmx sends what the buttons of a step press before there is a submit event.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-draft] [name=form-go]");
    if (button) holdForm(event, button.form, button, () => button.click());
  }, true);
  document.addEventListener("formdata", ({ target, formData }) => {
    if (!target.matches("[data-draft]")) return;
    for (const job of jobs.values()) {
      if (isUnderWay(job) && job.follows) {
        for (const value of formData.getAll(job.name)) if (typeof value !== "string") formData.delete(job.name);
        formData.append("form-coming", job.name);
        continue;
      }
      if (!job.copies?.length || !formData.has(job.name)) continue;
      const kept = formData.getAll(job.name).filter((value) => typeof value === "string");
      formData.delete(job.name);
      for (const value of [...kept, ...job.copies]) formData.append(job.name, value);
    }
  });

  // The camera is opened by its own button only, so that a photo that is there already can be chosen. The browser turns more formats into
  // JPEG than the server reads.
  let camera = "";
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-upload] button");
    if (target.matches(pickedBy)) {
      target.toggleAttribute("capture", Boolean(camera));
      if (camera) target.setAttribute("capture", camera);
      target.accept = target.accept.replace(/image\/png(?!,image\/webp)/, "image/png,image/webp,image/avif");
    }
    if (!button) return;
    const box = button.closest("[data-upload]");
    if (button.dataset.camera) {
      camera = button.dataset.camera;
      one("[type=file]", box).click();
      camera = "";
    }
    if ("retry" in button.dataset) jobs.get(box.id)?.retry?.();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-upload] [data-remove]");
    if (!button) return;
    event.preventDefault();
    remove(button);
  });
  document.addEventListener("change", ({ target }) => target.matches(pickedBy) && chooseFiles(target));
  // A field that comes back is shown as far as its file is.
  document.addEventListener("htmx:after:swap", () => {
    for (const job of jobs.values()) {
      const box = boxOf(job);
      if (!box || !job.status) continue;
      if (job.copies?.length) showCopy(job);
      showState(box, job.status.state, job.status.words, job.status.share, job.retry);
    }
  });
})();
