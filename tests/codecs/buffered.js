// Node's Buffer, a class a message, and a list of what was counted.
class Counts {
  constructor(buffer) {
    this.buffer = buffer;
    this.at = 0;
  }
  number(width) {
    const said = this.buffer.readUIntBE(this.at, width);
    this.at += width;
    return said;
  }
}
const CLASSES = ["bicycle", "motorcycle", "car", "van", "lorry", "bus"];
module.exports = {
  decodeUplink: function (input) {
    const counts = new Counts(Buffer.from(input.bytes));
    const data = { lane: counts.number(1), battery: counts.number(2) / 1000, classes: [] };
    for (const name of CLASSES)
      data.classes.push({ name, count: counts.number(2), speed: counts.number(1), serial: counts.buffer.toString("hex", 0, 3) });
    return { data };
  },
};
