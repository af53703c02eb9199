/* The menu behind my name: closes on Escape and on a click elsewhere; colours and density take effect at once. */
(function () {
  "use strict";
  const YEAR = 31536000;
  const root = document.documentElement;

  function remember(name, value) {
    document.cookie = name + "=" + value + "; path=/; max-age=" + YEAR + "; samesite=lax";
  }

  function wear(name, value) {
    if (name === "density") root.dataset.density = value;
    if (name !== "theme") return;
    root.dataset.following = value === "system" ? "1" : "";
    const dark = value === "dark" || (value === "system" && window.matchMedia("(prefers-color-scheme: dark)").matches);
    root.dataset.theme = dark ? "dark" : "light";
  }

  document.querySelectorAll("[data-needs-script]").forEach((part) => { part.hidden = false; });

  document.querySelectorAll("[data-choose]").forEach((group) => {
    group.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      remember(group.dataset.choose, button.value);
      wear(group.dataset.choose, button.value);
      group.querySelectorAll("button").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
    });
  });

  const menus = document.querySelectorAll("details[data-menu]");
  document.addEventListener("click", (event) => {
    menus.forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus.forEach((menu) => {
      if (!menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
