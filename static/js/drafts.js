/* Keeps what is typed into a form with data-draft on this computer until it is sent. Never files, never passwords. */
(function () {
  "use strict";
  const SKIPPED = ["csrfmiddlewaretoken", "next"];

  function isKept(field) {
    return field.name && !SKIPPED.includes(field.name) && !/^(file|password|hidden|submit|button)$/.test(field.type);
  }

  function read(form) {
    const values = {};
    Array.from(form.elements).filter(isKept).forEach((field) => {
      if (/^(checkbox|radio)$/.test(field.type) && !field.checked) return;
      (values[field.name] = values[field.name] || []).push(field.value);
    });
    return values;
  }

  function write(form, values) {
    Array.from(form.elements).filter(isKept).forEach((field) => {
      const kept = values[field.name];
      if (!kept) return;
      if (/^(checkbox|radio)$/.test(field.type)) field.checked = kept.includes(field.value);
      else if (!field.value) field.value = kept[0];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function begin(form) {
    const key = "draft:" + form.dataset.draft;
    try {
      const kept = window.localStorage.getItem(key);
      if (kept && !form.querySelector(".error-summary")) write(form, JSON.parse(kept));
      form.addEventListener("input", () => window.localStorage.setItem(key, JSON.stringify(read(form))));
      form.addEventListener("submit", () => window.localStorage.removeItem(key));
    } catch (storageRefused) {
      form.dataset.draftRefused = storageRefused.name;
    }
  }

  document.querySelectorAll("form[data-draft]").forEach(begin);
})();
