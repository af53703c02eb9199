/* Lists by keyboard: J and K move, Enter opens, / goes to find. Never while something is being typed. */
(function () {
  "use strict";

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT|BUTTON|SUMMARY)$/.test(target.tagName);
  }

  function rows() {
    return Array.from(document.querySelectorAll("[data-keys] [data-href]"));
  }

  function put(row) {
    rows().forEach((other) => other.classList.toggle("cursor", other === row));
    const link = row.querySelector("a[href]");
    if (link) link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.classList.contains("cursor"));
    put(all[Math.min(Math.max(here + step, 0), all.length - 1)]);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "/") {
      const find = document.querySelector('[data-key="/"]');
      if (!find) return;
      find.focus();
      event.preventDefault();
    } else if (key === "enter" && event.target === document.body) {
      const row = document.querySelector("[data-keys] .cursor[data-href]");
      if (row) window.location.assign(row.dataset.href);
    }
  });
})();
