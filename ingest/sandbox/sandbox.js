// One codec in one engine: `(codec, buffer, way)` gives a function that decodes one uplink.
//
// `codec` is the vendor's file (LoRa Alliance TS013, or the older Decode and Decoder), `buffer` the text of
// buffer.js, or "" where the codec has no use for it. The ways of running it:
// - open: the file is a script of its own, as it would be anywhere. Good for one uplink, then the engine goes.
// - watched: the same, and it is seen whether the codec changes what the language brings.
// - sealed: the file is the body of a function, called anew for every uplink. Whatever the language brings is
//   frozen before, and what a codec leaves on the global object is removed after, so that no uplink finds
//   anything of an earlier one. Where that cannot be removed, or where the codec wanted to change what is frozen
//   and this was seen, the engine has to go. Only codecs that change nothing when watched may run sealed: what
//   they change would silently stay as it is.
//
// What decoding gives is a string: the kind, whether the codec left or changed something (1) or not (0), and a
// JSON text.
//   =  {data, warnings, errors}
//   !  what the codec has thrown
//   ?  why there is no result: no_function, promise, nothing or no_json
//
// This text and buffer.js are evaluated `OURS` lines down, so that their lines can be told from the codec's.
(function (codec, buffer, way, OURS) {
  "use strict";
  const { stringify, parse } = JSON;
  const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys } =
    Reflect;
  const { freeze, is } = Object;
  const { isArray, from } = Array;
  const { isSafeInteger } = Number;
  const evaluate = eval;
  const world = globalThis;
  const [Text, Numeral, Clock, Mistake, Later] = [String, Number, Date, Error, Promise];
  const { slice } = Text.prototype;

  const ENTRIES = ["decodeUplink", "Decode", "Decoder"];
  const FOUND =
    "[" +
    [...ENTRIES, "module", "exports"].map((name) => `typeof ${name}==="undefined"?void 0:${name}`).join(",") +
    "]";

  // --- what a codec finds beside the language ------------------------------------------------------------

  const silent = freeze(() => undefined);
  const quiet = {};
  for (const name of (
    "assert clear count countReset debug dir dirxml error group groupCollapsed groupEnd info log table time " +
    "timeEnd timeLog trace warn"
  ).split(" "))
    quiet[name] = silent;
  freeze(quiet);
  const Buffer = buffer === "" ? undefined : evaluate(buffer);

  const hidden = (target, name, value) =>
    defineProperty(target, name, { value, writable: true, configurable: true });
  hidden(getPrototypeOf(Uint8Array.prototype), "toJSON", function toJSON() {
    return from(this);
  });
  hidden(BigInt.prototype, "toJSON", function toJSON() {
    return isSafeInteger(Numeral(this)) ? Numeral(this) : Text(this);
  });
  for (const name of ["performance", "queueMicrotask"]) deleteProperty(world, name);
  for (const name of ["prepareStackTrace", "stackTraceLimit"]) deleteProperty(Error, name); // kept by the engine

  // --- the two ways --------------------------------------------------------------------------------------

  function open() {
    const module = { exports: {} };
    const given = { module, exports: module.exports, console: quiet };
    if (Buffer) given.Buffer = Buffer;
    for (const name of ownKeys(given)) hidden(world, name, given[name]);
    return evaluate(`${codec}\n;${FOUND}`);
  }

  // Everything the language brings but the global object itself.
  function intrinsics() {
    const known = new Set();
    const found = [];
    const add = (value) => {
      const held = typeof value === "function" || (typeof value === "object" && value !== null);
      if (held && value !== world && !known.has(value)) {
        known.add(value);
        found.push(value);
      }
    };
    for (const unnamed of [
      function* () {},
      async function () {},
      async function* () {},
      (function* () {})(),
      (async function* () {})(),
      [][Symbol.iterator](),
      [].values().map(silent),
      new Map()[Symbol.iterator](),
      new Set()[Symbol.iterator](),
      ""[Symbol.iterator](),
      "".matchAll(/a/g),
      Iterator.from({ next: silent }),
      Iterator.concat(),
    ])
      add(getPrototypeOf(unnamed));
    add(getOwnPropertyDescriptor((function () { return arguments; })(), "callee").get);
    add(Buffer);
    add(getPrototypeOf(world));
    for (const name of ownKeys(world)) add(world[name]);
    for (let at = 0; at < found.length; at++) {
      add(getPrototypeOf(found[at]));
      for (const name of ownKeys(found[at])) {
        const property = getOwnPropertyDescriptor(found[at], name);
        add(property.value);
        add(property.get);
        add(property.set);
      }
    }
    return found;
  }

  // Gives a function that says whether anything of the language has been changed since.
  function watch() {
    const before = [world, ...intrinsics()].map((value) => {
      const names = ownKeys(value);
      return { value, names, all: names.map((name) => getOwnPropertyDescriptor(value, name)), parent: getPrototypeOf(value) };
    });
    return () => {
      for (let one = 0; one < before.length; one++) {
        const { value, names, all, parent } = before[one];
        if (getPrototypeOf(value) !== parent) return true;
        if (value !== world && ownKeys(value).length !== names.length) return true;
        for (let at = 0; at < names.length; at++) {
          const now = getOwnPropertyDescriptor(value, names[at]);
          if (!now || !is(now.value, all[at].value) || now.get !== all[at].get || now.set !== all[at].set) return true;
        }
      }
      return false;
    };
  }

  // A frozen property cannot be assigned to in what inherits it, either: `error.name = "Range"` would do nothing.
  // Here it gives the object a property of its own, as it does where nothing is frozen.
  let bent = false;
  function assignable(parent, names) {
    for (const name of names) {
      const property = getOwnPropertyDescriptor(parent, name);
      if (!property || !property.configurable || !("value" in property)) continue;
      const { value } = property;
      const access = {
        get() {
          return value;
        },
        set(given) {
          const own = { value: given, writable: true, enumerable: true, configurable: true };
          if (Object(this) === this && !defineProperty(this, name, own)) bent = true;
        },
      };
      defineProperty(parent, name, { ...access, enumerable: false, configurable: true });
    }
  }

  function seal() {
    assignable(Object.prototype, ownKeys(Object.prototype));
    assignable(Function.prototype, ["constructor", "toString"]);
    for (const name of ownKeys(world))
      if (typeof world[name] === "function" && (world[name] === Mistake || getPrototypeOf(world[name]) === Mistake))
        assignable(world[name].prototype, ["constructor", "name", "message", "toString"]);
    for (const value of intrinsics()) freeze(value);
    for (const name of ownKeys(world)) defineProperty(world, name, { writable: false, configurable: false });
  }

  let start = open;
  let spoilt = () => true;
  if (way === "watched") {
    let changed = spoilt;
    start = () => {
      changed = watch();
      return open();
    };
    spoilt = () => changed();
  }
  if (way === "sealed") {
    seal();
    const names = { __proto__: null };
    for (const name of ownKeys(world)) names[name] = true;
    const count = ownKeys(world).length;
    const parent = getPrototypeOf(world);
    const make = evaluate(
      `(function(module,exports,console,Buffer){return function(){${codec}\n;return ${FOUND}}.call(this)})`,
    );
    start = () => {
      const module = { exports: {} };
      return make.call(world, module, module.exports, quiet, Buffer);
    };
    spoilt = () => {
      const left = ownKeys(world);
      if (left.length !== count)
        for (const name of left) if (!(name in names) && !deleteProperty(world, name)) return true;
      return bent || !isExtensible(world) || getPrototypeOf(world) !== parent;
    };
  }

  // --- one uplink ----------------------------------------------------------------------------------------

  class NoResult {
    constructor(why) {
      this.why = why;
    }
  }

  function entry(found, number) {
    if (typeof found[number] === "function") return found[number];
    const name = ENTRIES[number];
    const exported = found[3] && found[3].exports;
    if (exported && typeof exported[name] === "function") return exported[name];
    return found[4] && typeof found[4][name] === "function" ? found[4][name] : undefined;
  }

  function ask(bytes, fPort, recvTime, variables) {
    const found = start();
    const decodeUplink = entry(found, 0);
    if (decodeUplink) return decodeUplink({ bytes, fPort, recvTime, variables });
    const decode = entry(found, 1);
    if (decode) return { data: decode(fPort, bytes, variables) };
    const decoder = entry(found, 2);
    if (decoder) return { data: decoder(bytes, fPort) };
    throw new NoResult("no_function");
  }

  const text = (said) => (typeof said === "string" ? said : Text(stringify(said)));
  const list = (said) => {
    if (!said) return [];
    return isArray(said) ? from(said, text) : [text(said)];
  };

  function result(returned) {
    if (returned instanceof Later) throw new NoResult("promise");
    if (typeof returned !== "object" || returned === null) throw new NoResult("nothing");
    let data = returned.data;
    if (data instanceof Later) throw new NoResult("promise");
    const errors = list(returned.errors);
    if (typeof data === "function" || typeof data === "symbol" || data === undefined) data = null;
    try {
      return stringify({ data, warnings: list(returned.warnings), errors });
    } catch (thrown) {
      throw new NoResult("no_json");
    }
  }

  function words(thrown) {
    try {
      if (!(thrown instanceof Mistake)) return typeof thrown === "object" ? text(thrown) : Text(thrown);
      const said = thrown.message === "" ? Text(thrown.name) : `${thrown.name}: ${thrown.message}`;
      for (const [, line] of thrown.stack.matchAll(/<input>:(\d+)/g))
        if (line < OURS) return `${said} (line ${line})`;
      return said;
    } catch (again) {
      return "";
    }
  }

  function decode(bytes, fPort, time, variables) {
    try {
      return { kind: "=", said: result(ask(parse(bytes), fPort, new Clock(time), parse(variables))) };
    } catch (thrown) {
      if (thrown instanceof NoResult) return { kind: "?", said: stringify(thrown.why) };
      return { kind: "!", said: stringify(apply(slice, words(thrown), [0, 1000])) };
    }
  }

  return (bytes, fPort, time, variables) => {
    const answer = decode(bytes, fPort, time, variables);
    const text = `-${answer.kind}${spoilt() ? 1 : 0}${answer.said}`;
    return apply(slice, text, [1]); // one piece: Python takes no text in pieces
  };
})
