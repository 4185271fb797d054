/* The panel 校对 in the editor of an article: asks the server after a pause in typing, lists what it
   answers, and leads to the place. It only looks at the form: it changes nothing in it, and saving
   goes its own way. */
(() => {
  "use strict";

  const LOOK_MS = 500; // how often the form is looked at
  const PAUSE_MS = 1500; // without a change, before the server is asked
  const RETRY_MS = 15000; // after it could not be asked
  const LONGEST_MS = 20000; // for an answer to come
  const LEVELS = ["block", "warn", "hint"];
  const LOST = "连不上服务器，暂时不能校对。写作和保存不受影响，连上后会自动再查。";
  const REFUSED = "不能校对：可能已经退出登录，或没有编辑权限。文字还在这个页面上；请另开一个窗口登录，再回到这里。";
  const CHANGED = "文字刚刚改过，这条提示有变化，请照新的提示再看一次。";
  const BROKEN = "这次没有校对成，稍后会自动再试。写作和保存不受影响。";

  function start(panel) {
    const form = document.querySelector("form[data-edit-form]");
    if (!form) return;
    const state = panel.querySelector("[data-proofreading-state]");
    const spoken = panel.querySelector("[data-proofreading-count]");
    const row = panel.querySelector("[data-proofreading-row]");
    const counter = document.querySelector(
      '[data-side-panel-toggle="proofreading"] [data-side-panel-toggle-counter]',
    );
    const wanted = (location.hash.match(/^#check-([0-9a-f]+)$/) || [])[1];
    let led = !wanted;
    let seen = null; // the form as it was when last looked at
    let seenAt = 0;
    let asked = null; // the form as it was when last asked about
    let asking = null;
    let quietUntil = 0;
    let alarms = [];
    let replies = Promise.resolve(); // one after the other

    /* What is on the screen, in the words of Wagtail's own previews. */
    function written() {
      const data = new FormData(form);
      for (const [name, value] of [...data.entries()]) {
        if (typeof value !== "string") data.delete(name);
      }
      return new URLSearchParams(data);
    }

    /* A new article becomes a page by its first autosave, without the panel being drawn anew. */
    function key() {
      for (const address of [form.getAttribute("action") || "", location.pathname]) {
        const found = address.match(/\/pages\/(\d+)\/edit\//);
        if (found) return found[1];
      }
      return "";
    }

    function checkUrl() {
      const page = key();
      return page
        ? panel.dataset.checkUrl.replace("/0/", `/${page}/`)
        : panel.dataset.checkNewUrl;
    }

    async function post(url, data, control = new AbortController()) {
      const end = setTimeout(() => control.abort(new TypeError("no answer")), LONGEST_MS);
      try {
        const answer = await fetch(url, {
          method: "POST",
          body: data,
          signal: control.signal,
          redirect: "manual",
          headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
        });
        const kind = answer.headers.get("Content-Type") || "";
        const told = kind.startsWith("application/json") ? await answer.json() : {};
        if (answer.ok && kind.startsWith("application/json")) return told;
        if (told.error) throw new Error(told.error);
        const refused = answer.type === "opaqueredirect" || answer.status === 403;
        throw new Error(refused ? REFUSED : BROKEN);
      } finally {
        clearTimeout(end);
      }
    }

    /* Own errors carry words for the editor; the browser's (TypeError) mean there is no network. */
    function wordsOf(error) {
      return error instanceof TypeError ? LOST : error.message;
    }

    function tell(text, failed) {
      state.textContent = text;
      state.hidden = !text;
      panel.classList.toggle("proofreading--failed", Boolean(failed));
    }

    async function check(text) {
      if (asking) asking.abort(); // only the newest answer counts
      const mine = new AbortController();
      asking = mine;
      try {
        const answer = await post(checkUrl(), new URLSearchParams(text), mine);
        asked = text;
        show(answer.alarms);
      } catch (error) {
        if (error.name === "AbortError") return;
        asked = null; // to be asked again
        quietUntil = Date.now() + RETRY_MS;
        tell(wordsOf(error), true);
      } finally {
        if (asking === mine) asking = null;
      }
    }

    function look() {
      if (document.hidden || asking) return;
      const text = written().toString();
      const now = Date.now();
      if (text !== seen) {
        seen = text;
        seenAt = now;
        return;
      }
      if (text !== asked && now - seenAt >= PAUSE_MS && now >= quietUntil) check(text);
    }

    function show(found) {
      alarms = found;
      const standing = found.filter((alarm) => !alarm.accepted);
      for (const level of LEVELS) {
        list(level, standing.filter((alarm) => alarm.level === level));
      }
      list("accepted", found.filter((alarm) => alarm.accepted));
      const words = standing.length ? `校对提示${standing.length}处` : "没有发现问题";
      tell(standing.length ? "" : "没有发现问题。", false);
      if (spoken.textContent !== words) spoken.textContent = words;
      if (counter) {
        counter.textContent = String(standing.length);
        counter.hidden = !standing.length;
      }
      if (!led) {
        led = true;
        open(true);
        const alarm = found.find((each) => each.key === wanted);
        if (alarm) showPlace(alarm);
        else tell("您要找的那一处，文字已经改过，不再提示。", false);
      }
    }

    /* Draws a list only when it changed, and keeps the focus on the same line. */
    function list(level, found) {
      const section = panel.querySelector(`[data-proofreading-level="${level}"]`);
      const drawn = JSON.stringify(found);
      section.hidden = !found.length;
      section.querySelector("[data-proofreading-number]").textContent = found.length;
      if (section.dataset.drawn === drawn) return;
      section.dataset.drawn = drawn;
      const rows = section.querySelector("ul");
      const held = rows.contains(document.activeElement) && document.activeElement;
      const heldKey = held && held.closest("li").dataset.key;
      const heldClass = held && held.classList[0];
      rows.replaceChildren(...found.map(line));
      if (heldKey) {
        const again = rows.querySelector(`li[data-key="${heldKey}"] .${heldClass}`);
        if (again) again.focus({ preventScroll: true });
      }
    }

    function line(alarm) {
      const item = row.content.firstElementChild.cloneNode(true);
      item.dataset.key = alarm.key;
      item.querySelector(".proofreading__place").textContent = alarm.field_label;
      const quote = item.querySelector(".proofreading__quote");
      quote.textContent = shortened(alarm.quote);
      quote.hidden = !alarm.quote;
      item.querySelector(".proofreading__message").textContent = alarm.message;
      const by = item.querySelector(".proofreading__by");
      by.textContent = alarm.accepted ? `${alarm.accepted_by} ${alarm.accepted_at}` : "";
      by.hidden = !alarm.accepted;
      item.querySelector(".proofreading__go").addEventListener("click", () => showPlace(alarm));
      const answer = item.querySelector(".proofreading__answer");
      answer.textContent = alarm.accepted ? "撤销认可" : "原文如此";
      answer.hidden = !alarm.may_accept;
      answer.addEventListener("click", () => {
        answer.disabled = true;
        replies = replies.then(() => reply(alarm)).finally(() => { answer.disabled = false; });
      });
      return item;
    }

    function shortened(quote) {
      return quote.length <= 40 ? quote : `${quote.slice(0, 20)}……${quote.slice(-20)}`;
    }

    /* What is written may have changed since the alarm was told: asked once more, the alarm is still
       there, or under a new key, or it is gone. */
    async function reply(told) {
      const keysBefore = new Set(alarms.map((alarm) => alarm.key));
      const text = written().toString();
      try {
        if (text !== asked) await check(text);
        if (text !== asked) return; // the panel says why
        const alarm = alarms.find((each) => each.key === told.key) || renewed(told, keysBefore);
        if (!alarm) return tell(CHANGED, false);
        if (alarm.accepted !== told.accepted) return; // pressed twice, or by a colleague too
        const data = new URLSearchParams(text);
        data.set("alarm_key", alarm.key);
        data.set("alarm_article", key());
        data.set("alarm_act", alarm.accepted ? "take_back" : "accept");
        const answer = await post(panel.dataset.acceptUrl, data);
        spoken.textContent = answer.done;
        await check(written().toString());
      } catch (error) {
        tell(wordsOf(error), true);
      }
    }

    /* The one alarm that is new and says the same; of several it is not known which was meant. */
    function renewed(told, keysBefore) {
      const alike = alarms.filter(
        (alarm) =>
          !keysBefore.has(alarm.key) &&
          ["code", "field", "quote", "accepted"].every((each) => alarm[each] === told[each]),
      );
      return alike.length === 1 ? alike[0] : null;
    }

    function open(wish) {
      const toggle = document.querySelector('[data-side-panel-toggle="proofreading"]');
      if (toggle && (toggle.getAttribute("aria-expanded") === "true") !== wish) toggle.click();
    }

    /* On a phone the panel lies over the text. */
    function showPlace(alarm) {
      if (panel.getBoundingClientRect().width > innerWidth * 0.7) open(false);
      leadTo(alarm);
    }

    setInterval(look, LOOK_MS);
    addEventListener("online", () => {
      quietUntil = 0;
    });
  }

  /* Where an alarm stands on the screen. */

  function leadTo(alarm) {
    const field = placeOf(alarm);
    if (!field) return;
    reveal(field);
    if (!alarm.quote) return focusOn(field);
    if (field.matches("input, textarea")) return select(field, alarm.quote);
    const range = rangeOf(field, alarm.quote, alarm.line, alarm.start);
    if (!range) return focusOn(field);
    mark(range);
    const block = range.startContainer.parentElement;
    block.scrollIntoView({ block: "center", behavior: "auto" });
    const writing = block.closest("[contenteditable=true]");
    if (writing) {
      writing.focus({ preventScroll: true });
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
    }
  }

  function placeOf(alarm) {
    const section = (path) =>
      document.querySelector(`#page-edit-form [data-contentpath="${CSS.escape(path)}"]`);
    if (alarm.field === "bylines") {
      const names = [...document.querySelectorAll("input[id^=id_bylines-][id$=-name]")].filter(
        (input) => !input.id.includes("__prefix__"),
      );
      const named = names.find((input) => alarm.quote && input.value.includes(alarm.quote));
      return named || names[0] || document.getElementById("id_bylines-ADD") || section("bylines");
    }
    if (alarm.field !== "body") return document.getElementById(`id_${alarm.field}`);
    const block = (alarm.block && section(alarm.block)) || section("body");
    if (!block) return null;
    const inputs = [...block.querySelectorAll("input:not([type=hidden]), textarea")];
    const holds = inputs.find((input) => alarm.quote && input.value.includes(alarm.quote));
    if (holds && holds.offsetParent !== null) return holds;
    return block;
  }

  /* Opens the tab and the panels that the field lies behind. */
  function reveal(field) {
    const tab = field.closest("[role=tabpanel]");
    if (tab && tab.hidden) {
      const handle = document.querySelector(`[role=tab][aria-controls="${tab.id}"]`);
      if (handle) handle.click();
    }
    for (let at = field.closest(".w-panel"); at; at = at.parentElement.closest(".w-panel")) {
      const toggle = at.querySelector("[data-panel-toggle]");
      if (toggle && toggle.getAttribute("aria-expanded") === "false") toggle.click();
    }
  }

  function focusOn(field) {
    const inside = "[contenteditable=true], input:not([type=hidden]), textarea, select, button";
    const target = field.matches(inside) ? field : field.querySelector(inside) || field;
    target.scrollIntoView({ block: "center", behavior: "auto" });
    target.focus({ preventScroll: true });
  }

  function select(input, quote) {
    const at = input.value.indexOf(quote);
    input.scrollIntoView({ block: "center", behavior: "auto" });
    input.focus({ preventScroll: true });
    if (at >= 0 && input.setSelectionRange) input.setSelectionRange(at, at + quote.length);
  }

  /* Finds the words in the running text: in the line that was named, else anywhere in the block. */
  function rangeOf(field, quote, line, start) {
    const writing = field.querySelector("[contenteditable=true]") || field;
    const lines = [...writing.querySelectorAll("[data-block=true]")].filter((each) =>
      each.textContent.trim(),
    );
    const near = lines[line] ? find(lines[line], quote, start) : null;
    if (near) return near;
    for (const each of lines) {
      const found = find(each, quote, 0);
      if (found) return found;
    }
    return null;
  }

  function find(line, quote, start) {
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    const nodes = [];
    let text = "";
    while (walker.nextNode()) {
      nodes.push([walker.currentNode, text.length]);
      text += walker.currentNode.data;
    }
    const sought = quote.replace(/\n/g, "");
    // The same words may stand twice in a line: the nearest to where they were found.
    let at = -1;
    for (let next = text.indexOf(sought); next >= 0; next = text.indexOf(sought, next + 1)) {
      if (at < 0 || Math.abs(next - start) < Math.abs(at - start)) at = next;
    }
    if (at < 0 || !sought) return null;
    const range = document.createRange();
    const place = (offset) => {
      const [node, before] = nodes.filter(([, begins]) => begins <= offset).pop();
      return [node, Math.min(offset - before, node.data.length)];
    };
    range.setStart(...place(at));
    range.setEnd(...place(Math.max(at, at + sought.length - 1)));
    range.setEnd(range.endContainer, Math.min(range.endOffset + 1, range.endContainer.data.length));
    return range;
  }

  /* Colours the words without touching the document; older browsers show the selection alone. */
  function mark(range) {
    if (!window.Highlight || !CSS.highlights) return;
    CSS.highlights.set("proofreading", new Highlight(range.cloneRange()));
    setTimeout(() => CSS.highlights.delete("proofreading"), 4000);
  }

  const panels = () => document.querySelectorAll("[data-proofreading]").forEach(start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", panels);
  else panels();
})();
