// On port 1 a mark is left wherever one can be left, on any other port marks are looked for.
var MARK = 'mark_of_an_earlier_uplink';
function walk(visit) {
  var seen = new Set(), todo = [];
  function add(v, path) { if (v !== null && (typeof v === 'object' || typeof v === 'function') && !seen.has(v)) { seen.add(v); todo.push([v, path]); } }
  add(globalThis, 'globalThis');
  add(arguments.callee && (function(){}).constructor, 'Function');
  var own = [module, exports, console, typeof Buffer === 'undefined' ? null : Buffer];
  own.forEach(function (v, i) { add(v, 'own' + i) });
  [function* () {}, async function () {}, async function* () {}, (function* () {})(), (async function* () {})(), [].values(), [].values().map(function (x) { return x }), new Map().entries(), new Set().values(), ''[Symbol.iterator](), 'a'.matchAll(/a/g), Iterator.from({ next: function () {} }), (function () { 'use strict'; return arguments })(), /a/, 1, 's', true, 1n, Symbol(), new Error('x'), (function(){try{null.x}catch(e){return e}})(), (function(){try{eval('(')}catch(e){return e}})(), new Proxy({}, {}), new Promise(function () {}), new DataView(new ArrayBuffer(1)), (function(s){return s})`a${1}b`, new.target, this,
   new Date(), import('x'), Reflect, Object(1n), class { static x = 1 }].forEach(function (v, i) { add(Object(v), 'lit' + i); });
  var n = 0;
  while (todo.length && n < 20000) {
    var item = todo.shift(), o = item[0], p = item[1]; n++;
    var proto = null; try { proto = Object.getPrototypeOf(o); } catch (e) {}
    add(proto, p + '.__proto__');
    var keys = []; try { keys = Reflect.ownKeys(o); } catch (e) {}
    keys.forEach(function (k) { var d; try { d = Reflect.getOwnPropertyDescriptor(o, k); } catch (e) { return; } if (!d) return;
      if ('value' in d) add(d.value, p + '.' + String(k)); else { add(d.get, p + '.get ' + String(k)); add(d.set, p + '.set ' + String(k)); } });
    visit(o, p, keys, proto);
  }
  return n;
}
function hunter() { }
function leave(o, p, keys, proto) {
  function tryit(f) { try { f(); } catch (e) { } }
  tryit(function () { o[MARK] = MARK; });
  tryit(function () { Object.defineProperty(o, MARK + '2', { value: MARK, configurable: true }); });
  tryit(function () { o[Symbol.for(MARK)] = MARK; });
  if (o !== globalThis) tryit(function () { Object.setPrototypeOf(o, { mark_proto: MARK }); });
  keys.forEach(function (k) {
    tryit(function () { var d = Reflect.getOwnPropertyDescriptor(o, k); if (d && d.set) d.set.call(o, MARK); });
    tryit(function () { if (typeof o[k] !== 'function' && typeof o[k] !== 'object') o[k] = MARK; });
  });
  if (Array.isArray(o)) tryit(function () { o.push(MARK); });
  if (o instanceof Map) tryit(function () { o.set(MARK, MARK); });
  if (o instanceof Set) tryit(function () { o.add(MARK); });
  if (o instanceof RegExp) tryit(function () { o.lastIndex = 3; });
}
function decodeUplink(input) {
  var found = [], n;
  if (input.fPort === 1) {
    n = walk(leave);
    implicit = MARK;
    try { (0, eval)('var viaEval = "' + MARK + '"; let lexical = "' + MARK + '"; function fEval() {}'); } catch (e) { }
    try { Function('viaFunction = "' + MARK + '"')(); } catch (e) { }
    try { eval('viaDirect = 1'); } catch (e) {}
    try { constructor.constructor('return this')().viaConstructor = MARK; } catch (e) { }
    try { decodeUplink.cache = MARK; arguments.callee.cache = MARK; } catch (e) { }
    return { data: { left: n } };
  }
  ['implicit', 'viaEval', 'lexical', 'fEval', 'viaFunction', 'viaConstructor', 'viaDirect'].forEach(function (name) {
    var t; try { t = (0, eval)('typeof ' + name); } catch (e) { t = 'undefined'; } if (t !== 'undefined') found.push('global ' + name); });
  if (decodeUplink.cache) found.push('callee');
  n = walk(function (o, p, keys, proto) {
    var dirty = keys.filter(function (k) { return String(k).indexOf(MARK) >= 0; });
    if (dirty.length) found.push(p + ': ' + dirty.map(String).join());
    if (proto && Object.prototype.hasOwnProperty.call(proto, 'mark_proto')) found.push(p + ' proto');
    keys.forEach(function (k) { var v; try { v = o[k]; } catch (e) { } if (v === MARK && p + k !== 'globalThisMARK') found.push(p + '.' + String(k) + ' value'); });
    if (o instanceof RegExp && o.lastIndex) found.push(p + ' lastIndex');
  });
  return { data: { looked: n, found: found.slice(0, 50) } };
}
