/* The board of an issue, alive: rows are dragged or moved by keys, changed in place, and follow
   what colleagues do. Without this script the same forms are posted by buttons.

   The server answers every act with the changing part of the page. Rows whose version differs are
   put in the place of the old ones; a row that is being moved, or whose list is open, waits. */

(() => {
  const board = document.querySelector("[data-board]");
  const BY_SCRIPT = { "X-Board": "1", "X-Requested-With": "XMLHttpRequest" };
  const SEEN_EVERY = 5000;
  const HIDDEN_EVERY = 30000;
  const CHOOSING = 30000;
  const UNREACHABLE =
    "现在连不上服务器，正在重试。屏幕上的可能不是最新的；您刚才的操作如果没有生效，连上以后请再做一次。";
  const NO_ENTRY = "登录已过期，或您不再有权限。请重新登录，再打开这个页面；已保存的都还在。";

  const parse = (html) => new DOMParser().parseFromString(html, "text/html").body;

  /* Put a piece of the server's HTML where the user looks; scripts in it never run. */
  const fill = (place, html) => place.replaceChildren(...parse(html).childNodes);

  /* ---- Pasting one article: what each line is taken for, while it is pasted ---- */

  const watchPaste = (form) => {
    const text = form.querySelector("[data-paste-text]");
    const place = form.querySelector("[data-lines-place]");
    let asked = 0;
    let timer = 0;

    const read = async () => {
      const turn = ++asked;
      const chosen = new Map(
        [...place.querySelectorAll("select[data-chosen]")].map((select) => [
          select.parentElement.querySelector(".board-line__text").textContent,
          select.value,
        ]),
      );
      const body = new FormData(form);
      body.delete("part");
      body.delete("of");
      body.set("act", "read");
      try {
        const answer = await fetch(form.action, { method: "POST", headers: BY_SCRIPT, body });
        if (turn !== asked) return;
        if (answer.ok) {
          fill(place, await answer.text());
        } else {
          const told = parse(await answer.text()).querySelector("[data-told]");
          place.replaceChildren(...(told ? [told] : []));
        }
      } catch {
        if (turn !== asked) return; // the server guesses again when the article is taken in
        place.replaceChildren();
      }
      for (const select of place.querySelectorAll("select")) {
        const words = select.parentElement.querySelector(".board-line__text").textContent;
        if (chosen.has(words)) {
          select.value = chosen.get(words);
          select.dataset.chosen = "";
          select.parentElement.dataset.partOfLine = select.value;
        }
      }
    };

    text.addEventListener("input", () => {
      asked += 1;
      // What was chosen for another text must not be sent along with this one.
      for (const field of place.querySelectorAll("select, input")) field.disabled = true;
      clearTimeout(timer);
      timer = setTimeout(read, 250);
    });
    place.addEventListener("change", (event) => {
      event.target.dataset.chosen = "";
      event.target.parentElement.dataset.partOfLine = event.target.value;
    });
    text.focus();
  };

  if (!board) {
    document.querySelectorAll("[data-paste]").forEach(watchPaste);
    return;
  }

  const boardForm = board.querySelector("[data-board-form]");
  const listPlace = board.querySelector("[data-changing-place]");
  const columns = board.querySelector(".board__columns");
  const announcer = board.querySelector("[data-announce]");
  const offline = board.querySelector("[data-offline]");
  const changing = () => listPlace.querySelector("[data-changing]");
  const rowsIn = (list) => [...list.querySelectorAll(":scope > [data-row]")];
  const lists = () => [...listPlace.querySelectorAll("[data-rows]")];
  const titleOf = (row) => `《${row.dataset.title}》`;

  let tag = "";
  let entry = changing().dataset.entry;
  let acting = 0; // requests of the user's own that are under way
  let acts = 0; // all of them so far
  let held = null; // the row that is dragged, or picked up by a key

  const announce = (words) => {
    announcer.textContent = "";
    requestAnimationFrame(() => {
      announcer.textContent = words;
    });
  };

  const warn = (words) => {
    offline.textContent = words;
    offline.hidden = !words;
  };

  const placeOf = (row) => {
    const list = row.closest("[data-rows]");
    const rows = rowsIn(list);
    return { folio: list.dataset.rows, position: rows.indexOf(row), of: rows.length };
  };

  const spoken = (row) => {
    const { folio, position, of } = placeOf(row);
    return `第${folio}版第${position + 1}条，共${of}条`;
  };

  /* ---- Taking in what the server says ---- */

  const withoutTokens = (html) =>
    html.replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1");

  /* Whether somebody is at a field of it. A list keeps the focus long after the choice is made. */
  let choosing = 0; // when a list was last touched and nothing chosen yet
  for (const kind of ["focusin", "pointerdown", "keydown"]) {
    listPlace.addEventListener(kind, () => (choosing = Date.now()), true);
  }
  listPlace.addEventListener("change", () => (choosing = 0), true);
  const open = (element) => {
    const active = document.activeElement;
    if (!active || !element.contains(active)) return false;
    if (active.matches("select")) return Date.now() - choosing < CHOOSING;
    return active.matches("input, textarea");
  };

  /* What the focus is on, in words that find it again in a new row. */
  const focusKey = () => {
    const active = document.activeElement;
    if (!active || !listPlace.contains(active)) return null;
    const row = active.closest("[data-row]");
    if (!row) return active.id ? () => document.getElementById(active.id) : null;
    const places = [...row.querySelectorAll("a, button, select")];
    const { id, value, name } = active;
    const index = places.indexOf(active);
    const label = active.getAttribute("aria-label");
    return () => {
      const now = listPlace.querySelector(`[data-row="${row.dataset.row}"]`);
      if (!now) return null;
      const all = [...now.querySelectorAll("a, button, select")];
      return (
        (id && now.querySelector(`#${CSS.escape(id)}`)) ||
        all.find((one) => name && one.name === name && one.value === value && !one.disabled) ||
        all.find((one) => label && one.getAttribute("aria-label") === label && !one.disabled) ||
        now.querySelector("[data-handle]") ||
        all[index]
      );
    };
  };

  const order = (root) =>
    [...root.querySelectorAll("[data-rows]")]
      .map((list) => `${list.dataset.rows}:${rowsIn(list).map((row) => row.dataset.row)}`)
      .join(";");

  const byName = (root, selector, name) =>
    new Map([...root.querySelectorAll(selector)].map((one) => [one.dataset[name], one]));

  const isSamePart = (one, other) => withoutTokens(one.innerHTML) === withoutTokens(other.innerHTML);

  const marked = (row) => {
    row.classList.add("board-row--new");
    setTimeout(() => row.classList.remove("board-row--new"), 4000);
  };

  /* Bring the page in step with what the server sent; return whether all of it was taken in. */
  const takeIn = (html, { own = false } = {}) => {
    const sent = parse(html).querySelector("[data-changing]");
    const now = changing();
    const news = [...sent.querySelectorAll("[data-news] li")].map((item) => item.textContent);
    const isNewLook = now.dataset.look !== sent.dataset.look;
    const all = !own && open(listPlace) ? replaceAround(now, sent) : replaceWhole(now, sent, own);
    if (news.length && (all || entry !== sent.dataset.entry)) announce(news.join("；"));
    entry = sent.dataset.entry;
    if (isNewLook) preview.reload();
    return all;
  };

  /* A list is open somewhere: it would close if its row moved, so only others are replaced. */
  const replaceAround = (now, sent) => {
    if (order(now) !== order(sent)) return false;
    let all = true;
    const rows = byName(sent, "[data-row]", "row");
    for (const old of rowsAll()) {
      const row = rows.get(old.dataset.row);
      if (old.dataset.version === row.dataset.version) continue;
      if (open(old)) all = false;
      else old.replaceWith(row);
    }
    const parts = byName(sent, "[data-part]", "part");
    for (const old of now.querySelectorAll("[data-part]")) {
      const part = parts.get(old.dataset.part);
      if (!part || old.dataset.part === "told" || isSamePart(old, part)) continue;
      if (open(old)) all = false;
      else old.replaceWith(part);
    }
    Object.assign(now.dataset, { order: sent.dataset.order, look: sent.dataset.look });
    return all;
  };

  const replaceWhole = (now, sent, own) => {
    const refocus = focusKey();
    const rows = byName(now, "[data-row]", "row");
    for (const row of sent.querySelectorAll("[data-row]")) {
      const old = rows.get(row.dataset.row);
      if (!old) marked(row);
      else if (old.dataset.version === row.dataset.version) row.replaceWith(old);
    }
    const parts = byName(now, "[data-part]", "part");
    for (const part of sent.querySelectorAll("[data-part]")) {
      const old = parts.get(part.dataset.part);
      if (!old) continue;
      const details = part.querySelector("details");
      const before = old.querySelector("details");
      if (details && before) details.open = before.open;
      // What was told stays until the user does something else.
      if (isSamePart(old, part) || (!own && part.dataset.part === "told")) part.replaceWith(old);
    }
    const scroll = window.scrollY;
    now.replaceWith(sent);
    window.scrollTo({ top: scroll, behavior: "instant" });
    const focused = refocus && refocus();
    if (focused && document.activeElement !== focused) focused.focus({ preventScroll: true });
    choosing = 0; // whatever was being chosen there is chosen, or gone
    return true;
  };

  const rowsAll = () => [...listPlace.querySelectorAll("[data-row]")];

  /* ---- Asking what is new ---- */

  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, document.hidden ? HIDDEN_EVERY : SEEN_EVERY);
  };

  const ask = async () => {
    clearTimeout(timer);
    if (acting || held) return wait();
    const since = acts;
    try {
      const answer = await fetch(`${board.dataset.rowsUrl}?since=${entry}`, {
        headers: tag ? { ...BY_SCRIPT, "If-None-Match": tag } : BY_SCRIPT,
        cache: "no-store",
      });
      const html = answer.status === 200 ? await answer.text() : "";
      if (answer.status === 304) {
        warn("");
      } else if (answer.status === 200 && html.includes("data-changing")) {
        warn("");
        // An act of the user's own that began meanwhile brings something newer.
        const isLatest = since === acts && !held;
        tag = isLatest && takeIn(html) ? answer.headers.get("ETag") || "" : "";
      } else {
        warn(answer.status >= 500 ? UNREACHABLE : NO_ENTRY);
      }
    } catch {
      warn(UNREACHABLE);
    }
    wait();
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? wait() : ask()));
  listPlace.addEventListener("focusout", () => {
    if (!tag) setTimeout(ask, 300);
  });

  /* ---- Acting ---- */

  const send = async (url, body) => {
    acting += 1;
    acts += 1;
    try {
      const answer = await fetch(url, { method: "POST", headers: BY_SCRIPT, body });
      const html = await answer.text();
      warn("");
      return { status: answer.status, html };
    } catch {
      warn(UNREACHABLE);
      return { status: 0, html: "" };
    } finally {
      acting -= 1;
    }
  };

  /* Acts go out one after another: each names the order that the one before it left. */
  let queue = Promise.resolve();
  let queued = 0;

  /* Return the answer's status; 0 where none came. */
  const act = (fields) => {
    queued += 1;
    const turn = queue.then(async () => {
      const body = new FormData();
      body.set("csrfmiddlewaretoken", boardForm.elements.csrfmiddlewaretoken.value);
      body.set("order", changing().dataset.order);
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      const { status, html } = await send(board.dataset.actUrl, body);
      queued -= 1;
      tag = "";
      if (status && !html.includes("data-changing")) {
        warn(status >= 500 ? UNREACHABLE : NO_ENTRY);
        return 0;
      }
      if (!status) return 0;
      if (held || (queued && status < 400)) {
        // Something is moving already: what it moves among is taken in when it is put down.
        const sent = parse(html).querySelector("[data-changing]");
        changing().dataset.order = sent.dataset.order;
        return status;
      }
      takeIn(html, { own: true });
      const told = listPlace.querySelector("[data-told]");
      if (told && told.dataset.told === "success") announce(told.textContent.trim());
      else if (told) told.scrollIntoView({ block: "nearest" });
      wait();
      return status;
    });
    queue = turn.catch(() => {});
    return turn;
  };

  boardForm.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter) act({ act: event.submitter.value });
  });

  listPlace.addEventListener("change", (event) => {
    const key = event.target.dataset.place;
    if (!key) return;
    const shown = listPlace.querySelector(`[name="shown-${key}"]`);
    act({
      act: `place-${key}`,
      [event.target.name]: event.target.value,
      [shown.name]: shown.value,
    }).then((status) => {
      // What was refused, or could not be sent, must not look as if it stood.
      if ((!status || status >= 400) && event.target.isConnected) {
        for (const option of event.target.options) option.selected = option.defaultSelected;
      }
    });
  });

  const moveTo = (row, was) => {
    const { folio, position } = placeOf(row);
    if (was.folio === folio && was.position === position) return;
    act({ act: `move-${row.dataset.row}`, folio, position }).then((status) => {
      if (!status && row.isConnected) putBack(row, was);
    });
  };

  const putBack = (row, was) => {
    const list = listPlace.querySelector(`[data-rows="${was.folio}"]`);
    row.remove();
    list.insertBefore(row, rowsIn(list)[was.position] || null);
  };

  /* ---- Dragging, by mouse, finger or pen ---- */

  const mark = document.createElement("li");
  mark.className = "board-drop";
  mark.setAttribute("aria-hidden", "true");
  let drag = null;

  const aim = (y) => {
    let list = lists()[0];
    for (const one of lists()) {
      if (one.parentElement.getBoundingClientRect().top <= y) list = one;
    }
    const before = rowsIn(list).find((row) => {
      const { top, height } = row.getBoundingClientRect();
      return y < top + height / 2;
    });
    if (mark.parentElement !== list || mark.nextElementSibling !== (before || null)) {
      list.insertBefore(mark, before || null);
    }
  };

  const roll = () => {
    if (!drag || !drag.begun) return;
    const edge = 80;
    const past = drag.y < edge + 60 ? drag.y - edge - 60 : Math.max(0, drag.y - innerHeight + edge);
    if (past) {
      window.scrollBy({ top: past / 5, behavior: "instant" });
      aim(drag.y);
    }
    requestAnimationFrame(roll);
  };

  const follow = (event) => {
    if (!drag || event.pointerId !== drag.pointer) return;
    event.preventDefault();
    drag.y = event.clientY;
    if (!drag.begun && Math.abs(event.clientY - drag.startY) > 4) {
      drag.begun = true;
      held = drag.row;
      drag.row.classList.add("board-row--dragged");
      board.classList.add("board--dragging");
      requestAnimationFrame(roll);
    }
    if (drag.begun) aim(event.clientY);
  };

  const endDrag = (isDropped) => {
    if (!drag) return;
    const { row, begun, was } = drag;
    drag = null;
    held = null;
    row.classList.remove("board-row--dragged");
    board.classList.remove("board--dragging");
    if (begun && isDropped && mark.parentElement) {
      mark.replaceWith(row);
      moveTo(row, was);
    }
    mark.remove();
    if (begun && !isDropped) announce(`${titleOf(row)}放回原处`);
    wait();
  };

  listPlace.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button !== 0 || held) return;
    const row = handle.closest("[data-row]");
    drag = {
      row,
      pointer: event.pointerId,
      startY: event.clientY,
      y: event.clientY,
      begun: false,
      was: placeOf(row),
    };
    handle.setPointerCapture(event.pointerId);
  });
  window.addEventListener("pointermove", follow, { passive: false });
  window.addEventListener("pointerup", (event) => {
    if (drag && event.pointerId === drag.pointer) endDrag(true);
  });
  window.addEventListener("pointercancel", () => endDrag(false));

  /* ---- Moving by keys ---- */

  let pick = null;

  const stepInPage = (row, step) => {
    const list = row.closest("[data-rows]");
    const beside = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (beside) {
      if (step < 0) list.insertBefore(row, beside);
      else list.insertBefore(beside, row);
      return true;
    }
    const all = lists();
    const other = all[all.indexOf(list) + step];
    if (!other) return false;
    if (step < 0) other.append(row);
    else other.prepend(row);
    return true;
  };

  const pickUp = (row, handle) => {
    pick = { row, handle, was: placeOf(row) };
    held = row;
    row.classList.add("board-row--picked");
    handle.setAttribute("aria-pressed", "true");
    announce(`拿起${titleOf(row)}，在${spoken(row)}。用上下方向键移动，回车或空格放下，Esc放回原处。`);
  };

  const putDown = (isKept) => {
    const { row, handle, was } = pick;
    pick = null;
    held = null;
    row.classList.remove("board-row--picked");
    handle.removeAttribute("aria-pressed");
    if (isKept) {
      announce(`${titleOf(row)}放在${spoken(row)}`);
      moveTo(row, was);
    } else {
      putBack(row, was);
      handle.focus();
      announce(`${titleOf(row)}放回原处，${spoken(row)}`);
    }
    wait();
  };

  const keepFocus = (element) => {
    element.focus({ preventScroll: true });
    element.closest("[data-row]").scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) {
      event.preventDefault();
      endDrag(false);
      return;
    }
    const row = event.target.closest && event.target.closest("[data-row]");
    if (!row || event.isComposing) return;
    const isArrow = event.key === "ArrowUp" || event.key === "ArrowDown";
    const step = event.key === "ArrowUp" ? -1 : 1;
    const handle = row.querySelector("[data-handle]");
    if (isArrow && event.altKey && handle && !pick) {
      event.preventDefault();
      const was = placeOf(row);
      const focused = document.activeElement;
      if (!stepInPage(row, step)) return announce(`${titleOf(row)}已经在${step < 0 ? "最前面" : "最后面"}了`);
      keepFocus(focused);
      announce(`${titleOf(row)}移到${spoken(row)}`);
      moveTo(row, was);
      return;
    }
    if (event.target !== handle) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      if (event.repeat || drag) return;
      if (pick) putDown(true);
      else pickUp(row, handle);
    } else if (pick && event.key === "Escape") {
      event.preventDefault();
      putDown(false);
    } else if (pick && isArrow) {
      event.preventDefault();
      pick.moving = true;
      const moved = stepInPage(row, step);
      keepFocus(handle);
      pick.moving = false;
      announce(moved ? spoken(row) : `已经在${step < 0 ? "最前面" : "最后面"}了`);
    }
  });

  listPlace.addEventListener("focusout", (event) => {
    if (pick && !pick.moving && event.target === pick.handle) {
      setTimeout(() => pick && document.activeElement !== pick.handle && putDown(false), 0);
    }
  });

  /* ---- What is missing ---- */

  // The way there from a row opens what it leads to; so does coming back from 原文如此.
  const openAlarms = () => {
    const alarms = listPlace.querySelector("#alarms");
    alarms.open = true;
    alarms.scrollIntoView({ block: "start" });
    return alarms;
  };

  listPlace.addEventListener("click", (event) => {
    if (!event.target.closest("a[href='#alarms']")) return;
    event.preventDefault();
    openAlarms().querySelector("summary").focus({ preventScroll: true });
  });
  if (location.hash === "#alarms") openAlarms();

  /* ---- A new article ---- */

  const addForm = board.querySelector("[data-add]");
  listPlace.addEventListener("click", (event) => {
    const preset = event.target.closest("[data-preset]");
    if (!preset || !addForm) return;
    event.preventDefault();
    addForm.elements.folio.value = preset.dataset.presetFolio;
    if (!addForm.elements.folio.value) addForm.elements.folio.selectedIndex = 0;
    addForm.elements.section.value = preset.dataset.presetSection;
    addForm.scrollIntoView({ block: "center" });
    addForm.elements.title.focus({ preventScroll: true });
  });

  const box = board.querySelector("[data-dialog-box]");
  const boxPlace = board.querySelector("[data-dialog-place]");

  const showInBox = (html) => {
    fill(boxPlace, html);
    const form = boxPlace.querySelector("[data-paste]");
    if (form) watchPaste(form);
  };

  const openBox = async (link) => {
    const url = new URL(link.href);
    if (addForm) {
      url.searchParams.set("folio", addForm.elements.folio.value);
      url.searchParams.set("section", addForm.elements.section.value);
    }
    try {
      const answer = await fetch(url, { headers: BY_SCRIPT });
      const html = await answer.text();
      if (!answer.ok || !html.includes("data-dialog-content")) throw new Error(answer.status);
      board.querySelector("[data-dialog-title]").textContent = link.dataset.dialog;
      if (!box.open) box.showModal();
      showInBox(html);
    } catch {
      location.assign(url); // as without this script
    }
  };

  board.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (link && box.showModal && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openBox(link);
    }
    if (event.target.closest("[data-dialog-close]")) box.close();
  });

  box.addEventListener("submit", async (event) => {
    const form = event.target;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    const buttons = [...form.querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    const answer = await send(form.action, body);
    for (const button of buttons) button.disabled = false;
    if (!answer) return;
    tag = "";
    if (answer.html.includes("data-dialog-content")) {
      showInBox(answer.html);
      const told = boxPlace.querySelector("[data-told]");
      if (told) announce(told.textContent.trim());
      ask();
    } else if (answer.html.includes("data-changing")) {
      takeIn(answer.html, { own: true });
      box.close();
      const told = listPlace.querySelector("[data-told]");
      if (told) announce(told.textContent.trim());
      wait();
    } else {
      warn(NO_ENTRY);
      box.close();
    }
  });
  box.addEventListener("close", () => {
    boxPlace.replaceChildren();
    if (!tag) ask();
  });

  /* ---- The front page beside the list ---- */

  const preview = (() => {
    const pane = board.querySelector("[data-preview]");
    const place = pane.querySelector("[data-preview-frame]");
    const frame = place.querySelector("iframe");
    const toggle = pane.querySelector("[data-preview-toggle]");
    const widths = [...pane.querySelectorAll("[data-preview-width]")];
    const remembered = (name, other) => {
      try {
        return localStorage.getItem(`board-${name}`) || other;
      } catch {
        return other;
      }
    };
    const remember = (name, value) => {
      try {
        localStorage.setItem(`board-${name}`, value);
      } catch {
        // Private windows keep nothing; the pane works all the same.
      }
    };
    let isFolded = remembered("preview", innerWidth < 800 ? "folded" : "open") === "folded";
    let width = remembered("preview-width", "390");
    let scrolled = 0;
    let soon = 0;

    const fit = () => {
      const room = place.clientWidth;
      // A phone of about the width that there is: no telephone is 390 wide for certain.
      const isPhone = width === "390" && room >= 340 && room <= 480;
      const shown = isPhone ? room : Number(width);
      place.style.setProperty("--preview-width", shown);
      place.style.setProperty("--preview-scale", Math.min(1, room / shown) || 1);
    };

    const show = () => {
      pane.classList.toggle("board-preview--folded", isFolded);
      columns.classList.toggle("board__columns--folded", isFolded);
      toggle.textContent = isFolded ? "展开" : "收起";
      toggle.setAttribute("aria-expanded", String(!isFolded));
      for (const button of widths) {
        button.setAttribute("aria-pressed", String(button.dataset.previewWidth === width));
      }
      if (isFolded) return;
      fit();
      if (!frame.getAttribute("src")) frame.src = frame.dataset.src;
    };

    const reload = () => {
      clearTimeout(soon);
      soon = setTimeout(() => {
        if (isFolded) {
          frame.removeAttribute("src"); // to be read anew when it is unfolded
          return;
        }
        try {
          scrolled = frame.contentWindow.scrollY;
          frame.contentWindow.location.replace(frame.dataset.src);
        } catch {
          frame.src = frame.dataset.src;
        }
      }, 400);
    };

    frame.addEventListener("load", () => {
      try {
        frame.contentWindow.scrollTo({ top: scrolled, behavior: "instant" });
      } catch {
        // Somebody followed a link out of the paper.
      }
    });
    toggle.addEventListener("click", () => {
      isFolded = !isFolded;
      remember("preview", isFolded ? "folded" : "open");
      show();
    });
    for (const button of widths) {
      button.addEventListener("click", () => {
        width = button.dataset.previewWidth;
        remember("preview-width", width);
        show();
      });
    }
    if (window.ResizeObserver) new ResizeObserver(() => !isFolded && fit()).observe(place);
    return { show, reload };
  })();

  board.classList.add("board--live");
  preview.show();
  wait();
})();
