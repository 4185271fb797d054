// Keep the issues that were opened last, and those that a reader wants to keep, to be read without a
// network. A page always comes from the network if there is one: what is kept is never older than
// what can be had. docs/offline.md
"use strict";

const STATIC = {{ static|safe }};
const SHELL = {{ shell|safe }};
const SHELL_CACHE = "shell-{{ version }}";
const NOTES = "notes"; // what is known of each issue that is kept, an entry for each
const OPENED = 4; // issues are kept because they were opened
const PATIENCE = 5000; // milliseconds, if there is a kept page to be shown instead
const ARTICLES_AT_ONCE = 40; // of an issue that was opened

const OF_ISSUE = /^\/([1-9][0-9]{0,4})\/(?:(?:[1-9][0-9]{0,8}|folio-[1-9][0-9]?)\/)?$/;
const HASH = /\.[0-9a-f]{12}(\.[a-z0-9]+)$/;
const WIDTH = /\.width-[0-9]+(\.|_)/;

const OFF = new Error("switched off");

let off = false; // whether the reader has switched it off since this worker started
let switching = Promise.resolve();

self.addEventListener("install", (event) => {
  event.waitUntil(fillShell().then(() => self.skipWaiting()));
});

// What /offline/ says: { off: true } as the reader switches it off, { off: false } as it is switched
// on again, for a browser may go on with the same worker.
self.addEventListener("message", (event) => {
  off = event.data.off;
  switching = switching.then(off ? clear : fillShell).catch(() => {});
  event.waitUntil(switching);
});

async function fillShell() {
  const shell = await caches.open(SHELL_CACHE);
  const missing = async (address) =>
    (await shell.match(address)) || shell.add(new Request(address, { cache: "reload" }));
  return Promise.all(SHELL.map(missing));
}

async function clear() {
  return Promise.all((await caches.keys()).map((name) => caches.delete(name)));
}

// A cache to write to; none once it is switched off, also for what was under way. A worker that was
// stopped and started since does not remember: then the shell is missing.
async function writable(name) {
  const shell = await caches.has(SHELL_CACHE);
  if (off || !shell) {
    throw OFF;
  }
  return caches.open(name);
}

function inBackground(event, work) {
  event.waitUntil(work.catch((error) => (error === OFF ? undefined : Promise.reject(error))));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith("shell-") && name !== SHELL_CACHE))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || request.headers.has("range")) {
    return;
  }
  if (request.mode === "navigate" && address.origin === self.location.origin) {
    if (isOnesOwn(address.pathname)) {
      return;
    }
    event.respondWith(page(event, address));
  } else if (address.origin === self.location.origin && address.pathname.startsWith(STATIC)) {
    event.respondWith(part(event, address));
  } else if (request.destination === "image") {
    event.respondWith(picture(event));
  }
});

// What is of one person, or says what somebody looks for, is neither kept nor touched.
function isOnesOwn(path) {
  return /^\/(?:admin|api|contribute|count|login|logout|preview|reading|search|subscribe|unsubscribe)(?:\/|$)/.test(path);
}

// Pages: from the network, else as they were kept, else what there is on this device.
async function page(event, address) {
  const plain = address.pathname;
  const kept = await caches.match(plain);
  try {
    const answer = await (kept ? inTime(fetch(event.request)) : fetch(event.request));
    inBackground(event, noteAnswer(plain, answer.clone()));
    return answer;
  } catch (error) {
    return kept || (await caches.match(SHELL[0], { cacheName: SHELL_CACHE })) || Promise.reject(error);
  }
}

function inTime(promise) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("late")), PATIENCE);
    promise.then(resolve, reject);
  });
}

async function noteAnswer(path, answer) {
  if (path === SHELL[0] && answer.ok) {
    const shell = await writable(SHELL_CACHE);
    return shell.put(path, answer);
  }
  const issue = path === "/" ? "front" : (OF_ISSUE.exec(path) || [])[1];
  if (!issue) {
    return undefined;
  }
  if (answer.status === 404 || answer.status === 410) {
    // Withdrawn: nobody is to read on what is not to be read.
    const cache = await writable("issue-" + issue);
    return cache.delete(path);
  }
  if (answer.status !== 200 || !mayBeKept(answer)) {
    return undefined;
  }
  const html = await answer.clone().text();
  const cache = await writable("issue-" + issue);
  await cache.put(path, answer);
  if (path === "/") {
    // The latest issue, under its own address too.
    const own = /<link rel="canonical" href="[^"]*(\/[1-9][0-9]{0,4}\/)"/.exec(html);
    return own ? keepOpened(own[1], html) : undefined;
  }
  return path === "/" + issue + "/" ? keepOpened(path, html) : note(issue, {});
}

function mayBeKept(answer) {
  const control = answer.headers.get("Cache-Control") || "";
  const type = answer.headers.get("Content-Type") || "";
  return !/no-store|private/.test(control) && type.startsWith("text/html") && !answer.redirected;
}

// An issue that was opened: its articles' words come along, pictures only as they are looked at.
async function keepOpened(home, html) {
  const issue = home.slice(1, -1);
  await note(issue, {});
  if (!(self.navigator.connection && self.navigator.connection.saveData)) {
    const cache = await writable("issue-" + issue);
    const links = html.matchAll(new RegExp('href="(/' + issue + '/[1-9][0-9]{0,8}/)"', "g"));
    const linked = new Set([home, ...Array.from(links, (link) => link[1])]);
    for (const address of [...linked].slice(0, ARTICLES_AT_ONCE)) {
      if (off) {
        break;
      }
      if (!(await cache.match(address))) {
        const answer = await fetch(address);
        if (answer.ok && mayBeKept(answer)) {
          await cache.put(address, answer);
        }
      }
    }
  }
  return forgetOldest();
}

async function note(issue, more) {
  const notes = await writable(NOTES);
  const known = await notes.match("/" + issue + "/");
  const told = Object.assign(known ? await known.json() : {}, { number: issue, at: Date.now() }, more);
  return notes.put("/" + issue + "/", new Response(JSON.stringify(told)));
}

async function forgetOldest() {
  const notes = await writable(NOTES);
  const all = await Promise.all((await notes.matchAll()).map((entry) => entry.json()));
  const opened = all.filter((each) => !each.saved).sort((one, other) => other.at - one.at);
  for (const each of opened.slice(OPENED)) {
    await caches.delete("issue-" + each.number);
    await notes.delete("/" + each.number + "/");
  }
}

// Style sheets and scripts: their names say what is in them. A page that was kept before an update
// asks for the old name; the new file will do.
async function part(event, address) {
  const request = event.request;
  const named = HASH.test(address.pathname);
  const kept = named && (await caches.match(request));
  if (kept) {
    return kept;
  }
  try {
    const answer = await fetch(request);
    if (answer.ok) {
      const copy = answer.clone();
      inBackground(event, writable(SHELL_CACHE).then((cache) => cache.put(request, copy)));
    }
    return answer;
  } catch (error) {
    return (await caches.match(request)) || (await alike(SHELL_CACHE, address.pathname, HASH)) || Promise.reject(error);
  }
}

// Pictures: kept with the issue on whose page they stand; in another size if there is no other.
async function picture(event) {
  const request = event.request;
  const kept = await caches.match(request);
  if (kept) {
    return kept;
  }
  const from = request.referrer && new URL(request.referrer);
  const issue = from && from.origin === self.location.origin && OF_ISSUE.exec(from.pathname);
  try {
    const answer = await fetch(request);
    if (issue && answer.ok) {
      const copy = answer.clone();
      inBackground(event, writable("issue-" + issue[1]).then((cache) => cache.put(request, copy)));
    }
    return answer;
  } catch (error) {
    const path = new URL(request.url).pathname;
    for (const name of (await caches.keys()).filter((each) => each.startsWith("issue-"))) {
      const other = await alike(name, path, WIDTH);
      if (other) {
        return other;
      }
    }
    throw error;
  }
}

async function alike(name, path, differing) {
  const cache = await caches.open(name);
  const wanted = path.replace(differing, "$1");
  const found = (await cache.keys()).find((each) => new URL(each.url).pathname.replace(differing, "$1") === wanted);
  return found && cache.match(found);
}
