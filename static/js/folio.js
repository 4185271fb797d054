/* Enlarge the picture of a printed page: by buttons, keys, wheel, two fingers or a double tap; mark
   an article in the list and on the page together; go to the next folio by a swipe. Without this
   script the areas are links all the same, and 看大图 shows the page as large as it is kept. */
(function () {
  "use strict";

  const STEP = 1.5, MOST = 6, NEAR = 6, SWIPE = 60, DOUBLE = 300;
  const view = document.querySelector("[data-folio-view]");
  if (!view) return;
  const frame = view.querySelector("[data-frame]");
  const sheet = view.querySelector("[data-sheet]");
  const image = sheet.querySelector("img");
  let scale = 1, x = 0, y = 0, isSharp = false;

  /* How much: at most until the type is as large as its picture allows. */
  const most = () => Math.max(2, Math.min(MOST, 2 * view.dataset.widest / frame.clientWidth));
  const within = (value, least, largest) => Math.min(Math.max(value, least), largest);

  function show() {
    x = within(x, frame.clientWidth * (1 - scale), 0);
    y = within(y, frame.clientHeight * (1 - scale), 0);
    sheet.style.transform = scale === 1 ? "" : `translate(${x}px, ${y}px) scale(${scale})`;
    frame.classList.toggle("is-enlarged", scale > 1);
    tools.smaller.disabled = tools.whole.disabled = scale === 1;
    tools.larger.disabled = scale >= most();
    tools.scale.textContent = `${Math.round(scale * 100)}%`;
    if (scale > 1 && !isSharp) sharpen();
  }

  function sharpen() {
    isSharp = true;
    const larger = new Image();
    larger.onload = () => {
      image.removeAttribute("srcset");
      image.src = larger.src;
    };
    larger.onerror = () => { isSharp = false; };
    larger.src = view.dataset.zoomed;
  }

  /* Enlarge so that what is at a place of the frame stays there. */
  function enlarge(to, left = frame.clientWidth / 2, top = frame.clientHeight / 2) {
    const next = within(to, 1, most());
    x = left - (left - x) * next / scale;
    y = top - (top - y) * next / scale;
    scale = next;
    show();
  }

  const place = (event) => {
    const box = frame.getBoundingClientRect();
    return [event.clientX - box.left - frame.clientLeft, event.clientY - box.top - frame.clientTop];
  };

  // Buttons and keys

  const tools = {};
  const bar = document.createElement("div");
  bar.className = "printed__tools";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "放大版面图");
  for (const [name, words, act] of [
    ["larger", "放大", () => enlarge(scale * STEP)],
    ["smaller", "缩小", () => enlarge(scale / STEP)],
    ["whole", "看整版", () => enlarge(1)],
  ]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "printed__tool";
    button.textContent = words;
    button.addEventListener("click", act);
    bar.append(tools[name] = button);
  }
  tools.scale = document.createElement("span");
  tools.scale.className = "printed__scale";
  tools.scale.setAttribute("aria-live", "polite");
  bar.append(tools.scale);
  view.prepend(bar);

  view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = frame.clientWidth / 5;
    const moves = { ArrowLeft: [far, 0], ArrowRight: [-far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] };
    if (event.key === "+" || event.key === "=") enlarge(scale * STEP);
    else if (event.key === "-") enlarge(scale / STEP);
    else if (event.key === "0" || (event.key === "Escape" && scale > 1)) enlarge(1);
    else if (scale > 1 && moves[event.key]) {
      x += moves[event.key][0];
      y += moves[event.key][1];
      show();
    } else return;
    event.preventDefault();
  });

  /* An area that the keyboard comes to is brought into sight. */
  sheet.addEventListener("focusin", (event) => {
    const area = event.target.closest(".printed__area");
    frame.scrollTo(0, 0); // the browser would move what is in the frame by itself
    if (!area || scale === 1 || held.size) return;
    const box = area.getBoundingClientRect(), around = frame.getBoundingClientRect();
    if (box.left < around.left || box.right > around.right) x += around.left - box.left + NEAR;
    if (box.top < around.top || box.bottom > around.bottom) y += around.top - box.top + NEAR;
    show();
    // The browser has scrolled to where it was, or does so still.
    requestAnimationFrame(() => {
      area.scrollIntoView({ block: "nearest" });
      frame.scrollTo(0, 0);
    });
  });

  // Wheel: at first the page around scrolls, as everywhere, unless Ctrl is held (or two fingers
  // pinch on a touchpad, which says the same)

  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && scale === 1) return;
    event.preventDefault();
    enlarge(scale * Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.002)), ...place(event));
  }, { passive: false });

  // Fingers and mouse

  const held = new Map();
  let began = null, hasMoved = false, last = null, waiting = 0;

  const spread = () => {
    const [one, other] = [...held.values()];
    return Math.hypot(one[0] - other[0], one[1] - other[1]);
  };
  const middle = () => {
    const [one, other] = [...held.values()];
    return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
  };

  frame.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    held.set(event.pointerId, place(event));
    if (held.size === 1) {
      hasMoved = false;
      began = { at: place(event), x, y, kind: event.pointerType };
    } else if (held.size === 2) {
      hasMoved = true;
      began = { spread: spread(), scale, middle: middle(), x, y };
    }
  });

  frame.addEventListener("pointermove", (event) => {
    if (!held.has(event.pointerId) || !began) return;
    held.set(event.pointerId, place(event));
    if (held.size === 2 && began.spread) {
      const next = within(began.scale * spread() / began.spread, 1, most()), [left, top] = middle();
      x = left - (began.middle[0] - began.x) * next / began.scale;
      y = top - (began.middle[1] - began.y) * next / began.scale;
      scale = next;
      show();
    } else if (held.size === 1 && began.at) {
      const [left, top] = place(event);
      if (Math.hypot(left - began.at[0], top - began.at[1]) < NEAR && !hasMoved) return;
      hasMoved = true;
      if (scale > 1) {
        if (!frame.hasPointerCapture(event.pointerId)) frame.setPointerCapture(event.pointerId);
        x = began.x + left - began.at[0];
        y = began.y + top - began.at[1];
        show();
      }
    }
  });

  function release(event) {
    const at = held.get(event.pointerId);
    held.delete(event.pointerId);
    if (event.type === "pointerup" && at && began && began.at && scale === 1 && began.kind === "touch") {
      const [across, down] = [at[0] - began.at[0], at[1] - began.at[1]];
      if (Math.abs(across) > SWIPE && Math.abs(across) > 2 * Math.abs(down)) {
        const link = document.head.querySelector(`link[rel=${across < 0 ? "next" : "prev"}]`);
        if (link) location.assign(link.href);
      }
    }
    // One finger that stays goes on moving the page from where it is now.
    const [rest] = held.values();
    began = rest ? { at: rest, x, y, kind: "" } : null;
  }
  frame.addEventListener("pointerup", release);
  frame.addEventListener("pointercancel", release);
  frame.addEventListener("dragstart", (event) => event.preventDefault());

  /* A tap on an area waits a moment for a second one, which enlarges; a click of the mouse does not. */
  frame.addEventListener("click", (event) => {
    if (hasMoved && event.detail) {
      event.preventDefault();
      return;
    }
    if (event.pointerType !== "touch") return;
    const link = event.target.closest("a"), at = place(event);
    event.preventDefault();
    const isSecond = last && event.timeStamp - last.time < DOUBLE
      && Math.hypot(at[0] - last.at[0], at[1] - last.at[1]) < 5 * NEAR;
    clearTimeout(waiting);
    if (isSecond) {
      last = null;
      enlarge(scale > 1 ? 1 : 2.5, ...at);
      return;
    }
    last = { time: event.timeStamp, at };
    if (link) waiting = setTimeout(() => location.assign(link.href.baseVal || link.href), DOUBLE);
  });
  frame.addEventListener("dblclick", (event) => {
    if (event.target.closest("a")) return;
    enlarge(scale > 1 ? 1 : 2.5, ...place(event));
  });

  // The list and the page

  for (const line of document.querySelectorAll("[data-marks]")) {
    const area = document.getElementById(line.dataset.marks);
    if (!area) continue;
    const mark = (isOn) => {
      line.classList.toggle("is-marked", isOn);
      area.classList.toggle("is-marked", isOn);
    };
    for (const one of [line, area]) {
      one.addEventListener("pointerenter", () => mark(true));
      one.addEventListener("pointerleave", () => mark(false));
      one.addEventListener("focusin", () => mark(true));
      one.addEventListener("focusout", () => mark(false));
    }
  }

  window.addEventListener("resize", show);
  show();
})();
