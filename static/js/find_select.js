/* A select above twelve entries becomes find-as-you-type; the select stays the field that is sent. */
(function () {
  "use strict";

  function entries(select) {
    return Array.from(select.options).filter((option) => option.value !== "");
  }

  function build(select) {
    const box = document.createElement("div");
    const input = document.createElement("input");
    const list = document.createElement("ul");
    box.className = "combo";
    list.id = select.id + "_list";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    Object.entries({ type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": list.id,
      "aria-autocomplete": "list", placeholder: select.dataset.find }).forEach(([name, value]) => input.setAttribute(name, value));
    ["aria-describedby", "aria-invalid"].forEach((name) => {
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    });
    return { box, input, list };
  }

  function enhance(select) {
    const { box, input, list } = build(select);
    let shown = [];
    let at = -1;

    function label() {
      const option = select.selectedOptions[0];
      input.value = option && option.value !== "" ? option.text : "";
    }

    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      at = -1;
    }

    function point(index) {
      at = Math.min(Math.max(index, 0), shown.length - 1);
      Array.from(list.children).forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
      if (list.children[at]) {
        input.setAttribute("aria-activedescendant", list.children[at].id);
        list.children[at].scrollIntoView({ block: "nearest" });
      }
    }

    function open(words) {
      const wanted = words.trim().toLowerCase();
      shown = entries(select).filter((option) => option.text.toLowerCase().includes(wanted));
      list.replaceChildren(...shown.map((option, index) => {
        const item = document.createElement("li");
        item.id = list.id + "_" + index;
        item.textContent = option.text;
        item.setAttribute("role", "option");
        item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(option); });
        return item;
      }));
      list.hidden = !shown.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      at = -1;
    }

    function choose(option) {
      select.value = option ? option.value : "";
      select.dispatchEvent(new Event("input", { bubbles: true }));
      select.dispatchEvent(new Event("change", { bubbles: true }));
      label();
      close();
    }

    function leave() {
      const exact = entries(select).find((option) => option.text.toLowerCase() === input.value.trim().toLowerCase());
      if (exact) choose(exact);
      else if (!input.value.trim() && select.value !== "" && entries(select).length < select.options.length) choose(null);
      else label();
      close();
    }

    input.addEventListener("focus", () => { input.select(); open(""); });
    input.addEventListener("input", () => { open(input.value); point(0); });
    input.addEventListener("blur", leave);
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) open("");
        point(at + (event.key === "ArrowDown" ? 1 : -1));
        event.preventDefault();
      } else if (event.key === "Enter" && !list.hidden && at >= 0) {
        choose(shown[at]);
        event.preventDefault();
      } else if (event.key === "Escape" && !list.hidden) {
        label();
        close();
        event.stopPropagation();
      }
    });
    select.addEventListener("change", label);

    const name = document.querySelector('label[for="' + select.id + '"]');
    input.id = select.id + "_find";
    if (name) name.htmlFor = input.id;
    select.before(box);
    box.append(input, list, select);
    input.required = select.required;
    select.required = false;
    select.hidden = true;
    select.tabIndex = -1;
    label();
  }

  document.querySelectorAll("select[data-find]").forEach(enhance);
})();
