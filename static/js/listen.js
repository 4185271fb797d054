/* 朗读: an article read out by the device, sentence by sentence, or the issue, article by article.
   Shows itself only where the device has a Mandarin voice of its own; a voice from the network would
   tell its maker what is read. Without this script the paper is simply read. */
(function () {
  "use strict";

  const synth = window.speechSynthesis;
  const opener = document.querySelector("[data-listen=start]");
  const player = document.querySelector(".player");
  if (!synth || !window.SpeechSynthesisUtterance || !opener) return;

  const files = document.currentScript.dataset;
  const BLOCKS = "h1, h2, p, li, td, th, caption, figcaption, dt, dd";
  const READ = ".titles, .corrections, .standfirst, .copy";
  const KEPT = "listening", ON = "listening-on";
  const FRESH = 60000;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const tab = Math.random().toString(36).slice(2);
  let voice, items = [], current = 0, playing = false, queue = false, shown = null;
  let turn = 0, utterance, watch;

  /* ---- What is kept on the device: where one was, how fast, who reads. */
  const stored = (store, key) => { try { return JSON.parse(store().getItem(key)) || {}; } catch (refused) { return {}; } };
  const store = (where, key, value) => {
    try {
      if (value) where().setItem(key, JSON.stringify(value));
      else where().removeItem(key);
      return true;
    } catch (refused) { return false; }
  };
  const lasting = () => localStorage, here = () => sessionStorage;
  const words = (item) => item.words.slice(0, 20);

  function keep(item) {
    const rate = rateNow();
    store(lasting, KEPT, item ? { path: location.pathname, words: words(item), rate, tab } : rate === 1 ? null : { rate });
  }

  /* ---- The voice. */
  function find() {
    const mandarin = synth.getVoices().filter(({ lang, localService }) =>
      localService && /^(zh|cmn)\b/i.test(lang.replace(/_/g, "-")) && !/\b(HK|MO|yue)\b/i.test(lang.replace(/_/g, "-")));
    const main = mandarin.filter(({ lang }) => /CN|Hans/i.test(lang));
    return main.find((one) => one.default) || main[0] || mandarin[0];
  }

  /* ---- The text of each block, whatever stands in bold or is a link in it. */
  function texts(block) {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
      if (walker.currentNode.parentElement.closest(BLOCKS) === block) found.push(walker.currentNode);
    }
    return found;
  }

  function gather() {
    const parts = Array.from(document.querySelectorAll(".reading__article > *")).filter((part) => part.matches(READ));
    const found = [];
    parts.forEach((part) => {
      const blocks = Array.from(part.querySelectorAll(BLOCKS));
      (part.matches(BLOCKS) ? [part, ...blocks] : blocks).forEach((block) => {
        const text = texts(block).map((node) => node.data).join("").replace(/\n/g, " ");
        let start = 0;
        window.speech.sentences(text).forEach((sentence) => {
          found.push({ block, start, end: start + sentence.length, words: sentence.replace(/\s+/g, " ").trim() });
          start += sentence.length;
        });
      });
    });
    return found;
  }

  /* The parts of text nodes that hold a sentence; asked anew each time, since others mark words too. */
  function places({ block, start, end }) {
    let from = 0;
    const found = [];
    texts(block).forEach((node) => {
      const to = from + node.data.length;
      if (start < to && end > from) found.push({ node, start: Math.max(0, start - from), end: Math.min(node.data.length, end - from) });
      from = to;
    });
    return found;
  }

  function box(item) {
    const found = places(item), range = new Range();
    if (!found.length) return item.block.getBoundingClientRect();
    const last = found[found.length - 1];
    range.setStart(found[0].node, found[0].start);
    range.setEnd(last.node, last.end);
    return range.getBoundingClientRect();
  }

  function unmark() {
    if (window.Highlight && CSS.highlights) CSS.highlights.delete("spoken");
    document.querySelectorAll("mark.spoken").forEach((around) => {
      const parent = around.parentNode;
      around.replaceWith(...around.childNodes);
      parent.normalize();
    });
    shown = null;
  }

  const floor = () => innerHeight - player.offsetHeight;
  const inView = ({ top, bottom }) => bottom > 0 && top < floor();

  /* Mark a sentence; the page goes along, unless the reader has gone elsewhere meanwhile. */
  function mark(item, asked) {
    const along = asked || !shown || inView(box(shown));
    unmark();
    const found = places(item);
    if (window.Highlight && CSS.highlights) {
      const ranges = found.map(({ node, start, end }) => {
        const range = new Range();
        range.setStart(node, start);
        range.setEnd(node, end);
        return range;
      });
      CSS.highlights.set("spoken", new Highlight(...ranges));
    } else {
      found.forEach(({ node, start, end }) => {
        const part = node.splitText(start);
        part.splitText(end - start);
        const around = document.createElement("mark");
        around.className = "spoken";
        part.replaceWith(around);
        around.append(part);
      });
    }
    shown = item;
    const { top, bottom } = box(item);
    if (along && (top < 0 || bottom > floor())) {
      window.scrollBy({ top: top - floor() / 4, behavior: calm.matches ? "auto" : "smooth" });
    }
  }

  /* ---- Reading. Pausing is ending and beginning the sentence anew: Android cannot pause. */
  const control = (name) => player.querySelector(`[data-listen=${name}]`);
  const rateNow = () => (player ? Number(control("rate").value) || 1 : 1);

  /* What there is to say stands in the page, in its characters. */
  const word = (name) => (name ? player.querySelector(`[data-word=${name}]`).textContent : "");

  function tell(name) {
    player.querySelector("[role=status]").textContent = word(name);
  }

  function silence() {
    turn += 1;
    clearTimeout(watch);
    if (synth.speaking || synth.pending) synth.cancel();
  }

  function state(isPlaying) {
    playing = isPlaying;
    control("pause").textContent = word(isPlaying ? "pause" : "on");
  }

  function pause(said) {
    silence();
    state(false);
    tell(said);
  }

  function say(at, asked) {
    silence();
    read(at, asked);
  }

  /* What ended by itself needs no silencing: some voices would lose what comes next. */
  function read(at, asked) {
    if (at >= items.length) return finish();
    current = at;
    mark(items[at], asked);
    keep(items[at]);
    state(true);
    tell();
    if (synth.paused) synth.resume();
    breathe(window.speech.breaths(items[at].words).filter(window.speech.saysSomething));
  }

  function breathe(parts) {
    if (!parts.length) return read(current + 1);
    turn += 1;
    const mine = turn, [part, ...rest] = parts;
    let started = false;
    const on = () => { if (mine === turn) breathe(rest); };
    clearTimeout(watch);
    /* Kept: what nothing refers to may be thrown away before it has told that it ended (Chrome). */
    utterance = new SpeechSynthesisUtterance(part);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.rate = rateNow();
    utterance.onstart = () => { started = true; };
    utterance.onend = on;
    utterance.onerror = ({ error }) => { if (mine === turn) failed(error); };
    /* Some voices forget to say that they ended; some never begin, and do not say so either. */
    watch = setTimeout(() => {
      if (mine !== turn) return;
      if (!started) return failed("not-allowed");
      silence();
      breathe(rest);
    }, 5000 + part.length * 700 / rateNow());
    synth.speak(utterance);
  }

  function failed(error) {
    if (error === "not-allowed") pause("refused");
    else if (error === "canceled" || error === "interrupted") pause("interrupted");
    else pause("failed");
  }

  function finish() {
    const next = document.querySelector("head > link[rel=next]");
    keep(null);
    current = 0;
    unmark();
    state(false);
    if (queue && next && goOn(next.href)) return;
    control("pause").textContent = word("again");
    tell(queue ? "all-read" : "read");
  }

  /* The page that follows begins by itself. */
  function goOn(address) {
    const { href, pathname } = new URL(address, location.href);
    const noted = store(here, ON, { path: pathname, at: Date.now() });
    if (noted) location.assign(href);
    return noted;
  }

  function begin(asked) {
    items = gather();
    if (!items.length) return;
    const kept = stored(lasting, KEPT);
    const place = kept.path === location.pathname ? items.findIndex((item) => words(item) === kept.words) : 0;
    const known = Array.from(control("rate").options, ({ value }) => value);
    if (known.includes(String(kept.rate))) control("rate").value = String(kept.rate);
    control("queue").hidden = !document.querySelector("head > link[rel=next]");
    control("queue").setAttribute("aria-pressed", String(queue));
    player.hidden = false;
    opener.hidden = true;
    say(Math.max(0, place), true);
    if (asked) control("pause").focus({ preventScroll: true });
  }

  function go(to) {
    const place = Math.min(Math.max(0, to), items.length - 1);
    if (playing) return say(place, true);
    current = place;
    mark(items[place], true);
    keep(items[place]);
  }

  const acts = {
    start() {
      if (player) return begin(true);
      const links = Array.from(document.querySelectorAll(".contents__link"));
      const last = links.find(({ pathname }) => pathname === stored(lasting, KEPT).path);
      goOn((last || links[0]).href);
    },
    pause() {
      if (playing) pause();
      else say(current, true);
    },
    back() { go(current - 1); },
    forward() { go(current + 1); },
    queue() {
      queue = !queue;
      control("queue").setAttribute("aria-pressed", String(queue));
    },
    stop() {
      pause();
      unmark();
      if (!current) keep(null);
      queue = false;
      player.hidden = true;
      opener.hidden = false;
      label();
      opener.focus({ preventScroll: true });
    },
  };

  function label() {
    const { path } = stored(lasting, KEPT);
    const isHere = player ? path === location.pathname
      : Array.from(document.querySelectorAll(".contents__link")).some(({ pathname }) => pathname === path);
    const [first, again] = opener.children;
    first.hidden = isHere;
    again.hidden = !isHere;
  }

  function ready() {
    const { path, at } = stored(here, ON);
    store(here, ON, null);
    label();
    opener.hidden = false;
    if (player && path === location.pathname && Date.now() - at < FRESH) {
      queue = true;
      begin(false);
    }
  }

  /* Voices come in late, and some devices never tell that they came. */
  function look() {
    if (voice) return;
    voice = find();
    if (!voice || (!player && !document.querySelector(".contents__link"))) return;
    if (!player) return ready();
    const style = document.createElement("link"), script = document.createElement("script");
    style.rel = "stylesheet";
    style.href = files.style;
    script.src = files.sentences;
    script.addEventListener("load", ready);
    document.head.append(style, script);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-listen]");
    if (button) acts[button.dataset.listen]();
  });
  if (player) {
    control("rate").addEventListener("change", () => {
      if (playing) say(current, true);
      else keep(items[current]);
    });
    /* Speech goes on when its page has gone, and all pages share one voice. */
    addEventListener("pagehide", () => { if (playing) pause(); });
    addEventListener("storage", ({ key, newValue }) => {
      if (key !== KEPT || !playing || !newValue) return;
      const { tab: other } = JSON.parse(newValue);
      if (!other || other === tab) return;
      turn += 1;  /* Theirs is not to be silenced. */
      clearTimeout(watch);
      state(false);
      tell("elsewhere");
    });
  }
  synth.onvoiceschanged = look;
  [0, 500, 2000].forEach((wait) => setTimeout(look, wait));
})();
