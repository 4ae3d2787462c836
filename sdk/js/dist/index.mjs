// src/identity.ts
var newId = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => (part + 2 ** 32).toString(16).slice(1)).join("");
var anonymousId = (store) => {
  let id = store.get("id");
  if (!id) store.set("id", id = newId());
  return id;
};
var PARAMETERS = /^(?:amp;)?(?:utm_(source|medium|campaign|term|content|id)|([gdm]clid|gbraid|wbraid|fbclid|msclkid|ttclid|twclid|yclid|li_fat_id|igshid))$/;
var campaignOf = (search) => {
  let campaign;
  new URLSearchParams(search).forEach((value, name) => {
    const found = PARAMETERS.exec(name);
    if (!found || !value) return;
    campaign ??= {};
    if (found[1]) campaign[found[1] === "campaign" ? "name" : found[1]] = value;
    else {
      campaign.click_id = value;
      campaign.click_id_name = found[2];
    }
  });
  return campaign;
};
var sessionAt = (store, time, minutes, campaign) => {
  let session;
  try {
    session = JSON.parse(store.get("session"));
  } catch {
  }
  if (!session?.id || Math.abs(time - session.last) > minutes * 6e4) session = { id: newId(), last: 0 };
  session.zone ??= globalThis.Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  session.campaign = campaign ?? session.campaign;
  session.last = Math.max(time, session.last);
  store.set("session", JSON.stringify(session));
  return session;
};

// src/features/marks.ts
var NAMED = "data-weir-prop-";
var valueOf = (text) => /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text) ? +text : text;
var itemOf = (element) => {
  const near = (name, from) => from && (from.closest(`[data-weir-${name}]`)?.getAttribute(`data-weir-${name}`) ?? near(name, from.getRootNode().host));
  return { item: near("item", element), section: near("section", element), position: valueOf(near("position", element)) };
};
var propertiesOf = (element) => {
  const properties = {};
  for (const { name, value } of element.attributes) if (name.startsWith(NAMED)) properties[name.slice(NAMED.length).replace(/-/g, "_")] = valueOf(value);
  return properties;
};

// src/queue.ts
var QUEUED = "q:";
var BATCH_BYTES = 6e4;
var BATCH_EVENTS = 100;
var FIRST_WAIT = 1e3;
var LONGEST_WAIT = 3e5;
var TIMEOUT = 3e4;
var SUFFIX = 14;
var ORPHANED = 2e3;
var utf8 = new TextEncoder();
var createQueue = (key, options, store, shared, warn) => {
  const url = options.host.replace(/\/+$/, "") + (options.path ?? "/v1/batch");
  const limit = options.maxQueue ?? 1e3;
  const mine = /* @__PURE__ */ new Set();
  const flying = /* @__PURE__ */ new Set();
  let waiting = 0;
  let sending;
  let timer;
  let planned = 0;
  let young = false;
  let failures = 0;
  let count = 0;
  let notBefore = 0;
  let asked = false;
  let held = false;
  const next = () => {
    const names = [];
    const events = [];
    let bytes = 0;
    const queued = store.names(QUEUED);
    waiting = queued.length;
    young = false;
    for (const name of queued) {
      if (!mine.has(name) && Math.abs(Date.now() - parseInt(name.slice(QUEUED.length, -SUFFIX), 36)) < ORPHANED) {
        young = true;
        continue;
      }
      if (flying.has(name)) continue;
      const json = store.get(name);
      try {
        JSON.parse(json);
      } catch {
        store.remove(name);
        continue;
      }
      const size = utf8.encode(json).length + 1;
      if (names.length && (bytes + size > BATCH_BYTES || names.length === BATCH_EVENTS)) break;
      names.push(name);
      events.push(json);
      bytes += size;
    }
    return names.length ? { names, bytes, body: `{"batch":[${events}],${JSON.stringify({ context: shared(), writeKey: key, sentAt: (/* @__PURE__ */ new Date()).toISOString() }).slice(1)}` } : void 0;
  };
  const done = ({ names }) => names.forEach((name) => {
    store.remove(name);
    mine.delete(name);
  });
  const post = async (batch) => {
    batch.names.forEach((name) => flying.add(name));
    let status = 0;
    let wait = 0;
    try {
      const answer = await fetch(url, {
        method: "POST",
        body: batch.body,
        credentials: "omit",
        keepalive: batch.bytes <= BATCH_BYTES,
        signal: AbortSignal.timeout?.(TIMEOUT)
      });
      status = answer.status;
      const after = answer.headers.get("retry-after");
      if (after) wait = +after * 1e3 || Date.parse(after) - Date.now() || 0;
    } catch {
    }
    batch.names.forEach((name) => flying.delete(name));
    if (status && status !== 408 && status !== 429 && status < 500) {
      if (status >= 400) warn(`refused: ${status}`);
      done(batch);
      failures = notBefore = 0;
      return true;
    }
    asked = wait > 0;
    const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures++);
    wait = Math.max(wait, most * (0.5 + Math.random() / 2));
    notBefore = performance.now() + wait;
    warn(`${status}: again in ${wait} ms`);
    plan(wait);
    return false;
  };
  const all = async () => {
    const early = notBefore - performance.now();
    if (early > 0) plan(early);
    else {
      for (let batch; !held && (batch = next()) && await post(batch); ) ;
      if (young) plan(ORPHANED);
    }
  };
  const exclusive = async () => {
    let begun;
    try {
      if (store.lasting()) {
        await navigator.locks.request(`weir:${key}`, () => {
          begun = true;
          return all();
        });
      }
    } catch {
    }
    if (!begun) await all();
  };
  const plan = (wait) => {
    const at = performance.now() + wait;
    if (timer && planned <= at) return;
    planned = at;
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = void 0;
      queue.send();
    }, Math.min(wait, LONGEST_WAIT));
  };
  const queue = {
    add(id, time, json) {
      if (waiting >= limit) {
        const queued = store.names(QUEUED);
        queued.slice(0, Math.max(0, queued.length - limit + 1)).forEach(store.remove);
        waiting = Math.min(queued.length, limit - 1);
      }
      waiting++;
      const name = QUEUED + time.toString(36) + (1e5 + count++ % 9e5) + id.slice(0, 8);
      mine.add(name);
      store.later(name, json);
      plan(options.delay ?? 100);
    },
    send: (alone) => sending ??= (alone ? all() : exclusive()).catch(warn).finally(() => {
      sending = void 0;
    }),
    leave() {
      if (held || store.lasting() && (performance.now() < notBefore || navigator.onLine === false)) return;
      for (let batch; batch = next(); ) {
        if (navigator.sendBeacon(url, batch.body)) done(batch);
        else batch.names.forEach((name) => flying.add(name));
      }
      flying.clear();
    },
    hold(on) {
      held = on;
      if (!on && store.names(QUEUED).length) plan(0);
    }
  };
  addEventListener("online", () => {
    if (!asked) notBefore = failures = 0;
    if (!held) queue.send();
  });
  return queue;
};

// src/store.ts
var KEPT = ["id", "session", "user", "group"];
var COOKIE_SECONDS = 34e6;
var createStore = (key, persist, queued, domain) => {
  const prefix = `weir:${key}:`;
  const decided = `${prefix}consent`;
  const memory = {};
  const due = [];
  let area;
  let opened;
  try {
    if (persist !== "memory") area = persist === "session" ? sessionStorage : localStorage;
  } catch {
  }
  const inCookie = (name) => opened && persist === "cookie" && !name.startsWith(queued);
  const cookie = (name, value, age) => {
    document.cookie = `${encodeURIComponent(prefix + name)}=${encodeURIComponent(value)};path=/;max-age=${age};samesite=lax${domain ? `;domain=${domain}` : ""}${location.protocol === "https:" ? ";secure" : ""}`;
    return read(name) === value;
  };
  const read = (name) => {
    if (!inCookie(name)) return opened?.getItem(prefix + name);
    const start = `${encodeURIComponent(prefix + name)}=`;
    const found = document.cookie.split("; ").find((each) => each.startsWith(start));
    return found && decodeURIComponent(found.slice(start.length));
  };
  const attempt = (work) => {
    try {
      return work();
    } catch {
      return;
    }
  };
  const store = {
    get: (name) => memory[name] ?? attempt(() => read(name)) ?? void 0,
    set(name, value) {
      memory[name] = value;
      attempt(() => {
        if (!inCookie(name)) opened.setItem(prefix + name, value);
        else if (!cookie(name, value, COOKIE_SECONDS)) return;
        delete memory[name];
      });
    },
    later(name, value) {
      memory[name] = value;
      if (!due[0]) queueMicrotask(() => due.splice(0).forEach((each) => each in memory && store.set(each, memory[each])));
      due.push(name);
    },
    remove(name) {
      delete memory[name];
      attempt(() => inCookie(name) ? cookie(name, "", 0) : opened.removeItem(prefix + name));
    },
    names(start) {
      const names = Object.keys(memory);
      attempt(() => {
        for (const name of Object.keys(opened)) if (name.startsWith(prefix)) names.push(name.slice(prefix.length));
      });
      return names.filter((name) => name.startsWith(start)).sort();
    },
    open() {
      opened = area;
      for (const name of Object.keys(memory)) {
        if (/^(id|session)$/.test(name) && attempt(() => read(name))) delete memory[name];
        else store.set(name, memory[name]);
      }
    },
    pause() {
      opened = void 0;
    },
    close() {
      opened = area;
      for (const name of [...store.names(""), ...KEPT]) if (prefix + name !== decided) store.remove(name);
      store.pause();
    },
    lasting: () => !!opened,
    decision(value) {
      if (value) attempt(() => area.setItem(decided, value));
      return attempt(() => area.getItem(decided));
    }
  };
  return store;
};

// src/core.ts
var TITLE_WAIT = 100;
var FRESH = 1e3;
var EARLY = 99;
var jsonOf = (value, deep = true) => {
  try {
    return JSON.stringify(value);
  } catch {
    const parts = [];
    for (const name of Object.keys(value)) {
      try {
        const part = value[name];
        const json = deep && isObject(part) ? jsonOf(part, false) : JSON.stringify(part);
        if (json) parts.push(`${JSON.stringify(name)}:${json}`);
      } catch {
      }
    }
    return `{${parts}}`;
  }
};
var named = (name, object) => isObject(name) ? [void 0, name] : [name, object];
var isObject = (value) => !!value && typeof value === "object" && !Array.isArray(value);
var loadWith = (key, options, features2) => {
  const warn = (...what) => {
    if (options.debug) console.warn("weir:", ...what);
  };
  const guard = (work) => (...args) => {
    try {
      work(...args);
    } catch (problem) {
      warn(problem);
    }
  };
  const api = { version: "0.1.0" };
  let calls;
  const early = [];
  for (const name of ["track", "page", "identify", "group", "alias", "reset", "consent"]) api[name] = guard((...args) => calls ? calls[name](...args) : early[EARLY] || early.push([name, ...args]));
  api.flush = api.ready = async (then = () => {
  }) => guard(then)();
  api.push = (...calls2) => calls2.forEach(guard(([method, ...args]) => api[method](...args)));
  if (typeof document === "object") {
    if (document.prerendering) document.addEventListener("prerenderingchange", guard(run));
    else guard(run)();
  }
  return api;
  function run() {
    const store = createStore(key, options.persist ?? "local", QUEUED, options.cookieDomain);
    const queue = createQueue(key, options, store, shared, warn);
    const leaving = [];
    const beginning = [];
    let consent;
    let page = turned(document.referrer);
    let due;
    let since = 0;
    let who;
    let campaign;
    function shared() {
      return {
        library: { name: "weir.js", version: "0.1.0" },
        locale: navigator.language,
        screen: { width: screen.width, height: screen.height, innerWidth, innerHeight }
      };
    }
    function address() {
      return options.hash ? location.href : location.href.split("#")[0];
    }
    function turned(referrer) {
      return { id: newId(), url: address(), path: location.pathname + (options.hash ? location.hash : ""), title: document.title, referrer, events: 0 };
    }
    function decide(state) {
      if (consent === state) return;
      consent = state;
      who = void 0;
      if (state === "granted") store.open();
      else if (state === "denied") store.close();
      else store.pause();
      queue.hold(state !== "granted");
    }
    function record(type, fields, time = Date.now(), of = page) {
      if (consent === "denied") return;
      if (!who || campaign || Math.abs(time - who.session.last) > FRESH) {
        who = {
          session: sessionAt(store, time, options.sessionMinutes ?? 30, campaign),
          anonymousId: anonymousId(store),
          userId: store.get("user"),
          groupId: store.get("group")
        };
        campaign = void 0;
      }
      if (page.url === address()) page.title = document.title;
      const { id, url, path, title, referrer } = of;
      const messageId = newId();
      try {
        fields.properties &&= { ...propertiesOf(document.documentElement), ...fields.properties };
      } catch {
      }
      queue.add(
        messageId,
        time,
        jsonOf({
          type,
          messageId,
          anonymousId: who.anonymousId,
          userId: who.userId,
          timestamp: new Date(time).toISOString(),
          channel: "web",
          context: {
            page: { url, path, title, referrer: referrer || void 0 },
            sessionId: who.session.id,
            timezone: who.session.zone,
            groupId: who.groupId,
            campaign: who.session.campaign,
            page_id: id,
            sequence: ++of.events
          },
          ...fields
        })
      );
    }
    function view(name, properties) {
      clearTimeout(due);
      const time = due ? since : Date.now();
      due = void 0;
      page.viewed = true;
      record("page", { name, properties: isObject(properties) ? properties : {} }, time);
    }
    const settle = () => {
      if (due) view();
    };
    const leave = (gone) => {
      settle();
      leaving.forEach((report) => report(gone));
    };
    function turn() {
      leave();
      begin(turned(page.url));
    }
    function begin(next) {
      page = next;
      campaign = campaignOf(location.search);
      beginning.forEach((start) => start());
      if (options.pages === false) return;
      since = Date.now();
      due = setTimeout(guard(settle), TITLE_WAIT);
    }
    const look = () => {
      if (page.url !== address()) turn();
    };
    const tracker = {
      options,
      guard,
      here: () => page,
      record: (event, properties, of) => record("track", { event, properties }, void 0, of),
      track(event, properties) {
        look();
        settle();
        if (event) record("track", { event: `${event}`, properties: isObject(properties) ? properties : {} });
      },
      onLeave: (report) => leaving.push(guard(report)),
      onPage: (start) => beginning.push(guard(start)),
      on: (type, listener) => addEventListener(type, guard(listener), { capture: true, passive: true })
    };
    const remember = (name, value) => {
      look();
      settle();
      if (value) store.set(name, `${value}`);
      else if (value === null) store.remove(name);
      who = void 0;
    };
    calls = {
      track: tracker.track,
      page(name, properties) {
        look();
        if (!due && page.viewed) turn();
        view(...named(name, properties));
      },
      identify(...args) {
        const [userId, traits] = named(...args);
        remember("user", userId);
        record("identify", { traits: isObject(traits) ? traits : {} });
      },
      group(groupId, traits) {
        remember("group", groupId);
        record("group", { groupId: `${groupId}`, traits: isObject(traits) ? traits : {} });
      },
      alias(userId, previousId) {
        const before = previousId ?? store.get("user") ?? anonymousId(store);
        remember("user", userId);
        record("alias", { previousId: before });
      },
      reset() {
        settle();
        KEPT.forEach(store.remove);
        who = void 0;
      },
      consent(state) {
        const before = consent;
        store.decision(state);
        decide(state);
        if (before === "denied" && state !== before) begin(turned(page.referrer));
      }
    };
    api.flush = async () => {
      guard(settle)();
      await queue.send();
    };
    const refused = options.dnt !== "ignore" && (navigator.globalPrivacyControl || navigator.doNotTrack === "1");
    decide(store.decision() ?? options.consent ?? (refused ? "denied" : "granted"));
    for (const name in features2) if (options[name] !== false) guard(features2[name])(tracker);
    for (const name of ["pushState", "replaceState"]) {
      const original = history[name];
      history[name] = function(...args) {
        original.apply(this, args);
        guard(look)();
      };
    }
    tracker.on("popstate", look);
    tracker.on("pageshow", (event) => {
      if (event.persisted) turn();
    });
    tracker.on("visibilitychange", () => {
      if (!document.hidden) return;
      leave(true);
      queue.send(true);
    });
    tracker.on("pagehide", () => {
      leave(true);
      queue.leave();
    });
    begin(page);
    api.push(...early);
  }
};

// src/features/clicks.ts
var FILES = /\.(7z|apk|avi|csv|dmg|docx?|epub|exe|gz|iso|jar|mov|mp[34]|msi|od[st]|pdf|pkg|pptx?|rar|rpm|deb|tgz|txt|wav|xlsx?|zip)$/i;
var CLICKABLE = "a[href],button,[role=button],[type=submit],[type=button],summary";
var TEXT = 100;
var clicks = ({ options, on, track }) => {
  const clicked = (event) => {
    if (event.button > 1) return;
    const near = (selector) => event.composedPath().find((target) => target.matches?.(selector));
    const marked = near("[data-weir-event]");
    if (marked) track(marked.getAttribute("data-weir-event"), { ...itemOf(marked), ...propertiesOf(marked) });
    const link = near("a[href]");
    if (link && /^http/.test(link.protocol)) {
      const { href, host, pathname } = link;
      const file = FILES.exec(pathname);
      if (options.downloads !== false && (file || link.hasAttribute("download"))) {
        track("file_downloaded", { url: href, file: pathname.split("/").pop(), extension: file?.[1].toLowerCase() });
      } else if (options.links !== false && host !== location.host) track("link_clicked", { url: href, host, outbound: true });
    }
    const element = near(CLICKABLE);
    if (options.clicks && element && !marked) {
      track("element_clicked", {
        tag: element.tagName.toLowerCase(),
        id: element.id || void 0,
        text: element.innerText?.trim().slice(0, TEXT) || void 0,
        url: element.href,
        ...itemOf(element)
      });
    }
  };
  on("click", clicked);
  on("auxclick", clicked);
};

// src/features/errors.ts
var PER_PAGE = 10;
var STACK = 2e3;
var MESSAGE = 500;
var errors = ({ on, onPage, track }) => {
  let seen = /* @__PURE__ */ new Set();
  onPage(() => {
    seen = /* @__PURE__ */ new Set();
  });
  const tell = (type, error, message, where) => {
    const file = where?.filename;
    const line = where?.lineno;
    const same = [message, file, line].join();
    if (seen.has(same) || seen.size >= PER_PAGE) return;
    seen.add(same);
    const stack = error?.stack?.slice?.(0, STACK);
    track("error_occurred", { type, message: message.slice(0, MESSAGE), file, line, column: where?.colno, stack });
  };
  on("error", (event) => {
    if (event.message) tell("error", event.error, event.message, event);
  });
  on("unhandledrejection", ({ reason }) => {
    const message = reason?.message ?? reason;
    tell("unhandledrejection", reason, typeof message === "object" ? JSON.stringify(message) : String(message));
  });
};

// src/features/forms.ts
var forms = ({ on, onPage, track }) => {
  let begun = /* @__PURE__ */ new WeakSet();
  const described = (form) => ({
    // a field may be called "id" or "action", and then form.id is that field
    form: form.getAttribute("id") || form.getAttribute("name") || void 0,
    action: form.getAttribute("action")?.split("?")[0],
    method: form.getAttribute("method")?.toLowerCase()
  });
  onPage(() => {
    begun = /* @__PURE__ */ new WeakSet();
  });
  on("input", ({ target }) => {
    const form = target.form ?? target.closest("form");
    if (!form || begun.has(form)) return;
    begun.add(form);
    track("form_started", described(form));
  });
  on("submit", ({ target }) => track("form_submitted", described(target)));
};

// src/features/items.ts
var MARKED = "[data-weir-item]";
var STEPS = Array.from({ length: 11 }, (_, step) => step / 10);
var RESCAN = 100;
var IDLE = 6e4;
var items = ({ options, guard, on, onLeave, onPage, record }) => {
  if (!window.IntersectionObserver) return;
  const observed = /* @__PURE__ */ new WeakMap();
  const visible = /* @__PURE__ */ new Map();
  let seen = /* @__PURE__ */ new Map();
  let orders = 0;
  let active = performance.now();
  let shown = !document.hidden;
  const see = (element, share) => {
    const properties = itemOf(element);
    const name = JSON.stringify(properties);
    let item = seen.get(name);
    if (!item) seen.set(name, item = { properties, ms: 0, share });
    item.share = Math.max(item.share, share);
    visible.set(element, { item, share, from: performance.now() });
  };
  const count = () => {
    const now = performance.now();
    const until = shown ? Math.min(now, active + IDLE) : 0;
    visible.forEach((each) => {
      each.item.ms += Math.max(0, until - each.from);
      each.from = now;
    });
  };
  const observer = new IntersectionObserver(
    guard((entries) => {
      count();
      for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
        const ofWindow = rootBounds ? intersectionRect.width * intersectionRect.height / (rootBounds.width * rootBounds.height) : 0;
        if (intersectionRatio >= 0.5 || ofWindow >= 0.5) see(target, intersectionRatio);
        else visible.delete(target);
      }
    }),
    { threshold: STEPS }
  );
  let planned = false;
  const scan = guard(() => {
    planned = false;
    for (const element of document.querySelectorAll(MARKED)) {
      const item = element.getAttribute("data-weir-item");
      const before = observed.get(element);
      if (before === item) continue;
      observed.set(element, item);
      if (before) {
        count();
        visible.delete(element);
        observer.unobserve(element);
      }
      observer.observe(element);
    }
  });
  new MutationObserver(() => {
    if (planned) return;
    planned = true;
    setTimeout(scan, RESCAN);
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-weir-item"] });
  setTimeout(scan);
  for (const type of ["scroll", "pointermove", "pointerdown", "keydown"]) {
    on(type, () => {
      const now = performance.now();
      if (now - active > IDLE) count();
      active = now;
    });
  }
  on("visibilitychange", () => {
    count();
    shown = !document.hidden;
    active = performance.now();
  });
  onPage(() => {
    seen = /* @__PURE__ */ new Map();
    orders = 0;
    active = performance.now();
    for (const [element, { share }] of visible) see(element, share);
  });
  onLeave(() => {
    count();
    for (const item of seen.values()) {
      const seconds = Math.round(item.ms) / 1e3;
      if (seconds < (options.itemSeconds ?? 0.1)) continue;
      const views = item.order ? 0 : 1;
      item.order ??= ++orders;
      record("item_viewed", { ...item.properties, views, seconds, share: Math.round(item.share * 100) / 100, order: item.order });
      item.ms = 0;
    }
  });
};

// src/features/scroll.ts
var scroll = ({ on, onLeave, onPage, record }) => {
  let depth = 0;
  let told = 0;
  const look = () => {
    const height = document.documentElement.scrollHeight;
    if (height) depth = Math.max(depth, Math.min(100, Math.round((scrollY + innerHeight) / height * 100)));
  };
  on("scroll", look);
  onPage(() => {
    depth = told = 0;
  });
  onLeave(() => {
    if (!depth) look();
    if (depth > told) record("page_scrolled", { depth });
    told = depth;
  });
};

// src/features/vitals.ts
var SHIFT_GAP = 1e3;
var SHIFT_WINDOW = 5e3;
var INTERACTIONS = 10;
var vitals = ({ here, onLeave, record }) => {
  if (document.hidden) return;
  let fcp;
  let lcp;
  let cls = 0;
  let shift = 0;
  let first = 0;
  let last = -SHIFT_GAP;
  let told = false;
  const slowest = /* @__PURE__ */ new Map();
  const ends = [];
  const watch = (type, see) => {
    try {
      const observer = new PerformanceObserver((list) => list.getEntries().forEach(see));
      observer.observe({ type, buffered: true, durationThreshold: 40 });
      ends.push(() => {
        observer.takeRecords().forEach(see);
        observer.disconnect();
      });
    } catch {
    }
  };
  const [navigation] = performance.getEntriesByType("navigation");
  const since = (time) => Math.max(0, Math.round(time - (navigation?.activationStart ?? 0)));
  watch("paint", (entry) => {
    if (entry.name === "first-contentful-paint") fcp = since(entry.startTime);
  });
  watch("largest-contentful-paint", (entry) => {
    lcp = since(entry.startTime);
  });
  watch("layout-shift", (entry) => {
    if (entry.hadRecentInput) return;
    const at = entry.startTime;
    if (at - last > SHIFT_GAP || at - first > SHIFT_WINDOW) {
      shift = 0;
      first = at;
    }
    last = at;
    shift += entry.value;
    cls = Math.max(cls, shift);
  });
  watch("event", (entry) => {
    if (!entry.interactionId) return;
    slowest.set(entry.interactionId, Math.max(entry.duration, slowest.get(entry.interactionId) ?? 0));
  });
  const page = here();
  onLeave((gone) => {
    if (told || !gone) return;
    told = true;
    ends.forEach((end) => end());
    const worst = [...slowest.values()].sort((a, b) => b - a);
    const inp = worst[Math.min(INTERACTIONS - 1, worst.length - 1, ~~(performance.interactionCount / 50))];
    record("web_vitals", { lcp, fcp, inp, cls: Math.round(cls * 1e4) / 1e4, ttfb: navigation && since(navigation.responseStart) }, page);
  });
};

// src/features/index.ts
var features = { marked: clicks, forms, errors, scroll, items, vitals };

// src/index.ts
var load = (key, options) => loadWith(key, options, features);
export {
  load
};
