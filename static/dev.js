// docket dev: loads the page again when the form file was saved.
"use strict";
(() => {
  const { events, state } = document.currentScript.dataset;
  new EventSource(events).onmessage = ({ data }) => { if (data !== state) location.reload(); };
})();
