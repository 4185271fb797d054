/* 录音: what a script adds to a recording: its speed, where one was, and the issue as a queue, with
   the articles that the device's voice reads (listen.js). Without it the recording simply plays. */
(function () {
  "use strict";

  const sound = document.querySelector(".recording__sound");
  if (!sound) return;

  const box = sound.closest(".recording");
  const control = (name) => box.querySelector(`[data-recording=${name}]`);
  const rate = control("rate"), queueing = control("queue");
  const next = document.querySelector("head > link[rel=next]");
  /* What listen.js keeps too, under the same names. */
  const KEPT = "listening", ON = "listening-on";
  const FRESH = 60000, EVERY = 5, NEAR_END = 3; /* milliseconds; seconds */
  const tab = Math.random().toString(36).slice(2);
  let queue = false, yielded = false, noted = -EVERY, begins = 0;

  const stored = (store, key) => { try { return JSON.parse(store().getItem(key)) || {}; } catch (refused) { return {}; } };
  const store = (where, key, value) => {
    try {
      if (value) where().setItem(key, JSON.stringify(value));
      else where().removeItem(key);
      return true;
    } catch (refused) { return false; }
  };
  const lasting = () => localStorage, here = () => sessionStorage;
  const rateNow = () => Number(rate.value) || 1;

  /* What there is to say stands in the page, in its characters. */
  function tell(name) {
    box.querySelector("[role=status]").textContent = name ? box.querySelector(`[data-word=${name}]`).textContent : "";
  }

  function keep(seconds) {
    const now = rateNow();
    noted = seconds || -EVERY;
    store(lasting, KEPT, seconds ? { path: location.pathname, seconds, rate: now, tab } : now === 1 ? null : { rate: now });
  }

  function play() {
    const begun = sound.play();
    if (begun) begun.catch(({ name }) => { if (name === "NotAllowedError") tell("refused"); });
  }

  /* The page that follows begins by itself. */
  function goOn(address) {
    const { href, pathname } = new URL(address, location.href);
    const isNoted = store(here, ON, { path: pathname, at: Date.now() });
    if (isNoted) location.assign(href);
    return isNoted;
  }

  function setQueue(on) {
    queue = on;
    queueing.setAttribute("aria-pressed", String(on));
  }

  sound.addEventListener("loadedmetadata", () => {
    sound.playbackRate = rateNow();
    if (begins && begins < sound.duration - NEAR_END) sound.currentTime = begins;
    begins = 0;
  });
  sound.addEventListener("play", () => {
    tell();
    keep(sound.currentTime || begins || 0.1);
  });
  sound.addEventListener("timeupdate", () => {
    if (!sound.paused && Math.abs(sound.currentTime - noted) >= EVERY) keep(sound.currentTime);
  });
  sound.addEventListener("pause", () => {
    if (!sound.ended && sound.currentTime && !yielded) keep(sound.currentTime);
    yielded = false;
  });
  sound.addEventListener("ended", () => {
    keep(0);
    if (!queue) return;
    if (!next || !goOn(next.href)) tell("all-read");
  });
  sound.addEventListener("error", () => tell("failed"));
  rate.addEventListener("change", () => {
    sound.defaultPlaybackRate = sound.playbackRate = rateNow();
    const kept = stored(lasting, KEPT);
    if (kept.path) store(lasting, KEPT, Object.assign(kept, { rate: rateNow() }));
    else keep(0);
  });
  queueing.addEventListener("click", () => setQueue(!queue));
  /* All pages share one pair of ears. */
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== KEPT || sound.paused || !newValue) return;
    const { tab: other } = JSON.parse(newValue);
    if (!other || other === tab) return;
    yielded = true; /* Theirs is not to be written over. */
    sound.pause();
    tell("elsewhere");
  });

  const kept = stored(lasting, KEPT), { path, at } = stored(here, ON);
  if (Array.from(rate.options, ({ value }) => value).includes(String(kept.rate))) rate.value = String(kept.rate);
  sound.defaultPlaybackRate = rateNow();
  if (kept.path === location.pathname && kept.seconds) {
    begins = kept.seconds;
    tell("kept");
  }
  queueing.hidden = !next;
  box.querySelector(".recording__controls").hidden = false;
  if (path !== location.pathname) return;
  store(here, ON, null);
  if (Date.now() - at < FRESH) {
    setQueue(true);
    play();
  }
})();
