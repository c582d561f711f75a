"use strict";
// A long list of options is searched by typing: a line stands in its place, with what it finds below. The list stays in the form and holds
// the answer; without this script it is shown as it is.
(() => {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  const most = 8; // options at a time

  function replaceList(select) {
    if (select.dataset.searched) return;
    select.dataset.searched = "yes";
    const line = document.createElement("input"), list = document.createElement("div"), around = document.createElement("div");
    Object.assign(line, { type: "text", autocomplete: "off", id: select.id, placeholder: select.dataset.placeholder, spellcheck: false });
    for (const name of ["aria-describedby", "aria-invalid", "required"]) if (select.hasAttribute(name)) line.setAttribute(name, select.getAttribute(name));
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", `${select.id}-list`], ["data-search-line", ""]]) line.setAttribute(name, value);
    Object.assign(list, { id: `${select.id}-list`, className: "found-list", hidden: true, tabIndex: -1 });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", select.options[0].label);
    around.className = "search-select";
    select.id += "-choice";
    select.classList.add("visually-hidden");
    select.tabIndex = -1;
    select.setAttribute("aria-hidden", "true");
    select.before(around);
    around.append(line, list, select);
    const chosen = () => (select.value ? select.selectedOptions[0].label : "");
    line.value = chosen();

    let at = -1;
    const shown = () => [...list.querySelectorAll("[role=option]")];
    function mark(next) {
      at = next;
      shown().forEach((option, i) => option.setAttribute("aria-selected", i === at));
      const current = shown()[at];
      current?.scrollIntoView({ block: "nearest" });
      current ? line.setAttribute("aria-activedescendant", current.id) : line.removeAttribute("aria-activedescendant");
    }
    function close() {
      list.hidden = true;
      line.setAttribute("aria-expanded", "false");
      mark(-1);
    }
    function open() {
      const words = fold(line.value === chosen() ? "" : line.value).split(/\s+/).filter(Boolean);
      const options = [...select.options].filter(({ value }) => value);
      const rank = ({ label, value }) => (value.toLowerCase() === words.join("") ? 0 : fold(label).startsWith(words.join(" ")) ? 1 : 2);
      const found = words.length ? options.filter(({ label, value }) => words.every((word) => fold(label).includes(word)) || value.toLowerCase() === words.join("")).sort((a, b) => rank(a) - rank(b)) : options;
      list.replaceChildren(...(words.length ? found.slice(0, most) : found).map((option, i) => {
        const row = document.createElement("div");
        Object.assign(row, { id: `${list.id}-${i}`, textContent: option.label });
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", "false");
        row.dataset.value = option.value;
        return row;
      }));
      if (!found.length) list.textContent = select.dataset.none;
      list.hidden = false;
      line.setAttribute("aria-expanded", "true");
      mark(words.length && found.length ? 0 : -1);
    }
    function take(value) {
      close();
      if (select.value !== value) {
        select.value = value;
        for (const name of ["input", "change"]) select.dispatchEvent(new Event(name, { bubbles: true }));
      }
      line.value = chosen();
    }
    line.addEventListener("input", open);
    line.addEventListener("click", () => list.hidden && open());
    line.addEventListener("focus", () => line.select());
    line.addEventListener("keydown", (event) => {
      const down = event.key === "ArrowDown", up = event.key === "ArrowUp";
      if (down || up) {
        event.preventDefault();
        if (list.hidden) open();
        const count = shown().length;
        if (count) mark((at + (down ? 1 : count - (at < 0 ? 0 : 1))) % count);
      } else if (event.key === "Enter" && !list.hidden) {
        event.preventDefault();
        if (shown()[at]) take(shown()[at].dataset.value);
      } else if (event.key === "Escape" && !list.hidden) {
        line.value = chosen();
        close();
      }
    });
    line.addEventListener("blur", () => {
      if (list.hidden) return void (line.value = line.value.trim() ? chosen() : (take(""), ""));
      if (!line.value.trim()) take("");
      else if (line.value !== chosen() && shown()[at]) take(shown()[at].dataset.value);
      line.value = chosen();
      close();
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the line keeps the focus
    list.addEventListener("click", ({ target }) => target.dataset.value && take(target.dataset.value));
    select.addEventListener("change", () => (line.value = chosen()));
    new MutationObserver(() => select.isConnected && (line.value = chosen())).observe(select, { childList: true, subtree: true });
  }

  const replaceLists = (root) => { for (const select of root.querySelectorAll("select[data-search-select]")) replaceList(select); };
  replaceLists(document);
  document.addEventListener("htmx:after:swap", () => replaceLists(document));
})();
