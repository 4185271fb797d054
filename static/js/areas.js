/* Draw hot areas on the picture of a page. The list beside it is what counts and what is saved: what
   is drawn is written there, what is written there is drawn. Without this script the list is filled in
   by hand. Units: percent of the width across, percent of the height down. */
(function () {
  "use strict";

  const form = document.querySelector("[data-areas]");
  if (!form) return;
  const SVG = "http://www.w3.org/2000/svg";
  const STEP = 0.5, FINE = 0.1, LEAST = 0.6, MOST_UNDONE = 200, MOST_POINTS = 60;
  const drawing = form.querySelector("[data-drawing]");
  const list = form.querySelector("[data-rows]");
  const still = "still" in form.dataset;
  const ratio = Number(form.dataset.height) / 100;
  const find = (name) => form.querySelector(`[data-${name}]`);
  const help = find("help");
  const HELP = {
    select: "点一块来选它，拖动来移动，拖角上的圆点改大小。键盘：Tab选下一块，方向键移动，Shift加方向键改大小，Delete删去，Ctrl+Z撤销。",
    rectangle: "在版面上按住拖出一个矩形。",
    polygon: "一个角一个角地点，点回第一个角或按Enter画完，按Esc不画了。",
  };
  let mode = "select", chosen = null, draft = null, hold = null, isSaved = true;
  let done = [], undone = [], now = "";

  // The rows

  const rows = () => [...list.querySelectorAll("[data-row]")];
  const part = (row, name) => row.querySelector(`[data-${name}]`);
  const isGone = (row) => part(row, "drop")?.checked;
  const say = (number) => String(Math.round(number * 100) / 100);
  const within = (value) => Math.min(Math.max(value, 0), 100);

  function corners(row) {
    const points = part(row, "polygon").value.trim().split(/\s+/).map((pair) => pair.split(",").map(Number));
    const sound = points.length > 2 && points.every((point) => point.length === 2 && point.every(Number.isFinite));
    return sound ? points : null;
  }

  function isRectangle(points) {
    return points.length === 4 && new Set(points.map(([x]) => x)).size === 2
      && new Set(points.map(([, y]) => y)).size === 2
      && points.every(([x, y], n) => x === points[(n + 1) % 4][0] || y === points[(n + 1) % 4][1]);
  }

  const around = (points) => {
    const across = points.map(([x]) => x), down = points.map(([, y]) => y);
    return [Math.min(...across), Math.min(...down), Math.max(...across), Math.max(...down)];
  };

  function write(row, points) {
    const rounded = points.map(([x, y]) => [Number(say(within(x))), Number(say(within(y)))]);
    part(row, "polygon").value = rounded.map((point) => point.join(",")).join(" ");
    tellSides(row, rounded);
  }

  function tellSides(row, points) {
    const [left, top, right, bottom] = points && isRectangle(points) ? around(points) : [];
    const sides = [...row.querySelectorAll("[data-side]")];
    const numbers = points && isRectangle(points) ? [left, top, right - left, bottom - top].map(say) : ["", "", "", ""];
    sides.forEach((side, place) => { side.value = numbers[place]; });
  }

  function newRow(points) {
    let row = rows().find((each) => isGone(each) || !part(each, "polygon").value.trim());
    const isNew = !row || isGone(row);
    if (!row) {
      row = rows()[0].cloneNode(true);
      const number = rows().length;
      for (const field of row.querySelectorAll("[name]")) field.name = field.name.replace(/-\d+$/, `-${number}`);
      list.append(row);
      find("count").value = number + 1;
    }
    if (part(row, "drop")) part(row, "drop").checked = false;
    row.classList.remove("is-gone");
    // A row in which somebody chose the article already waits for its place.
    if (isNew || !part(row, "article").value) part(row, "article").value = nextArticle();
    write(row, points);
    return row;
  }

  /* The first article that has no area yet, as they stand in the list. */
  function nextArticle() {
    const taken = new Set(rows().filter((row) => !isGone(row) && corners(row)).map((row) => part(row, "article").value));
    const options = [...part(rows()[0], "article").options].map((option) => option.value);
    return options.find((value) => value && !taken.has(value)) || "";
  }

  // What was done, to be taken back

  const state = () => JSON.stringify(rows().map((row) => [
    part(row, "article").value, part(row, "polygon").value, Boolean(isGone(row)),
  ]));

  function remember() {
    const next = state();
    if (next === now) return;
    done.push(now);
    if (done.length > MOST_UNDONE) done.shift();
    undone = [];
    now = next;
    isSaved = false;
    show();
  }

  function restore(from, to) {
    if (!from.length) return;
    to.push(now);
    now = from.pop();
    JSON.parse(now).forEach(([article, polygon, gone], place) => {
      const row = rows()[place];
      part(row, "article").value = article;
      part(row, "polygon").value = polygon;
      if (part(row, "drop")) part(row, "drop").checked = gone;
      tellSides(row, corners(row));
    });
    rows().slice(JSON.parse(now).length).forEach((row) => { part(row, "drop").checked = true; });
    isSaved = false;
    show();
  }

  // The drawing

  const make = (name, attributes) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const drawn = (points) => points.map(([x, y]) => `${x},${y * ratio}`).join(" ");

  function title(row) {
    const select = part(row, "article"), option = select.options[select.selectedIndex];
    return select.value ? option.textContent : "没有选稿件";
  }

  function show() {
    const focused = document.activeElement?.dataset?.of;
    drawing.replaceChildren();
    rows().forEach((row, place) => {
      const points = corners(row), gone = isGone(row);
      row.classList.toggle("is-gone", gone && !still && Boolean(points));
      row.classList.toggle("is-chosen", row === chosen && !gone);
      if (!points || gone) return;
      const area = make("polygon", {
        class: "areas__area", points: drawn(points), "data-of": place, tabindex: 0, role: "button",
        "aria-label": `${title(row)}，左${say(around(points)[0])}上${say(around(points)[1])}`,
      });
      area.classList.toggle("is-without", !part(row, "article").value);
      area.classList.toggle("is-chosen", row === chosen);
      area.append(make("title", {}));
      area.firstChild.textContent = title(row);
      drawing.append(area);
    });
    if (chosen && !isGone(chosen) && !still && mode === "select") {
      (corners(chosen) || []).forEach(([x, y], place) => {
        for (const [kind, size] of [["reach", 2.4], ["handle", 0.8]]) {
          drawing.append(make("circle", { class: `areas__${kind}`, cx: x, cy: y * ratio, r: size, "data-corner": place }));
        }
      });
    }
    if (draft) {
      drawing.append(make("polyline", { class: "areas__draft", points: drawn([...draft.points, draft.end]) }));
      draft.points.forEach(([x, y]) => drawing.append(make("circle", { class: "areas__handle", cx: x, cy: y * ratio, r: 0.7 })));
    }
    if (focused !== undefined) drawing.querySelector(`[data-of="${focused}"]`)?.focus({ preventScroll: true });
    drawing.dataset.mode = mode;
    find("undo").disabled = !done.length;
    find("redo").disabled = !undone.length;
  }

  function choose(row, isToShow) {
    chosen = row;
    if (row && isToShow) row.scrollIntoView({ block: "nearest" });
    show();
  }

  function setMode(next) {
    mode = next;
    draft = null;
    for (const button of form.querySelectorAll("[data-tool]")) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === next));
    }
    help.textContent = HELP[next];
    show();
  }

  // Mouse and fingers

  const at = (event) => {
    const box = drawing.getBoundingClientRect();
    return [within(100 * (event.clientX - box.left) / box.width), within(100 * (event.clientY - box.top) / box.height)];
  };
  const shifted = (points, across, down) => {
    const [left, top, right, bottom] = around(points);
    const x = Math.min(Math.max(across, -left), 100 - right), y = Math.min(Math.max(down, -top), 100 - bottom);
    return points.map((point) => [point[0] + x, point[1] + y]);
  };

  /* A rectangle stays one: its other corners come along. */
  function withCorner(points, place, [x, y]) {
    if (!isRectangle(points)) return points.map((point, n) => (n === place ? [x, y] : point));
    const [oldX, oldY] = points[place];
    return points.map(([a, b]) => [a === oldX ? x : a, b === oldY ? y : b]);
  }

  drawing.addEventListener("pointerdown", (event) => {
    if (still || event.button) return;
    const point = at(event);
    if (mode === "rectangle") {
      hold = { kind: "rectangle", from: point };
      drawing.setPointerCapture(event.pointerId);
      event.preventDefault();
    } else if (mode === "select") {
      const corner = event.target.dataset.corner, of = event.target.dataset.of;
      if (corner !== undefined && chosen) {
        hold = { kind: "corner", place: Number(corner), points: corners(chosen) };
      } else if (of !== undefined) {
        choose(rows()[Number(of)], true);
        drawing.querySelector(`[data-of="${of}"]`)?.focus({ preventScroll: true });
        hold = { kind: "move", from: point, points: corners(chosen) };
      } else {
        choose(null);
        return;
      }
      drawing.setPointerCapture(event.pointerId);
      event.preventDefault();
    }
  });

  drawing.addEventListener("pointermove", (event) => {
    const point = at(event);
    if (draft) {
      draft.end = point;
      show();
    }
    if (!hold) return;
    if (hold.kind === "rectangle") {
      draft = null;
      const [x, y] = hold.from;
      draft = { points: [[x, y], [point[0], y], point, [x, point[1]]], end: [x, y] };
    } else if (hold.kind === "move") {
      write(chosen, shifted(hold.points, point[0] - hold.from[0], point[1] - hold.from[1]));
    } else {
      write(chosen, withCorner(hold.points, hold.place, point));
    }
    show();
  });

  drawing.addEventListener("pointerup", (event) => {
    const was = hold;
    hold = null;
    if (was?.kind === "rectangle") {
      const [x, y] = was.from, [a, b] = at(event);
      draft = null;
      if (Math.abs(a - x) >= LEAST && Math.abs(b - y) >= LEAST) {
        const [left, right] = [Math.min(a, x), Math.max(a, x)], [top, bottom] = [Math.min(b, y), Math.max(b, y)];
        finish([[left, top], [right, top], [right, bottom], [left, bottom]]);
      } else show();
    } else if (was) remember();
  });
  drawing.addEventListener("pointercancel", () => {
    if (hold && hold.points) write(chosen, hold.points);
    hold = draft = null;
    show();
  });

  drawing.addEventListener("click", (event) => {
    if (mode !== "polygon" || still) return;
    const point = at(event);
    if (!draft) draft = { points: [], end: point };
    const [first] = draft.points;
    if (first && draft.points.length > 2 && Math.hypot(point[0] - first[0], (point[1] - first[1]) * ratio) < 2) {
      close();
      return;
    }
    if (draft.points.length < MOST_POINTS) draft.points.push(point);
    draft.end = point;
    show();
  });

  function close() {
    const points = draft.points;
    draft = null;
    if (points.length > 2) finish(points);
    else show();
  }

  function finish(points) {
    chosen = newRow(points);
    setMode("select");
    remember();
    chosen.scrollIntoView({ block: "nearest" });
    drawing.querySelector(`[data-of="${rows().indexOf(chosen)}"]`)?.focus({ preventScroll: true });
  }

  // Keys

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function resized(points, across, down) {
    const [left, top, right, bottom] = around(points);
    const wide = Math.max(LEAST, Math.min(right - left + across, 100 - left));
    const high = Math.max(LEAST, Math.min(bottom - top + down, 100 - top));
    return points.map(([x, y]) => [
      left + (x - left) * wide / (right - left || 1), top + (y - top) * high / (bottom - top || 1),
    ]);
  }

  drawing.addEventListener("keydown", (event) => {
    const of = event.target.dataset?.of, arrow = ARROWS[event.key];
    if (of === undefined || still || event.ctrlKey || event.metaKey) return;
    const row = rows()[Number(of)], points = corners(row);
    if (arrow) {
      const far = event.altKey ? FINE : STEP, [x, y] = [arrow[0] * far, arrow[1] * far];
      write(row, event.shiftKey ? resized(points, x, y) : shifted(points, x, y));
      remember();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      part(row, "drop").checked = true;
      chosen = null;
      remember();
      (drawing.querySelector("[data-of]") || find("add")).focus();
    } else if (event.key === "Enter" || event.key === " ") {
      choose(row, true);
      part(row, "article").focus();
    } else return;
    event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    const isText = event.target.matches?.("input[type=text], input[type=number], textarea");
    if ((event.ctrlKey || event.metaKey) && !isText && event.key.toLowerCase() === "z") {
      if (event.shiftKey) restore(undone, done);
      else restore(done, undone);
      event.preventDefault();
    } else if (draft && mode === "polygon" && event.key === "Enter") {
      close();
      event.preventDefault();
    } else if (draft && event.key === "Escape") {
      draft = null;
      show();
    }
  });

  drawing.addEventListener("focusin", (event) => {
    const of = event.target.dataset?.of;
    if (of === undefined || chosen === rows()[Number(of)]) return;
    choose(rows()[Number(of)], true);
  });

  // The list

  list.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && row !== chosen) choose(row);
  });
  list.addEventListener("change", (event) => {
    const row = event.target.closest("[data-row]");
    if (event.target.matches("[data-side]")) {
      const numbers = [...row.querySelectorAll("[data-side]")].map((side) => (side.value === "" ? NaN : Number(side.value)));
      if (numbers.every(Number.isFinite)) {
        const [x, y, w, h] = numbers;
        write(row, [[x, y], [x + w, y], [x + w, y + h], [x, y + h]]);
      }
    } else if (event.target.matches("[data-polygon]")) tellSides(row, corners(row));
    remember();
  });

  // Buttons

  for (const button of form.querySelectorAll("[data-tool]")) {
    button.addEventListener("click", () => setMode(button.dataset.tool));
  }
  find("add").addEventListener("click", () => finish([[40, 40], [60, 40], [60, 60], [40, 60]]));
  find("undo").addEventListener("click", () => restore(done, undone));
  find("redo").addEventListener("click", () => restore(undone, done));
  form.addEventListener("submit", () => { isSaved = true; });
  window.addEventListener("beforeunload", (event) => { if (!isSaved) event.preventDefault(); });

  find("tools").hidden = still;
  now = state();
  setMode("select");
})();
