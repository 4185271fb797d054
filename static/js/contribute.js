/* Help whoever writes to the paper over a bad network: text is kept in the browser until it is
   sent, files are chosen one after another and checked at once, and a failure loses nothing.
   Without this script the same forms send the same fields; the server alone decides. */
(function () {
  "use strict";

  const KEPT = ["title", "text", "place", "occasion"]; // never who somebody is, never files
  const NEEDED = { manuscript: ["title", "name", "unit", "phone"], tip: ["text"] };
  const ENDINGS = /\.(jpe?g|png|webp|hei[cf]|pdf|docx)$/i;
  // What phones hand over without a name that tells.
  const ENDING_OF = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "image/heif": ".heic",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
  };
  const MB = 1024 * 1024;
  const STALLED_MS = 90000; // nothing moves any more
  const SAVING_MS = 180000; // all is sent, and no answer comes
  const TELL_EVERY_MS = 2000; // a screen reader is not to read out every percent
  const ALL_THERE = "文字和附件都还在，没有丢失。";

  const canSend =
    window.FormData && FormData.prototype.delete && window.DOMParser && "upload" in new XMLHttpRequest();

  let chosen = []; // the files to send
  let holder = ""; // the kind under which the text on show is kept
  let edited = false; // since the text was restored
  let unsent = false; // whether anything would be lost by leaving
  let sending = false;
  let keeping = 0;

  const theForm = () => document.querySelector("form[data-send]");
  const list = (things) => Array.prototype.slice.call(things);

  function make(tag, attributes, text) {
    const element = document.createElement(tag);
    Object.keys(attributes).forEach((name) => element.setAttribute(name, attributes[name]));
    element.textContent = text || "";
    return element;
  }

  // The text is kept: a manuscript in this browser, a tip in this tab only

  function kindOf(form) {
    const radio = form.querySelector("[name=kind]:checked");
    return radio ? radio.value : "";
  }

  function store(kind) {
    return kind === "manuscript" ? localStorage : sessionStorage;
  }

  function read(kind) {
    try {
      return JSON.parse(store(kind).getItem("contribution:" + kind));
    } catch (error) {
      return null; // no storage here: nothing is kept
    }
  }

  function forget(kind) {
    try {
      store(kind).removeItem("contribution:" + kind);
    } catch (error) {
      return;
    }
  }

  function texts(form) {
    const values = {};
    KEPT.forEach((name) => { values[name] = form.elements[name].value; });
    return values;
  }

  const isEmpty = (values) => KEPT.every((name) => !(values[name] || "").trim());

  function keep(form) {
    clearTimeout(keeping);
    const values = texts(form);
    if (isEmpty(values)) {
      forget(holder);
      return;
    }
    try {
      store(holder).setItem("contribution:" + holder, JSON.stringify(values));
    } catch (error) {
      return; // full, or not allowed
    }
  }

  function fill(form, values) {
    KEPT.forEach((name) => { form.elements[name].value = (values && values[name]) || ""; });
    edited = false;
    list(form.querySelectorAll(".restored")).forEach((note) => note.remove());
    if (values) {
      const note = make("p", { class: "restored", role: "status" }, "已恢复您上次没有发出的文字。 ");
      note.appendChild(make("button", { class: "form__submit", type: "button", "data-clear": "" }, "清除"));
      form.insertBefore(note, form.firstChild);
    }
  }

  function restore(form) {
    const kind = kindOf(form);
    if (!isEmpty(texts(form))) { // shown by the server, or brought back by the browser
      holder = kind;
      edited = true;
      if (JSON.stringify(texts(form)) === JSON.stringify(read(kind))) fill(form, read(kind));
      return;
    }
    const found = (kind ? [kind] : ["tip", "manuscript", ""]).find(read);
    holder = found === undefined ? kind : found;
    if (found === undefined) return;
    const radio = form.querySelector("[name=kind][value=" + (found || "none") + "]");
    if (radio) radio.checked = true;
    fill(form, read(found));
  }

  // Text goes along to a kind that has none of its own: what somebody decides to tell without a
  // name must not stay behind as a manuscript.
  function changeKind(form) {
    const kind = kindOf(form);
    const own = read(kind);
    if (edited && (!own || !holder)) {
      forget(holder);
      holder = kind;
      keep(form);
    } else {
      if (edited) keep(form);
      holder = kind;
      fill(form, own);
    }
    remember(form);
  }

  // Browsers offer and remember names for a manuscript only.
  function remember(form) {
    list(form.querySelectorAll("[data-autocomplete]")).forEach((field) => {
      field.autocomplete = holder === "manuscript" ? field.dataset.autocomplete : "off";
    });
  }

  function clear(form) {
    forget(holder);
    fill(form, null);
    unsent = chosen.length > 0;
    form.elements.text.focus();
  }

  // Files

  const fileInput = (form) => form.querySelector("input[type=file]");
  const inMB = (bytes) => (bytes < MB / 10 ? Math.ceil(bytes / 1024) + " KB" : (bytes / MB).toFixed(1) + " MB");

  function nameOf(file) {
    return /\.[^.]+$/.test(file.name) ? file.name : (file.name || "照片") + (ENDING_OF[file.type] || "");
  }

  function refusal(file, limits) {
    const name = nameOf(file);
    const together = chosen.reduce((sum, other) => sum + other.size, file.size);
    if (/\.doc$/i.test(name)) return "是旧版Word文档，请另存为.docx再选。";
    if (!ENDINGS.test(name)) return "收不了：只收照片（JPEG、PNG、WebP、HEIC）、PDF和Word文档（.docx）。";
    if (!file.size) return "是空的，没有加上。";
    if (file.size > limits.mostBytes) {
      return "有" + inMB(file.size) + "，每个最多" + limits.mostBytes / MB + " MB，请压缩后再选。";
    }
    if (chosen.length >= limits.mostFiles) return "没有加上：一次最多" + limits.mostFiles + "个附件。";
    if (together > limits.mostBytesTogether) {
      return "没有加上：附件加起来最多" + limits.mostBytesTogether / MB + " MB。";
    }
    return "";
  }

  function choose(input) {
    const refused = [];
    list(input.files).forEach((file) => {
      const again = chosen.some(
        (other) => other.name === file.name && other.size === file.size && other.lastModified === file.lastModified
      );
      const reason = again ? "" : refusal(file, input.dataset);
      if (reason) refused.push("“" + nameOf(file) + "”" + reason);
      else if (!again) chosen.push(file);
    });
    input.value = "";
    unsent = unsent || chosen.length > 0;
    showFiles(input.form, refused.join("\n"));
  }

  function showFiles(form, wrong) {
    const names = form.querySelector(".files");
    const said = form.querySelector(".files__said");
    names.textContent = "";
    chosen.forEach((file, place) => {
      const item = names.appendChild(make("li", {}));
      const name = item.appendChild(make("span", { class: "files__name" }, nameOf(file) + " "));
      name.appendChild(make("span", { class: "files__size" }, inMB(file.size)));
      const attributes = {
        class: "form__submit files__remove", type: "button", "data-remove": place, "aria-label": "移除 " + nameOf(file),
      };
      item.appendChild(make("button", attributes, "移除"));
    });
    names.hidden = !chosen.length;
    const together = chosen.reduce((sum, file) => sum + file.size, 0);
    const sum = chosen.length ? "共" + chosen.length + "个附件，" + inMB(together) + "。" : "";
    said.textContent = wrong ? wrong + (sum && "\n" + sum) : sum;
    said.classList.toggle("files__said--wrong", Boolean(wrong));
    list(form.querySelectorAll(".field__again")).forEach((note) => { note.hidden = chosen.length > 0; });
  }

  function removeFile(form, place) {
    chosen.splice(place, 1);
    showFiles(form, "");
    const buttons = form.querySelectorAll("[data-remove]");
    (buttons[Math.min(place, buttons.length - 1)] || fileInput(form)).focus();
  }

  // What is missing is said before anything travels

  function labelOf(form, name) {
    const label = form.querySelector("label[for=id_" + name + "]");
    const shown = list(label.children).find((part) => part.getClientRects().length) || label;
    return shown.firstChild.textContent;
  }

  function missing(form) {
    const has = (name) => form.elements[name].value.trim() !== "";
    if (!form.elements.kind) {
      return has("text") || chosen.length ? [] : [["text", "请写几个字，或附上文件。"]];
    }
    const kind = kindOf(form);
    if (!kind) return [["kind", "请选择“我要投稿”还是“我有新闻线索”。"]];
    const wrong = NEEDED[kind]
      .filter((name) => !has(name))
      .map((name) => [name, "请填写“" + labelOf(form, name) + "”。"]);
    if (kind === "manuscript" && !has("text") && !chosen.length) {
      wrong.push(["text", "请把正文写在这里，或者附上Word文档。"]);
    }
    return wrong;
  }

  function tidy(form) {
    list(document.querySelectorAll(".problem, .contribution .errorlist")).forEach((old) => old.remove());
    list(form.querySelectorAll(".field--wrong")).forEach((field) => field.classList.remove("field--wrong"));
    list(form.querySelectorAll("[aria-invalid]")).forEach((input) => {
      const described = (input.getAttribute("aria-describedby") || "").replace(input.id + "_error", "").trim();
      input.removeAttribute("aria-invalid");
      if (described) input.setAttribute("aria-describedby", described);
      else input.removeAttribute("aria-describedby");
    });
  }

  function showMissing(form, wrong) {
    const box = make("div", { class: "problem", role: "alert", tabindex: "-1" });
    box.appendChild(make("h2", { class: "problem__title" }, "还没有发出，有" + wrong.length + "处要改"));
    const items = box.appendChild(make("ul", {}));
    wrong.forEach(([name, reason]) => {
      const input = document.getElementById("id_" + name);
      const field = input.closest(".field");
      items.appendChild(make("li", {})).appendChild(make("a", { href: "#" + input.id }, reason));
      const errors = make("ul", { class: "errorlist", id: input.id + "_error" });
      errors.appendChild(make("li", {}, reason));
      if (field) {
        field.classList.add("field--wrong");
        field.insertBefore(errors, input);
      } else {
        input.parentNode.parentNode.insertBefore(errors, input.parentNode);
      }
      const described = (input.getAttribute("aria-describedby") || "") + " " + errors.id;
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", described.trim());
    });
    form.parentNode.insertBefore(box, form);
    box.focus();
  }

  // Sending

  function everything(form) {
    const data = new FormData(form);
    // What the other kind asks is out of sight, and was not meant to be sent.
    list(form.elements).forEach((field) => {
      if (field.name && field.closest(".kinds__fields") && !field.closest(".field").getClientRects().length) {
        data.delete(field.name);
      }
    });
    const input = fileInput(form);
    data.delete(input.name);
    chosen.forEach((file) => data.append(input.name, file, nameOf(file)));
    return data;
  }

  function lock(form, locked) {
    sending = locked;
    form.querySelector(".sending").hidden = !locked;
    form.setAttribute("aria-busy", String(locked));
    list(form.elements).forEach((field) => {
      if (field.type === "file" || field.tagName === "BUTTON") field.disabled = locked;
      else field.readOnly = locked;
    });
  }

  function send(form) {
    const wrong = missing(form);
    const request = new XMLHttpRequest();
    const bar = form.querySelector(".sending__bar");
    const said = form.querySelector(".sending__said");
    let patience = 0;
    let told = 0;

    tidy(form);
    if (wrong.length) {
      showMissing(form, wrong);
      return;
    }
    const data = everything(form);
    if (form.elements.kind) keep(form);

    function wait(milliseconds) {
      clearTimeout(patience);
      patience = setTimeout(() => request.abort(), milliseconds);
    }

    function over() {
      clearTimeout(patience);
      lock(form, false);
      said.textContent = "";
    }

    function lost() {
      over();
      tell(form, "没有等到回答：网络断了，或者有附件选好以后又改动过。" + ALL_THERE + "等网络好了再试一次；重复提交也只算一次。");
    }

    request.upload.onprogress = (event) => {
      wait(STALLED_MS);
      if (!event.lengthComputable) return;
      const percent = Math.floor((100 * event.loaded) / event.total);
      bar.value = percent;
      if (Date.now() - told > TELL_EVERY_MS) {
        told = Date.now();
        said.textContent = "正在上传 " + percent + "%";
      }
    };
    request.upload.onload = () => {
      wait(SAVING_MS);
      bar.removeAttribute("value");
      said.textContent = "已经传完，正在保存，请不要关闭本页。";
    };
    request.onload = () => {
      over();
      answer(form, request);
    };
    request.onerror = lost;
    request.onabort = lost;

    lock(form, true);
    bar.value = 0;
    said.textContent = "正在上传 0%";
    wait(STALLED_MS);
    request.open("POST", form.getAttribute("action"));
    request.send(data);
  }

  // Said beside the button, where the person looks; nothing else on the page changes.
  function tell(form, words) {
    const button = form.querySelector("[type=submit]");
    const box = make("div", { class: "problem", role: "alert", tabindex: "-1" });
    box.appendChild(make("p", {}, words));
    form.querySelector(".sending").parentNode.insertBefore(box, form.querySelector(".sending"));
    button.textContent = "再试一次";
    box.focus();
  }

  function answer(form, request) {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = page.querySelector("main");
    const next = main && main.querySelector("form[data-send]");
    const problem = main && main.querySelector(".problem p");
    if (main && main.querySelector("[data-received], [data-answered]")) {
      chosen = [];
      edited = unsent = false;
      if (form.elements.kind) [holder, ""].forEach(forget);
      show(page, main);
      start();
    } else if (next) {
      takeAlong(form, next);
      if (chosen.length) {
        main.querySelector(".problem").appendChild(make("p", {}, "选好的附件都还在，不用重选。"));
      }
      show(page, main);
      start(true);
    } else if (request.status === 413) {
      tell(form, "附件太大，没有收下。" + ALL_THERE + "请去掉几个附件，再试一次。");
    } else if (problem) {
      tell(form, problem.textContent + ALL_THERE);
    } else {
      tell(form, "服务器这会儿忙不过来，或者出了故障，没有收到。" + ALL_THERE + "请过几分钟再试一次。");
    }
  }

  // All that was typed goes into the new form, also where the server could not read it.
  function takeAlong(form, next) {
    const sameToken = !form.elements.token || form.elements.token.value === next.elements.token.value;
    list(form.elements).forEach((field) => {
      const twin = list(next.elements).find(
        (other) => other.name === field.name && other.type === field.type
          && (field.type !== "radio" || other.value === field.value)
      );
      if (!twin || !field.name || field.name === "token" || field.type === "file" || field.closest(".trap")) return;
      if (field.dataset.proofOf && !sameToken) return;
      if (field.type === "radio" || field.type === "checkbox") twin.checked = field.checked;
      else twin.value = field.value;
    });
  }

  function show(page, main) {
    const here = document.querySelector("main");
    const focus = main.querySelector("[autofocus]") || main.querySelector("h1");
    focus.removeAttribute("autofocus");
    here.textContent = "";
    list(main.childNodes).forEach((node) => here.appendChild(document.importNode(node, true)));
    document.title = page.title;
    window.scrollTo(0, 0);
    here.querySelector(focus.id ? "#" + focus.id : "h1").focus();
  }

  // The receipt

  function copy(button) {
    const code = document.getElementById(button.dataset.copy);
    const said = document.querySelector(".receipt__said");
    const byHand = () => {
      const range = document.createRange();
      range.selectNodeContents(code);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      let done = false;
      try {
        done = document.execCommand("copy");
      } catch (error) {
        done = false;
      }
      said.textContent = done ? "已复制" : "已选中，请自己复制";
    };
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(code.textContent).then(() => { said.textContent = "已复制"; }, byHand);
    } else {
      byHand(); // over plain http
    }
  }

  function start(again) {
    const form = theForm();
    const received = document.querySelector("[data-received]");
    list(document.querySelectorAll("[data-copy], [data-print]")).forEach((button) => { button.hidden = false; });
    if (received) [received.dataset.received === "稿件" ? "manuscript" : "tip", ""].forEach(forget);
    if (!form || !canSend) return;
    fileInput(form).classList.add("field__files--listed");
    showFiles(form, "");
    if (!form.elements.kind) return;
    if (again) {
      holder = kindOf(form);
      edited = true;
    } else {
      restore(form);
    }
    remember(form);
  }

  document.addEventListener("submit", (event) => {
    if (event.target !== theForm()) return;
    if (!canSend) {
      unsent = false;
      return;
    }
    event.preventDefault();
    if (!sending) send(event.target);
  });

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form || form !== theForm()) return;
    if (event.target.name === "kind") changeKind(form);
    if (event.target.type === "file" && canSend) choose(event.target);
  });

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || form !== theForm() || event.target.name === "kind" || event.target.type === "file") return;
    unsent = true;
    if (KEPT.indexOf(event.target.name) < 0 || !form.elements.kind) return;
    edited = true;
    clearTimeout(keeping);
    keeping = setTimeout(() => keep(form), 400);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button");
    if (!button) return;
    if ("remove" in button.dataset) removeFile(button.form, Number(button.dataset.remove));
    if ("clear" in button.dataset) clear(button.form);
    if ("copy" in button.dataset) copy(button);
    if ("print" in button.dataset) window.print();
  });

  window.addEventListener("pagehide", () => {
    const form = theForm();
    if (form && form.elements.kind && edited) keep(form);
  });

  window.addEventListener("beforeunload", (event) => {
    if (!unsent || !theForm()) return;
    event.preventDefault();
    event.returnValue = "";
  });

  start();
})();
