/* Colours before the first paint: the person's choice, else the system's. Runs in <head>, needs nothing. */
(function () {
  "use strict";
  var root = document.documentElement;
  var wantsDark = window.matchMedia("(prefers-color-scheme: dark)");

  function follow() {
    if (root.dataset.following === "1") root.dataset.theme = wantsDark.matches ? "dark" : "light";
  }

  follow();
  wantsDark.addEventListener("change", follow);
})();
