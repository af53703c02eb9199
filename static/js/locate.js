/* A button with data-locate puts this device's place (WGS-84) into the fields of latitude and longitude. */
(function () {
  "use strict";
  const button = document.querySelector("[data-locate]");
  if (!button || !("geolocation" in navigator)) return;
  const said = document.querySelector("[data-locate-said]");

  function put(id, value) {
    const field = document.getElementById(id);
    if (!field) return;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function found(position) {
    const crs = document.getElementById("id_crs");
    if (crs) crs.value = crs.options[0].value;
    put("id_latitude", position.coords.latitude.toFixed(6));
    put("id_longitude", position.coords.longitude.toFixed(6));
    said.textContent = "± " + Math.round(position.coords.accuracy) + " m";
    button.disabled = false;
  }

  function refused() {
    said.textContent = button.dataset.refused;
    button.disabled = false;
  }

  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    said.textContent = button.dataset.waiting;
    navigator.geolocation.getCurrentPosition(found, refused, { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
  });
})();
