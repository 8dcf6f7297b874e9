// What codecs use of Node's Buffer: bytes that can be read as numbers and as text.
// https://nodejs.org/api/buffer.html
(function () {
  "use strict";
  const DIGITS = "0123456789abcdef";
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  // --- texts ---------------------------------------------------------------------------------------------

  const utf8 = {
    read(text) {
      return Array.from(unescape(encodeURIComponent(text.toWellFormed())), (c) => c.charCodeAt(0));
    },
    write(bytes) {
      let text = "";
      for (let at = 0; at < bytes.length; ) {
        const first = bytes[at++];
        const more = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
        let point = more < 1 ? first : first & (0x3f >> more);
        let valid = more >= 0;
        for (let left = more; valid && left > 0; left--) {
          const next = bytes[at];
          const low = left === more ? (first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80) : 0x80;
          const high = left === more ? (first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf) : 0xbf;
          valid = next >= low && next <= high;
          if (valid) {
            point = (point << 6) | (next & 0x3f);
            at++;
          }
        }
        text += String.fromCodePoint(valid ? point : 0xfffd);
      }
      return text;
    },
  };
  const latin1 = {
    read: (text) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at) & 0xff),
    write: (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""),
  };
  const ascii = {
    read: latin1.read,
    write: (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte & 0x7f)).join(""),
  };
  const hex = {
    read(text) {
      const bytes = [];
      for (let at = 0; at + 1 < text.length; at += 2) {
        const high = DIGITS.indexOf(text[at].toLowerCase());
        const low = DIGITS.indexOf(text[at + 1].toLowerCase());
        if (high < 0 || low < 0) break;
        bytes.push(high * 16 + low);
      }
      return bytes;
    },
    write: (bytes) => Array.from(bytes, (byte) => DIGITS[byte >> 4] + DIGITS[byte & 15]).join(""),
  };
  const base64 = {
    read(text) {
      const bytes = [];
      let bits = 0;
      let held = 0;
      for (const sign of text.replace(/-/g, "+").replace(/_/g, "/")) {
        const value = ALPHABET.indexOf(sign);
        if (sign === "=") break;
        if (value < 0) continue;
        bits = ((bits << 6) | value) & 0xffff;
        held += 6;
        if (held >= 8) {
          held -= 8;
          bytes.push((bits >> held) & 0xff);
        }
      }
      return bytes;
    },
    write(bytes) {
      let text = "";
      for (let at = 0; at < bytes.length; at += 3) {
        const three = (bytes[at] << 16) | ((bytes[at + 1] || 0) << 8) | (bytes[at + 2] || 0);
        for (let sign = 0; sign < 4; sign++)
          text += at + sign <= bytes.length ? ALPHABET[(three >> (18 - 6 * sign)) & 63] : "=";
      }
      return text;
    },
  };
  const base64url = {
    read: base64.read,
    write: (bytes) => base64.write(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, ""),
  };
  const utf16le = {
    read(text) {
      const bytes = [];
      for (let at = 0; at < text.length; at++) bytes.push(text.charCodeAt(at) & 0xff, text.charCodeAt(at) >> 8);
      return bytes;
    },
    write(bytes) {
      let text = "";
      for (let at = 0; at + 1 < bytes.length; at += 2) text += String.fromCharCode(bytes[at] | (bytes[at + 1] << 8));
      return text;
    },
  };
  const ENCODINGS = {
    __proto__: null,
    utf8, "utf-8": utf8, latin1, binary: latin1, ascii, hex, base64, base64url,
    utf16le, "utf-16le": utf16le, ucs2: utf16le, "ucs-2": utf16le,
  };

  function encoding(name) {
    const found = ENCODINGS[String(name === undefined || name === null ? "utf8" : name).toLowerCase()];
    if (!found) throw new TypeError(`Unknown encoding: ${name}`);
    return found;
  }

  // --- making buffers ------------------------------------------------------------------------------------

  function Buffer(value, encodingOrOffset, length) {
    if (typeof value === "string") return Buffer.from(value, encodingOrOffset);
    const given = value instanceof ArrayBuffer ? [value, encodingOrOffset, length] : [value];
    return Reflect.construct(Uint8Array, given, Buffer);
  }
  Object.setPrototypeOf(Buffer, Uint8Array);
  Buffer.prototype = Object.create(Uint8Array.prototype, { constructor: { value: Buffer } });

  const bytesOf = (value, name) => {
    if (typeof value === "string") return encoding(name).read(value);
    if (typeof value === "number") return [value];
    return value;
  };
  const methods = (target, all) => {
    for (const name of Object.keys(all))
      Object.defineProperty(target, name, { value: all[name], writable: true, configurable: true });
  };

  methods(Buffer, {
    from(value, encodingOrOffset, length) {
      if (value instanceof ArrayBuffer) return new Buffer(value, encodingOrOffset, length);
      if (value && value.type === "Buffer" && Array.isArray(value.data)) value = value.data;
      if (typeof value === "number" || value === undefined || value === null)
        throw new TypeError("Buffer.from takes a text, an array or a buffer");
      return new Buffer(bytesOf(value, encodingOrOffset));
    },
    of: (...bytes) => new Buffer(bytes),
    alloc(size, fill, name) {
      const made = new Buffer(size);
      return fill === undefined ? made : made.fill(fill, 0, size, name);
    },
    allocUnsafe: (size) => new Buffer(size),
    allocUnsafeSlow: (size) => new Buffer(size),
    isBuffer: (value) => value instanceof Buffer,
    isEncoding: (name) => typeof name === "string" && name.toLowerCase() in ENCODINGS,
    byteLength: (value, name) => (typeof value === "string" ? bytesOf(value, name).length : value.byteLength),
    concat(list, size) {
      const joined = new Buffer(size === undefined ? list.reduce((sum, one) => sum + one.length, 0) : size);
      let at = 0;
      for (const one of list) {
        const part = one.subarray(0, Math.max(0, joined.length - at));
        joined.set(part, at);
        at += part.length;
      }
      return joined;
    },
    compare(one, other) {
      for (let at = 0; at < Math.min(one.length, other.length); at++)
        if (one[at] !== other[at]) return one[at] < other[at] ? -1 : 1;
      return Math.sign(one.length - other.length);
    },
  });

  // --- using them ----------------------------------------------------------------------------------------

  const find = (buffer, wanted, begin, step) => {
    for (let at = begin; at >= 0 && at + wanted.length <= buffer.length; at += step)
      if (wanted.every((byte, number) => buffer[at + number] === (byte & 0xff))) return at;
    return -1;
  };
  const swapped = (buffer, width) => {
    if (buffer.length % width) throw new RangeError(`Buffer size must be a multiple of ${width * 8}-bits`);
    for (let at = 0; at < buffer.length; at += width) buffer.subarray(at, at + width).reverse();
    return buffer;
  };

  methods(Buffer.prototype, {
    toString(name, begin, end) {
      return encoding(name).write(this.subarray(begin === undefined ? 0 : Math.max(0, begin), end));
    },
    slice(begin, end) {
      return this.subarray(begin, end); // shares its bytes, other than Uint8Array's
    },
    equals(other) {
      return Buffer.compare(this, other) === 0;
    },
    compare(other) {
      return Buffer.compare(this, other);
    },
    indexOf(value, begin, name) {
      if (typeof begin === "string") [begin, name] = [0, begin];
      begin = begin || 0;
      return find(this, Array.from(bytesOf(value, name)), begin < 0 ? Math.max(0, this.length + begin) : begin, 1);
    },
    lastIndexOf(value, begin, name) {
      const wanted = Array.from(bytesOf(value, name));
      const last = this.length - wanted.length;
      return find(this, wanted, begin === undefined ? last : Math.min(last, begin < 0 ? this.length + begin : begin), -1);
    },
    includes(value, begin, name) {
      return this.indexOf(value, begin, name) !== -1;
    },
    fill(value, begin, end, name) {
      if (typeof begin === "string") [begin, name] = [undefined, begin];
      const bytes = Array.from(bytesOf(value, name));
      const part = this.subarray(begin === undefined ? 0 : begin, end);
      for (let at = 0; at < part.length; at++) part[at] = bytes.length ? bytes[at % bytes.length] : 0;
      return this;
    },
    copy(target, targetBegin, begin, end) {
      const at = targetBegin || 0;
      const part = this.subarray(begin || 0, end).subarray(0, Math.max(0, target.length - at));
      target.set(part, at);
      return part.length;
    },
    write(text, begin, length, name) {
      if (typeof begin === "string") [begin, length, name] = [0, undefined, begin];
      if (typeof length === "string") [length, name] = [undefined, length];
      const at = begin || 0;
      const bytes = encoding(name).read(text).slice(0, length === undefined ? this.length - at : length);
      this.set(bytes.slice(0, this.length - at), at);
      return Math.min(bytes.length, this.length - at);
    },
    swap16() {
      return swapped(this, 2);
    },
    swap32() {
      return swapped(this, 4);
    },
    swap64() {
      return swapped(this, 8);
    },
    toJSON() {
      return Array.from(this);
    },
  });

  // --- numbers -------------------------------------------------------------------------------------------

  const check = (buffer, offset, width) => {
    if (!(width >= 1 && width <= 6)) throw new RangeError("1 to 6 bytes can be read as one number");
    if (!(offset >= 0 && offset + width <= buffer.length))
      throw new RangeError(`Bytes ${offset} to ${offset + width} are out of range`);
  };
  const unsigned = (buffer, offset, width, little) => {
    check(buffer, offset, width);
    let number = 0;
    for (let at = 0; at < width; at++) number = number * 256 + buffer[little ? offset + width - 1 - at : offset + at];
    return number;
  };
  const signed = (buffer, offset, width, little) => {
    const number = unsigned(buffer, offset, width, little);
    return number < 2 ** (8 * width - 1) ? number : number - 2 ** (8 * width);
  };
  const write = (buffer, value, offset, width, little) => {
    check(buffer, offset, width);
    let rest = value < 0 ? value + 2 ** (8 * width) : value;
    for (let at = 0; at < width; at++) {
      buffer[little ? offset + at : offset + width - 1 - at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return offset + width;
  };
  for (const [kind, read] of [["UInt", unsigned], ["Uint", unsigned], ["Int", signed]])
    for (const order of ["LE", "BE"]) {
      const little = order === "LE";
      methods(Buffer.prototype, {
        [`read${kind}${order}`](offset, width) {
          return read(this, offset, width, little);
        },
        [`write${kind}${order}`](value, offset, width) {
          return write(this, value, offset, width, little);
        },
      });
      for (const width of [1, 2, 4])
        methods(Buffer.prototype, {
          [`read${kind}${8 * width}${width === 1 ? "" : order}`](offset = 0) {
            return read(this, offset, width, little);
          },
          [`write${kind}${8 * width}${width === 1 ? "" : order}`](value, offset = 0) {
            return write(this, value, offset, width, little);
          },
        });
    }
  const view = (buffer) => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  for (const [width, viewed, ...kinds] of [
    [4, "Float32", "Float"], [8, "Float64", "Double"],
    [8, "BigInt64", "BigInt64"], [8, "BigUint64", "BigUInt64", "BigUint64"],
  ])
    for (const kind of kinds)
      for (const order of ["LE", "BE"])
        methods(Buffer.prototype, {
          [`read${kind}${order}`](offset = 0) {
            return view(this)["get" + viewed](offset, order === "LE");
          },
          [`write${kind}${order}`](value, offset = 0) {
            view(this)["set" + viewed](offset, value, order === "LE");
            return offset + width;
          },
        });

  return Buffer;
})()
