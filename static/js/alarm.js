/* While an urgent message stands that nobody has read, the duty desk sounds every few seconds; the bar says so too. */
(function () {
  "use strict";

  const PAUSE = 6000;
  let context = null, timer = null;

  function tone(at, pitch) {
    const voice = context.createOscillator(), volume = context.createGain();
    voice.frequency.value = pitch;
    volume.gain.setValueAtTime(0.15, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
    voice.connect(volume).connect(context.destination);
    voice.start(at);
    voice.stop(at + 0.4);
  }

  function sound() {
    if (!window.AudioContext) return;
    context = context || new window.AudioContext();
    context.resume().then(() => { tone(context.currentTime, 880); tone(context.currentTime + 0.45, 660); });
  }

  function look() {
    const sounds = document.querySelector("[data-sounds]") !== null;
    document.documentElement.dataset.sounding = sounds ? "1" : "";
    if (sounds && timer === null) { sound(); timer = window.setInterval(sound, PAUSE); }
    if (!sounds && timer !== null) { window.clearInterval(timer); timer = null; }
  }

  document.addEventListener("htmx:afterSettle", look);
  look();
})();
