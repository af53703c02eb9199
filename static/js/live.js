/* The minute in the bar goes on, and a part that polls says so when its figures stand still. */
(function () {
  "use strict";

  function two(number) { return String(number).padStart(2, "0"); }

  function shanghai() {
    const parts = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    return parts.format(new Date());
  }

  function tick() {
    document.querySelectorAll("[data-clock]").forEach((clock) => { clock.textContent = shanghai(); });
  }

  function stamp(part, isStale) {
    const note = part.parentNode.querySelector("[data-live-stamp]");
    if (!note) return;
    note.hidden = !isStale;
    if (isStale && !note.dataset.since) {
      const now = new Date();
      note.dataset.since = two(now.getHours()) + ":" + two(now.getMinutes());
      note.textContent = note.dataset.liveStamp + " " + note.dataset.since;
    }
    if (!isStale) delete note.dataset.since;
  }

  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => {
    document.addEventListener(name, (event) => { if (event.target.matches("[data-live]")) stamp(event.target, true); });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.target.matches("[data-live]")) stamp(event.target, false);
  });

  if (document.querySelector("[data-clock]") && !document.documentElement.dataset.still) window.setInterval(tick, 15000);
})();
