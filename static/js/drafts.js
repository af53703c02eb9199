/* Keeps what is typed into a form with data-draft on this computer until it has arrived. Never files, never passwords.
   A draft that was sent is dropped on the next page that does not show the same form again; an error page drops nothing. */
(function () {
  "use strict";
  const SKIPPED = ["csrfmiddlewaretoken", "next"];
  const SENT = "draft-sent";

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
    });
    const note = form.querySelector("[data-draft-note]");
    if (note) note.hidden = false;
  }

  function begin(form) {
    const key = "draft:" + form.dataset.draft;
    const kept = window.localStorage.getItem(key);
    if (kept && !form.querySelector(".error-summary")) write(form, JSON.parse(kept));
    form.addEventListener("input", () => window.localStorage.setItem(key, JSON.stringify(read(form))));
    form.addEventListener("submit", () => window.localStorage.setItem(SENT, key));
  }

  function dropSent(forms) {
    const key = window.localStorage.getItem(SENT);
    if (!key) return;
    window.localStorage.removeItem(SENT);
    if (!forms.some((form) => "draft:" + form.dataset.draft === key)) window.localStorage.removeItem(key);
  }

  const forms = Array.from(document.querySelectorAll("form[data-draft]"));
  try {
    dropSent(forms);
    forms.forEach(begin);
  } catch (storageRefused) {
    document.documentElement.dataset.drafts = storageRefused.name;
  }
})();
