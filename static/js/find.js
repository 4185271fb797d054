/* Mark in an article the words by which it was found: /450/2/#find=托育+拱墅区
   (search/hits.py writes them as printed here). Without this script the page is simply read. */
(function () {
  "use strict";

  const MOST_WORDS = 8, LONGEST = 40;
  const HAN = /[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{323af}]/u;
  const BLOCKS = "h1, h2, p, li, td, th, caption, figcaption, dt, dd";
  const style = document.currentScript.dataset.style;
  const article = document.querySelector(".reading__article");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let bar, hits = [], current = -1;

  /* One character for one: width and case. */
  const fold = (text) => Array.from(text, (sign) => {
    const code = sign.codePointAt(0);
    const half = code > 0xff00 && code < 0xff5f ? String.fromCharCode(code - 0xfee0) : sign;
    const lower = half.toLowerCase();
    return (lower.length === half.length ? lower : half).padEnd(sign.length, " ");
  }).join("").replace(/[\u3000\u00a0]/g, " ");

  function wanted() {
    const [, words] = /^#find=([^:]*)/.exec(location.hash) || [];
    if (!words) return [];
    try {
      return words.split("+").map((word) => decodeURIComponent(word).slice(0, LONGEST).trim())
        .filter(Boolean).slice(0, MOST_WORDS);
    } catch (malformed) {
      return [];
    }
  }

  /* Names are set as 王　浩: a space between two Chinese characters does not count. */
  function pattern(words) {
    const parts = words.map((word) => {
      const signs = Array.from(fold(word).replace(/\s+/g, " "));
      let expression = "";
      signs.forEach((sign, place) => {
        const [before, next] = [signs[place - 1] || "", signs[place + 1] || ""];
        if (sign === " ") expression += HAN.test(before) && HAN.test(next) ? "\\s*" : "\\s+";
        else expression += sign.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
        if (HAN.test(sign) && HAN.test(next)) expression += "\\s*";
      });
      return expression;
    });
    parts.sort((one, other) => other.length - one.length);
    return new RegExp(parts.join("|"), "gu");
  }

  /* The text of each block, whatever stands in bold or is a link in it. */
  function* blocks() {
    const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    let block, nodes = [];
    while (texts.nextNode()) {
      const around = texts.currentNode.parentElement.closest(BLOCKS);
      if (!around || around.closest(".find-bar, nav, .origin")) continue;
      if (around !== block && nodes.length) { yield nodes; nodes = []; }
      block = around;
      nodes.push(texts.currentNode);
    }
    if (nodes.length) yield nodes;
  }

  /* Put a mark around each part of a hit; one hit may begin in bold and end outside. */
  function mark(nodes, start, end) {
    const marks = [];
    let from = 0;
    for (const node of nodes) {
      const to = from + node.data.length;
      if (start < to && end > from) {
        const part = node.splitText(Math.max(0, start - from));
        part.splitText(Math.min(part.data.length, end - Math.max(start, from)));
        const around = document.createElement("mark");
        around.className = "found";
        part.replaceWith(around);
        around.append(part);
        marks.push(around);
      }
      from = to;
    }
    return marks;
  }

  function markAll(words) {
    const expression = pattern(words);
    for (const nodes of Array.from(blocks())) {
      const text = fold(nodes.map((node) => node.data).join(""));
      /* From the end, since marking cuts up the nodes before. */
      const found = Array.from(text.matchAll(expression)).reverse();
      const marked = found.map((hit) => mark(nodes, hit.index, hit.index + hit[0].length));
      hits.push(...marked.reverse());
    }
  }

  function clear() {
    document.querySelectorAll("mark.found").forEach((around) => {
      const parent = around.parentNode;
      around.replaceWith(...around.childNodes);
      parent.normalize();
    });
    hits = [];
    current = -1;
    if (bar) bar.remove();
    bar = undefined;
    document.documentElement.classList.remove("finding");
  }

  function go(to, behavior) {
    if (current >= 0) hits[current].forEach((part) => part.classList.remove("found--current"));
    current = (to + hits.length) % hits.length;
    hits[current].forEach((part) => part.classList.add("found--current"));
    hits[current][0].scrollIntoView({ block: "center", behavior });
  }

  function step(by) {
    go(current + by, calm.matches ? "auto" : "smooth");
    bar.querySelector(".find-bar__said").textContent = `第${current + 1}处，共${hits.length}处`;
  }

  function button(label, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "find-bar__button";
    made.textContent = label;
    made.addEventListener("click", action);
    return made;
  }

  function isHere(word) {
    const marked = hits.map((hit) => fold(hit.map((part) => part.textContent).join("")));
    return marked.some((text) => pattern([word]).test(text));
  }

  function show(words) {
    bar = document.createElement("div");
    bar.className = "find-bar";
    bar.setAttribute("role", "region");
    bar.setAttribute("aria-label", "检索词在本文的位置");
    const said = document.createElement("p");
    said.className = "find-bar__said";
    said.setAttribute("role", "status");
    bar.append(said);
    if (hits.length > 1) bar.append(button("上一处", () => step(-1)), button("下一处", () => step(1)));
    bar.append(button("清除", () => {
      clear();
      history.replaceState(history.state, "", location.pathname + location.search);
      document.getElementById("main").focus({ preventScroll: true });
    }));
    article.append(bar);
    /* What changes in a live region is read out, not what it came with. */
    setTimeout(() => {
      /* Anybody can write an address: words that are not in the article are not repeated here. */
      said.textContent = hits.length
        ? `${words.filter(isHere).map((word) => `“${word}”`).join("")}在本文有${hits.length}处`
        : "本文里没有要找的词";
    }, 100);
  }

  function find() {
    clear();
    const words = wanted();
    if (!words.length || !article) return;
    if (!document.querySelector(`link[href="${style}"]`)) {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = style;
      document.head.append(link);
    }
    document.documentElement.classList.add("finding");
    markAll(words);
    show(words);
    if (hits.length) go(0, "auto");
  }

  window.addEventListener("hashchange", find);
  find();
})();
