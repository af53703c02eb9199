/* Shows the photographs that were chosen, before they are sent. Formats the browser cannot draw show their name. */
(function () {
  "use strict";

  function figure(file) {
    const box = document.createElement("figure");
    const words = document.createElement("figcaption");
    words.textContent = file.name + " · " + (file.size / 1048576).toFixed(1) + " MB";
    if (/^image\/(jpeg|png|webp|gif)$/.test(file.type)) {
      const image = document.createElement("img");
      image.alt = "";
      image.src = URL.createObjectURL(file);
      image.addEventListener("load", () => URL.revokeObjectURL(image.src));
      box.append(image);
    }
    box.append(words);
    return box;
  }

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches("input[type=file][data-preview]")) return;
    let shown = input.nextElementSibling;
    if (!shown || !shown.matches(".previews")) {
      shown = document.createElement("div");
      shown.className = "previews";
      input.after(shown);
    }
    shown.replaceChildren(...Array.from(input.files, figure));
  });
})();
