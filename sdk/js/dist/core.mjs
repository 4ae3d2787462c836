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
var loadWith = (key, options, features) => {
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
    for (const name in features) if (options[name] !== false) guard(features[name])(tracker);
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
var load = (key, options) => loadWith(key, options, {});
export {
  load,
  loadWith
};
